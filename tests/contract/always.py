"""What is true of every answer (U1 to U4) and of the server's log (U5)."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from headstart.proof.page import Page

SLOWEST = 5.0
SHORTEST_SECRET = 8
LEAKS = re.compile(
    r"Traceback \(most recent call last\)"
    r"|/site-packages/|/dist-packages/|/\.venv/|/usr/lib/python|\bFile \"/"
    r"|\b(?:sqlite3|psycopg|asyncpg|aiosqlite)\.|sqlalchemy\.exc|django\.\w+\.\w+"
    r"|(?:Operational|Integrity|Programming|Data)Error"
    r"|no such (?:table|column)|violates \w+(?:-\w+)? constraint|syntax error at or near"
    r"|(?:Django|Flask|Werkzeug|FastAPI|Starlette|Uvicorn|gunicorn|Python|SQLAlchemy"
    r"|Jinja2?|Pydantic|PostgreSQL|SQLite|Flask-Admin|sqladmin)[/ v]+\d+\.\d",
    re.IGNORECASE,
)
TEXTS = ("text/", "application/javascript")
# Files that others wrote, which may know more databases than the project does.
THEIRS = ("/api/static/", "/static/admin/")


def check_answer(
    page: Page,
    sent: str,
    secrets: Iterable[str],
    may_fail: bool = False,
    reached: bool = True,
) -> None:
    """Hold one answer to what is true of all of them.

    Args:
        page: the answer.
        sent: what was asked, path and body: an answer may say that again.
        secrets: what no answer may contain.
        may_fail: whether an error was forced on the server, so that 500 is right.
        reached: whether the project has answered, and not its server alone.
    """
    asked = f"{page.method} {page.url}"
    is_ready_check = page.url.endswith("/readyz")
    allowed = (503,) if is_ready_check else () if reached else (501,)
    failed = page.status >= 500 and page.status not in allowed
    assert may_fail or not failed, f"U1. {asked} answered {page.status}"
    said = f"{page.headers}\n{page.text}"
    is_theirs = any(folder in page.url for folder in THEIRS)
    for leak in () if is_theirs else LEAKS.finditer(said):
        assert leak.group() in sent, f"U2. {asked} says {leak.group()!r}"
    fields = parse_qsl(sent)
    # Somebody may type their own address as the password; that comes back as the address.
    rest = " ".join(value for name, value in fields if "password" not in name)
    passwords = {v for name, v in fields if "password" in name and v not in rest}
    for secret in {*secrets, *passwords}:
        if len(secret) >= SHORTEST_SECRET:
            assert secret not in said, f"U2. {asked} says {secret!r}"
    assert page.seconds < SLOWEST, f"U3. {asked} took {page.seconds:.1f} s"
    if reached:
        check_type(page)


def check_type(page: Page) -> None:
    """Hold an answer to the right `Content-Type`."""
    if not page.body:
        return
    asked = f"U4. {page.method} {page.url}"
    kind = page.headers.get_content_type() if "Content-Type" in page.headers else ""
    if page.body.lstrip()[:15].lower().startswith(b"<!doctype html"):
        assert kind == "text/html", f"{asked}: HTML as {kind!r}"
    if page.body.startswith(b"{"):
        assert kind.endswith("json"), f"{asked}: JSON as {kind!r}"
    assert kind, f"{asked}: no Content-Type"
    if kind.startswith(TEXTS):
        charset = page.headers.get_content_charset()
        assert charset == "utf-8", f"{asked}: {kind} with the charset {charset}"


def check_log(log: str, secrets: Iterable[str], may_fail: bool = False) -> None:
    """Hold the server's log to U5.

    Args:
        log: what the server wrote.
        secrets: passwords, tokens and session cookies that were on the way.
        may_fail: whether an error was forced on the server.
    """
    if not may_fail:
        before, _, after = log.partition("Traceback (most recent")
        assert not after, f"U5. a traceback:\n{before[-400:]}…{after[:2000]}"
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            assert secret not in log, f"U5. {secret!r} stands in the log"
