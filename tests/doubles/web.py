"""What the tests of the web face share: questions, a probe of the NLU, reading a page."""

import re
from collections.abc import Callable
from html import unescape

import httpx

ASKED = "Thành lập hợp tác xã cần mấy người?"
UNSURE = "hồ sơ"

Visit = Callable[..., httpx.AsyncClient]
"""Makes a client that comes from an address, its own cookies with it."""


class Probe:
    """Whether the NLU answers, as a test sets it."""

    def __init__(self) -> None:
        """Start with an NLU that answers."""
        self.up = True
        self.asked = 0

    async def __call__(self) -> bool:
        """Say it, and count that it was asked."""
        self.asked += 1
        return self.up


def key_in(page: str) -> str:
    """Return the conversation's key that the forms of a page carry."""
    found = re.search(r'name="conversation" value="([^"]*)"', page)
    return found.group(1) if found else ""


def words(page: str) -> str:
    """Return the text of a page, tags and escapes gone."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))
