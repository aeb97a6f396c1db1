"""Makes a user who may do everything."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User


class Command(BaseCommand):
    help = (
        "Make a staff user. What is not given is asked for; "
        "without a terminal the password is the first line of the input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email")
        parser.add_argument("--display-name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User(
            email=options["email"] or input("E-mail address: "),
            display_name=options["display_name"] or input("Display name: "),
            is_staff=True,
        )
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().strip("\n")
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save()
        self.stdout.write(f"{user.email} can log in now.")
