"""Connects our rules for passwords with Django's forms and commands.

https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#password-validation
"""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from accounts import passwords


class PasswordValidator:
    """Refuses what `accounts.passwords` objects to."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        names = [settings.SITE_NAME, user.get_username() if user else ""]
        objection = passwords.objection(password, names)
        if objection:
            raise ValidationError(objection, code="password_refused")

    def get_help_text(self) -> str:
        return passwords.ADVICE
