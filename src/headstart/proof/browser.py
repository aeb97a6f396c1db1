"""A stranger with a cookie jar of their own, who knows nothing of the project but HTTP.

The browser speaks plain HTTP to the socket and plays the proxy that stands
before a project in production: it sends `X-Forwarded-Proto`, `X-Forwarded-For`
and the public `Host`, and sends cookies marked `Secure`, as TLS would be there.
"""

import time
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from http.cookies import Morsel
from urllib.parse import urlencode, urljoin, urlsplit

from headstart.proof.page import Page

Fields = Mapping[str, str] | Iterable[tuple[str, str]]

FORM_TYPE = "application/x-www-form-urlencoded"
_FEW = 10


class Strayed(LookupError):
    """An address leads to another site, or in a circle."""


class Browser:
    """One visitor: a connection that is kept, a cookie jar, a set of headers.

    Args:
        port: where the project listens.
        site: the address by which the world knows it (`SITE_URL`).
        host: the machine where it listens.
        address: where the proxy says that the visitor comes from.
        source_address: the loopback address to connect from.
        headers: what is sent with each request, over what is sent anyway.
        timeout: how many seconds each read may take.
    """

    def __init__(
        self,
        port: int,
        site: str = "https://localhost",
        *,
        host: str = "127.0.0.1",
        address: str = "",
        source_address: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = 5.0,
    ) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        parts = urlsplit(site)
        self.headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        if address:
            self.headers["X-Forwarded-For"] = address
        self.headers |= headers or {}
        source = (source_address, 0) if source_address else None
        self._connection = HTTPConnection(host, port, timeout, source)

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send one request and read the answer; a redirect is not followed.

        Args:
            method: `GET`, `POST`, …
            path: a path, or a full address on the site.
            body: what is sent.
            headers: over those that the browser sends anyway.

        Raises:
            Strayed: the address is on another site.
        """
        if not path.startswith(("/", f"{self.site}/")):
            raise Strayed(f"{path} is not on {self.site}")
        target = path.removeprefix(self.site)
        sent = dict(self.headers)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        sent |= headers or {}
        page = self._exchange(method, target, body, sent)
        self._keep(page.cookies)
        return page

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Page:
        """Open an address."""
        return self.request("GET", path, headers=headers)

    def post(self, path: str, fields: Fields, headers: Mapping[str, str] | None = None) -> Page:
        """Send fields to an address as a form does."""
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        body = urlencode(list(pairs)).encode()
        extra = {"Content-Type": FORM_TYPE, "Origin": self.site} | dict(headers or {})
        return self.request("POST", path, body, extra)

    def submit(
        self,
        page: Page,
        fields: Mapping[str, str],
        action: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Fill in a form of a page and send it, hidden fields included.

        Args:
            page: the page with the form.
            fields: what is typed.
            action: where the form goes, if its fields do not tell it from others.
            headers: over those that the browser sends anyway.

        Raises:
            NoSuchForm: the page has no such form.
        """
        form = page.form(fields, action)
        target = urljoin(page.url, form.action)
        return self.post(target, form.fields | dict(fields), headers)

    def follow(self, page: Page) -> Page:
        """Follow redirects until a page comes.

        Raises:
            Strayed: they lead to another site, or in a circle.
        """
        for _ in range(_FEW):
            if not page.location:
                return page
            page = self.get(page.location)
        raise Strayed(f"more than {_FEW} redirects, the last to {page.url}")

    def close(self) -> None:
        """Close the connection; the cookies stay."""
        self._connection.close()

    def _keep(self, cookies: Iterable[Morsel[str]]) -> None:
        for cookie in cookies:
            if _is_over(cookie):
                self.cookies.pop(cookie.key, None)
            else:
                self.cookies[cookie.key] = cookie.coded_value

    def _exchange(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Page:
        was_open = self._connection.sock is not None
        started = time.perf_counter()
        try:
            self._connection.request(method, target, body or None, dict(headers))
            answer = self._connection.getresponse()
            content = answer.read()
        except BaseException as error:
            self._connection.close()
            # The server may have closed a kept connection in the meantime.
            if was_open and isinstance(error, ConnectionError):
                return self._exchange(method, target, body, headers)
            raise
        seconds = time.perf_counter() - started
        url = self.site + target
        return Page(url, method, answer.status, answer.headers, content, seconds)


def _is_over(cookie: Morsel[str]) -> bool:
    if cookie["max-age"] != "":
        return int(cookie["max-age"]) <= 0
    if cookie["expires"] != "":
        return parsedate_to_datetime(cookie["expires"]).timestamp() <= time.time()
    return False
