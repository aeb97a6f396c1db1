"""How the API says what went wrong: with problem details, in JSON.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.attempts import TooManyAttemptsError
from config.logs import request_id

TYPE = "application/problem+json"
DETAILS = {
    400: "The request cannot be read.",
    401: "There is no valid token.",
    403: "That is not yours to do.",
    404: "There is no such thing.",
    405: "This address exists, but not for that method.",
    412: "It was changed since that version.",
    413: "The body is larger than one megabyte.",
    415: "The body has to be JSON, and to say so.",
    422: "A value is missing or will not do.",
    500: "Something broke on our side.",
    503: "It does not work at the moment.",
}
# Whoever sends many fields that are not there, or long ones, does not get them back.
MOST_ERRORS, LONGEST_FIELD = 100, 100
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
# What is said of a value that pydantic refuses. It never repeats the value.
# https://docs.pydantic.dev/latest/errors/validation_errors/
MESSAGES = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This must be text.",
    "string_unicode": "This is not text.",
    "string_too_short": "Use at least {min_length} characters.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_pattern_mismatch": "There is a character in it that will not do.",
    "int_type": "This must be a whole number.",
    "greater_than_equal": "The lowest is {ge}.",
    "less_than_equal": "The highest is {le}.",
    "model_type": "This must be an object.",
    "list_type": "This must be a list.",
    "too_long": "There may be at most {max_length}.",
}


class ProblemError(Exception):
    """Something that a client of the API did will not do."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(detail)
        self.status = status


def problem(
    status: int,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Return the answer that describes a problem."""
    if status == 401:
        headers = {"WWW-Authenticate": "Bearer"} | dict(headers or {})
    if status >= 500:
        more["request_id"] = request_id.get()
    members = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or DETAILS.get(status, "That did not work."),
        **more,
    }
    headers = {"Cache-Control": "no-store"} | dict(headers or {})
    return HttpResponse(
        json.dumps(members), status=status, content_type=TYPE, headers=headers
    )


def as_problem(response: HttpResponse) -> HttpResponse:
    """Turn an error into a problem, unless it is told in JSON: whoever made it."""
    if "json" in response.headers.get("Content-Type", ""):
        return response
    kept = {name: response[name] for name in KEPT if name in response}
    return problem(response.status_code, headers=kept)


def add_handlers(api: NinjaAPI) -> None:
    """Tell the API how exceptions are answered. Django knows what to do with the rest."""

    @api.exception_handler(ProblemError)
    def refused(request: HttpRequest, error: ProblemError) -> HttpResponse:
        return problem(error.status, str(error))

    @api.exception_handler(TooManyAttemptsError)
    def too_many(request: HttpRequest, error: TooManyAttemptsError) -> HttpResponse:
        return problem(429, str(error), headers={"Retry-After": str(error.seconds)})

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        told = error.errors[:MOST_ERRORS]
        return invalid_input([_field_error(found) for found in told])

    @api.exception_handler(UnreadablePostError)
    def hung_up(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
        return problem(400, "The connection broke.")

    @api.exception_handler(HttpError)
    def of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code)

    @api.exception_handler(Http404)
    @api.exception_handler(Exception)
    def anything_else(request: HttpRequest, error: Exception) -> HttpResponse:
        raise error


def invalid_input(errors: list[dict[str, str]]) -> HttpResponse:
    return problem(422, errors=errors)


def _field_error(found: Mapping[str, Any]) -> dict[str, str]:
    # ("body", the name of the parameter, "price"), or ("query", "page")
    where = found["loc"][2 if found["loc"][0] == "body" else 1 :]
    context = found.get("ctx", {})
    if context.get("min_length") == 1:
        message = MESSAGES["missing"]
    elif found["type"] == "refused":
        message = found["msg"]
    else:
        message = MESSAGES.get(found["type"], "This will not do.").format(**context)
    field = ".".join(map(str, where))[:LONGEST_FIELD]
    return {"field": field, "message": message}
