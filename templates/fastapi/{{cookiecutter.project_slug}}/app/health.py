"""Is the process alive, and can it do its work? For load balancers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import text
from starlette.responses import JSONResponse

# Each says in the log what is wrong.
ReadyCheck = Callable[[FastAPI], Awaitable[bool]]

logger = logging.getLogger(__name__)
router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthy() -> JSONResponse:
    return JSONResponse({"status": "ok"})


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def ready(request: Request) -> JSONResponse:
    checks: list[ReadyCheck] = request.app.state.ready_checks
    for is_well in checks:
        if not await is_well(request.app):
            return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ready"})


async def database_answers(app: FastAPI) -> bool:
    try:
        async with asyncio.timeout(2), app.state.sessions() as session:
            await session.execute(text("SELECT 1"))
    except Exception as error:  # whatever it is, the database is out of reach
        logger.warning("The database does not answer: %s", type(error).__name__)
        return False
    return True
