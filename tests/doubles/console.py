"""What tests of the console share: reading a page's forms, and sending one."""

import re
from html import unescape

import httpx

_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


async def token_of(client: httpx.AsyncClient, page: str = "/console") -> str:
    """Return the token that the forms of a page carry."""
    found = _TOKEN.search((await client.get(page)).text)
    assert found, f"{page} has a form of ours"
    return found.group(1)


async def press(
    client: httpx.AsyncClient, address: str, page: str = "/console", **fields: str
) -> httpx.Response:
    """Send a form as the page that carries it would; nothing is followed."""
    data = {"token": await token_of(client, page), **fields}
    return await client.post(address, data=data)


def words(page: str) -> str:
    """Return the text of a page, tags and escapes gone."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))
