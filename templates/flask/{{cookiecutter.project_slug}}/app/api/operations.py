"""How an operation reads what is sent, and what it says that it answers.

SpecTree checks it, and makes the description of the API: https://spectree.readthedocs.io
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import abort, request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from spectree import Response, SecurityScheme, SecuritySchemeData, SpecTree
from spectree.models import SecureType
from spectree.plugins.base import Context
from spectree.plugins.flask_plugin import FlaskPlugin

from app.api import schemas
from app.api.problems import DETAILS, InvalidInput
from app.security import read_body
from app.settings import SITE_NAME

Model = TypeVar("Model", bound=BaseModel)

BEARER = [{"bearer": list[str]()}]
# The problems that there may be wherever a body is read.
BODY = (413, 415, 422)

TEXT = {"schema": {"type": "string"}, "required": True}
NUMBER = {"schema": {"type": "integer"}, "required": True}
PROBLEM_HEADERS = {401: {"WWW-Authenticate": TEXT}, 429: {"Retry-After": NUMBER}}


def checked(model: type[Model], sent: object) -> Model:
    """What was sent, if it keeps the rules of the model."""
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise InvalidInput.found_by(error) from None


def read_json() -> object:
    if request.mimetype != "application/json":
        abort(415)
    try:
        # Without NaN and lone surrogates, and no deeper than is good for us.
        return from_json(read_body(), allow_inf_nan=False)
    except ValueError:
        abort(400)


class Strict(FlaskPlugin):
    """SpecTree's own would take anything for an empty body that it cannot read."""

    def request_validation(
        self,
        request: Any,
        query: type[BaseModel] | None,
        json: type[BaseModel] | None,
        *_: object,
    ) -> None:
        request.context = Context(
            checked(query, request.args.to_dict()) if query else None,
            checked(json, read_json()) if json else None,
            None,
            None,
            None,
        )


class Answers(Response):
    """What an operation answers when all is well, and which problems there may be."""

    def __init__(
        self,
        status: int,
        says: str,
        model: type[BaseModel] | None = None,
        *,
        problems: tuple[int, ...] = (),
        headers: Mapping[str, Any] | None = None,
    ) -> None:
        self.status = status
        self.headers = headers
        self.problems = sorted({400, *problems})
        super().__init__(
            **{f"HTTP_{status}": (model, says)},
            **{f"HTTP_{code}": _problem(code) for code in self.problems},
        )

    def add_model(self, *_: object, **__: object) -> None:
        """Add nothing: SpecTree would let each operation answer 422."""

    def generate_spec(self, *names: Any) -> dict[str, Any]:
        answers = super().generate_spec(*names)
        if self.headers:
            answers[str(self.status)]["headers"] = self.headers
        for code in self.problems:
            problem = answers[str(code)]
            content = problem["content"].pop("application/json")
            problem["content"]["application/problem+json"] = content
            if code in PROBLEM_HEADERS:
                problem["headers"] = PROBLEM_HEADERS[code]
        return answers


def _problem(code: int) -> tuple[type[BaseModel], str]:
    model = schemas.InvalidInput if code == 422 else schemas.Problem
    return model, DETAILS[code].removesuffix(".")


spec = SpecTree(
    backend=Strict,
    mode="strict",  # only the operations that are declared with it
    title=SITE_NAME,
    version="1",
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _, model: model,
    security_schemes=[
        SecurityScheme(
            name="bearer",
            data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"),
        )
    ],
)
