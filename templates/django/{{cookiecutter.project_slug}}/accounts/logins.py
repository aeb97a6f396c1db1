"""Logging in, and what views need that ask for a password or for somebody logged in."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import login, logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.generic import View

from accounts import attempts
from accounts.attempts import Result, TooManyAttemptsError
from accounts.models import User


def log_in(request: HttpRequest, user: User) -> bool:
    """Log a user in, in a session that has nothing from before, least of all its key.

    Returns whether there still is such a user.
    """
    request.session.flush()
    request.session.clear_expired()
    try:
        login(request, user)
    except DatabaseError:
        if User.objects.filter(pk=user.pk).exists():
            raise
        logout(request)
        return False
    return True


def next_path(request: HttpRequest) -> str:
    """Return the path to go on to, if it is one of this site."""
    path = request.POST.get("next", request.GET.get("next", ""))
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and path.isprintable() else ""


class LoginRequired(LoginRequiredMixin):
    """Sends strangers to the login page, and back afterwards."""

    request: HttpRequest

    @property
    def user(self) -> User:
        return cast("User", self.request.user)


class LimitedAttemptsMixin(View):
    """Answers 429 to those who try too many passwords."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except TooManyAttemptsError as error:
            context = {"reason": error}
            page = "accounts/too_many_attempts.html"
            response = render(request, page, context, status=429)
            response["Retry-After"] = str(error.seconds)
            return response

    def attempt(self, email: str, check: Callable[[], Result]) -> Result:
        return attempts.guard(email, self.request.META["REMOTE_ADDR"], check)
