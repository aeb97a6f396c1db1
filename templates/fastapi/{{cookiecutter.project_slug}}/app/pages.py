"""How a page is made from a template, and what all pages have in common."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates
from starlette.types import Receive, Scope, Send

from app import csrf, messages
from app.accounts.dependencies import find_visitor
from app.assets import static
from app.settings import PROJECT, SITE_NAME

# A part of the site can add a folder of its own to `loader.searchpath`.
loader = FileSystemLoader(PROJECT / "app" / "templates")
templates = Jinja2Templates(
    env=Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
templates.env.globals |= {"site_name": SITE_NAME, "static": static}


class Page(Response):
    """A page for whoever is looking.

    It is rendered when it is sent: by then the endpoint has returned and its database
    session has ended, so that no connection waits for a template.
    """

    def __init__(
        self,
        request: Request,
        template: str,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> None:
        super().__init__(status_code=status_code)
        self.request = request
        self.template = template
        self.own_headers = headers
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = templates.TemplateResponse(
            self.request,
            self.template,
            _everywhere(self.request) | self.context,
            self.status_code,
            self.own_headers,
            background=self.background,
        )
        csrf.remember(self.request, response)
        messages.forget(self.request, response)
        is_personal = csrf.is_used(self.request) or _user(self.request)
        response.headers["Cache-Control"] = (
            "private, no-store" if is_personal else "no-cache"
        )
        response.headers["Vary"] = "Cookie"
        await response(scope, receive, send)


def _everywhere(request: Request) -> dict[str, Any]:
    """What every template can use."""
    return {
        "user": _user(request),
        "csrf_token": partial(csrf.token_for, request),
        "message": messages.message_for(request),
        "debug": request.app.state.settings.debug,
    }


def _user(request: Request) -> Any:
    return getattr(request.state, "user", None)


class PageRoute(APIRoute):
    """Pages answer `HEAD` like `GET`, without the body; no forged form gets further.

    https://fastapi.tiangolo.com/how-to/custom-request-and-route/
    """

    def __init__(
        self,
        *args: Any,
        methods: Any = None,
        dependencies: Sequence[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        methods = set(methods or {"GET"})
        dependencies = list(dependencies or ())
        if "GET" in methods:
            methods.add("HEAD")
        if not methods <= {"GET", "HEAD"}:
            dependencies.append(Depends(csrf.checked_form))
        super().__init__(*args, methods=methods, dependencies=dependencies, **kwargs)


def page_router() -> APIRouter:
    """A router for pages, which know who is looking."""
    return APIRouter(route_class=PageRoute, dependencies=[Depends(find_visitor)])
