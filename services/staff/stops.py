"""What an administrator has stopped for everybody: automatic answers, sending.

A row stands while it is stopped: who did it, when, and what citizens are told meanwhile. Whoever
answers or sends looks at it each time, in whatever process.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import StaffError
from services.staff import audit
from services.storage.dialects import insert
from services.storage.models import Stopped

Stoppable: TypeAlias = Literal["answers", "sending"]
STOPPABLE: tuple[Stoppable, ...] = get_args(Stoppable)
LONGEST = 500
"""Signs of what citizens are told."""


async def stop(
    session: AsyncSession, what: Stoppable, sentence: str, now: datetime, by: str
) -> bool:
    """Stop something; return whether it went on until now.

    Raises:
        StaffError: the sentence is too long, or answers are stopped without one.

    """
    sentence = " ".join(sentence.split())
    if len(sentence) > LONGEST or (what == "answers" and not sentence):
        raise StaffError("stop_sentence", most=LONGEST)
    row = insert(session, Stopped).values(what=what, by=by, at=now, sentence=sentence)
    made = await session.execute(row.on_conflict_do_nothing().returning(Stopped.what))
    if made.first() is None:
        return False
    audit.note(session, now, by, "stop", what, before="", after=sentence)
    return True


async def resume(session: AsyncSession, what: Stoppable, now: datetime, by: str) -> bool:
    """Let something go on; return whether it was stopped until now."""
    gone = await session.execute(
        delete(Stopped).where(Stopped.what == what).returning(Stopped.by, Stopped.at)
    )
    row = gone.first()
    if row is None:
        return False
    audit.note(session, now, by, "resume", what, stopped_by=row.by)
    return True


async def find(session: AsyncSession, what: Stoppable) -> Stopped | None:
    """Return who stopped something; None where it goes on."""
    return await session.scalar(select(Stopped).where(Stopped.what == what))


async def every(session: AsyncSession) -> Sequence[Stopped]:
    """Return all that is stopped."""
    return (await session.scalars(select(Stopped).order_by(Stopped.what))).all()
