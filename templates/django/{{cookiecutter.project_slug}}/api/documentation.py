"""The description of the API, and the pages that show it.

What django-ninja knows from the operations is said here in the words of the problems.
https://spec.openapis.org/oas/v3.1.0
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from pydantic.json_schema import models_json_schema

from api import problems, schemas

FOLDER = Path(__file__).parent / "docs"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
PROBLEMS = {
    400: "The request cannot be read",
    401: "There is no valid token",
    403: "That is not yours to do",
    404: "There is no such thing",
    412: "It was changed since that version",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "A value is missing or will not do",
    429: "Too many attempts",
    503: "It does not work at the moment",
}
TEXT = {"schema": {"type": "string"}, "required": True}
NUMBER = {"schema": {"type": "integer"}, "required": True}
HEADERS = {401: {"WWW-Authenticate": TEXT}, 429: {"Retry-After": NUMBER}}
LOCATION = {"Location": TEXT}
ETAG = {"ETag": TEXT | {"description": "The version, in quotes, for `If-Match`"}}
BODY = (400, 413, 415, 422)  # what can be wrong with a body

pages = Router()


def answers(
    good: Mapping[int, str], *bad: int, headers: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return how an operation is described beyond what its types say."""
    found: dict[int, dict[str, Any]] = {
        status: {"description": says} | ({"headers": headers} if headers else {})
        for status, says in good.items()
    }
    for status in {400, *bad}:
        model = schemas.InvalidInput if status == 422 else schemas.Problem
        content = {"schema": {"$ref": REF_TEMPLATE.format(model=model.__name__)}}
        found[status] = {
            "description": PROBLEMS[status],
            "content": {problems.TYPE: content},
        }
        if status in HEADERS:
            found[status]["headers"] = HEADERS[status]
    return {"responses": found}


class DescribedAPI(NinjaAPI):
    """Describes itself without what says nothing."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        first, *rest = operation.view_func.__name__.split("_")
        return first + "".join(map(str.capitalize, rest))

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        description = super().get_openapi_schema(**options)
        del description["servers"], description["info"]["description"]
        for path in description["paths"].values():
            path.pop("head", None)  # goes without saying
            for operation in path.values():
                if not operation["parameters"]:
                    del operation["parameters"]
                if "security" in operation:
                    operation["security"] = [{"bearer": []}]
                for parameter in operation.get("parameters", ()):
                    parameter["schema"].pop("description", None)
        components = description["components"]
        components["securitySchemes"] = {
            name.lower(): scheme
            for name, scheme in components["securitySchemes"].items()
        }
        _, shared = models_json_schema(
            [(schemas.Problem, "validation"), (schemas.InvalidInput, "validation")],
            ref_template=REF_TEMPLATE,
        )
        components["schemas"] |= shared["$defs"]
        # Its fields are described as parameters.
        del components["schemas"][schemas.ProductQuery.__name__]
        _drop_titles(description["paths"])
        _drop_titles(components)
        return description


def _drop_titles(part: Any) -> None:
    """Drop the titles that pydantic makes of names: they say the same once more."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        for value in part.values():
            _drop_titles(value)
    elif isinstance(part, list):
        for value in part:
            _drop_titles(value)


@pages.api_operation(["GET", "HEAD"], "/docs", include_in_schema=False)
def swagger(request: HttpRequest) -> HttpResponse:
    return HttpResponse((FOLDER / "swagger.html").read_bytes())


@pages.api_operation(["GET", "HEAD"], "/redoc", include_in_schema=False)
def redoc(request: HttpRequest) -> HttpResponse:
    return HttpResponse((FOLDER / "redoc.html").read_bytes())


@pages.api_operation(["GET", "HEAD"], "/static/{name}", include_in_schema=False)
def static(request: HttpRequest, name: str) -> HttpResponse:
    # What is not in the folder, or is not shown by a page, is not there.
    files = {file.name: file for file in FOLDER.iterdir() if file.suffix in KINDS}
    if name not in files:
        raise Http404
    return HttpResponse(
        files[name].read_bytes(),
        content_type=KINDS[files[name].suffix],
        headers={"Cache-Control": "public, max-age=3600"},
    )
