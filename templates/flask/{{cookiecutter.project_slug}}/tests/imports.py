"""What the tests of imports share."""

from flask import Flask

from app.accounts.models import User
from app.imports import files, work
from app.queue import huey

ROWS = """name,price,stock,description
Tea towel,11.90,7,Linen.
Lamp,cheap,1,
Chair,5,,
"""


def many(number: int) -> str:
    """A file of so many good rows."""
    rows = (f"Thing {count},1.50" for count in range(number))
    return "\n".join(["name,price", *rows])


def upload(app: Flask, owner: User, content: str = ROWS) -> int:
    """Queue an import; its number."""
    with app.app_context():
        return work.queue(files.read(content.encode()), "shop.csv", owner).id


def work_off() -> None:
    """Do what is queued."""
    huey.prepare()
    while huey.pending():
        task = huey.dequeue()
        if task:
            huey.execute(task)
