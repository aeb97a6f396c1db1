"""`flask seed`: accounts and products to begin with, in development only."""

import json
from decimal import Decimal
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from app.accounts.addresses import normalise
from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.accounts.services import find_user
from app.catalogue.models import Product
from app.catalogue.services import slugify
from app.database import db
from app.settings import Settings

SAMPLES = Path(__file__).with_name("catalogue") / "sample_products.json"


@click.command()
@with_appcontext
def seed() -> None:
    """Bring the database up to date; add the sample accounts and products it lacks."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.debug:
        raise click.ClickException("Sample data is for development: DEBUG is off.")
    password = settings.demo_password.get_secret_value()
    admin_password = settings.admin_password.get_secret_value()
    if not password or not admin_password:
        raise click.ClickException("DEMO_PASSWORD and ADMIN_PASSWORD have to be set.")
    upgrade()
    owners = [
        sample_user(settings.demo_email, "Demo", password),
        sample_user(settings.admin_email, "Admin", admin_password, is_staff=True),
    ]
    added = add_sample_products(owners)
    db.session.commit()
    click.echo(f"Added {added} sample products.")


def sample_user(
    email: str, display_name: str, password: str, *, is_staff: bool = False
) -> User:
    user = find_user(normalise(email))
    if user is None:
        user = User(
            email=normalise(email),
            display_name=display_name,
            password_hash=hash_password(password),
            is_staff=is_staff,
        )
        db.session.add(user)
    return user


def add_sample_products(owners: list[User]) -> int:
    samples = json.loads(SAMPLES.read_text(encoding="utf-8"))
    there = set(db.session.scalars(select(Product.slug)))
    missing = [
        Product(
            slug=slugify(sample["name"]),
            name=sample["name"],
            description=sample["description"],
            price=Decimal(sample["price"]),
            stock=sample["stock"],
            owner=owners[number % len(owners)],
        )
        # The first of the list is the newest.
        for number, sample in enumerate(reversed(samples))
        if slugify(sample["name"]) not in there
    ]
    db.session.add_all(missing)
    return len(missing)
