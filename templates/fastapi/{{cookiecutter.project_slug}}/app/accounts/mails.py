"""The words of the mails about an account.

None of them repeats what a stranger typed into a form: whoever registers an
address of somebody else must not be able to send them a text of their own.
"""

from app.mail import Mail
from app.settings import SITE_NAME

SIGNATURE = f"— {SITE_NAME}"


def confirm_address(to: str, link: str) -> Mail:
    return _mail(
        to,
        "Confirm your address",
        f"somebody, most likely you, wants an account at {SITE_NAME} with this"
        " address. Open this link to confirm it and to log in:",
        link,
        "The link works once, within one hour. If it was not you, ignore this mail:"
        " without the link there will be no account.",
    )


def already_registered(to: str) -> Mail:
    return _mail(
        to,
        "You already have an account",
        f"somebody, most likely you, wants an account at {SITE_NAME} with this"
        " address. It has one already: log in with it, or ask for a new password"
        " if you have forgotten yours. If it was not you, ignore this mail.",
    )


def reset_password(to: str, link: str) -> Mail:
    return _mail(
        to,
        "Reset your password",
        f"somebody, most likely you, has forgotten the password of your account at"
        f" {SITE_NAME}. Open this link to choose a new one:",
        link,
        "The link works once, within one hour. If it was not you, ignore this mail:"
        " your password stays as it is.",
    )


def confirm_new_address(to: str, link: str) -> Mail:
    return _mail(
        to,
        "Confirm your new address",
        f"somebody, most likely you, wants to use this address for an account at"
        f" {SITE_NAME}. Open this link to confirm it:",
        link,
        "The link works once, within one hour. If it was not you, ignore this mail:"
        " nothing changes without the link.",
    )


def address_changed(to: str) -> Mail:
    return _mail(
        to,
        "Your address was changed",
        f"your account at {SITE_NAME} has a new e-mail address, and this one is no"
        " longer used for it. If it was not you, somebody else may know your"
        " password: tell us.",
    )


def password_changed(to: str) -> Mail:
    return _mail(
        to,
        "Your password was changed",
        f"your account at {SITE_NAME} has a new password, and all its other sessions"
        " were ended. If it was not you, ask for a new password at once.",
    )


def _mail(to: str, subject: str, *paragraphs: str) -> Mail:
    return Mail(to, subject, "\n\n".join(("Hello,", *paragraphs, SIGNATURE)) + "\n")
