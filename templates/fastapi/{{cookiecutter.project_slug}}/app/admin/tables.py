"""What the admin panel can do with the rows of a table, whichever it is.

sqladmin lists, searches, filters and sorts them, and makes a form of their columns:
https://smithyhq.github.io/sqladmin/api_reference/model_view/. Its own pages are not
used: they delete without a token, log out by `GET`, put errors of the database into
pages and need scripts to search. Those in `app/templates/admin` are in their place.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from sqladmin import ModelView
from sqlalchemy import ColumnElement, Select, delete, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from starlette.requests import Request

from app.accounts.models import User
from app.database import Sessions
from app.languages import _


class Refused(Exception):
    """A change that is not made, with the sentence that says why."""

    def __init__(
        self, sentence: str, *, field: str = "", status_code: int = 422
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.status_code = status_code


def moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def nothing(_: None) -> str:
    return ""


def yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


class Table(ModelView):
    """The rows of a model. Only the columns that it names are shown or changed."""

    page_size = 25
    page_size_options: ClassVar[list[int]] = [25]
    column_type_formatters: ClassVar[dict[type, Any]] = {
        type(None): nothing,
        bool: yes_or_no,
        datetime: moment,
    }
    # What to know before rows are deleted.
    deletion_warning: ClassVar[str] = ""

    @property
    def sessions(self) -> Sessions:
        return cast(Sessions, self.session_maker)

    @property
    def address(self) -> str:
        return f"/admin/{self.identity}"

    @property
    def columns(self) -> list[tuple[str, str, bool]]:
        """Of each column that is listed the name, the label, and whether it sorts."""
        return [
            (name, self._column_labels.get(name, name), name in self._sort_fields)
            for name in self._list_prop_names
        ]

    def title_of(self, row: Any) -> str:
        """What a row is called: by default its first column says it."""
        return str(getattr(row, self._list_prop_names[0]))

    async def cells(self, row: Any) -> list[Any]:
        names = self._list_prop_names
        return [(await self.get_list_value(row, name))[1] for name in names]

    async def find(self, numbers: Sequence[int]) -> list[Any]:
        """The rows with these keys, as far as they are there."""
        key = self.pk_columns[0]
        # What lists and forms show of other tables comes along: nothing is asked later.
        relations = [*self._list_relations, *self._form_relations]
        related = [selectinload(relation) for relation in relations]
        query: Select[Any] = select(self.model).where(key.in_(numbers)).order_by(key)
        async with self.sessions() as session:
            return list(await session.scalars(query.options(*related)))

    async def may_go_now(
        self, session: AsyncSession, visitor: User
    ) -> ColumnElement[bool]:
        """What has to be true when a row is deleted: here, nothing."""
        return true()

    async def delete_row(self, row: Any, visitor: User) -> bool:
        """Delete a row, and what hangs on it; tell whether it was still there."""
        key = self.pk_columns[0]
        number = getattr(row, key.name)
        async with self.sessions.begin() as session:
            may_go = await self.may_go_now(session, visitor)
            gone = await session.scalar(
                delete(self.model).where(key == number, may_go).returning(key)
            )
        return gone is not None

    def why_kept(self, rows: list[Any], visitor: User) -> str:
        """The sentence that says why these rows cannot be deleted, if they cannot."""
        return ""

    def rights_changed(self, data: dict[str, Any]) -> str:
        """What the log says about rights that a form gives or takes away."""
        return ""

    def search_query(self, stmt: Select[Any], term: str) -> Select[Any]:
        """Search in text. The library's own takes `%` and `_` for wildcards."""
        columns = [getattr(self.model, name) for name in self._search_fields]
        return stmt.where(
            or_(*(column.icontains(term, autoescape=True) for column in columns))
        )

    def sort_query(self, stmt: Select[Any], request: Request) -> Select[Any]:
        """Rows that are equal have an order too, so that none is on two pages."""
        return super().sort_query(stmt, request).order_by(self.pk_columns[0].desc())
