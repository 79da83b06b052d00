"""Notices: a row is one thing for one chat and one cause, and the truth about it.

It is claimed in a transaction of its own before anything is sent, so that no two processes send
it, and what a dead process had claimed is uncertain: that is never sent again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, Update, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.dialects import insert
from services.storage.models import Chat, Notice, NoticeConsent

Ended: TypeAlias = Literal["sent", "failed", "stopped", "uncertain"]

_STALE = timedelta(minutes=3)
"""After so long whoever had claimed a notice is dead: an attempt takes a minute at most."""
_AT_ONCE = 100
_REASON = 200


async def queue(  # noqa: PLR0913  # because each is another thing, and few callers give all
    session: AsyncSession,
    to: Chat,
    cause: str,
    text: str,
    now: datetime,
    *,
    purpose: str | None = None,
    urgent: bool = False,
    buttons: Sequence[tuple[str, str]] = (),
) -> bool:
    """Have a chat told something once; return whether it was not told, or to be told, before.

    `text` is Markdown and bears who speaks; whatever somebody wrote in it went through `literal`.
    `purpose` names what the chat must agree to when it is sent. Quiet hours hold what is not
    `urgent`: an answer to somebody who waits is. `buttons` are labels and payloads.
    """
    channel, key = to
    row = insert(session, Notice).values(
        channel=channel,
        key=key,
        cause=cause,
        text=text,
        created_at=now,
        due_at=now,
        buttons=[list(button) for button in buttons],
        purpose=purpose,
        urgent=urgent,
        state="pending",
        reason="",
        parts_sent=0,
    )
    made = await session.execute(row.on_conflict_do_nothing().returning(Notice.id))
    return made.first() is not None


async def due(
    session: AsyncSession, channel: str, now: datetime, *, quiet: bool
) -> Sequence[Notice]:
    """Return what may be sent on a channel now, what somebody waits for first, each in order."""
    waiting = select(Notice).where(*_pending(channel), Notice.due_at <= now)
    if quiet:
        waiting = waiting.where(Notice.urgent)
    ordered = waiting.order_by(Notice.urgent.desc(), Notice.id).limit(_AT_ONCE)
    return (await session.scalars(ordered)).all()


async def claim(session: AsyncSession, number: int, now: datetime) -> bool:
    """Take a notice to send it, once this is committed; nobody else may then.

    What the chat does not agree to any more is stopped instead.
    """
    mine = and_(Notice.id == number, Notice.state == "pending")
    taken = update(Notice).where(mine, _is_agreed()).values(state="sending", at=now)
    if (await session.execute(taken.returning(Notice.id))).first() is not None:
        return True
    await _stop_refused(session, mine, now)
    return False


async def settle(  # noqa: PLR0913  # because each is another thing
    session: AsyncSession,
    number: int,
    state: Ended,
    now: datetime,
    *,
    reason: str = "",
    parts_sent: int = 0,
) -> None:
    """Write what became of a notice that this process had claimed."""
    values = {"state": state, "reason": reason[:_REASON], "at": now, "parts_sent": parts_sent}
    await session.execute(_claimed(number).values(**values))


async def put_back(
    session: AsyncSession, notice: Notice, until: datetime, *, reason: str, parts_sent: int
) -> None:
    """Leave a notice of which nothing more was taken for later, and with it its chat's others.

    One that comes after it would else be read before it.
    """
    values = {"state": "pending", "reason": reason[:_REASON], "parts_sent": parts_sent}
    await session.execute(_claimed(notice.id).values(**values))
    later = and_(*_pending(notice.channel), Notice.key == notice.key, Notice.due_at < until)
    await session.execute(update(Notice).where(later).values(due_at=until))


async def give_up_stale(session: AsyncSession, now: datetime) -> None:
    """Note that nobody knows what became of notices that a dead process had claimed."""
    stale = and_(Notice.state == "sending", Notice.at < now - _STALE)
    # Asked every second, nearly always for nothing: SQLite's one writer is left to others then.
    if await session.scalar(select(exists().where(stale))):
        given_up = {"state": "uncertain", "reason": "stopped midway", "at": now}
        await session.execute(update(Notice).where(stale).values(**given_up))


async def take_for_page(
    session: AsyncSession, chats: Sequence[Chat], now: datetime
) -> Sequence[Notice]:
    """Take what waits for conversations on the page, told from the commit on; return it."""
    mine = and_(_of(chats), Notice.state == "pending")
    taken = update(Notice).where(mine, _is_agreed()).values(state="sent", at=now)
    numbers = list(await session.scalars(taken.returning(Notice.id)))
    await _stop_refused(session, mine, now)
    found = select(Notice).where(Notice.id.in_(numbers)).order_by(Notice.id)
    return (await session.scalars(found)).all()


async def told(session: AsyncSession, chats: Sequence[Chat]) -> Sequence[Notice]:
    """Return what conversations were told so of late, in its order."""
    theirs = select(Notice).where(_of(chats), Notice.state == "sent")
    latest = await session.scalars(theirs.order_by(Notice.id.desc()).limit(_AT_ONCE))
    return latest.all()[::-1]


async def is_waiting(session: AsyncSession, chats: Sequence[Chat]) -> bool:
    """Say whether something waits to be told to conversations: a look, for which none waits."""
    waiting = exists().where(_of(chats), Notice.state == "pending")
    return bool(await session.scalar(select(waiting)))


async def stop(session: AsyncSession, cause: str, now: datetime, reason: str) -> None:
    """Stop what waits for a cause that is none any more; who was told so far was told."""
    waiting = update(Notice).where(Notice.cause == cause, Notice.state == "pending")
    await session.execute(waiting.values(state="stopped", reason=reason, at=now))


async def withdraw(session: AsyncSession, chat: Chat, cause: str) -> None:
    """Let go of what waits for a chat whose cause begins so: it may be queued anew."""
    waiting = Notice.state == "pending", Notice.cause.startswith(cause, autoescape=True)
    await session.execute(delete(Notice).where(_of([chat]), *waiting))


async def drop_old(session: AsyncSession, limit: datetime) -> None:
    """Let go of notices and agreements that are older than talks are kept."""
    await session.execute(delete(Notice).where(Notice.created_at < limit))
    await session.execute(delete(NoticeConsent).where(NoticeConsent.at < limit))


async def agree(  # noqa: PLR0913  # because each is another thing
    session: AsyncSession, chat: Chat, purpose: str, now: datetime, *, given: bool, wording: str
) -> None:
    """Note a chat's own yes or no to notices of a purpose, with the words that it answers."""
    channel, key = chat
    answer = {"given": given, "at": now, "wording": wording}
    row = insert(session, NoticeConsent).values(channel=channel, key=key, purpose=purpose, **answer)
    where = ["channel", "key", "purpose"]
    await session.execute(row.on_conflict_do_update(index_elements=where, set_=answer))


async def agrees(session: AsyncSession, chat: Chat, purpose: str) -> bool:
    """Say whether a chat agrees to notices of a purpose."""
    found = await session.get(NoticeConsent, (*chat, purpose))
    return found is not None and found.given


async def _stop_refused(session: AsyncSession, mine: ColumnElement[bool], now: datetime) -> None:
    refused = update(Notice).where(mine, ~_is_agreed())
    await session.execute(refused.values(state="stopped", reason="withdrawn", at=now))


def _is_agreed() -> ColumnElement[bool]:
    given = exists().where(
        NoticeConsent.channel == Notice.channel,
        NoticeConsent.key == Notice.key,
        NoticeConsent.purpose == Notice.purpose,
        NoticeConsent.given,
    )
    return or_(Notice.purpose.is_(None), given)


def _claimed(number: int) -> Update:
    return update(Notice).where(Notice.id == number, Notice.state == "sending")


def _pending(channel: str) -> tuple[ColumnElement[bool], ...]:
    return Notice.state == "pending", Notice.channel == channel


def _of(chats: Sequence[Chat]) -> ColumnElement[bool]:
    return or_(*(and_(Notice.channel == channel, Notice.key == key) for channel, key in chats))
