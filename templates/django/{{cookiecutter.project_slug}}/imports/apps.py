"""What the worker does for imports besides working at them."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"

    def ready(self) -> None:
        from imports.tasks import recover
        from worker.running import chores

        chores.connect(recover)
