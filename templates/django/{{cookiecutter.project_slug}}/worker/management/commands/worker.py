"""Runs a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from worker import running


class Command(BaseCommand):
    help = "Do the tasks that are queued, until the process is asked to end."

    def handle(self, *args: Any, **options: Any) -> None:
        worker = running.Worker()
        worker.configure_signals()
        running.run(worker)
