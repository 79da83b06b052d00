"""Learning a draft before it is published: which example questions would then go elsewhere.

It is trained as it would be if it were in the folder, beside all that runs and slower than it. The
model stays: if the draft is published as it was learnt, it need not be learnt again.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.editing.proposals import Hand, find
from services.errors import HtxError, ProposalError, why_of
from services.knowledge.checks.questions import Misfit, read_misfits
from services.publishing.snapshot import taken
from services.settings import Settings
from services.staff import audit
from services.storage.models import Proposal
from services.storage.session import Sessions
from services.understanding.model import Progress, misfits_path, model_path, train

Train = Callable[[Settings, Path, Progress], Coroutine[Any, Any, None]]

_log = structlog.get_logger()
_LOOK_EVERY = 3.0
_GIVEN_UP = timedelta(minutes=20)
"""After which a process that was learning is taken to have ended."""


class Learnt(BaseModel):
    """What learning a text showed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    hash: str
    """Of the proposal as it was learnt."""
    failed: str = ""
    """Why it was not learnt."""
    known: bool = True
    """Whether it is known how the questions fare without it: else all misfits count as new."""
    own: tuple[Misfit, ...] = ()
    """Its own questions that are taken for another article's from then on."""
    drawn: tuple[Misfit, ...] = ()
    """Other articles' questions that are taken for its own from then on."""
    others: int = 0
    """Questions of others that go to others: some move with each training."""
    mended: int = 0
    """Of its own and those drawn to it, the questions that are understood again."""


async def ask(session: AsyncSession, number: int, hand: Hand) -> Proposal:
    """Have a proposal learnt as it is now.

    Raises:
        ProposalError: there is none, it is closed, or not as it was seen, or is being learnt.

    """
    proposal = await find(session, number)
    mine = update(Proposal).where(
        Proposal.id == number,
        Proposal.hash == hand.seen,
        Proposal.closed_at.is_(None),
        or_(Proposal.learning == "", Proposal.learning_at < hand.now - _GIVEN_UP),
    )
    asked = mine.values(learning="asked", learning_at=hand.now).returning(Proposal.id)
    if (await session.execute(asked)).first() is None:
        raise ProposalError("proposal_not_learnt", number=number)
    about = f"article {proposal.article}"
    audit.note(session, hand.now, hand.by, "content.learn", about, proposal=number)
    await session.refresh(proposal)
    return proposal


def learnt(proposal: Proposal) -> Learnt | None:
    """Return what learning a proposal showed last, if it ever was."""
    return Learnt.model_validate(proposal.learnt) if proposal.learnt else None


async def keep_learning(
    settings: Settings,
    sessions: Sessions,
    now: Callable[[], datetime],
    learn: Train = train,
) -> None:
    """Learn what is asked for, one after another, until cancelled."""
    while True:
        try:
            while await learn_next(settings, sessions, now, learn):
                pass
        except Exception as error:  # noqa: BLE001  # because a database that is away must not end what serves
            _log.warning("content.not_learnt", reason=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


async def learn_next(
    settings: Settings,
    sessions: Sessions,
    now: Callable[[], datetime],
    learn: Train = train,
) -> bool:
    """Learn the proposal that waits longest; say whether there was one."""
    async with sessions.begin() as session:
        proposal = await _claimed(session, now())
    if proposal is None:
        return False
    try:
        found = await _learnt(settings, proposal, learn)
    except HtxError as error:
        found = Learnt(hash=proposal.hash, failed=str(error))
    except OSError as error:  # a full disk: else the page would say “learning” for long
        found = Learnt(hash=proposal.hash, failed=why_of(error))
    async with sessions.begin() as session:
        mine = update(Proposal).where(Proposal.id == proposal.id)
        await session.execute(mine.values(learning="", learnt=found.model_dump(mode="json")))
    return True


async def _claimed(session: AsyncSession, now: datetime) -> Proposal | None:
    """Take the proposal that waits longest; of two processes one gets it."""
    waiting = select(Proposal.id).where(Proposal.closed_at.is_(None), Proposal.learning == "asked")
    number = await session.scalar(waiting.order_by(Proposal.learning_at).limit(1))
    mine = update(Proposal).where(Proposal.id == number, Proposal.learning == "asked")
    taken_ = mine.values(learning="running", learning_at=now).returning(Proposal.id)
    if number is None or (await session.execute(taken_)).first() is None:
        return None
    return await session.get(Proposal, number, populate_existing=True)


async def _learnt(settings: Settings, proposal: Proposal, learn: Train) -> Learnt:
    with ExitStack() as stack:
        folder = await asyncio.to_thread(stack.enter_context, taken(settings))
        path = folder / f"articles/{proposal.article}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(proposal.text, encoding="utf-8")
        frozen = settings.model_copy(update={"content_dir": folder})
        model = await asyncio.to_thread(model_path, frozen)
        if not model.exists():
            await learn(frozen, model, _log_progress)
    today = await asyncio.to_thread(model_path, settings)
    before = read_misfits(misfits_path(today))
    return _compared(proposal, before, read_misfits(misfits_path(model)) or ())


def _compared(
    proposal: Proposal, before: Sequence[Misfit] | None, after: Sequence[Misfit]
) -> Learnt:
    """Tell what is new among the misfits, and what of it has to do with the article."""
    new, gone = _but(after, before or ()), _but(before or (), after)
    own = [one for one in new if one.article == proposal.article]
    drawn = [one for one in new if one.taken_for == proposal.article and one not in own]
    concerned = (one for one in gone if proposal.article in {one.article, one.taken_for})
    return Learnt(
        hash=proposal.hash,
        known=before is not None,
        own=tuple(own),
        drawn=tuple(drawn),
        others=len(new) - len(own) - len(drawn),
        mended=sum(1 for _ in concerned),
    )


def _but(some: Iterable[Misfit], others: Iterable[Misfit]) -> list[Misfit]:
    """Return the misfits of some that others lack, the surest first."""
    known = {(one.article, one.question, one.taken_for) for one in others}
    return [one for one in some if (one.article, one.question, one.taken_for) not in known]


def _log_progress(line: str) -> None:
    _log.info("content.learning", told=line)
