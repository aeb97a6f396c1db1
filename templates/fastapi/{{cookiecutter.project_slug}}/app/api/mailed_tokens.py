"""Where the tokens in mails are sent, if there are no pages for links to lead to."""

from app.accounts.mails import Way, by_token
from app.accounts.models import Purpose
from app.settings import Settings

PATHS: dict[Purpose, str] = {
    "register": "/api/users/confirm",
    "reset": "/api/password-reset/confirm",
}


def way(settings: Settings, purpose: Purpose, token: str) -> Way:
    return by_token(token, settings.origin + PATHS[purpose])
