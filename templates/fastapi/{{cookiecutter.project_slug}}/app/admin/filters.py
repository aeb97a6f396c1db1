"""Filters of lists.

Not those of the library: theirs answer a value that does not fit with an error of the
server, and list every account there is to choose an owner from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException
from sqlalchemy import ColumnElement, Select
from starlette.requests import Request


@dataclass(frozen=True)
class Choice:
    """A few choices; each has a label and a condition, which may depend on the time."""

    title: str
    parameter_name: str
    choices: Mapping[str, tuple[str, Callable[[], ColumnElement[bool]]]]

    # What the library asks every filter.
    template: str = ""
    has_operator: bool = False

    async def lookups(
        self, request: Request, model: Any, run_query: Callable[[Select[Any]], Any]
    ) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.choices.items()]

    async def get_filtered_query(
        self, query: Select[Any], value: Any, model: Any
    ) -> Select[Any]:
        if value not in self.choices:
            raise HTTPException(404)
        return query.where(self.choices[value][1]())
