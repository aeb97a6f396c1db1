"""What the tests of accounts share."""

import re
from email.message import EmailMessage

from tests.client import Client
from tests.conftest import PASSWORD

ADA = {"email": "Ada@Example.com", "display_name": "Ada", "password": PASSWORD}
OTHER_PASSWORD = "b4Hn-81yJ-sG6d-Wf2k"


def link_in(mail: EmailMessage) -> str:
    found = re.search(
        r"^https://example\.test(/\S+)$", mail.get_content(), re.MULTILINE
    )
    assert found
    return found[1]


def token_in(mail: EmailMessage) -> str:
    """The token that stands on a line of its own, or at the end of the link there."""
    found = re.search(
        r"^(?:https://example\.test/\S+/)?([\w-]{43})$",
        mail.get_content(),
        re.MULTILINE,
    )
    assert found
    return found[1]


async def is_logged_in(browser: Client) -> bool:
    return (await browser.get("/account")).status_code == 200
