"""Programs, and what they do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import User
from tests.client import Client
from tests.conftest import PASSWORD, MakeUser

LAMP = {"name": "Lamp", "description": "It shines.", "price": "19.90", "stock": 3}


class Program(Client):
    """A program that is logged in."""

    def __init__(self, app: FastAPI, user: User, token: str) -> None:
        super().__init__(app)
        self.user = user
        self.token = token
        self.headers["Authorization"] = f"Bearer {token}"

    async def add(self, **values: Any) -> dict[str, Any]:
        response = await self.post("/api/products", json=LAMP | values)
        assert response.status_code == 201
        product: dict[str, Any] = response.json()
        return product


async def ask_for_token(
    client: Client, email: str, password: str = PASSWORD
) -> httpx2.Response:
    return await client.post("/api/token", json={"email": email, "password": password})


def assert_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith((".", "`."))
    return problem


def fields_of(response: httpx2.Response) -> list[str]:
    """Which fields are refused."""
    return [error["field"] for error in assert_problem(response, 422)["errors"]]


MakeProgram = Callable[..., Awaitable[Program]]


@pytest.fixture
async def make_program(
    app: FastAPI, client: Client, make_user: MakeUser
) -> AsyncIterator[MakeProgram]:
    async with AsyncExitStack() as stack:

        async def make(email: str, *, is_staff: bool = False) -> Program:
            user = await make_user(email, is_staff=is_staff)
            token = (await ask_for_token(client, email)).json()["access_token"]
            return await stack.enter_async_context(Program(app, user, token))

        yield make


@pytest.fixture
async def program(make_program: MakeProgram) -> Program:
    """Ada's."""
    return await make_program("ada@example.com")


@pytest.fixture
async def other_program(make_program: MakeProgram) -> Program:
    return await make_program("grace@example.com")
