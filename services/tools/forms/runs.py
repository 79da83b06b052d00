"""Runs: one person's filling in of a form, kept in the database after each answer.

A run is one conversation's. It is open until it ends, and may be taken up again within a week; it
goes when the form says so, or with all else that is kept of the conversation.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.tool_forms import ToolForm
from services.storage.models import Chat, FormRun
from services.tools.forms.bounds import Answers

RESUMED_WITHIN = timedelta(days=7)
LINK_LASTS = timedelta(minutes=10)
_SECRET_BYTES = 24


async def begin(
    session: AsyncSession, chat: Chat, form: ToolForm, values: Answers, now: datetime
) -> FormRun:
    """Begin a form anew with what is known already; an open run of the same form goes."""
    mine = _of_chat(chat), FormRun.form == form.name, FormRun.ended_at.is_(None)
    await session.execute(delete(FormRun).where(*mine))
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
        until=now + timedelta(days=form.keep_days),
    )
    session.add(run)
    await session.flush()
    return run


async def find(session: AsyncSession, chat: Chat, form: str, now: datetime) -> FormRun | None:
    """Return the open run of a form, unless it was left more than a week ago."""
    runs = await opened(session, chat, now)
    return next((run for run in runs if run.form == form), None)


async def opened(session: AsyncSession, chat: Chat, now: datetime) -> Sequence[FormRun]:
    """Return the runs of a conversation that may be taken up again, the last one first."""
    mine = _of_chat(chat), FormRun.ended_at.is_(None), FormRun.updated_at > now - RESUMED_WITHIN
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
) -> bool:
    """Save answers over those of the version that was seen; False where another saved meanwhile.

    The run is what was saved then; nothing of it changes where nothing was. One that has ended
    takes no more answers.
    """
    values: Mapping[str, object] = {
        "answers": {**run.answers, **changed},
        "cursor": cursor,
        "form_hash": form.fingerprint,
        "version": seen + 1,
        "updated_at": now,
        "until": now + timedelta(days=form.keep_days),
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


async def make_link(session: AsyncSession, run: FormRun, now: datetime) -> str:
    """Return a secret by which another face takes an open run over: once, within ten minutes."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    values = {"link_hash": _hash(secret), "link_until": now + LINK_LASTS}
    await session.execute(update(FormRun).where(FormRun.id == run.id).values(**values))
    return secret


async def take_over(
    session: AsyncSession, secret: str, chat: Chat, now: datetime
) -> FormRun | None:
    """Let a conversation have the run to which a link leads; None where it leads nowhere any more.

    The conversation that it came from has it no longer.
    """
    held = FormRun.link_hash == _hash(secret), FormRun.link_until > now, FormRun.ended_at.is_(None)
    channel, key = chat
    moved = {"channel": channel, "key": key, "link_hash": None, "link_until": None}
    taken = update(FormRun).where(*held).values(**moved).returning(FormRun.id)
    number = await session.scalar(taken)
    if number is None:
        return None
    run = await session.get_one(FormRun, number, populate_existing=True)
    others = _of_chat(chat), FormRun.form == run.form, FormRun.ended_at.is_(None)
    await session.execute(delete(FormRun).where(*others, FormRun.id != number))
    return run


def _of_chat(chat: Chat) -> ColumnElement[bool]:
    channel, key = chat
    return and_(FormRun.channel == channel, FormRun.key == key)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
