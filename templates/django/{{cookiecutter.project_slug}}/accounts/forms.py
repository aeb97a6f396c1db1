"""What users fill in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.addresses import LONGEST, AddressValidator
from accounts.models import User, UserManager
from accounts.passwords import ADVICE, LONGEST_READ, SHORTEST, TOO_LONG
from config.forms import NameField
from languages import _

ADDRESS, PASSWORD = _("E-mail address"), _("Password")
NOT_THAT_LONG = _("Use at most 1000 characters.")


class AddressField(forms.EmailField):
    """An e-mail address, in the form in which it is stored and looked up."""

    default_validators = [AddressValidator()]

    def __init__(
        self, label: str = ADDRESS, *, autocomplete: str, help_text: str = ""
    ) -> None:
        super().__init__(
            label=label,
            max_length=LONGEST,
            widget=forms.EmailInput({"autocomplete": autocomplete}),
            help_text=help_text,
        )

    def to_python(self, value: Any) -> str:
        return UserManager.normalize_email(super().to_python(value))


class PasswordField(forms.CharField):
    """A password that somebody has, or with `new` one that somebody chooses."""

    def __init__(self, label: str = PASSWORD, *, new: bool = False) -> None:
        attributes: dict[str, Any] = {"autocomplete": "current-password"}
        if new:
            attributes = {"autocomplete": "new-password", "minlength": SHORTEST}
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_READ,
            widget=forms.PasswordInput(attributes),
            help_text=ADVICE if new else "",
            error_messages={"max_length": TOO_LONG if new else NOT_THAT_LONG},
        )


class NewPasswordForm(forms.Form):
    """A form with a field in which a user chooses a password."""

    chosen_in = "password"

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        user = self.user or User(email=self.cleaned_data.get("email", ""))
        password = self.cleaned_data.get(self.chosen_in)
        if password:
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error(self.chosen_in, error)
        return self.cleaned_data


class LoginForm(forms.Form):
    email = AddressField(autocomplete="username")
    password = PasswordField()


class RegisterForm(NewPasswordForm):
    email = AddressField(
        autocomplete="email",
        help_text=_("We send a link to it, to see that it is yours."),
    )
    display_name = NameField(
        label=_("Display name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "nickname"}),
        help_text=_("Everybody sees it beside the products you add."),
    )
    password = PasswordField(new=True)


class ResetRequestForm(forms.Form):
    email = AddressField(autocomplete="username")


class ResetForm(NewPasswordForm):
    password = PasswordField(_("New password"), new=True)


class PasswordChangeForm(NewPasswordForm):
    chosen_in = "new_password"

    old_password = PasswordField(_("Current password"))
    new_password = PasswordField(_("New password"), new=True)


class EmailChangeForm(forms.Form):
    email = AddressField(_("New e-mail address"), autocomplete="email")
    password = PasswordField(_("Your password"))
