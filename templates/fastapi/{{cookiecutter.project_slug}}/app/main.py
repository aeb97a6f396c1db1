"""The application, put together."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.database import engine_for, sessions_for
from app.errors import error_handlers, server_error
from app.health import database_answers
from app.logs import RequestLogMiddleware
from app.parent import end_with_parent
from app.postgresql import LONGEST_STATEMENT
from app.routes import include_routes
from app.security import MAX_BODY, HeadersMiddleware, RefusalMiddleware
from app.settings import SITE_NAME, Settings, load_settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    # It would write down tokens: `uvicorn app.main:app` has one by default.
    logging.getLogger("uvicorn.access").disabled = True
    end_with_parent()
    yield
    await app.state.engine.dispose()


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or load_settings()
    app = FastAPI(
        title=SITE_NAME,
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,  # `app.errors` does it, without trusting `Host`
        exception_handlers=error_handlers,
        middleware=[  # the first is the outermost
            Middleware(
                ProxyHeadersMiddleware,
                trusted_hosts=[str(network) for network in settings.trusted_proxies],
            ),
            Middleware(RequestLogMiddleware),
            Middleware(HeadersMiddleware, settings=settings),
            # A second one, inside of the headers, so that they are on errors too.
            Middleware(ServerErrorMiddleware, handler=server_error),
            Middleware(RefusalMiddleware, settings=settings),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY),
        ],
    )
    app.state.settings = settings
    # What is plugged in tells errors in its own words, and says where mails lead.
    app.state.error_answers = {}
    app.state.way_for = None
    app.state.engine = engine_for(
        settings.database_url.get_secret_value(), LONGEST_STATEMENT
    )
    app.state.sessions = sessions_for(app.state.engine)
    # What has to be well for the process to be ready; features add to it.
    app.state.ready_checks = [database_answers]
    include_routes(app, settings)
    return app


app = create_app()
