{% from "macros.jinja" import lines, sorted_lines with context %}
"""Everything that is plugged into the application: its features and commands."""

from flask import Flask

{% call sorted_lines("route_imports") %}
from app import commands, health, seed
from app.settings import Settings
{% endcall %}


def init_app(app: Flask, settings: Settings) -> None:
{% call lines("routes") %}
    health.init_app(app)
    app.cli.add_command(commands.admin_user)
    app.cli.add_command(commands.check_deploy)
    app.cli.add_command(seed.seed)
{% endcall %}
