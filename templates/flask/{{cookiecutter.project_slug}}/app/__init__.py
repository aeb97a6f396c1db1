"""The application factory: `flask` and gunicorn find `create_app` here.

https://flask.palletsprojects.com/en/stable/patterns/appfactories/
"""

from flask import Flask

from app import database, errors, logs, places, proxies, routes, security
from app.settings import Settings, load_settings


def create_app(settings: Settings | None = None) -> Flask:
    """Put the application together, from the environment if nothing else is given."""
    settings = settings or load_settings()
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SITE_URL=settings.origin,
        MAIL_URL=settings.mail_url.get_secret_value(),
        SETTINGS=settings,
    )
    logs.init_app(app, settings)
    database.init_app(app, settings)
    security.init_app(app, settings)
    errors.init_app(app, settings)
    proxies.init_app(app, settings)
    places.init_app(app, settings)
    routes.init_app(app, settings)
    return app
