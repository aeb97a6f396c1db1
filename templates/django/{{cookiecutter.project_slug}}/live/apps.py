"""Begins to watch the products when Django starts."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "live"

    def ready(self) -> None:
        from live import changes

        changes.watch()
