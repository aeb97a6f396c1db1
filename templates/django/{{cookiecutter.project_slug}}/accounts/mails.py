"""What is written to users. Nobody's own words are in it: it could be anybody's."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

ONCE = "It works once, and for an hour."


def confirm_address(email: str, token: str) -> None:
    _send(
        email,
        "Confirm your address",
        f"please open this link to confirm your address. {ONCE}",
        reverse("register-confirm", args=[token]),
    )


def already_registered(email: str) -> None:
    _send(
        email,
        "You already have an account",
        "somebody, probably you, wanted to register with this address, but it has an "
        "account already. If you do not know the password, choose a new one:",
        reverse("password-reset"),
    )


def reset_password(email: str, token: str) -> None:
    _send(
        email,
        "Reset your password",
        f"please open this link to choose a new password. {ONCE} If you did not ask "
        "for it, you need not do anything.",
        reverse("password-reset-confirm", args=[token]),
    )


def confirm_new_address(email: str, token: str) -> None:
    _send(
        email,
        "Confirm your new address",
        f"please open this link to use this address for your account. {ONCE}",
        reverse("email-confirm", args=[token]),
    )


def address_changed(email: str) -> None:
    _send(
        email,
        "Your address was changed",
        "your account has another e-mail address from now on. If that was not you, "
        "somebody else may know your password: tell us at once.",
    )


def password_changed(email: str) -> None:
    _send(
        email,
        "Your password was changed",
        "the password of your account was changed just now. If that was not you, choose "
        "a new one at once:",
        reverse("password-reset"),
    )


def _send(email: str, subject: str, paragraph: str, path: str = "") -> None:
    # Links lead to the configured site, whatever host the request was for.
    link = [settings.SITE_URL + path] if path else []
    text = "\n\n".join(["Hello,", paragraph, *link, f"— {settings.SITE_NAME}"])
    send_mail(subject, f"{text}\n", None, [email])
