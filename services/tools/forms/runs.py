"""Runs: one person's filling in of a form, kept in the database after each answer.

A run is one conversation's. It is open until it ends, and may be taken up again within a week, or
as long as its owner wants it kept; it goes when the form or its owner says so, or with all else
that is kept of the conversation.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.tool_forms import ToolForm
from services.storage.models import Chat, FormRun
from services.tools.forms.bounds import Answers

RESUMED_WITHIN = timedelta(days=7)
LINK_LASTS = timedelta(minutes=10)
UNTIL_ERASED = 36_500
"""Days after which nobody asks any more: kept until its owner erases it."""
KEEP_DAYS = (7, 30, 90, 365, UNTIL_ERASED)
"""For how many days after the last save people may have their answers to a form kept."""
_SECRET_BYTES = 24


async def begin(
    session: AsyncSession, chat: Chat, form: ToolForm, values: Answers, now: datetime
) -> FormRun:
    """Begin a form anew with what is known already; an open run of the same form goes.

    It is kept as long as its owner wanted the last one kept.
    """
    mine = _of_chat(chat), FormRun.form == form.name
    last = select(FormRun.keep_days).where(*mine).order_by(FormRun.id.desc()).limit(1)
    keep_days = await session.scalar(last)
    await session.execute(delete(FormRun).where(*mine, FormRun.ended_at.is_(None)))
    known = {name: value for name, value in values.items() if form.question(name)}
    channel, key = chat
    run = FormRun(
        channel=channel,
        key=key,
        form=form.name,
        form_hash=form.fingerprint,
        answers=known,
        created_at=now,
        updated_at=now,
        until=now + timedelta(days=keep_days or form.keep_days),
        keep_days=keep_days,
    )
    session.add(run)
    await session.flush()
    return run


async def find(session: AsyncSession, chat: Chat, form: str, now: datetime) -> FormRun | None:
    """Return the open run of a form, unless it was left for too long."""
    runs = await opened(session, chat, now)
    return next((run for run in runs if run.form == form), None)


async def opened(session: AsyncSession, chat: Chat, now: datetime) -> Sequence[FormRun]:
    """Return the runs of a conversation that may be taken up again, the last one first."""
    recent = FormRun.updated_at > now - RESUMED_WITHIN
    wanted = and_(FormRun.keep_days.is_not(None), FormRun.until > now)
    mine = _of_chat(chat), FormRun.ended_at.is_(None), or_(recent, wanted)
    found = select(FormRun).where(*mine).order_by(FormRun.updated_at.desc(), FormRun.id.desc())
    return (await session.scalars(found)).all()


async def finished(session: AsyncSession, chat: Chat, form: str, most: int = 2) -> list[FormRun]:
    """Return the last runs of a form that were filled in, the newest first."""
    mine = _of_chat(chat), FormRun.form == form, FormRun.ended_at.is_not(None)
    found = select(FormRun).where(*mine).order_by(FormRun.ended_at.desc(), FormRun.id.desc())
    return list(await session.scalars(found.limit(most)))


async def save(  # noqa: PLR0913  # because each is another thing, and none has a default
    session: AsyncSession,
    run: FormRun,
    form: ToolForm,
    seen: int,
    changed: Answers,
    *,
    now: datetime,
    cursor: str = "",
    ended: bool = False,
    by: str = "",
) -> bool:
    """Save answers over those of the version that was seen; False where another saved meanwhile.

    The run is what was saved then; nothing of it changes where nothing was. One that has ended
    takes no more answers. `by` is the page that saves, where several may stand open.
    """
    values: Mapping[str, object] = {
        "answers": {**run.answers, **changed},
        "cursor": cursor,
        "form_hash": form.fingerprint,
        "version": seen + 1,
        "saved_by": by,
        "updated_at": now,
        "until": now + timedelta(days=run.keep_days or form.keep_days),
        "ended_at": now if ended else None,
    }
    unseen = FormRun.id == run.id, FormRun.version == seen, FormRun.ended_at.is_(None)
    saved = await session.execute(
        update(FormRun).where(*unseen).values(**values).returning(FormRun.id)
    )
    done = saved.first() is not None
    await session.refresh(run)
    return done


async def discard(session: AsyncSession, run: FormRun) -> None:
    """Let a run go, with all its answers."""
    await session.execute(delete(FormRun).where(FormRun.id == run.id))


async def erase(session: AsyncSession, chat: Chat, form: str) -> None:
    """Let go of all runs of a form in a conversation, open and ended."""
    await session.execute(delete(FormRun).where(_of_chat(chat), FormRun.form == form))


async def keep(session: AsyncSession, chat: Chat, form: str, days: int, now: datetime) -> bool:
    """Keep all runs of a form so many days from now on, and those to come; False where none is."""
    mine = _of_chat(chat), FormRun.form == form
    values = {"keep_days": days, "until": now + timedelta(days=days), "updated_at": now}
    kept = await session.execute(
        update(FormRun).where(*mine).values(**values).returning(FormRun.id)
    )
    return kept.first() is not None


def kept_days(run: FormRun | None, form: ToolForm) -> int:
    """Return for how many days after the last save a run is kept, or one that begins would be."""
    return (run and run.keep_days) or form.keep_days


async def make_link(session: AsyncSession, run: FormRun, now: datetime) -> str:
    """Return a secret by which another face takes an open run over: once, within ten minutes."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    values = {"link_hash": _hash(secret), "link_until": now + LINK_LASTS}
    await session.execute(update(FormRun).where(FormRun.id == run.id).values(**values))
    return secret


async def led_to(session: AsyncSession, secret: str, now: datetime) -> FormRun | None:
    """Return the run to which a link leads, and leave it where it is."""
    return await session.scalar(select(FormRun).where(*_linked(secret, now)))


async def take_over(
    session: AsyncSession, secret: str, chat: Chat, now: datetime
) -> FormRun | None:
    """Let a conversation have the run to which a link leads; None where it leads nowhere any more.

    The conversation that it came from has it no longer.
    """
    channel, key = chat
    moved = {"channel": channel, "key": key, "link_hash": None, "link_until": None}
    taken = update(FormRun).where(*_linked(secret, now)).values(**moved).returning(FormRun.id)
    number = await session.scalar(taken)
    if number is None:
        return None
    run = await session.get_one(FormRun, number, populate_existing=True)
    others = _of_chat(chat), FormRun.form == run.form, FormRun.ended_at.is_(None)
    await session.execute(delete(FormRun).where(*others, FormRun.id != number))
    return run


def _linked(secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return FormRun.link_hash == _hash(secret), FormRun.link_until > now, FormRun.ended_at.is_(None)


def _of_chat(chat: Chat) -> ColumnElement[bool]:
    channel, key = chat
    return and_(FormRun.channel == channel, FormRun.key == key)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
