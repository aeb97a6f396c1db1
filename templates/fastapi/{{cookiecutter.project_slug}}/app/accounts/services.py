"""What can be done with an account, whoever asks for it: pages, an API, a command."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import attempts, links, mails, slowly
from app.accounts.addresses import normalise
from app.accounts.links import WayFor
from app.accounts.models import User
from app.accounts.passwords import needs_rehash
from app.languages import N_
from app.mail import Mail
from app.outbox import Outbox

# The same in every interface.
NO_MATCH = N_("That e-mail address and password do not match an account.")
NOT_YOURS = N_("That is not your password.")


async def find_user(session: AsyncSession, email: str) -> User | None:
    """The user as they are stored now."""
    return await session.scalar(
        select(User)
        .where(User.email == email)
        .execution_options(populate_existing=True)
    )


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
    return user


async def log_in(
    session: AsyncSession, email: str, password: str, address: str
) -> User | None:
    """The same for somebody who comes in: the moment to renew a hash.

    If it was made with other parameters than today's, that is; and then other sessions
    and tokens, which hold on to the old hash, end.

    Raises:
        TooManyAttempts: there were too many wrong tries.
    """
    user = await authenticate(session, email, password, address)
    if user is None or not needs_rehash(user.password_hash):
        return user
    new_hash = await slowly.hash_password(session, password)
    is_renewed = await _replace_hash(session, user, new_hash)
    await session.commit()
    # Otherwise another login was faster, or a change of the password.
    return user if is_renewed else await authenticate(session, email, password, address)


def _as_stored(email: str) -> str:
    """As `normalise` writes it; what is no address at all still counts as a try."""
    try:
        return normalise(email)
    except ValueError:
        # PostgreSQL cannot even look for a NUL.
        return email.strip().lower().replace("\0", " ")


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
    way_for: WayFor,
    email: str,
    display_name: str,
    password_hash: str,
) -> Mail | None:
    if not await attempts.may_mail(session, email):
        return None
    if await find_user(session, email):
        return mails.already_registered(email)
    token = await links.make(
        session,
        "register",
        email=email,
        display_name=display_name,
        password_hash=password_hash,
    )
    return mails.confirm_address(email, way_for("register", token))


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
    return user if await committed(session) else None


def request_password_reset(outbox: Outbox, email: str) -> None:
    """Mail a link, if the address has an account: found out after the answer."""
    outbox.write_later(_reset_mail, email)


async def _reset_mail(
    session: AsyncSession, way_for: WayFor, email: str
) -> Mail | None:
    user = await find_user(session, email)
    if user is None or not await attempts.may_mail(session, email):
        return None
    token = await links.make(session, "reset", email=email, user=user)
    return mails.reset_password(email, way_for("reset", token))


async def reset_password(
    session: AsyncSession, outbox: Outbox, token: str, password: str
) -> bool:
    """Set the password of whoever got the link, unless the link is dead.

    It is dead too if it went to an address that is no longer that of the account.
    """
    password_hash = await slowly.hash_password(session, password)
    link = await links.use(session, "reset", token)
    user = await links.user_of(session, link)
    if link is None or user is None or user.email != link.email:
        return False
    return await _set_password_hash(session, outbox, user, password_hash)


async def change_password(
    session: AsyncSession, outbox: Outbox, user: User, password: str
) -> bool:
    """Set a user's password, unless it was changed since the old one was looked at.

    Every login held on to the old one, and ends with it.
    """
    password_hash = await slowly.hash_password(session, password)
    return await _set_password_hash(session, outbox, user, password_hash)


async def _set_password_hash(
    session: AsyncSession, outbox: Outbox, user: User, password_hash: str
) -> bool:
    is_set = await _replace_hash(session, user, password_hash)
    if is_set:
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
        .returning(User.id),
        # By default `user` would have the new hash even if its row has not.
        execution_options={"synchronize_session": "fetch"},
    )
    return changed is not None


async def committed(session: AsyncSession) -> bool:
    """Commit; or tell that somebody else was faster to take an address."""
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()
        return False
    return True
