"""`python -m app.imports.commands FILE --owner EMAIL`: queue a file of products."""

import argparse
import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.services import find_user
from app.database import engine_for, sessions_for
from app.imports import files, work
from app.imports.models import ProductImport
from app.settings import load_settings


async def queue_file(session: AsyncSession, path: Path, email: str) -> ProductImport:
    """Queue the file for its owner.

    Raises:
        ValueError: there is no such account, or the file will not do.
    """
    owner = await find_user(session, email.strip().lower())
    if owner is None:
        raise ValueError(f"There is no account with the address {email}.")
    try:
        with path.open("rb") as opened:
            file = files.read(opened.read(files.LARGEST + 1))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return await work.queue(session, file, path.name, owner)


def main() -> None:
    parser = argparse.ArgumentParser(description="Queue the products of a CSV file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--owner", required=True, metavar="EMAIL")
    options = parser.parse_args()
    try:
        queued = asyncio.run(_with_session(options.file, options.owner))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    rows = f"{queued.rows_total} rows of {queued.filename}"
    print(f"Import {queued.id} is queued, with {rows}.")


async def _with_session(path: Path, email: str) -> ProductImport:
    engine = engine_for(load_settings().database_url.get_secret_value())
    try:
        async with sessions_for(engine)() as session:
            return await queue_file(session, path, email)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main()
