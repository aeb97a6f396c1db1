"""What the tests of imports share."""

from unittest.mock import patch

from django_tasks_db.management.commands import db_worker

from accounts.models import User
from imports import files, tasks
from imports.models import ProductImport
from worker.running import Worker

ROWS = """name,price,stock,description
Tea towel,11.90,7,Linen.
Lamp,cheap,1,
Chair,5,,
"""


def many(number: int) -> str:
    """Return a file of so many good rows."""
    rows = (f"Thing {count},1.50" for count in range(number))
    return "\n".join(["name,price", *rows])


def upload(owner: User, content: str = ROWS) -> ProductImport:
    return tasks.queue(files.read(content.encode()), "shop.csv", owner)


def work() -> None:
    """Do what is queued, on the connection of the test."""
    with patch.object(db_worker, "close_old_connections"):
        Worker(batch=True).run()
