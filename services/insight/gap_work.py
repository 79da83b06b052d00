"""What staff do with gaps: dismiss, reopen, merge, split, link to the article that is to answer.

Each is in the audit, and refused where another has done something else with the gap meanwhile.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import GapError
from services.knowledge.library import Library
from services.staff import audit
from services.storage.models import GapQuestion, KeptGap

WORKERS = frozenset({"content", "admin"})
"""Who may change gaps."""
_REASON = 400


async def find(session: AsyncSession, number: int) -> KeptGap:
    """Return a gap.

    Raises:
        GapError: there is none of this number.

    """
    gap = await session.get(KeptGap, number)
    if gap is None:
        raise GapError("gap_unknown", number=number)
    return gap


async def dismiss(session: AsyncSession, number: int, reason: str, by: str, now: datetime) -> None:
    """Put a gap aside, for a reason that is read by whoever meets it again.

    Raises:
        GapError: no reason is given, or the gap is not open any more.

    """
    if not reason.strip():
        raise GapError("gap_no_reason")
    await _move(session, number, ("open",), now, state="dismissed", reason=reason[:_REASON])
    audit.note(session, now, by, "gap.dismiss", f"gap {number}")


async def reopen(session: AsyncSession, number: int, by: str, now: datetime) -> None:
    """Take up again what was dismissed, linked or told.

    Raises:
        GapError: the gap is open already, or merged into another.

    """
    states = ("dismissed", "linked", "told")
    await _move(session, number, states, now, state="open", reason="", article=None, before="")
    audit.note(session, now, by, "gap.reopen", f"gap {number}")


async def merge(session: AsyncSession, number: int, into: int, by: str, now: datetime) -> None:
    """Put all that a gap holds into another that is open; what comes later goes there too.

    Raises:
        GapError: they are the same, or one of them is not open any more.

    """
    if number == into:
        raise GapError("gap_itself", number=number)
    await _move(session, number, ("open",), now, state="merged", merged_into=into)
    await _move(session, into, ("open",), now)
    moved = update(GapQuestion).where(GapQuestion.gap_id == number).values(gap_id=into)
    held = await session.execute(moved.returning(GapQuestion.id))
    audit.note(session, now, by, "gap.merge", f"gap {number}", into=into, held=len(held.all()))


async def gather(
    session: AsyncSession, number: int, others: Sequence[int], by: str, now: datetime
) -> None:
    """Put other gaps into one, all or none.

    Raises:
        GapError: no other is named, or as `merge` does.

    """
    if not others:
        raise GapError("gap_gather_nothing")
    for other in others:
        await merge(session, other, number, by, now)


async def split(
    session: AsyncSession, number: int, questions: Collection[int], by: str, now: datetime
) -> int:
    """Take questions, with all of the same words, out of a gap into one of their own.

    Returns its number.

    Raises:
        GapError: the gap is not open, none of them is its, or nothing would stay.

    """
    await _move(session, number, ("open",), now)
    mine = GapQuestion.gap_id == number
    texts = select(GapQuestion.text).where(mine, GapQuestion.id.in_(questions))
    which = and_(mine, GapQuestion.text.in_(texts))
    taken = list(await session.scalars(select(GapQuestion.id).where(which)))
    count = await session.scalar(select(func.count()).select_from(GapQuestion).where(mine))
    if not taken or len(taken) == count:
        raise GapError("gap_split_nothing")
    gap = await find(session, number)
    made = KeptGap(created_at=now, nearest=gap.nearest)
    session.add(made)
    await session.flush()
    moved = update(GapQuestion).where(GapQuestion.id.in_(taken)).values(gap_id=made.id)
    await session.execute(moved)
    audit.note(session, now, by, "gap.split", f"gap {number}", new=made.id, held=len(taken))
    return made.id


async def link(  # noqa: PLR0913  # because each is another thing
    session: AsyncSession, number: int, article: str, library: Library, *, by: str, now: datetime
) -> None:
    """Say which article is to answer a gap: one that is served, or one that is being written.

    Raises:
        GapError: the gap is not open any more.

    """
    known = library.articles.get(article)
    before = known.hash if known else ""
    await _move(session, number, ("open",), now, state="linked", article=article, before=before)
    audit.note(session, now, by, "gap.link", f"gap {number}", article=article)


async def _move(
    session: AsyncSession, number: int, states: Collection[str], now: datetime, **values: Any
) -> None:
    """Change a gap that is in one of some states; of two who would, the second is refused."""
    mine = update(KeptGap).where(KeptGap.id == number, KeptGap.state.in_(states))
    changed = mine.values(changed_at=now, **values).returning(KeptGap.id)
    if (await session.execute(changed)).first() is None:
        await find(session, number)
        raise GapError("gap_changed", number=number)
