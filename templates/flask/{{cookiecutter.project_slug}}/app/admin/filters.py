"""What narrows a table down."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_admin.contrib.sqla.filters import BaseSQLAFilter

from app.languages import N_


class Choice(BaseSQLAFilter):
    """A filter by a few conditions with names, which a form without scripts offers."""

    def __init__(
        self,
        column: Any,
        name: str,
        conditions: Mapping[str, Callable[[], Any]],
    ) -> None:
        everything = ("", N_("All"))
        super().__init__(
            column, name, [everything, *((label, label) for label in conditions)]
        )
        self.conditions = conditions

    def validate(self, value: str) -> bool:
        return not value or value in self.conditions

    def apply(self, query: Any, value: str, alias: Any = None) -> Any:
        return query.filter(self.conditions[value]()) if value else query

    def operation(self) -> str:
        return "is"
