"""The panel in which the staff looks after everything, with Flask-Admin.

https://flask-admin.readthedocs.io/en/stable/
"""

from pathlib import Path

from flask import Flask, abort, request
from flask_admin import Admin, AdminIndexView
from flask_admin.theme import Theme
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.logins import login_manager
from app.accounts.models import User
from app.accounts.views import local_path
from app.admin.products import ProductView
from app.admin.users import UserView
from app.catalogue.models import Product
from app.database import db
from app.languages import N_
from app.settings import Settings

HERE = Path(__file__).parent


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        # Else Flask-Admin would show what the database says, with its SQL.
        FLASK_ADMIN_RAISE_ON_VIEW_EXCEPTION=True,
        FLASK_ADMIN_RAISE_ON_INTEGRITY_ERROR=True,
    )
    app.before_request(let_staff_in)
    home = AdminIndexView(N_("Start"))
    # In place of its own: scripts in its pages, which the site's
    # Content-Security-Policy blocks, and jQuery, Bootstrap and Select2 of old.
    home.static_folder = str(HERE / "static")
    theme = Theme(folder=str(HERE / "templates"), base_template="admin/base.html")
    panel = Admin(app, index_view=home, theme=theme)
    panel.add_view(ProductView(Product, db, N_("Products"), url="products"))
    panel.add_view(UserView(User, db, N_("Users"), url="users"))


def let_staff_in() -> Response | None:
    """Keep everybody else out of all that is below /admin, whether it exists or not."""
    if not f"{request.path}/".startswith("/admin/"):
        return None
    if not current_user.is_authenticated:
        return login_manager.unauthorized()  # type: ignore[no-any-return]
    if not current_user.is_staff:
        abort(403)
    # Where Flask-Admin goes back to. Its own check takes whole addresses too, and
    # fails on `http://[` and on line breaks.
    back = request.values.get("url", "/admin/")
    if not back.startswith("/admin/") or local_path(back) != back:
        abort(400)
    return None
