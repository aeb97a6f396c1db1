"""What the tests of accounts share."""

import re
from email.message import EmailMessage

from tests.browser import Browser
from tests.conftest import PASSWORD

ADA = {"email": "Ada@Example.com", "display_name": "Ada", "password": PASSWORD}
OTHER_PASSWORD = "b4Hn-81yJ-sG6d-Wf2k"


def link_in(mail: EmailMessage) -> str:
    found = re.search(
        r"^https://example\.test(/\S+)$", mail.get_content(), re.MULTILINE
    )
    assert found
    return found[1]


async def is_logged_in(browser: Browser) -> bool:
    return (await browser.get("/account")).status_code == 200
