"""What happens to accounts at the same time, and who has tried too often."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from argon2 import PasswordHasher
from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import links, passwords, services, slowly
from app.accounts.attempts import TooManyAttempts
from app.accounts.mails import by_token
from app.accounts.models import User
from app.outbox import Outbox
from app.settings import Settings
from tests.conftest import PASSWORD, MakeUser
from tests.people import OTHER_PASSWORD

THIRD_PASSWORD = "m3Ws-70zL-cB9x-Yd5e"
ADDRESS = "203.0.113.7"


@pytest.fixture
def outbox(app: FastAPI, settings: Settings) -> Outbox:
    def way_for(purpose: object, token: str) -> object:
        return by_token(token, "")

    return Outbox(BackgroundTasks(), app.state.sessions, settings, way_for)  # type: ignore[arg-type]


Meanwhile = Callable[[Callable[[], Awaitable[object]]], None]


@pytest.fixture
def while_hashing(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something else happen while the next password is hashed."""
    hash_password = slowly.hash_password

    def plan(something: Callable[[], Awaitable[object]]) -> None:
        async def hash_slowly(session: AsyncSession, password: str) -> str:
            monkeypatch.setattr(slowly, "hash_password", hash_password)
            await something()
            return await hash_password(session, password)

        monkeypatch.setattr(slowly, "hash_password", hash_slowly)

    return plan


async def stored_hash(app: FastAPI) -> str:
    async with app.state.sessions() as session:
        return str(await session.scalar(select(User.password_hash)))


async def set_password(app: FastAPI, password: str) -> None:
    async with app.state.sessions() as session:
        new_hash = passwords.hash_password(password)
        await session.execute(update(User).values(password_hash=new_hash))
        await session.commit()


async def weaken(app: FastAPI) -> None:
    """Store the password as it was before the parameters were raised."""
    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    async with app.state.sessions() as session:
        await session.execute(update(User).values(password_hash=weak.hash(PASSWORD)))
        await session.commit()


async def test_a_reset_wins_over_a_change_that_is_under_way(
    app: FastAPI,
    session: AsyncSession,
    make_user: MakeUser,
    outbox: Outbox,
    while_hashing: Meanwhile,
) -> None:
    user = await make_user()
    token = await links.make(session, "reset", email=user.email, user=user)

    async def reset() -> None:
        async with app.state.sessions() as other:
            assert await services.reset_password(other, outbox, token, THIRD_PASSWORD)

    checked = await services.authenticate(session, user.email, PASSWORD, ADDRESS)
    assert checked
    while_hashing(reset)
    assert not await services.change_password(session, outbox, checked, OTHER_PASSWORD)
    assert passwords.verify_password(THIRD_PASSWORD, await stored_hash(app))


async def test_a_reset_wins_over_a_change_that_was_faster(
    app: FastAPI,
    session: AsyncSession,
    make_user: MakeUser,
    outbox: Outbox,
    while_hashing: Meanwhile,
) -> None:
    user = await make_user()
    token = await links.make(session, "reset", email=user.email, user=user)
    while_hashing(lambda: set_password(app, OTHER_PASSWORD))
    assert await services.reset_password(session, outbox, token, THIRD_PASSWORD)
    assert passwords.verify_password(THIRD_PASSWORD, await stored_hash(app))


async def test_changes_and_resets_at_the_same_time_do_not_wait_for_each_other(
    app: FastAPI, session: AsyncSession, make_user: MakeUser, outbox: Outbox
) -> None:
    user = await make_user()

    async def change(checked: User) -> bool:
        async with app.state.sessions() as other:
            return await services.change_password(
                other, outbox, checked, OTHER_PASSWORD
            )

    async def reset(token: str) -> bool:
        async with app.state.sessions() as other:
            return await services.reset_password(other, outbox, token, THIRD_PASSWORD)

    for _ in range(5):
        await set_password(app, PASSWORD)
        token = await links.make(session, "reset", email=user.email, user=user)
        checked = await services.find_user(session, user.email)
        assert checked
        is_reset, *_ = await asyncio.gather(
            reset(token), change(checked), change(checked)
        )
        right = THIRD_PASSWORD if is_reset else OTHER_PASSWORD
        assert passwords.verify_password(right, await stored_hash(app))


async def test_a_link_that_was_mailed_to_the_old_address_sets_no_password(
    session: AsyncSession, make_user: MakeUser, outbox: Outbox
) -> None:
    user = await make_user()
    token = await links.make(session, "reset", email=user.email, user=user)
    user.email = "new@example.com"
    await session.commit()
    assert not await services.reset_password(session, outbox, token, OTHER_PASSWORD)


async def test_of_many_logins_that_renew_a_hash_all_know_the_new_one(
    app: FastAPI, make_user: MakeUser
) -> None:
    user = await make_user()
    await weaken(app)

    async def log_in() -> str:
        async with app.state.sessions() as other:
            found = await services.log_in(other, user.email, PASSWORD, ADDRESS)
            assert found
            return found.password_hash

    hashes = await asyncio.gather(*(log_in() for _ in range(4)))
    assert set(hashes) == {await stored_hash(app)}
    assert not passwords.needs_rehash(hashes[0])


async def test_a_login_that_renews_a_hash_does_not_bring_the_old_password_back(
    app: FastAPI, session: AsyncSession, make_user: MakeUser, while_hashing: Meanwhile
) -> None:
    user = await make_user()
    await weaken(app)
    while_hashing(lambda: set_password(app, OTHER_PASSWORD))
    assert await services.log_in(session, user.email, PASSWORD, ADDRESS) is None
    assert passwords.verify_password(OTHER_PASSWORD, await stored_hash(app))


async def test_who_only_confirms_a_password_renews_no_hash(
    app: FastAPI, session: AsyncSession, make_user: MakeUser
) -> None:
    user = await make_user()
    await weaken(app)
    weak = await stored_hash(app)
    assert await services.authenticate(session, user.email, PASSWORD, ADDRESS)
    assert await stored_hash(app) == weak


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%" + "x" * 200, True),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "no address", True),
    ],
)
async def test_who_has_one_address_of_a_network_has_them_all(
    session: AsyncSession, first: str, second: str, are_one: bool
) -> None:
    for number in range(10):
        email = f"user{number}@example.com"
        assert not await services.authenticate(session, email, PASSWORD, first)
    tries = services.authenticate(session, "ada@example.com", PASSWORD, second)
    if are_one:
        with pytest.raises(TooManyAttempts):
            await tries
    else:
        assert await tries is None
