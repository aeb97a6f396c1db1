{% from "macros.jinja" import lines, sorted_lines with context %}
"""Everything that is plugged into the application: its addresses and their errors."""

from fastapi import FastAPI

{% call sorted_lines("route_imports") %}
from app.errors import answer_errors
from app.health import router as health
from app.settings import Settings
{% endcall %}


def include_routes(app: FastAPI, settings: Settings) -> None:
{% call lines("first_routes") %}
{% endcall %}
{% call lines("routes") %}
    app.include_router(health)
{% endcall %}
