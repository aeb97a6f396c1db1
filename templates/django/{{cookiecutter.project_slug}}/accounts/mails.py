"""What is written to users. Nobody's own words are in it: it could be anybody's."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from accounts.models import Link
from languages import gettext as _


@dataclass(frozen=True)
class Step:
    """What the reader of a mail can do next: the words for it, and the line they need."""

    words: str = ""
    line: str = ""


def next_step(purpose: Link.Purpose | None = None, token: str = "") -> Step:
    """Return how to go on with a token, or without one to a forgotten password.

    Links lead to the configured site, whatever host the request was for.
    """
    step: Step = import_string(settings.NEXT_STEP)(purpose, token)
    return step


def confirm_address(email: str, token: str) -> None:
    send(
        email,
        _("Confirm your address"),
        _("please {step} to confirm your address. It works once, and for an hour."),
        next_step(Link.Purpose.REGISTER, token),
    )


def already_registered(email: str) -> None:
    send(
        email,
        _("You already have an account"),
        _(
            "somebody, probably you, wanted to register with this address, but it has an "
            "account already. If you do not know the password, {step} to choose a new one."
        ),
        next_step(),
    )


def reset_password(email: str, token: str) -> None:
    send(
        email,
        _("Reset your password"),
        _(
            "please {step} to choose a new password. It works once, and for an hour. "
            "If you did not ask for it, you need not do anything."
        ),
        next_step(Link.Purpose.RESET, token),
    )


def password_changed(email: str) -> None:
    send(
        email,
        _("Your password was changed"),
        _(
            "the password of your account was changed just now. If that was not you, "
            "{step} to choose a new one at once."
        ),
        next_step(),
    )


def send(email: str, subject: str, paragraph: str, step: Step = Step()) -> None:
    """Send a mail whose paragraph says at `{step}` what to do next."""
    paragraph = paragraph.format(step=step.words)
    parts = [_("Hello,"), paragraph, step.line, f"— {settings.SITE_NAME}"]
    text = "\n\n".join(part for part in parts if part)
    send_mail(subject, f"{text}\n", None, [email])
