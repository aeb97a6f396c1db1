"""One's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import FormView

from accounts import email_change, services
from accounts.forms import EmailChangeForm, PasswordChangeForm
from accounts.logins import LimitedAttemptsMixin, LoginRequired
from config.forms import UnprocessableMixin
from languages import _


class AccountView(LoginRequired, LimitedAttemptsMixin, UnprocessableMixin, FormView):
    """The page with both forms, each of which is sent to a view of its own."""

    template_name = "accounts/account.html"
    http_method_names = ["get", "head", "options"]
    form_class: type[BaseForm] = PasswordChangeForm
    form_name = "password_form"
    success_url = reverse_lazy("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        forms = {"password_form": PasswordChangeForm(), "email_form": EmailChangeForm()}
        return context | forms | {self.form_name: context["form"]}

    def is_own_password(self, password: str) -> bool:
        return self.attempt(self.user.email, lambda: self.user.check_password(password))


class PasswordChangeView(AccountView):
    http_method_names = ["get", "head", "options", "post"]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password"]
        if not (self.is_own_password(old) and services.change_password(self.user, new)):
            form.add_error("old_password", services.NOT_YOURS)
            return self.form_invalid(form)
        # All other sessions end here, because their hash of the password is the old one.
        update_session_auth_hash(self.request, self.user)
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


class EmailChangeView(AccountView):
    http_method_names = ["get", "head", "options", "post"]
    form_class = EmailChangeForm
    form_name = "email_form"

    def form_valid(self, form: EmailChangeForm) -> HttpResponse:
        if not self.is_own_password(form.cleaned_data["password"]):
            form.add_error("password", services.NOT_YOURS)
            return self.form_invalid(form)
        email_change.request_email(self.user, form.cleaned_data["email"])
        messages.success(self.request, _("We sent a link to your new address."))
        return super().form_valid(form)
