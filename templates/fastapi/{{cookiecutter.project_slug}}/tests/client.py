"""Somebody who sends requests to the application, for tests."""

import httpx2
from fastapi import FastAPI


class Client(httpx2.AsyncClient):
    """https://fastapi.tiangolo.com/advanced/async-tests/"""

    def __init__(self, app: FastAPI, address: str = "203.0.113.7") -> None:
        super().__init__(
            transport=httpx2.ASGITransport(
                app, raise_app_exceptions=False, client=(address, 50000)
            ),
            base_url="https://example.test",
        )
