"""How a page is made from a template, and what all pages have in common."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from app import csrf, messages
from app.accounts.dependencies import find_visitor
from app.assets import static
from app.settings import PROJECT, SITE_NAME


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


def render(
    request: Request,
    template: str,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page for whoever is looking."""
    user = getattr(request.state, "user", None)
    everywhere = {
        "user": user,
        "csrf_token": partial(csrf.token_for, request),
        "message": messages.message_for(request),
        "debug": request.app.state.settings.debug,
    }
    response = templates.TemplateResponse(
        request, template, everywhere | context, status_code, headers
    )
    csrf.remember(request, response)
    messages.forget(request, response)
    is_personal = user is not None or hasattr(request.state, "has_form")
    response.headers["Cache-Control"] = (
        "private, no-store" if is_personal else "no-cache"
    )
    response.headers["Vary"] = "Cookie"
    return response


class PageRoute(APIRoute):
    """Pages answer `HEAD` like `GET`; the server leaves out the body.

    https://fastapi.tiangolo.com/how-to/custom-request-and-route/
    """

    def __init__(self, *args: Any, methods: Any = None, **kwargs: Any) -> None:
        methods = set(methods or {"GET"})
        if "GET" in methods:
            methods.add("HEAD")
        super().__init__(*args, methods=methods, **kwargs)


def page_router() -> APIRouter:
    """A router for pages: it knows who is looking, and lets no forged form pass."""
    return APIRouter(
        route_class=PageRoute,
        default_response_class=Response,
        dependencies=[Depends(csrf.checked_form), Depends(find_visitor)],
    )
