"""One-time links: made, mailed, and used up by whoever opens them first.

The database knows only the hash of a token, so that nobody who reads the table
can open a link.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.mails import Way
from app.accounts.models import Link, Purpose, User
from app.accounts.tokens import hash_token, new_token
from app.database import now

# What the reader of a mail does with a token: `app.routes` plugs in the ways there are.
WayFor = Callable[[Purpose, str], Way]

LIFETIME = timedelta(hours=1)


async def make(
    session: AsyncSession,
    purpose: Purpose,
    *,
    email: str,
    user: User | None = None,
    display_name: str = "",
    password_hash: str = "",
) -> str:
    """Store a new link and return its token."""
    token = new_token()
    await session.execute(delete(Link).where(Link.expires_at <= now()))
    session.add(
        Link(
            purpose=purpose,
            token_hash=hash_token(token),
            email=email,
            user_id=user.id if user else None,
            display_name=display_name,
            password_hash=password_hash,
            expires_at=now() + LIFETIME,
        )
    )
    await session.commit()
    return token


async def find(session: AsyncSession, purpose: Purpose, token: str) -> Link | None:
    """Look at a link without using it up."""
    return await session.scalar(select(Link).where(*_matches(purpose, token)))


async def use(session: AsyncSession, purpose: Purpose, token: str) -> Link | None:
    """Use up a link: of any number at the same time, one gets it; the caller commits.

    Until then nobody else changes its user. (The user comes first, as wherever links
    are forgotten: otherwise two could wait for each other.)
    """
    await session.execute(
        select(User.id)
        .join(Link, Link.user_id == User.id)
        .where(*_matches(purpose, token))
        .with_for_update(key_share=True, of=User)
    )
    return await session.scalar(
        delete(Link).where(*_matches(purpose, token)).returning(Link)
    )


async def user_of(session: AsyncSession, link: Link | None) -> User | None:
    """The user of a link that is being used up, as they are stored now."""
    if link is None:
        return None
    return await session.get(User, link.user_id, populate_existing=True)


async def forget(session: AsyncSession, user: User) -> None:
    """Make an end of all links of a user; the caller commits."""
    await session.execute(delete(Link).where(Link.user_id == user.id))


def _matches(purpose: Purpose, token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Link.purpose == purpose,
        Link.token_hash == hash_token(token),
        Link.expires_at > now(),
    )
