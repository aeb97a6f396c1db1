"""For views that are only for those who are logged in."""

from typing import cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest

from accounts.models import User


class LoginRequired(LoginRequiredMixin):
    """Sends strangers to the login page, and back afterwards."""

    request: HttpRequest

    @property
    def user(self) -> User:
        return cast("User", self.request.user)
