"""The settings of the tests: those of production, in an environment of their own."""

import os

os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-the-tests-and-long-enough-to-be-accepted",
    "SITE_URL": "https://testserver",
    "ALLOWED_HOSTS": "",
    "TRUSTED_PROXIES": "",
    "MAIL_URL": "",
    "REDIS_URL": "",
}
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, INSTALLED_APPS

if "django.contrib.staticfiles" in INSTALLED_APPS:
    # Files are served from where they are written, without collecting them first.
    STATIC_ROOT = BASE_DIR / "var" / "static"
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    WHITENOISE_USE_FINDERS = True
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        },
    }

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # In a file, because some tests use several threads, which cannot share a memory.
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "var" / "test.sqlite3"}
