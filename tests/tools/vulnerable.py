"""AN APPLICATION THAT IS BROKEN ON PURPOSE. Never run it where anybody else can reach it.

Every tool here first has to find in it what it is for: several of them end happily
when they have tested nothing. It listens on this machine only. The SQL injection, the
scripts and the redirects are real; files and programs of the machine are played, and
nothing of it is ever shown.
"""

import html
import json
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PASSWD = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
ENVIRONMENT = "PATH=/usr/bin\nPWD=/srv\nSHELL=/bin/sh\n"
SESSION = "session=1; Path=/"
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "Vulnerable", "version": "1"},
    "paths": {
        "/api/things/{number}": {
            "get": {
                "operationId": "getThing",
                "parameters": [
                    {
                        "name": "number",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer"},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "It",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["name"],
                                    "properties": {"name": {"type": "string"}},
                                }
                            }
                        },
                    }
                },
            }
        }
    },
}

# Invalid: a duplicate id, `b` closed before `i`, an unknown attribute. Inaccessible: no language,
# no title, grey on white, a picture without words, a field without a label.
START = """<html><head><style>p { colour: red; } small { color: #bbb }</style></head><body>
<h4 id=a>Broken on purpose</h4><p id=a wrong=yes><b><i>Do not use it.</b></i>
<small>Nobody can read that.</small><img src=/logo.png>
<a href=/search?q=lamp>Search</a> <a href=/book>Book</a> <a href=/go?to=/book>Go</a>
<a href=/file?name=readme.txt>File</a> <a href=/ping?host=localhost>Ping</a>
<a href=/slow?id=1>Slow</a> <a href=/login>Log in</a>
<a href=/upload>Upload</a> <a href=/script.php>Script</a> <a href=/private>Private</a>
<a href=/fetch?url=/book>Fetch</a>
</body></html>"""


@dataclass
class Answer:
    """What comes back."""

    body: str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Vulnerable(ThreadingHTTPServer):
    """The application."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Visit)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.entries: list[str] = []
        self.asked: list[str] = []
        self.lock = Lock()
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.executescript(
            "CREATE TABLE product (id INTEGER, name TEXT);"
            "INSERT INTO product VALUES (1, 'lamp'), (2, 'table');"
            "CREATE TABLE account (email TEXT, password TEXT);"
            "INSERT INTO account VALUES ('admin', 'admin');"
        )

    def select(self, statement: str) -> list[Any]:
        """Run whatever one likes."""
        with self.lock:
            return self.database.execute(statement).fetchall()


Page = Callable[[Vulnerable, "_Visit"], Answer]


def start(_site: Vulnerable, _visit: "_Visit") -> Answer:
    """Set a cookie without flags, on a page that is neither valid nor accessible."""
    return Answer(START, headers={"Set-Cookie": SESSION})


def search(site: Vulnerable, visit: "_Visit") -> Answer:
    """Put a word into SQL and into the page as it came; say what the database says."""
    q = visit.fields.get("q", "")
    try:
        rows = site.select(f"SELECT name FROM product WHERE name LIKE '%{q}%'")  # noqa: S608
    except (sqlite3.Error, sqlite3.Warning) as error:
        return Answer(f"<p>sqlite3.OperationalError: {error}", 500)
    found = "".join(f"<li>{row[0]}" for row in rows)
    return Answer(f"<form action=/search><input name=q></form><p>For {q}:<ul>{found}</ul>")


def book(site: Vulnerable, visit: "_Visit") -> Answer:
    """Keep what anybody writes, from any site, and show it as it came."""
    if visit.command == "POST":
        site.entries = [*site.entries[-500:], visit.fields.get("entry", "")]
        return Answer("", 303, headers={"Location": "/book"})
    entries = "".join(f"<p>{entry}</p>" for entry in site.entries)
    form = (
        "<form method=post action=/book><textarea name=entry></textarea><button>Go</button></form>"
    )
    return Answer(f"<html><body>{form}{entries}</body></html>")


def go(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Send anybody anywhere, with whatever header they like."""
    return Answer("", 302, headers={"Location": visit.fields.get("to", "/")})


def file(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Play that any file can be read."""
    name = visit.fields.get("name", "")
    return Answer(PASSWD if name.endswith("etc/passwd") else f"Nothing in {html.escape(name)}")


def ping(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Play that any program can be run."""
    host = visit.fields.get("host", "")
    return Answer(f"<pre>{ENVIRONMENT if 'env' in host.split(';') else ''}</pre>")


def slow(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Play a database that can be told to sleep."""
    if told := re.search(r"sleep\((\d+)", visit.fields.get("id", "")):
        time.sleep(min(int(told[1]) + 2, 20))
    return Answer("Done")


def log_in(site: Vulnerable, visit: "_Visit") -> Answer:
    """Let anybody in who knows the easiest password, as often as they try."""
    name, password = visit.fields.get("email"), visit.fields.get("password")
    if visit.command == "POST" and (name, password) == ("admin", "admin"):
        return Answer("Welcome. <a href=/logout>Log out</a>", headers={"Set-Cookie": SESSION})
    fields = "<input name=email><input name=password type=password><button>Log in</button>"
    return Answer(f"<form method=post action=/login>{fields}</form>")


def upload(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Take any file, and say where it is."""
    if visit.command == "POST":
        # A web shell that writes what it was told to.
        words = dict(re.findall(r'(\d+) => "(\w+)"', visit.sent))
        order = re.findall(r"\d+", visit.sent.partition("$b = array(")[2].partition(")")[0])
        return Answer("".join(words[number] for number in order))
    form = "<input type=file name=picture><button>Upload</button>"
    return Answer(f"<form method=post action=/upload enctype=multipart/form-data>{form}</form>")


def script(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Play a shell that takes functions from headers."""
    told = re.search(r"echo -e '([^']*)'", visit.headers.get("User-Agent", ""))
    return Answer(told[1].encode().decode("unicode_escape") if told else "A script.")


def private(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Keep out those who ask with a method that is known."""
    return Answer("No.", 401) if visit.command in ("GET", "HEAD") else Answer("Secret things.")


def fetch(_site: Vulnerable, visit: "_Visit") -> Answer:
    """Ask for any address on this machine."""
    parts = urlsplit(visit.fields.get("url", ""))
    if parts.hostname == "127.0.0.1":
        connection = HTTPConnection(parts.hostname, parts.port, timeout=5)
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("GET", parts.path or "/")
            connection.getresponse()
    return Answer("Asked.")


def description(_site: Vulnerable, _visit: "_Visit") -> Answer:
    """Promise what nobody keeps."""
    return Answer(json.dumps(DESCRIPTION), kind="application/json")


PAGES: dict[str, Page] = {
    "/": start,
    "/search": search,
    "/book": book,
    "/go": go,
    "/file": file,
    "/ping": ping,
    "/slow": slow,
    "/login": log_in,
    "/upload": upload,
    "/script.php": script,
    "/private": private,
    "/fetch": fetch,
    "/openapi.json": description,
    # What was left lying about.
    "/admin": lambda *_: Answer("The back door."),
    "/script.php~": lambda *_: Answer("<?php $password = 'secret';", kind="text/plain"),
}


class _Visit(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Vulnerable

    def log_message(self, *_about: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        """Answer with whatever a page says."""
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        self.sent = sent.decode(errors="replace")
        pairs = f"{target.query}&{self.sent}"
        self.fields = dict(parse_qsl(pairs, keep_blank_values=True))
        if target.path.startswith("/api/things/"):
            answer = thing(unquote(target.path.rpartition("/")[2]))
        else:
            answer = PAGES.get(target.path, nothing)(self.server, self)
        body = answer.body.encode(errors="replace")
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Powered-By", "PHP/5.2.1")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def thing(number: str) -> Answer:
    """Break the description in three ways."""
    if not number.isdecimal():
        return Answer("ValueError", 500, "text/plain")
    if int(number) % 2:
        return Answer('{"detail": "Odd."}', 409, "application/json")
    return Answer('{"title": "Thing"}', kind="application/json")


def nothing(_site: Vulnerable, _visit: "_Visit") -> Answer:
    """Say that there is no such page."""
    return Answer("Nothing here.", 404)


@contextmanager
def vulnerable() -> Iterator[Vulnerable]:
    """Run the application for as long as the `with` block lasts."""
    site = Vulnerable()
    Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        site.database.close()


if __name__ == "__main__":
    application = Vulnerable(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    sys.stdout.write(f"BROKEN ON PURPOSE, for tools to find it: {application.url}\n")
    sys.stdout.flush()
    application.serve_forever()
