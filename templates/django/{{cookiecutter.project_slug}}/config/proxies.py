"""Takes the scheme and the client's address from a proxy, if it is one of ours.

Anybody can send `X-Forwarded-…`, so these headers count only when the connection comes
from an address in TRUSTED_PROXIES. `X-Forwarded-Host` and `Forwarded` never count.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class TrustedProxies:
    """WSGI middleware that rewrites `wsgi.url_scheme` and `REMOTE_ADDR`."""

    def __init__(
        self, application: Application, proxies: Iterable[IPv4Network | IPv6Network]
    ) -> None:
        self.application = application
        self.proxies = tuple(proxies)

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        if self.trusts(environ.get("REMOTE_ADDR", "")):
            # Of a WebSocket some say ws or wss.
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").replace("ws", "http")
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
            client = self.client(environ.get("HTTP_X_FORWARDED_FOR", ""))
            if client:
                environ["REMOTE_ADDR"] = client
        return self.application(environ, start)

    def client(self, forwarded_for: str) -> str:
        """Return the nearest address that is not a proxy of ours: the rest is hearsay."""
        nearest = ""
        for part in reversed(forwarded_for.split(",")):
            address = part.strip()
            if _ip(address) is None:
                break
            nearest = address
            if not self.trusts(address):
                break
        return nearest

    def trusts(self, address: str) -> bool:
        ip = _ip(address)
        return ip is not None and any(ip in proxy for proxy in self.proxies)


@lru_cache  # the same few ask again and again
def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
