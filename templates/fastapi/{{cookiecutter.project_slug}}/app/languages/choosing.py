"""Which language a request is answered in."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.languages import DEFAULT, LANGUAGES, current

COOKIE = "language"


class LanguageMiddleware:
    """Chooses the language, and says on pages which it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        chosen = language_for(Request(scope))
        current.set(chosen)

        async def with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Language"] = chosen
                    headers["Vary"] = "Accept-Language, Cookie"
            await send(message)

        await self.app(scope, receive, with_language)


def language_for(request: Request) -> str:
    """The one that the visitor has chosen, or else their browser asks for.

    What is in `/api/` is in English always: it is for programs and who writes them.
    """
    if request.url.path.startswith("/api/"):
        return DEFAULT
    chosen = request.cookies.get(COOKIE, "")
    wanted = (chosen, *accepted(request.headers.get("accept-language", "")))
    return next((each for each in wanted if each in LANGUAGES), DEFAULT)


def accepted(header: str) -> list[str]:
    """The languages of an `Accept-Language`, the most wanted first, without regions."""
    found = []
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if 0 < quality <= 1:
            name = tag.strip().lower().partition("-")[0]
            found.append((quality, DEFAULT if name == "*" else name))
    return [name for _, name in sorted(found, key=lambda each: -each[0])]
