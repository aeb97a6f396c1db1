"""`python -m app.seed`: migrations, sample accounts and products, for development."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.catalogue.models import Product
from app.catalogue.slugs import slugify
from app.database import engine_for, sessions_for
from app.settings import PROJECT, Settings, load_settings

SAMPLE = Path(__file__).parent / "catalogue" / "sample_products.json"


async def seed(session: AsyncSession, settings: Settings) -> None:
    """Add what is not there yet."""
    demo = await _account(
        session, settings.demo_email, settings.demo_password, "Demo", is_staff=False
    )
    admin = await _account(
        session, settings.admin_email, settings.admin_password, "Admin", is_staff=True
    )
    await session.flush()
    there = set(await session.scalars(select(Product.slug)))
    samples = json.loads(SAMPLE.read_text(encoding="utf-8"))
    # The first of the list is the newest.
    for number, sample in enumerate(reversed(samples)):
        slug = slugify(sample["name"])
        if slug not in there:
            owner = demo if number % 2 else admin
            session.add(
                Product(
                    slug=slug,
                    owner_id=owner.id,
                    name=sample["name"],
                    description=sample["description"],
                    price=Decimal(sample["price"]),
                    stock=sample["stock"],
                )
            )
    await session.commit()


async def _account(
    session: AsyncSession, email: str, password: SecretStr, name: str, *, is_staff: bool
) -> User:
    user = await session.scalar(select(User).where(User.email == email.lower()))
    if user is None:
        user = User(
            email=email.lower(),
            display_name=name,
            password_hash=hash_password(password.get_secret_value()),
            is_staff=is_staff,
        )
        session.add(user)
    return user


async def fill(settings: Settings) -> None:
    engine = engine_for(settings.database_url.get_secret_value())
    async with sessions_for(engine)() as session:
        await seed(session, settings)
    await engine.dispose()


def main() -> None:
    settings = load_settings()
    if not settings.debug:
        raise SystemExit("Sample data is for development: DEBUG is not set.")
    if not (settings.demo_password and settings.admin_password):
        raise SystemExit("DEMO_PASSWORD and ADMIN_PASSWORD have to be set.")
    upgrade(Config(toml_file=PROJECT / "pyproject.toml"), "head")
    asyncio.run(fill(settings))


if __name__ == "__main__":
    main()
