"""The smallest site with accounts, made of the standard library, that can be broken at will.

`FAULT` names what is wrong with it; each fault is one that a real project had.
"""

import base64
import hashlib
import html
import json
import os
import secrets
import sys
from email.message import EmailMessage
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING or __name__ != "__main__":
    from . import small_api
else:
    import small_api

# https://www.rfc-editor.org/rfc/rfc6455#section-1.3
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
FORM = "<h1>{0}</h1><form method=post action=/{0}>{1}</form>"
FIELD = "<input name={}>"
LOGOUT = "<form method=post action=/logout><button>Log out</button></form>"


class SmallSite(ThreadingHTTPServer):
    """A site with its own accounts, sessions and outgoing mails."""

    def __init__(self, port: int, mail: Path, url: str, fault: str = "") -> None:
        super().__init__(("127.0.0.1", port), Visit)
        self.mail, self.url, self.fault = mail, url, fault
        self.token = secrets.token_hex(8)
        self.passwords: dict[str, str] = {}
        self.links: dict[str, tuple[str, str]] = {}
        self.sessions: set[str] = set()
        self.tokens: dict[str, str] = {}
        self.products: list[dict[str, object]] = []

    def send_mail(self, to: str, link: str) -> None:
        if self.fault == "sends no mail":
            return
        message = EmailMessage()
        message["To"], message["Subject"] = to, "Confirm your address"
        message.set_content(f"Hello,\n\nopen this link:\n\n{link}\n\n— Small site\n")
        (self.mail / f"{secrets.token_hex(4)}.eml").write_bytes(bytes(message))


class Visit(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: SmallSite

    def log_message(self, *args: Any) -> None:
        pass

    @property
    def session(self) -> str:
        cookie = SimpleCookie(self.headers["Cookie"] or "").get("session")
        return "" if cookie is None else cookie.value

    def do_DELETE(self) -> None:
        self.answer_program()

    def do_GET(self) -> None:
        site = self.server
        if self.path.startswith("/api/"):
            self.answer_program()
        elif self.path == "/healthz":
            self.answer(200, "ok")
        elif self.path == "/":
            status = 500 if site.fault == "answers 500" else 200
            self.answer(status, "<title>Small &amp; good</title><h1>Hello</h1>")
        elif self.path == "/register":
            names = ("email", "display_name", "password")
            fields = "".join(FIELD.format(name) for name in names)
            hidden = f"<input type=hidden name=csrf value={site.token}>"
            self.answer(200, FORM.format("register", fields + hidden))
        elif self.path.startswith("/confirm/"):
            email, password = site.links.pop(self.path)
            site.passwords[email] = password
            self.log_in("/")
        elif self.path == "/login":
            fields = "".join(FIELD.format(name) for name in ("email", "password"))
            self.answer(200, FORM.format("login", fields))
        elif self.path == "/account":
            if self.session in site.sessions:
                self.answer(200, f"<h1>You</h1>{LOGOUT}")
            else:
                self.redirect("/login?next=/account")
        elif self.path == "/ws/products" and site.fault != "has no sockets":
            self.open_socket()
        elif self.path == "/redirected":
            self.redirect("https://evil.test/")
        elif self.path == "/echo":
            self.answer(200, f"<pre>{html.escape(str(self.headers))}</pre>")
        else:
            self.answer(404, "<h1>Not found</h1>")

    def open_socket(self) -> None:
        self.send_response(101)
        key = self.headers["Sec-WebSocket-Key"].encode()
        digest = hashlib.sha1(key + GUID, usedforsecurity=False).digest()
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", "websocket")
        self.end_headers()
        self.close_connection = True

    def do_POST(self) -> None:
        if self.path.startswith("/api/"):
            self.answer_program()
        else:
            self.take_form()

    def answer_program(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        status, table, headers = small_api.answer(self.server, self.command, self.path, token, sent)
        self.answer(status, "" if table is None else json.dumps(table), **headers)

    def take_form(self) -> None:
        site = self.server
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(sent).items()}
        if self.path == "/register" and fields.get("csrf") == site.token:
            link = f"/confirm/{secrets.token_hex(8)}"
            site.links[link] = (fields["email"], fields["password"])
            site.send_mail(fields["email"], site.url + link)
            self.redirect("/register/sent")
        elif self.path == "/login" and site.passwords.get(fields["email"]) == fields["password"]:
            self.log_in("/")
        elif self.path == "/logout":
            if site.fault != "keeps the old session alive":
                site.sessions.discard(self.session)
            self.redirect("/", "session=; Max-Age=0; Path=/")
        else:
            self.answer(403, "<h1>Refused</h1>")

    def log_in(self, to: str) -> None:
        session = secrets.token_hex(8)
        self.server.sessions.add(session)
        self.redirect(to, f"session={session}; HttpOnly; Secure; Path=/")

    def redirect(self, to: str, cookie: str = "") -> None:
        self.answer(303, "", Location=to, **({"Set-Cookie": cookie} if cookie else {}))

    def answer(self, status: int, text: str, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    fault = os.environ.get("FAULT", sys.argv[1] if len(sys.argv) > 1 else "")
    sys.stdout.write("starting\n")
    sys.stdout.flush()
    if fault == "dies":
        sys.exit("no secret: SECRET_KEY is not set")
    mail = Path(os.environ["MAIL_URL"].removeprefix("file:"))
    port = int(os.environ["PORT"])
    SmallSite(port, mail, os.environ["SITE_URL"], fault).serve_forever()
