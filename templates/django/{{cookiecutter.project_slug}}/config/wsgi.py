"""The site as a WSGI application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.limits import chunks, utf8
from config.proxies import TrustedProxies
from config.threads import Threads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = TrustedProxies(
    chunks(utf8(get_wsgi_application())), settings.TRUSTED_PROXIES
)
# What the production server runs
site = Threads(application)
