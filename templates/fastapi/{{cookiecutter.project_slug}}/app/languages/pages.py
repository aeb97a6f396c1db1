"""Pages in several languages, and the switch between them."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from jinja2 import pass_context
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from app.accounts.refusals import local_path
from app.csrf import SubmittedForm
from app.dependencies import CurrentSettings
from app.errors import allowed_methods
from app.languages import LANGUAGES, _, language
from app.languages.choosing import COOKIE, LanguageMiddleware
from app.languages.formats import localised
from app.pages import loader, templates

A_YEAR = 365 * 24 * 60 * 60

router = APIRouter()


def set_up(app: FastAPI) -> None:
    app.include_router(router)
    app.add_middleware(LanguageMiddleware)


def text_in_page(text: str, **values: object) -> Markup:
    """A text of ours may have tags in it; what is filled in is escaped."""
    return Markup(_(text)) % values  # noqa: S704


def in_page(function: Any) -> Any:
    """A filter: with the context, else Jinja would use it once, and for everybody."""
    return pass_context(lambda context, *args: function(*args))


def here(request: Request) -> str:
    """The address of this page, to come back to; the first one, if it only takes forms."""
    if request.method not in {"GET", "HEAD"} and "GET" not in allowed_methods(request):
        return "/"
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    return (path + b"?" * bool(query) + query).decode("latin-1")


loader.searchpath.append(str(Path(__file__).with_name("templates")))
templates.env.filters |= {
    "translated": in_page(_),
    "localised": in_page(localised),
}
templates.env.globals |= {
    "_": text_in_page,
    "languages": LANGUAGES,
    "language": language,
    "here": here,
}


@router.post("/language")
async def choose_language(
    settings: CurrentSettings, submitted: SubmittedForm
) -> Response:
    target = local_path(str(submitted.get("next", "/")))
    response = RedirectResponse(target, status_code=303)
    chosen = str(submitted.get("language", ""))
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            secure=settings.is_https,
            httponly=True,
            samesite="lax",
        )
    return response
