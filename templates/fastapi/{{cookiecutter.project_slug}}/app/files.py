"""Static files that browsers keep."""

from os import PathLike, stat_result

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class CachedStaticFiles(StaticFiles):
    """Kept for an hour, and for a year if the address tells the version."""

    def file_response(
        self,
        full_path: "str | PathLike[str]",
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        versioned = "v" in QueryParams(scope["query_string"])
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable"
            if versioned
            else "public, max-age=3600"
        )
        return response
