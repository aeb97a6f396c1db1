"""Registering, logging in, and the pages of mailed links."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.generic import FormView, View

from accounts import email_change, links, services
from accounts.forms import LoginForm, RegisterForm, ResetForm, ResetRequestForm
from accounts.logins import LimitedAttemptsMixin, log_in, next_path
from accounts.models import Link
from config.forms import UnprocessableMixin
from languages import _

CHANGED = _("Your password is changed. Log in with it.")


class LoginView(LimitedAttemptsMixin, UnprocessableMixin, FormView):
    template_name = "accounts/login.html"
    form_class = LoginForm

    def form_valid(self, form: LoginForm) -> HttpResponse:
        email, password = form.cleaned_data["email"], form.cleaned_data["password"]
        user = self.attempt(
            email, lambda: authenticate(self.request, email=email, password=password)
        )
        if user is None or not log_in(self.request, user):
            form.add_error("password", services.NO_MATCH)
            return self.form_invalid(form)
        return HttpResponseRedirect(next_path(self.request) or reverse("home"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=next_path(self.request), **kwargs)


class RegisterView(UnprocessableMixin, FormView):
    template_name = "accounts/register.html"
    form_class = RegisterForm
    success_url = reverse_lazy("register-sent")

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        services.register(**form.cleaned_data)
        return super().form_valid(form)


class LinkView(View):
    """The page of a mailed link. Asking for its head alone does not use it up."""

    ask_again: str

    def head(self, request: HttpRequest, token: str) -> HttpResponse:
        return HttpResponse()

    def no_longer_works(self) -> HttpResponse:
        again = reverse(self.ask_again)
        return render(
            self.request, "accounts/link_dead.html", {"again": again}, status=404
        )


class RegisterConfirmView(LinkView):
    ask_again = "register"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        user = services.confirm_registration(token)
        if user is None:
            return self.no_longer_works()
        log_in(request, user)
        messages.success(request, _("Welcome! Your account is ready."))
        return redirect("home")


class PasswordResetView(UnprocessableMixin, FormView):
    template_name = "accounts/password_reset.html"
    form_class = ResetRequestForm
    success_url = reverse_lazy("password-reset-sent")

    def form_valid(self, form: ResetRequestForm) -> HttpResponse:
        services.request_reset(**form.cleaned_data)
        return super().form_valid(form)


class PasswordResetConfirmView(LinkView, UnprocessableMixin, FormView):
    template_name = "accounts/password_reset_form.html"
    form_class = ResetForm
    success_url = reverse_lazy("login")
    ask_again = "password-reset"

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        self.link = links.find(Link.Purpose.RESET, kwargs["token"])
        if self.link is None:
            return self.no_longer_works()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.link and self.link.user}

    def form_valid(self, form: ResetForm) -> HttpResponse:
        token, password = self.kwargs["token"], form.cleaned_data["password"]
        if services.reset_password(token, password) is None:
            return self.no_longer_works()
        messages.success(self.request, CHANGED)
        return super().form_valid(form)


class EmailConfirmView(LinkView):
    ask_again = "account"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if email_change.confirm_email(token) is None:
            return self.no_longer_works()
        messages.success(request, _("Your e-mail address is changed."))
        return redirect("account")
