"""What the staff sees in the admin panel: its first page, and lists."""

from typing import Annotated

from fastapi import HTTPException, Query, Request
from sqladmin.pagination import Pagination
from starlette.responses import Response

from app.admin.panel import TableInPath, admin_router, page_for, static_files

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

router = admin_router()


@router.get("")
async def index(request: Request) -> Response:
    return page_for(request, "admin/index.html")


@router.get("/{identity}/list")
async def show_list(
    request: Request,
    table: TableInPath,
    search: Annotated[str, Query(max_length=200)] = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    page = await table.list(request)
    if page.page != number:  # it took the nearest that there is
        raise HTTPException(404)
    return page_for(
        request,
        "admin/list.html",
        table=table,
        page=page,
        pages=Pagination.max_page(page.count, page.page_size),
        rows=[(row, await table.cells(row)) for row in page.rows],
        filters=[
            (
                choice,
                await choice.lookups(request, table.model, table._run_arbitrary_query),
            )
            for choice in table.get_filters()
        ],
        query=request.query_params,
    )


@router.get("/static/{path:path}")
async def static_file(request: Request, path: str) -> Response:
    response = await static_files.get_response(path, request.scope)
    kept = response.headers["Cache-Control"]
    response.headers["Cache-Control"] = kept.replace("public", "private")
    return response


@router.api_route("", methods=METHODS)
@router.api_route("/{path:path}", methods=METHODS)
async def nothing() -> Response:
    """What does not exist is for the staff too: nobody else learns what does."""
    raise HTTPException(404)
