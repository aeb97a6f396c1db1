"""The description of the API, and the pages that show it.

How Swagger UI and ReDoc came to `static/`: `static/VERSIONS.md`.
"""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, send_from_directory

from app.api import schemas
from app.api.operations import spec

HERE = Path(__file__).parent

blueprint = Blueprint("api", __name__, url_prefix="/api", static_folder="static")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return jsonify(describe())


@blueprint.get("/docs", defaults={"page": "swagger.html"})
@blueprint.get("/redoc", defaults={"page": "redoc.html"})
def docs(page: str) -> Response:
    return send_from_directory(HERE, page)


@cache
def describe() -> dict[str, Any]:
    """What SpecTree makes of the operations, without what it leaves empty."""
    described: dict[str, Any] = spec.spec
    del described["security"]
    # Its fields are parameters: nobody sends it as a whole.
    del described["components"]["schemas"][schemas.ProductQuery.__name__]
    for operations in described["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                finish_parameter(parameter)
            for name in ("description", "parameters"):
                if not operation[name]:
                    del operation[name]
    return described


def finish_parameter(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "path":
        parameter["schema"] = in_path()[parameter["name"]]
    # Once is enough, beside the schema.
    parameter["schema"].pop("description", None)
    if not parameter["description"]:
        del parameter["description"]


def in_path() -> dict[str, Any]:
    fields: dict[str, Any] = schemas.ProductPath.model_json_schema()["properties"]
    return fields
