"""What changes about products, whoever changes it, told once it is stored for good.

A transaction is looked at as a whole: what a product was before, and what it is at the
end. So many steps are one change, and what is taken back is none.
https://docs.sqlalchemy.org/en/21/orm/session_events.html

Not seen are statements that insert in bulk, and SQL written by hand.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, event, select, true
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.accounts.models import User
from app.catalogue.models import Product
from app.live.hub import hub

# So many ids fit into a statement of any database.
AT_ONCE = 1000

Stored = Row[*tuple[Any, ...]]
Change = dict[str, Any]

_ROWS = select(
    Product.id,
    Product.slug,
    Product.name,
    Product.description,
    Product.price,
    Product.stock,
    User.display_name.label("owner"),
    Product.created_at,
    Product.updated_at,
    Product.version,
).join(User, Product.owner_id == User.id)


def watch() -> None:
    """Look at all sessions of this process from now on."""
    for name, listener in LISTENERS.items():
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def before_flush(session: Session, *_: object) -> None:
    touched = [*session.dirty, *session.deleted]
    products = [each.id for each in touched if isinstance(each, Product)]
    owners = [each.id for each in session.deleted if isinstance(each, User)]
    for part in _parts(products):
        _remember(session, Product.id.in_(part))
    if owners:  # the database deletes their products
        _remember(session, Product.owner_id.in_(owners))


def after_flush(session: Session, *_: object) -> None:
    for each in session.new:
        if isinstance(each, Product):
            _before(session).setdefault(each.id, None)


def before_statement(state: ORMExecuteState) -> None:
    """`update` and `delete` reach rows that the session has never seen."""
    table = state.bind_mapper.class_ if state.bind_mapper else None
    if not (state.is_update or state.is_delete) or table not in (Product, User):
        return
    where: ColumnElement[bool] = state.statement.whereclause  # type: ignore[attr-defined]
    which = true() if where is None else where
    if table is Product:
        _remember(state.session, which)
    elif state.is_delete:
        _remember(state.session, Product.owner_id.in_(select(User.id).where(which)))


def before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    before = _before(session)
    after = _read(session, before)
    session.info["changes"] = list(_changes(before, after))


def after_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        hub.publish(session.info.pop("changes", []))


def after_transaction_end(session: Session, transaction: SessionTransaction) -> None:
    """However it ended: the next one has nothing to do with it."""
    if transaction.parent is None:
        session.info.pop("before", None)
        session.info.pop("changes", None)


LISTENERS: dict[str, Callable[..., None]] = {
    "before_flush": before_flush,
    "after_flush": after_flush,
    "do_orm_execute": before_statement,
    "before_commit": before_commit,
    "after_commit": after_commit,
    "after_transaction_end": after_transaction_end,
}


def _before(session: Session) -> dict[int, Stored | None]:
    """The products that this transaction touches, as they were; `None`: not there."""
    before: dict[int, Stored | None] = session.info.setdefault("before", {})
    return before


def _remember(session: Session, which: ColumnElement[bool]) -> None:
    # Locked, so that it is what will be changed: of two who delete one has nothing to tell.
    rows = _ROWS.where(which).order_by(Product.id).with_for_update(of=Product)
    with session.no_autoflush:
        for row in session.execute(rows):
            _before(session).setdefault(row.id, row)


def _read(session: Session, ids: Collection[int]) -> dict[int, Stored]:
    return {
        row.id: row
        for part in _parts(list(ids))
        for row in session.execute(_ROWS.where(Product.id.in_(part)))
    }


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _changes(
    before: dict[int, Stored | None], after: dict[int, Stored]
) -> Iterator[Change]:
    for number, known in before.items():
        row = after.get(number)
        if row is None:
            if known is not None:
                yield {"event": "deleted", "product": described(known)}
        elif row != known:
            happened = "updated" if known is not None else "created"
            yield {"event": happened, "product": described(row)}


def described(row: Stored) -> dict[str, Any]:
    """The product as the API has it."""
    product = dict(row._mapping)
    return product | {
        "price": f"{row.price:.2f}",
        "created_at": _rfc_3339(row.created_at),
        "updated_at": _rfc_3339(row.updated_at),
    }


def _rfc_3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
