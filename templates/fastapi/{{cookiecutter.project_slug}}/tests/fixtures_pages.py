"""People in a browser."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.accounts.models import User
from tests.browser import Browser
from tests.conftest import PASSWORD, MakeUser


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with Browser(app) as browser:
        yield browser


@pytest.fixture
async def other_browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with Browser(app, address="203.0.113.8") as browser:
        yield browser


@pytest.fixture
async def ada(browser: Browser, make_user: MakeUser) -> User:
    """A user who is logged in, in `browser`."""
    user = await make_user()
    await browser.log_in(user.email, PASSWORD)
    return user
