"""What the tests of accounts share."""

from django.core.mail import EmailMessage

from tests.conftest import PASSWORD, Browser

NEW_PASSWORD = "eleven loud magpies"
ANSWER = {"email": "ann@example.com", "display_name": "Ann", "password": PASSWORD}

Mails = list[EmailMessage]


def log_in(
    client: Browser,
    password: str = PASSWORD,
    email: str = "ann@example.com",
    **more: str,
) -> int:
    data = {"email": email, "password": password, **more}
    return int(client.post("/login", data).status_code)


def is_logged_in(client: Browser) -> bool:
    return bool(client.get("/account").status_code == 200)
