"""Django's development server, on the port of the environment."""

from django.conf import settings
from django.core.management.commands import runserver


class Command(runserver.Command):
    default_port = str(settings.PORT)
