"""Through the pages, as a person would: register, confirm, log out, and in again."""

from collections.abc import Callable
from contextlib import closing

from headstart.proof.steps import MAIL_PATIENCE, NAME, Walk, expect


def home_page(walk: Walk) -> str:
    """Open the front page."""
    page = expect(walk.visitor.get("/"), 200)
    return f"`/` answers, “{page.title.strip()}”"


def register(walk: Walk) -> str:
    """Ask for an account."""
    page = expect(walk.visitor.get("/register"), 200)
    account = {
        "email": walk.email,
        "display_name": NAME,
        "password": walk.password,
    }
    expect(walk.visitor.submit(page, account), 303, "/register/sent")
    return f"`/register` takes {walk.email}"


def confirm_by_mail(walk: Walk) -> str:
    """Open the link in the mail."""
    mail = walk.site.mailbox.wait_for(walk.email, patience=MAIL_PATIENCE)
    expect(walk.visitor.get(mail.link), 303, "/")
    walk.has_account = True
    return f"the link in “{mail.subject}” logs in"


def protected_page(walk: Walk) -> str:
    """Open a page that only people who are logged in may see."""
    expect(walk.visitor.get("/account"), 200)
    return "`/account` opens"


def log_out(walk: Walk) -> str:
    """Log out, and see that it is so."""
    page = expect(walk.visitor.get("/account"), 200)
    walk.old_cookies = dict(walk.visitor.cookies)
    expect(walk.visitor.submit(page, {}, action="/logout"), 303)
    expect(walk.visitor.get("/account"), 303, "/login")
    return "`/account` sends to `/login`"


def log_in_again(walk: Walk) -> str:
    """Log in with the password."""
    page = expect(walk.visitor.get("/login"), 200)
    account = {"email": walk.email, "password": walk.password}
    expect(walk.visitor.submit(page, account), 303)
    expect(walk.visitor.get("/account"), 200)
    return "`/account` opens again"


def old_session_is_dead(walk: Walk) -> str:
    """Replay the cookie from before the logout, as a thief would."""
    with closing(walk.site.visitor()) as thief:
        thief.cookies = dict(walk.old_cookies)
        expect(thief.get("/account"), 303, "/login")
    return "the cookie from before the logout opens nothing"


STEPS: tuple[Callable[[Walk], str], ...] = (
    home_page,
    register,
    confirm_by_mail,
    protected_page,
    log_out,
    log_in_again,
    old_session_is_dead,
)
