"""What goes wrong, as problem details: https://www.rfc-editor.org/rfc/rfc9457.

No problem repeats what was sent.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.api.schemas import InvalidInput, Problem
from app.logs import request_id

Described = dict[int | str, dict[str, Any]]

MEDIA_TYPE = "application/problem+json"

# In the description of the API, and to whoever meets the problem.
WORDS = {
    400: ("The request cannot be read", "The request is not what it should be."),
    401: ("There is no valid token", "Send a valid token as `Authorization: Bearer`."),
    403: ("That is not yours to do", "You may not do that."),
    404: ("There is no such thing", "There is nothing here."),
    405: ("", "This address does not know the method."),
    412: ("It was changed since that version", "Somebody else was faster: read again."),
    413: ("The body is too large", "A body may have one megabyte."),
    415: ("The body is not JSON", "The body has to be `application/json`."),
    422: ("A value is missing or will not do", "Something will not do: see `errors`."),
    429: ("Too many attempts", "There were too many attempts: wait and try again."),
    500: ("", "Something broke on our side."),
    503: ("It does not work at the moment", "This does not work at the moment."),
}

# Pydantic's kinds of errors, in our words: its own repeat patterns and values.
# https://docs.pydantic.dev/latest/errors/validation_errors/
SENTENCES = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This has to be text.",
    "string_too_short": "Use at least {min_length} characters.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_pattern_mismatch": "There is a character in it that will not do.",
    "greater_than_equal": "This has to be at least {ge}.",
    "less_than_equal": "This has to be at most {le}.",
    "model_attributes_type": "This has to be an object.",
    "dict_type": "This has to be an object.",
    "list_type": "This has to be a list.",
    "too_short": "There have to be at least {min_length}.",
    "too_long": "There may be at most {max_length}.",
}
MOST_ERRORS = 100


class FieldRefused(Exception):
    """A value that looked good at first will not do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.error = {"field": field, "message": message}


def described(*statuses: int) -> Described:
    """What may go wrong with an operation, for its description."""
    said: Described = {}
    for status in (400, *statuses):
        model = InvalidInput if status == 422 else Problem
        said[status] = {"model": model, "description": WORDS[status][0]}
    header = {"required": True, "schema": {"type": "string"}}
    if 401 in said:
        said[401]["headers"] = {"WWW-Authenticate": header}
    if 429 in said:
        said[429]["headers"] = {"Retry-After": header | {"schema": {"type": "integer"}}}
    return said


def problem(request: Request, error: HTTPException) -> Response:
    """Any error, in a sentence of its own or the one for all of its kind."""
    response = _problem(error.status_code, error.detail)
    if error.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def invalid_input(errors: Sequence[dict[str, str]]) -> Response:
    return _problem(422, errors=errors[:MOST_ERRORS])


def errors_of(error: RequestValidationError) -> list[dict[str, str]]:
    return [
        {"field": _path(found["loc"]), "message": _sentence(found)}
        for found in error.errors()
    ]


def _problem(status: int, detail: str = "", **more: Any) -> Response:
    if not detail.endswith("."):  # a phrase of the protocol, no sentence of ours
        detail = WORDS.get(status, WORDS[400])[1]
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    if status >= 500:
        content["request_id"] = request_id.get()
    return JSONResponse(content, status, media_type=MEDIA_TYPE)


def _path(location: Sequence[str | int]) -> str:
    """Where it is: the first part is `body`, `path` or `query`."""
    return ".".join(map(str, location[1:]))[:100]


def _sentence(error: dict[str, Any]) -> str:
    if error["type"] == "value_error":  # raised by a rule, with its sentence
        return str(error["ctx"]["error"])
    sentence = SENTENCES.get(error["type"], "This will not do.")
    return sentence.format(**error.get("ctx", {}))
