"""Brings the catalogues of the translations up to date with the texts of the project."""

from typing import Any

from babel import UnknownLocaleError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from languages import catalogues


class Command(BaseCommand):
    help = "Collect the texts of the project, and say how many are not translated yet."

    def add_arguments(self, parser: CommandParser) -> None:
        new = "languages to begin, such as fr"
        parser.add_argument("languages", nargs="*", help=new)

    def handle(self, *args: Any, **options: Any) -> None:
        for language in options["languages"]:
            try:
                catalogues.begin(language)
            except (ValueError, UnknownLocaleError) as error:
                raise CommandError(str(error)) from error
        texts = catalogues.texts()
        for file in catalogues.files():
            missing = catalogues.missing(catalogues.update(file, texts))
            self.stdout.write(f"{file.parts[-3]}: {len(missing)} missing")
