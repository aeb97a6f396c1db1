"""Believe what a proxy says about a request, but only a proxy that is ours."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from app.settings import Settings

# Of a WebSocket some proxies say ws or wss.
SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}


class TrustedProxies:
    """WSGI middleware that takes scheme and client address from `X-Forwarded-…`.

    A proxy adds the address it was called from at the end, and whatever stands
    before that may have been written by anybody: so the list is read from the
    right, up to the first address that is no proxy of ours.
    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address
    """

    def __init__(
        self, app: WSGIApplication, trusted: tuple[IPv4Network | IPv6Network, ...]
    ) -> None:
        self.app = app
        self.trusted = trusted

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if self.is_trusted(environ.get("REMOTE_ADDR", "")):
            scheme = _last(environ.get("HTTP_X_FORWARDED_PROTO", "")).lower()
            if scheme in SCHEMES:
                environ["wsgi.url_scheme"] = SCHEMES[scheme]
            environ["REMOTE_ADDR"] = self.client(environ)
        return self.app(environ, start_response)

    def client(self, environ: WSGIEnvironment) -> str:
        client: str = environ["REMOTE_ADDR"]
        addresses = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        while addresses and self.is_trusted(client):
            address = addresses.pop().strip()
            if _ip(address) is None:
                break
            client = address
        return client

    def is_trusted(self, address: str) -> bool:
        ip = _ip(address)
        return ip is not None and any(ip in network for network in self.trusted)


def init_app(app: Flask, settings: Settings) -> None:
    if settings.trusted_proxies:
        trusting = TrustedProxies(app.wsgi_app, settings.trusted_proxies)
        app.wsgi_app = trusting  # type: ignore[method-assign]  # as Flask documents it


def _last(header: str) -> str:
    return header.rpartition(",")[2].strip()


@lru_cache  # the same few ask again and again
def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
