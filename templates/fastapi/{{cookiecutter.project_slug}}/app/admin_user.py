"""`python -m app.admin_user`: make an account for a member of the staff.

The password is asked for, or taken from the variable `ADMIN_USER_PASSWORD`.
"""

import argparse
import asyncio
import os
from getpass import getpass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import rules
from app.accounts.addresses import normalise
from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.database import engine_for, sessions_for
from app.settings import load_settings


async def add_admin_user(
    session: AsyncSession, email: str, display_name: str, password: str
) -> None:
    """Store the account.

    Raises:
        ValueError: the address or the password will not do.
    """
    email = normalise(email)
    rules.display_name(display_name)
    rules.new_password(password, email)
    session.add(
        User(
            email=email,
            display_name=display_name,
            password_hash=hash_password(password),
            is_staff=True,
        )
    )
    try:
        await session.commit()
    except IntegrityError:
        raise ValueError(f"There is an account for {email} already.") from None


def main() -> None:
    parser = argparse.ArgumentParser(description="Make an account for the staff.")
    parser.add_argument("--email")
    parser.add_argument("--display-name")
    options = parser.parse_args()
    email = options.email or input("E-mail address: ")
    display_name = options.display_name or input("Display name: ")
    password = os.environ.get("ADMIN_USER_PASSWORD") or getpass("Password: ")
    try:
        asyncio.run(_with_session(email, display_name, password))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{email} can log in now.")


async def _with_session(email: str, display_name: str, password: str) -> None:
    engine = engine_for(load_settings().database_url.get_secret_value())
    try:
        async with sessions_for(engine)() as session:
            await add_admin_user(session, email, display_name, password)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main()
