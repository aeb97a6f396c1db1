"""What starts with the site."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.autoreload import autoreload_started


class WorkerConfig(AppConfig):
    name = "worker"

    def ready(self) -> None:
        from worker.running import chores, forget, run_embedded

        chores.connect(forget)
        # The server that reloads itself has a worker inside; production never has.
        if settings.DEBUG:
            autoreload_started.connect(run_embedded)
