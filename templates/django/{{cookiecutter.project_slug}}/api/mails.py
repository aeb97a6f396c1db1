"""How somebody who got a mail goes on with the API."""

from django.conf import settings
from django.urls import reverse

from accounts.mails import Step
from accounts.models import Link

OPERATIONS = {
    Link.Purpose.REGISTER: "api:confirm_user",
    Link.Purpose.RESET: "api:confirm_password_reset",
    None: "api:request_password_reset",
}


def next_step(purpose: Link.Purpose | None, token: str) -> Step:
    address = settings.SITE_URL + reverse(OPERATIONS[purpose])
    what = "this token" if token else "your address"
    return Step(f"send {what} to POST {address}", token)
