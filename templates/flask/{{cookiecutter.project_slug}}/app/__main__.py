"""`python -m app`: the development server, which reloads, on PORT.

https://flask.palletsprojects.com/en/stable/server/
"""

from app import create_app
from app.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    create_app(settings).run(port=settings.port, debug=settings.debug)
