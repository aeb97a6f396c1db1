"""Where the tokens in mails are sent, if there are no pages for links to lead to."""

from flask import current_app

from app.accounts.links import REGISTER, RESET
from app.accounts.mails import Way, by_token

PATHS = {
    REGISTER: "/api/users/confirm",
    RESET: "/api/password-reset/confirm",
}


def way(purpose: str, token: str) -> Way:
    return by_token(token, current_app.config["SITE_URL"] + PATHS[purpose])
