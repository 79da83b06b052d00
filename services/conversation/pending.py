"""What a chat was asked last, and until when an answer to it is taken for one.

One thing at a time, one clock: whatever is asked takes the place of what was asked before. The row
stays when its question is answered, its time over: the batch writer adds and changes rows alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.models import Chat, Pending

Kind = Literal["offer", "figure", "place", "step", "code", "phone", "form", "dossier"]
"""What was asked: which of these articles is meant, the figure that a rule lacks, where the person
lives, the next of a form of staff or of a tool, the code of a link, a number to call back, whose a
dossier is or from which day it counts."""


LINK = "link"
"""In place of the channel: what a chat of staff is asked stays, whatever else it is asked."""


async def ask(
    session: AsyncSession, chat: Chat, kind: Kind, values: Mapping[str, Any], until: datetime
) -> None:
    """Note that a chat was asked something, in place of what it was asked before."""
    row = await session.get(Pending, chat)
    session.add(asked(row, chat, kind, values, until))


async def find(
    session: AsyncSession, chat: Chat, kind: Kind, now: datetime
) -> Mapping[str, Any] | None:
    """Return the values of what a chat was asked last, if it was of this kind and still counts."""
    return values_of(await session.get(Pending, chat), kind, now)


async def clear(session: AsyncSession, chat: Chat, kind: Kind, now: datetime) -> None:
    """Take a question of this kind back, because it was answered or given up."""
    row = await session.get(Pending, chat)
    if row is not None and row.kind == kind:
        row.asked, row.until = {}, now


def values_of(row: Pending | None, kind: Kind, now: datetime) -> Mapping[str, Any] | None:
    """Return what a row asks, if it asks this kind of thing and still counts."""
    return row.asked if row is not None and row.kind == kind and now < row.until else None


def asked(
    row: Pending | None, chat: Chat, kind: Kind, values: Mapping[str, Any], until: datetime
) -> Pending:
    """Return a chat's row, a new one where there is none, with another question in it."""
    channel, key = chat
    row = row or Pending(channel=channel, key=key, kind=kind, asked={}, until=until)
    row.kind, row.asked, row.until = kind, dict(values), until
    return row
