"""Errors as programs read them: problem details, which repeat nothing that was sent.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
from typing import Any

from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.logs import request_id

DETAILS = {
    400: "The request cannot be read.",
    401: "There is no valid token.",
    403: "That is not yours to do.",
    404: "There is no such thing.",
    405: "This address exists, but not for this method.",
    412: "It was changed since that version.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A value is missing or will not do.",
    429: "Too many attempts.",
    500: "Something broke on our side.",
    503: "It does not work at the moment.",
}
OTHERS = "The request failed."

# What Pydantic would say in its own words; our rules say it in theirs.
MESSAGES = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This has to be text.",
    "string_too_short": "This is too short.",
    "string_too_long": "This is too long.",
    "greater_than_equal": "This number is too small.",
    "less_than_equal": "This number is too large.",
    "model_type": "The body has to be a JSON object.",
    "list_type": "This has to be a list.",
    "too_short": "There are too few.",
    "too_long": "There are too many.",
}
WRONG = "This will not do."
# Whoever sends thousands of wrong fields, or one whose name is a megabyte, is told
# about the first ones, and how the name begins.
MOST_ERRORS = 100
LONGEST_NAME = 100


class InvalidInput(HTTPException):
    """Something that was sent breaks a rule: says where, and which."""

    code = 422

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__()
        self.errors = errors

    @classmethod
    def found_by(cls, error: ValidationError) -> "InvalidInput":
        found = error.errors(include_url=False, include_input=False)[:MOST_ERRORS]
        return cls(*((_name(one["loc"]), _message(one)) for one in found))


def _name(place: tuple[int | str, ...]) -> str:
    return ".".join(map(str, place))[:LONGEST_NAME]


def _message(error: Any) -> str:
    """The sentence of a rule of ours, or one for a rule of Pydantic's."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return MESSAGES.get(error["type"], WRONG)


def tell(error: HTTPException) -> Response:
    """The status and the headers of the error, as a problem."""
    response = error.get_response()
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": error.name,
        "status": response.status_code,
        "detail": _detail(error),
    }
    if isinstance(error, InvalidInput):
        problem["errors"] = [
            {"field": field, "message": message} for field, message in error.errors
        ]
    if error.code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if response.status_code >= 500:
        problem["request_id"] = request_id.get()
    response.data = json.dumps(problem)
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def _detail(error: HTTPException) -> str:
    """What we said when we raised it; what Werkzeug says is for people with a page."""
    if error.description and error.description != type(error).description:
        return error.description
    return DETAILS.get(error.code or 500, OTHERS)
