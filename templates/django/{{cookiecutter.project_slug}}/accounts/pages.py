"""How somebody who got a mail goes on in a browser."""

from django.conf import settings
from django.urls import reverse

from accounts.mails import Step
from accounts.models import Link
from languages import gettext as _

PAGES = {
    Link.Purpose.REGISTER: "register-confirm",
    Link.Purpose.RESET: "password-reset-confirm",
    Link.Purpose.EMAIL: "email-confirm",
    None: "password-reset",
}


def next_step(purpose: Link.Purpose | None, token: str) -> Step:
    path = reverse(PAGES[purpose], args=[token] if token else [])
    return Step(_("open this link"), settings.SITE_URL + path)
