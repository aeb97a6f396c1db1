"""What all endpoints have in common: strict JSON, problems, `HEAD`, and caches."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from app.accounts.attempts import TooManyAttempts
from app.accounts.models import AccountGone
from app.api.problems import FieldRefused, errors_of, invalid_input

# Of an object: no operation knows more than a handful of them.
MOST_FIELDS = 100


class JsonRequest(Request):
    """https://fastapi.tiangolo.com/how-to/custom-request-and-route/"""

    async def body(self) -> bytes:
        """Asked for by endpoints that need one."""
        body = await super().body()
        if not body:
            raise HTTPException(400, "There is no body.")
        media_type = self.headers.get("content-type", "").partition(";")[0]
        if media_type.strip().lower() != "application/json":
            raise HTTPException(415)
        return body

    async def json(self) -> Any:
        try:
            return read_json(await self.body())
        except (ValueError, RecursionError):
            raise HTTPException(400, "The body is not valid JSON.") from None


def read_json(body: bytes) -> Any:
    """JSON as the standard has it, and all of it text that can be written down.

    Raises:
        ValueError: it is something else.
        RecursionError: it is nested too deeply.
    """
    value = json.loads(
        body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant
    )
    # Lone surrogates: JSON can spell them, but UTF-8 cannot.
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # To say of each that it is unknown would keep everybody waiting.
    if len(pairs) > MOST_FIELDS:
        raise HTTPException(400, "There are too many fields.")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name stands there twice.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")


class ApiRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                response = await handle(JsonRequest(request.scope, request.receive))
            except TooManyAttempts as error:
                headers = {"Retry-After": str(error.seconds)}
                raise HTTPException(429, str(error), headers) from None
            except AccountGone:
                raise HTTPException(401) from None
            except RequestValidationError as error:
                response = invalid_input(errors_of(error))
            except FieldRefused as error:
                response = invalid_input([error.error])
            _tell_caches(request, response)
            return response

        return handler


class ApiRouter(APIRouter):
    """Its operations are called like their functions, and `HEAD` is like `GET`."""

    def __init__(self, tag: str) -> None:
        super().__init__(
            prefix="/api",
            tags=[tag],
            route_class=ApiRoute,
            generate_unique_id_function=lambda route: to_camel(route.name),
        )

    def add_api_route(
        self, path: str, endpoint: Callable[..., Any], **options: Any
    ) -> None:
        super().add_api_route(path, endpoint, **options)
        if options["methods"] == ["GET"]:
            options |= {"methods": ["HEAD"], "include_in_schema": False}
            super().add_api_route(path, endpoint, **options)


def _tell_caches(request: Request, response: Response) -> None:
    """What was read by everybody may be kept, to be asked for again."""
    is_public = request.method in {"GET", "HEAD"} and response.status_code == 200
    if is_public and "authorization" not in request.headers:
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization"
