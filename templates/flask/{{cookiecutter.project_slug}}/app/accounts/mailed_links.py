"""Where the links in mails lead: to a page for each purpose."""

from flask import current_app

from app.accounts.links import REGISTER, RESET
from app.accounts.mails import Way, by_link
from app.accounts.new_address import EMAIL

PATHS = {
    REGISTER: "/register/confirm/",
    RESET: "/password-reset/",
    EMAIL: "/account/email/",
}


def way(purpose: str, token: str) -> Way:
    """A link to the site of the settings, whatever a request calls us."""
    return by_link(current_app.config["SITE_URL"] + PATHS[purpose] + token)
