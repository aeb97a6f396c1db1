"""The cookies: what they are called, and with what protection they are set."""

from starlette.responses import Response

from app.settings import Settings


def cookie_name(settings: Settings, purpose: str) -> str:
    """`__Host-` keeps other hosts, plain HTTP and other paths from setting it.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
    """
    return f"__Host-{purpose}" if settings.is_https else purpose


def set_cookie(
    response: Response,
    settings: Settings,
    purpose: str,
    value: str,
    max_age: int | None = None,
) -> None:
    response.set_cookie(
        cookie_name(settings, purpose),
        value,
        max_age=max_age,
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def delete_cookie(response: Response, settings: Settings, purpose: str) -> None:
    response.delete_cookie(
        cookie_name(settings, purpose),
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )
