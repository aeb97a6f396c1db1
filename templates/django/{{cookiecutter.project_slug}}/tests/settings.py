"""The settings of the tests: those of production, in an environment of their own."""

import os

os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "only-for-the-tests-and-long-enough-to-be-accepted",
    "SITE_URL": "https://testserver",
    "ALLOWED_HOSTS": "",
    "TRUSTED_PROXIES": "",
}

from config.settings import *  # noqa: F403

# Static files are served from where they are written, without collecting them first.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
