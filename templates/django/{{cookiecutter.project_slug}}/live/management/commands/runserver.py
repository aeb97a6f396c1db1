"""Django's development server, with WebSockets: it reloads, and serves over uvicorn."""

import os
from typing import Any

import uvicorn
from django.utils import autoreload

from config.management.commands import runserver
from live.server import OPTIONS


class Command(runserver.Command):
    addr: str
    port: str

    def inner_run(self, *args: Any, **options: Any) -> None:
        autoreload.raise_last_exception()
        if not options["skip_checks"]:
            self.check(display_num_errors=True)
        self.check_migrations()
        self.on_bind(int(self.port))
        config = uvicorn.Config(
            "config.asgi:application", host=self.addr, port=int(self.port), **OPTIONS
        )
        try:
            uvicorn.Server(config).run()
        except SystemExit:
            # This is a thread of the reloader's, and no more than that would end.
            os._exit(1)
