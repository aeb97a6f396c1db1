"""Reads what is sent, and takes it no better than it is: as JSON, in UTF-8."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja.parser import Parser

from api.problems import problem

Run = Callable[..., HttpResponse]


class StrictParser(Parser):
    """Refuses what JSON does not have, and what programs read differently."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(
            request.body.decode(),
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_duplicates,
        )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A key stands there twice.")
    return found


def json_alone(run: Run) -> Run:
    """Answer 415 to a body that is not JSON, and 400 if there is none."""

    @wraps(run)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("POST", "PUT", "PATCH"):
            if request.META.get("CONTENT_LENGTH", "") in ("", "0"):
                return problem(400, "There is no body.")
            if request.content_type != "application/json":
                return problem(415)
        return run(request, *args, **kwargs)

    return view


def for_one_reader(run: Run) -> Run:
    """Keep what a token shows, and every answer to a change, out of all caches."""

    @wraps(run)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = run(request, *args, **kwargs)
        public = request.method in ("GET", "HEAD") and not request.headers.get(
            "Authorization"
        )
        response.headers.setdefault(
            "Cache-Control", "no-cache" if public else "no-store"
        )
        patch_vary_headers(response, ["Authorization"])
        return response

    return view
