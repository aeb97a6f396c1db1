"""Printing for programs."""

import json
from typing import Any

import click

from headstart.streams import speaks_unicode


def print_json(value: Any) -> None:
    """Print a value as JSON, in letters that standard output can carry.

    Args:
        value: what `json.dumps` takes.
    """
    click.echo(json.dumps(value, indent=2, ensure_ascii=not speaks_unicode()))
