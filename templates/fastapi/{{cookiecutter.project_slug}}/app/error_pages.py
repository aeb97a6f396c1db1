"""Pages for what goes wrong: the same for everyone, without session or database."""

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import error_answer
from app.languages import N_
from app.logs import request_id
from app.pages import templates

# What the page says: a title and a sentence.
WORDS = {
    400: (
        N_("We could not read that"),
        N_(
            "Something in the request was not as it should be. Go back and try once more."
        ),
    ),
    403: (
        N_("You may not do that"),
        N_(
            "Perhaps it belongs to somebody else, or the page was open for too long. "
            "Go back, load the page again and try once more."
        ),
    ),
    404: (
        N_("There is nothing here"),
        N_("The address has a slip in it, or what was here is gone."),
    ),
    405: (
        N_("That does not work here"),
        N_("This address exists, but not for what was just tried."),
    ),
    413: (
        N_("That is too much at once"),
        N_("We take up to one megabyte at a time. Make it smaller and try again."),
    ),
    500: (
        N_("Something broke on our side"),
        N_(
            "It is not your fault. Try again in a moment; "
            "if it keeps happening, tell us this number:"
        ),
    ),
    503: (
        N_("That does not work at the moment"),
        N_(
            "It is not your fault. Try again in a moment; "
            "if it keeps happening, tell us this number:"
        ),
    ),
}


def error_page(request: Request, error: HTTPException) -> Response:
    status = error.status_code
    title, sentence = WORDS.get(status, WORDS[400])
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "request_id": request_id.get() if status >= 500 else "",
    }
    return templates.TemplateResponse(request, "error.html", context, status)


async def invalid_address(request: Request, error: RequestValidationError) -> Response:
    """`?page=x`: endpoints leave forms alone, so it is the address that is wrong."""
    return error_answer(request, HTTPException(404))
