"""What Schemathesis needs to know of a project that it tests: who it is, and what may be refused.

It runs in the process of Schemathesis, which loads it by `SCHEMATHESIS_HOOKS`.
"""

import itertools
import json
import os
import re
import secrets
from pathlib import Path
from typing import Any, cast

import requests
import schemathesis

from headstart.proof.mailbox import Mailbox

URL = os.environ["CONTRACT_URL"]
SITE = os.environ["CONTRACT_SITE"]
TOKEN = os.environ["CONTRACT_TOKEN"]
MAILS = Mailbox(Path(os.environ["CONTRACT_MAILS"]))
STATUSES = Path(os.environ["CONTRACT_STATUSES"])
# The tokens that these are tried with do not live on.
DEADLY = ("revokeToken", "changePassword")
FEW = 8
TOO_COMMON = re.compile("too common|many people")
# Several threads ask for them, which a generator does not bear.
_numbers = itertools.count(1)


def headers() -> dict[str, str]:
    """Return what the proxy adds, from an address that nobody else has."""
    number = next(_numbers)
    return {
        "Host": SITE.partition("://")[2],
        "X-Forwarded-Proto": SITE.partition("://")[0],
        "X-Forwarded-For": f"10.200.{number >> 8 & 255}.{number & 255}",
    }


def send(path: str, **value: str) -> Any:
    """Send JSON, and return the answer."""
    answer = requests.post(URL + path, json=value, headers=headers(), timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.status_code == 200 else None


class Person:
    """Somebody with an account, who gets new tokens as long as the password is not changed."""

    def __init__(self) -> None:
        self.email = f"property-{secrets.token_hex(6)}@example.com"
        self.password = secrets.token_urlsafe(15)
        self.tokens = 0
        send("/api/users", email=self.email, display_name="Property", password=self.password)
        mail = MAILS.wait_for(self.email)
        send("/api/users/confirm", token=mail.link.rpartition("/")[2])

    def token(self) -> str:
        """Return a new token."""
        self.tokens += 1
        said = send("/api/token", email=self.email, password=self.password)
        return str(said["access_token"])


_person: Person | None = None


def fresh_token() -> str:
    """Return a token that nothing else needs; wrong tries at a password are counted by person."""
    global _person
    if _person is None or _person.tokens >= FEW:
        _person = Person()
    try:
        return _person.token()
    except requests.HTTPError:
        _person = Person()
        return _person.token()


if TOKEN:

    @schemathesis.auth(refresh_interval=None)
    class Bearer:
        """Says who asks."""

        def get(self, case: schemathesis.Case[Any], _context: object) -> str:
            """Return a token."""
            described = case.operation.definition.raw.get("operationId")
            return fresh_token() if described in DEADLY else TOKEN

        def set(self, case: schemathesis.Case[Any], token: str, _context: object) -> None:
            """Put it into the request."""
            case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def before_call(_context: object, case: schemathesis.Case[Any], _kwargs: dict[str, Any]) -> None:
    """Let each request come through the proxy."""
    case.headers.update(headers())


@schemathesis.hook
def after_call(
    _context: object, case: schemathesis.Case[Any], response: schemathesis.Response
) -> None:
    """Note what each operation answered; other methods are tried at its path too."""
    if case.method.upper() != case.operation.method.upper():
        return
    described = case.operation.definition.raw.get("operationId")
    with STATUSES.open("a", encoding="utf-8") as file:
        file.write(f"{described} {response.status_code}\n")


@schemathesis.hook
def filter_failure(
    _context: object, failure: Any, case: schemathesis.Case[Any], response: schemathesis.Response
) -> bool:
    """Let a password be refused that fits the description: too many have it, or it holds a NUL."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return True
    errors, sent = json.loads(response.content)["errors"], cast("dict[str, str]", case.body)
    return not all(
        error["field"] in ("password", "new_password")
        and ("\0" in sent[error["field"]] or TOO_COMMON.search(error["message"]))
        for error in errors
    )
