"""How a page is made from a template, and what all pages have in common."""

import hashlib
from datetime import datetime
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from app import csrf, messages
from app.settings import PROJECT, SITE_NAME

STATIC = PROJECT / "app" / "static"


@cache
def static(name: str) -> str:
    """The address of a static file, a new one whenever the file changes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


templates = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(PROJECT / "app" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
templates.env.globals |= {"site_name": SITE_NAME, "static": static}
templates.env.filters |= {"day": day}


def render(
    request: Request, template: str, status_code: int = 200, **context: Any
) -> Response:
    """A page for this visitor."""
    user = getattr(request.state, "user", None)
    everywhere = {
        "user": user,
        "csrf_token": partial(csrf.token_for, request),
        "message": messages.message_for(request),
    }
    response = templates.TemplateResponse(
        request, template, everywhere | context, status_code
    )
    csrf.remember(request, response)
    messages.forget(request, response)
    is_personal = user or hasattr(request.state, "has_form")
    response.headers["Cache-Control"] = (
        "private, no-store" if is_personal else "no-cache"
    )
    response.headers["Vary"] = "Cookie"
    return response


class PageRoute(APIRoute):
    """Pages answer `HEAD` like `GET`; the server leaves out the body."""

    def __init__(self, *arguments: Any, methods: Any = None, **options: Any) -> None:
        methods = set(methods or ["GET"])
        if "GET" in methods:
            methods.add("HEAD")
        super().__init__(*arguments, methods=methods, **options)


class CachedFiles(StaticFiles):
    """Static files, for ever under an address from `static`."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response
