"""A browser for tests: keeps cookies, and sends forms with the token of their page."""

import re
from html import unescape

import httpx2

from tests.client import Client


class Browser(Client):
    async def submit(
        self, path: str, *, page: str = "", **fields: str
    ) -> httpx2.Response:
        """Open the page of a form, fill the form in, and send it."""
        token = await self.token(page or path)
        return await self.post(path, data={"csrf_token": token} | fields)

    async def token(self, page: str) -> str:
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', (await self.get(page)).text
        )
        assert found, f"There is no form on {page}"
        return found[1]

    async def log_in(self, email: str, password: str) -> httpx2.Response:
        return await self.submit("/login", email=email, password=password)


def text_of(response: httpx2.Response) -> str:
    """What a person reads on a page."""
    return unescape(re.sub(r"<[^>]+>", "", response.text))
