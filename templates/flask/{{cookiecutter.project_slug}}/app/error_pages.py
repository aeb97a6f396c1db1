"""The pages that say what went wrong; they ask neither session nor database."""

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.wrappers import Response

from app.accounts.logins import login_manager
from app.errors import add_teller
from app.languages import N_
from app.logs import request_id
from app.settings import Settings

TEXTS = {
    403: (
        N_("You may not do that"),
        N_(
            "Perhaps it belongs to somebody else, or the page was open for too long."
            " Go back, load the page again and try once more."
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
            "It is not your fault. Try again in a moment; if it keeps happening, tell us"
            " this number:"
        ),
    ),
    503: (
        N_("That does not work at the moment"),
        N_(
            "It is not your fault. Try again in a moment; if it keeps happening, tell us"
            " this number:"
        ),
    ),
}
OTHERS = (
    N_("We could not read that"),
    N_("Something in the request was not as it should be. Go back and try once more."),
)


def init_app(app: Flask, settings: Settings) -> None:
    add_teller(app, "/", show)
    app.register_error_handler(CSRFError, refuse_form)


def show(error: HTTPException) -> Response:
    """The status and the headers of the error, and none of its details."""
    if error.code == 401:  # the account is gone: there may be another
        return login_manager.unauthorized()  # type: ignore[no-any-return]
    title, text = TEXTS.get(error.code or 500, OTHERS)
    page = render_template(
        "too_many_attempts.html" if error.code == 429 else "error.html",
        error=error,
        title=title,
        text=text,
        number=request_id.get() if error.code in {500, 503} else "",
    )
    response = error.get_response()
    response.data = page
    response.content_type = "text/html; charset=utf-8"
    return response


def refuse_form(error: CSRFError) -> Response:
    """Somebody else may have made the form: that is forbidden, not malformed."""
    return show(Forbidden())
