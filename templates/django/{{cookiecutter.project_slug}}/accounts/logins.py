"""Logging in, and views that are only for those who did."""

from typing import cast

from django.contrib.auth import login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest

from accounts.models import User


def log_in(request: HttpRequest, user: User) -> None:
    """Log a user in, in a session that has nothing from before, least of all its key."""
    request.session.flush()
    login(request, user)


class LoginRequired(LoginRequiredMixin):
    """Sends strangers to the login page, and back afterwards."""

    request: HttpRequest

    @property
    def user(self) -> User:
        return cast("User", self.request.user)
