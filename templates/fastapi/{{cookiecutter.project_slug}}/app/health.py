"""Is the process alive, and can it reach its database? For load balancers."""

import asyncio
import logging

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import JSONResponse

from app.dependencies import DatabaseSessions

logger = logging.getLogger(__name__)
router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthy() -> JSONResponse:
    return JSONResponse({"status": "ok"})


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def ready(sessions: DatabaseSessions) -> JSONResponse:
    try:
        async with asyncio.timeout(2), sessions() as session:
            await session.execute(text("SELECT 1"))
    except Exception as error:  # whatever it is, the database is out of reach
        logger.warning("The database does not answer: %s", type(error).__name__)
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ready"})
