"""The words of the mails about an account.

None of them repeats what a stranger typed into a form: whoever registers an
address of somebody else must not be able to send them a text of their own.
"""

from dataclasses import dataclass

from app.languages import _
from app.mail import Mail
from app.settings import SITE_NAME

SIGNATURE = f"— {SITE_NAME}"


@dataclass(frozen=True)
class Way:
    """How the reader of a mail goes on, once and within one hour."""

    name: str
    instruction: str
    line: str


def by_link(address: str) -> Way:
    """Where there are pages: with a click."""
    return Way(_("link"), _("Open this link"), address)


def by_token(token: str, address: str) -> Way:
    """Where there are none: with a program that sends the token."""
    return Way("token", f"Send this token to POST {address}", token)


def confirm_address(to: str, way: Way) -> Mail:
    return _mail(
        to,
        _("Confirm your address"),
        _(
            "somebody, most likely you, wants an account at {site} with this address."
            " {way.instruction} to confirm it:"
        ),
        "{way.line}",
        _(
            "The {way.name} works once, within one hour. If it was not you, ignore this"
            " mail: without the {way.name} there will be no account."
        ),
        way=way,
    )


def already_registered(to: str) -> Mail:
    return _mail(
        to,
        _("You already have an account"),
        _(
            "somebody, most likely you, wants an account at {site} with this"
            " address. It has one already: log in with it, or ask for a new password"
            " if you have forgotten yours. If it was not you, ignore this mail."
        ),
    )


def reset_password(to: str, way: Way) -> Mail:
    return _mail(
        to,
        _("Reset your password"),
        _(
            "somebody, most likely you, has forgotten the password of your account at"
            " {site}. {way.instruction} to choose a new one:"
        ),
        "{way.line}",
        _(
            "The {way.name} works once, within one hour. If it was not you, ignore this"
            " mail: your password stays as it is."
        ),
        way=way,
    )


def confirm_new_address(to: str, way: Way) -> Mail:
    return _mail(
        to,
        _("Confirm your new address"),
        _(
            "somebody, most likely you, wants to use this address for an account at"
            " {site}. {way.instruction} to confirm it:"
        ),
        "{way.line}",
        _(
            "The {way.name} works once, within one hour. If it was not you, ignore this"
            " mail: nothing changes without the {way.name}."
        ),
        way=way,
    )


def address_changed(to: str) -> Mail:
    return _mail(
        to,
        _("Your address was changed"),
        _(
            "your account at {site} has a new e-mail address, and this one is no"
            " longer used for it. If it was not you, somebody else may know your"
            " password: tell us."
        ),
    )


def password_changed(to: str) -> Mail:
    return _mail(
        to,
        _("Your password was changed"),
        _(
            "your account at {site} has a new password, and was logged out"
            " everywhere else. If it was not you, ask for a new password at once."
        ),
    )


def _mail(to: str, subject: str, *paragraphs: str, way: Way | None = None) -> Mail:
    filled = [text.format(site=SITE_NAME, way=way) for text in paragraphs]
    text = "\n\n".join([_("Hello,"), *filled, SIGNATURE])
    return Mail(to, subject, text + "\n")
