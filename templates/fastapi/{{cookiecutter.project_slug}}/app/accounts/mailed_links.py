"""Where the links in mails lead: to a page for each purpose."""

from app.accounts.mails import Way, by_link
from app.accounts.models import Purpose
from app.settings import Settings

PATHS: dict[Purpose, str] = {
    "register": "/register/confirm/",
    "reset": "/password-reset/",
    "email": "/account/email/",
}


def way(settings: Settings, purpose: Purpose, token: str) -> Way:
    """A link to the site of the settings, whatever a request calls us."""
    return by_link(settings.origin + PATHS[purpose] + token)
