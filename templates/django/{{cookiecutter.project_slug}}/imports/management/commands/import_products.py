"""Queues a file of products from the command line."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from imports import files, tasks


class Command(BaseCommand):
    help = "Queue the products of a CSV file, which a worker imports then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        path, email = options["file"], options["owner"]
        owner = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if owner is None:
            raise CommandError(f"There is no account with the address {email}.")
        try:
            with path.open("rb") as opened:
                file = files.read(opened.read(files.LARGEST + 1))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(f"{path}: {' '.join(error.messages)}") from error
        queued = tasks.queue(file, path.name, owner)
        self.stdout.write(
            f"Import {queued.pk} is queued, with {queued.rows_total} rows of {path.name}."
        )
