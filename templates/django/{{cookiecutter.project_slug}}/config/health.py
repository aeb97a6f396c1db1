"""Tells load balancers and containers whether this process lives, and can work.

They ask by address, over plain HTTP, so this answers before hosts and HTTPS matter.
"""

import logging
from collections.abc import Callable

from django.db import Error, connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
)

Handler = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)


def probes(get_response: Handler) -> Handler:
    """Answer `/healthz` and `/readyz`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        match request.path_info:
            case "/healthz" | "/readyz" if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(("GET", "HEAD"))
            case "/healthz":
                return JsonResponse({"status": "ok"})
            case "/readyz" if all(check() for check in CHECKS):
                return JsonResponse({"status": "ready"})
            case "/readyz":
                return JsonResponse({"status": "unavailable"}, status=503)
        return get_response(request)

    return middleware


def database_answers() -> bool:
    # A connection of its own: connecting gives up after two seconds, while a query on
    # an open connection would wait for a database that hangs.
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        logger.warning("The database does not answer: %s", error)
        return False
    finally:
        fresh.close()
    return True


# What has to be well for the process to be ready; apps add to it when they are.
CHECKS: list[Callable[[], bool]] = [database_answers]
