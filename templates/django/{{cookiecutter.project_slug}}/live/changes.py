"""Sees what happens to products, whoever does it, and tells it when it is committed.

Rows are compared as they were and as they are: so what changes nothing tells nothing,
and many steps of a transaction are one change.
https://docs.djangoproject.com/en/5.2/topics/signals/
"""

import json
from collections.abc import Callable, Iterable
from functools import wraps
from threading import local
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models.signals import post_save, pre_delete, pre_save

from catalogue.models import Product, ProductQuerySet
from live.hub import hub

State = dict[str, Any]
States = dict[int, State]
Run = Callable[..., Any]


def announce(event: str, **content: Any) -> None:
    """Tell everybody who listens, unless the transaction fails."""
    message = json.dumps({"event": event, **content}, cls=DjangoJSONEncoder)
    transaction.on_commit(lambda: publish(message), robust=True)


def publish(message: str) -> None:
    hub.send(message)
    if settings.REDIS_URL:
        from live.relay import relay  # takes its time, and most commands need none

        relay.send(message)


def state_of(product: Product) -> State:
    """Describe a product as the API does."""
    return {
        "id": product.pk,
        "slug": product.slug,
        "name": product.name,
        "description": product.description,
        "price": f"{product.price:.2f}",
        "stock": product.stock,
        "owner": product.owner.display_name,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
        "version": product.version,
    }


def states(keys: Iterable[Any], field: str = "pk") -> States:
    """Return what is stored: an instance may hold expressions, or too many decimals."""
    found = Product.objects.with_owner().in_bulk(list(keys), field_name=field)
    return {product.pk: state_of(product) for product in found.values()}


class Told(local):
    """What is told already of the transaction that was committed just now."""

    def __init__(self) -> None:
        self.numbers = set[int]()


told = Told()


def compare_later(before: States, keys: Iterable[Any], field: str = "pk") -> None:
    """Tell what has become of products, when the transaction is committed."""
    told.numbers.clear()
    changed = set(keys)
    transaction.on_commit(lambda: _compare(before, changed, field), robust=True)


def _compare(before: States, keys: set[Any], field: str) -> None:
    after = states(keys, field)
    for number, state in after.items():
        if number in told.numbers:
            continue
        if number not in before:
            announce("created", product=state)
        elif _is_other(before[number], state):
            announce("updated", product=state)
    # What has come and gone was never there.
    come_and_gone = keys - before.keys() - after.keys() if field == "pk" else set()
    told.numbers.update(after, come_and_gone)


def _delete_later(state: State) -> None:
    told.numbers.clear()
    transaction.on_commit(lambda: _deleted(state), robust=True)


def _deleted(state: State) -> None:
    if state["id"] not in told.numbers:
        announce("deleted", product=state)


def _is_other(before: State, after: State) -> bool:
    return before | {"updated_at": ""} != after | {"updated_at": ""}


# What Django tells by itself


def about_to_save(instance: Product, **signal: Any) -> None:
    instance.__dict__["_before"] = states([instance.pk])


def saved(instance: Product, **signal: Any) -> None:
    compare_later(instance.__dict__.pop("_before"), [instance.pk])


def about_to_delete(instance: Product, **signal: Any) -> None:
    # Locked: of two who delete it at once, the second finds nothing.
    row = Product.objects.select_for_update().filter(pk=instance.pk)
    for state in states(row.values_list("pk", flat=True)).values():
        _delete_later(state)


# What it does not tell: https://docs.djangoproject.com/en/5.2/ref/models/querysets/#update


def telling_updates(update: Run) -> Run:
    @wraps(update)
    def run(products: ProductQuerySet, **values: Any) -> int:
        with transaction.atomic():
            # Locked, so that they are in between what they were.
            rows = Product.objects.filter(pk__in=products.order_by().values("pk"))
            keys = list(rows.select_for_update().values_list("pk", flat=True))
            before = states(keys)
            count: int = update(products, **values)
            compare_later(before, keys)
        return count

    return run


def telling_creations(bulk_create: Run) -> Run:
    @wraps(bulk_create)
    def run(
        products: ProductQuerySet, objs: Iterable[Product], *more: Any, **options: Any
    ) -> list[Product]:
        made = list(objs)
        # Not every database says which of them were there already.
        slugs = [product.slug for product in made]
        with transaction.atomic():
            before = states(slugs, "slug")
            result: list[Product] = bulk_create(products, made, *more, **options)
            compare_later(before, slugs, "slug")
        return result

    return run


def watch() -> None:
    pre_save.connect(about_to_save, Product)
    post_save.connect(saved, Product)
    pre_delete.connect(about_to_delete, Product)
    queries: Any = ProductQuerySet
    queries.update = telling_updates(queries.update)
    queries.bulk_create = telling_creations(queries.bulk_create)
