"""What can be done with an account, whoever asks for it: pages, an API, a command."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import attempts, links, mails, sessions, slowly
from app.accounts.addresses import normalise
from app.accounts.models import User
from app.accounts.passwords import needs_rehash
from app.mail import Mail
from app.outbox import Outbox
from app.settings import Settings


async def find_user(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(select(User).where(User.email == email))


async def authenticate(
    session: AsyncSession, email: str, password: str, address: str
) -> User | None:
    """The user to whom address and password belong, if both are right.

    Raises:
        TooManyAttempts: there were too many wrong tries.
    """
    email = _as_stored(email)
    tries = await attempts.record(session, email, address)
    user = await find_user(session, email)
    stored = user.password_hash if user else None
    if not await slowly.verify_password(session, password, stored):
        return None
    await attempts.forget(session, tries, email)
    if user and needs_rehash(user.password_hash):
        new_hash = await slowly.hash_password(session, password)
        await _replace_hash(session, user, new_hash)
        await session.commit()
    return user


def _as_stored(email: str) -> str:
    """As `normalise` writes it; what is no address at all still counts as a try."""
    try:
        return normalise(email)
    except ValueError:
        return email.strip().lower()


async def register(
    session: AsyncSession,
    outbox: Outbox,
    email: str,
    display_name: str,
    password: str,
) -> None:
    """Mail a link that makes the account: until then there is none."""
    password_hash = await slowly.hash_password(session, password)
    outbox.write_later(_registration_mail, email, display_name, password_hash)


async def _registration_mail(
    session: AsyncSession,
    settings: Settings,
    email: str,
    display_name: str,
    password_hash: str,
) -> Mail:
    if await find_user(session, email):
        return mails.already_registered(email)
    token = await links.make(
        session,
        "register",
        email=email,
        display_name=display_name,
        password_hash=password_hash,
    )
    return mails.confirm_address(email, links.address(settings, "register", token))


async def confirm_registration(session: AsyncSession, token: str) -> User | None:
    """Make the account, unless the link is dead or the address has been taken."""
    link = await links.use(session, "register", token)
    if link is None:
        return None
    user = User(
        email=link.email,
        display_name=link.display_name,
        password_hash=link.password_hash,
    )
    session.add(user)
    return user if await _commit(session) else None


def request_password_reset(outbox: Outbox, email: str) -> None:
    """Mail a link, if the address has an account: found out after the answer."""
    outbox.write_later(_reset_mail, email)


async def _reset_mail(
    session: AsyncSession, settings: Settings, email: str
) -> Mail | None:
    user = await find_user(session, email)
    if user is None:
        return None
    token = await links.make(session, "reset", email=email, user=user)
    return mails.reset_password(email, links.address(settings, "reset", token))


async def reset_password(
    session: AsyncSession, outbox: Outbox, token: str, password: str
) -> bool:
    """Set the password of whoever got the link, unless the link is dead."""
    password_hash = await slowly.hash_password(session, password)
    link = await links.use(session, "reset", token)
    user = await session.get(User, link.user_id) if link else None
    if user is None:
        return False
    return await _set_password_hash(session, outbox, user, password_hash)


async def change_password(
    session: AsyncSession, outbox: Outbox, user: User, password: str, key: str
) -> bool:
    """Set a user's password, and end all sessions but the one with this key.

    Unless it was changed since the old one was looked at.
    """
    password_hash = await slowly.hash_password(session, password)
    return await _set_password_hash(session, outbox, user, password_hash, key)


async def _set_password_hash(
    session: AsyncSession,
    outbox: Outbox,
    user: User,
    password_hash: str,
    key: str = "",
) -> bool:
    is_set = await _replace_hash(session, user, password_hash)
    if is_set:
        await sessions.end_all(session, user, but=key)
        await links.forget(session, user)
        outbox.add(mails.password_changed(user.email))
    await session.commit()
    return is_set


async def _replace_hash(session: AsyncSession, user: User, password_hash: str) -> bool:
    """Store another hash; tell whether the one that was read was still there.

    Hashing takes a while, and nobody may undo a change that was made meanwhile.
    """
    changed = await session.scalar(
        update(User)
        .where(User.id == user.id, User.password_hash == user.password_hash)
        .values(password_hash=password_hash)
        .returning(User.id)
    )
    return changed is not None


def request_new_email(outbox: Outbox, user: User, email: str) -> None:
    """Mail a link to the new address, unless that has an account already."""
    outbox.write_later(_new_email_mail, user, email)


async def _new_email_mail(
    session: AsyncSession, settings: Settings, user: User, email: str
) -> Mail:
    if await find_user(session, email):
        return mails.already_registered(email)
    token = await links.make(session, "email", email=email, user=user)
    return mails.confirm_new_address(email, links.address(settings, "email", token))


async def confirm_new_email(session: AsyncSession, outbox: Outbox, token: str) -> bool:
    """Change the address, unless the link is dead or the address has been taken."""
    link = await links.use(session, "email", token)
    user = await session.get(User, link.user_id) if link else None
    if link is None or user is None:
        return False
    # Links that were mailed to the old address must not work any longer.
    await links.forget(session, user)
    old, user.email = user.email, link.email
    if not await _commit(session):
        return False
    outbox.add(mails.address_changed(old))
    return True


async def _commit(session: AsyncSession) -> bool:
    """Commit; or tell that somebody else was faster to take an address."""
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()
        return False
    return True
