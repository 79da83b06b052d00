"""What conversations on the web are called: by a page's key, or by a name that a program gave.

A page's key is 128 random bits in a cookie. What a program gives is never taken for one, and a name
that others may guess is each caller's own, kept with its origin, where it came from. The first
releases kept every name as it was: what still stands under such names, or with the origins of a
former key, is told and erased with the rest.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Conversation, Feedback, Turn

CHANNEL = "web"
_UNGUESSED = 16
"""Signs from which a name is left as it is: at random they are some 80 bits."""
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_ORIGIN = re.compile(rf"\.[0-9a-f]{{{_UNGUESSED}}}")


@dataclass(frozen=True)
class Names:
    """Tells what a conversation is called, by the product's keys."""

    keys: tuple[str, ...]
    """The key in use, then those before it."""

    def of(self, name: str, place: str) -> str:
        """Return what a program's conversation is called that calls it so from a place."""
        return given(name) if len(name) >= _UNGUESSED else _with_origin(name, place, self.keys[0])

    def once_of(self, name: str, place: str, *, erases: bool = False) -> tuple[str, ...]:
        """Return what it was called before, by a former key or an earlier release.

        What stands under a bare name that others may guess may be another's: it is erased for
        whoever asks, and told to nobody.
        """
        if len(name) >= _UNGUESSED:
            return once_given(name)
        others = (_with_origin(name, place, key) for key in self.keys[1:])
        return (*((name,) if erases else ()), *others)


def is_key(name: str) -> bool:
    """Say whether a cookie could hold it: 128 random bits, as the page makes them."""
    return _KEY.fullmatch(name) is not None


def given(name: str) -> str:
    """Return what a conversation is called whose name a form or a program gave.

    No cookie can hold that, so that no page shows what was asked under it.
    """
    return f"given:{name}" if is_key(name) else name


def once_given(name: str) -> tuple[str, ...]:
    """Return what such a conversation was called before; whoever can tell a key knows it."""
    return (name,) if is_key(name) else ()


async def kept_under(session: AsyncSession, name: str) -> list[str]:
    """Return what conversations are called that somebody gave this name, of those that are kept."""
    tables = (Turn, Feedback, Conversation)
    mine = (
        select(table.key).where(
            table.channel == CHANNEL, table.key.startswith(f"{name}.", autoescape=True)
        )
        for table in tables
    )
    others = [key for key in await session.scalars(union(*mine)) if _has_origin(key, name)]
    return [name, *({given(name)} - {name}), *sorted(others)]


def _has_origin(key: str, name: str) -> bool:
    return _ORIGIN.fullmatch(key.removeprefix(name)) is not None


def _with_origin(name: str, place: str, key: str) -> str:
    origin = hmac.new(key.encode(), place.encode(), hashlib.sha256).hexdigest()
    return f"{name}.{origin[:_UNGUESSED]}"
