"""Importing products from a file, in the background."""

from flask import Flask

from app import worker
from app.imports import commands
from app.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    worker.init_app(app, settings)
    app.cli.add_command(commands.import_products)
