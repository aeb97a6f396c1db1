"""What is written to users. Nobody's own words are in it: it could be anybody's."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from accounts.models import Link

ONCE = "It works once, and for an hour."


@dataclass(frozen=True)
class Step:
    """What the reader of a mail can do next: the words for it, and the line they need."""

    words: str
    line: str = ""


def next_step(purpose: Link.Purpose | None = None, token: str = "") -> Step:
    """Return how to go on with a token, or without one to a forgotten password.

    Links lead to the configured site, whatever host the request was for.
    """
    step: Step = import_string(settings.NEXT_STEP)(purpose, token)
    return step


def confirm_address(email: str, token: str) -> None:
    step = next_step(Link.Purpose.REGISTER, token)
    send(
        email,
        "Confirm your address",
        f"please {step.words} to confirm your address. {ONCE}",
        step.line,
    )


def already_registered(email: str) -> None:
    step = next_step()
    send(
        email,
        "You already have an account",
        "somebody, probably you, wanted to register with this address, but it has an "
        f"account already. If you do not know the password, {step.words} to choose a "
        "new one.",
        step.line,
    )


def reset_password(email: str, token: str) -> None:
    step = next_step(Link.Purpose.RESET, token)
    send(
        email,
        "Reset your password",
        f"please {step.words} to choose a new password. {ONCE} If you did not ask "
        "for it, you need not do anything.",
        step.line,
    )


def password_changed(email: str) -> None:
    step = next_step()
    send(
        email,
        "Your password was changed",
        "the password of your account was changed just now. If that was not you, "
        f"{step.words} to choose a new one at once.",
        step.line,
    )


def send(email: str, subject: str, paragraph: str, line: str = "") -> None:
    parts = ["Hello,", paragraph, line, f"— {settings.SITE_NAME}"]
    text = "\n\n".join(part for part in parts if part)
    send_mail(subject, f"{text}\n", None, [email])
