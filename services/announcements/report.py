"""A report: who got an announcement, who did not and why, in numbers; `describe` tells it.

Who follows one is told how far it is, in one message of a chat. An announcement's `progress` is
that chat and the message there: the message is empty until it was sent, both are left out while
nobody follows.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import deliveries
from services.clock import iso
from services.people.people_csv import guarded
from services.people.subscription import BUTTONS
from services.storage.models import Announcement, Delivery, Person, Press, Turn

ASKED_WITHIN = timedelta(days=3)
"""Questions of recipients so long after the sending ended count as following it."""
_COLUMNS = ("channel", "chat_id", "name", "state", "reason", "at")
_LISTED = 50
_UNREACHED = ("failed", "stopped", "uncertain", "cancelled")


@dataclass(frozen=True)
class Report:
    """How an announcement went, or goes."""

    id: int
    title: str
    state: str
    reason: str
    counted: dict[str, int]
    left_out: dict[str, int]
    """Who was meant and got no delivery, by reason."""
    reasons: dict[str, dict[str, int]]
    pressed: dict[str, int]
    questions: int
    uncertain: tuple[str, ...]
    """Who may or may not have got it: chat ids, the first fifty; an erased person has none."""
    starts_at: datetime | None
    """When a scheduled one is to begin, until it does."""
    queued_at: datetime | None
    finished_at: datetime | None

    @property
    def total(self) -> int:
        """Everybody it was for."""
        return sum(self.counted.values())

    @property
    def waiting(self) -> int:
        """Those whose turn is to come or has just begun."""
        return self.counted["pending"] + self.counted["sending"]

    def as_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        ended = {state: n for state, n in self.counted.items() if state not in deliveries.OPEN}
        return {
            "id": self.id,
            "title": self.title,
            "state": self.state,
            "reason": self.reason,
            "total": self.total,
            "pending": self.waiting,
            **ended,
            "left_out": self.left_out,
            "reasons": self.reasons,
            "pressed": self.pressed,
            "questions_after": self.questions,
            "uncertain_chats": list(self.uncertain),
            "starts_at": iso(self.starts_at),
            "queued_at": iso(self.queued_at),
            "finished_at": iso(self.finished_at),
        }


async def gather(session: AsyncSession, announcement: Announcement) -> Report:
    """Gather the report of an announcement."""
    return Report(
        id=announcement.id,
        title=announcement.title,
        state=announcement.state,
        reason=announcement.reason,
        counted=await deliveries.tally(session, announcement.id),
        left_out=announcement.left_out,
        reasons=await deliveries.reasons(session, announcement.id),
        pressed=await _pressed(session, announcement.id),
        questions=await _questions(session, announcement),
        uncertain=await _uncertain(session, announcement.id),
        starts_at=announcement.starts_at,
        queued_at=announcement.queued_at,
        finished_at=announcement.finished_at,
    )


class Unreached(NamedTuple):
    """One whom an announcement did not reach; of an erased person, nothing that names them."""

    channel: str | None
    chat: str | None
    name: str | None
    state: str
    reason: str
    at: datetime | None


async def unreached(session: AsyncSession, number: int, *, skip: int, most: int) -> list[Unreached]:
    """Return some of those whom an announcement did not reach, in the order of its deliveries."""
    missed = _recipients(number).where(Delivery.state.in_(_UNREACHED)).offset(skip).limit(most)
    return [Unreached(*row) for row in await session.execute(missed)]


async def as_csv(session: AsyncSession, number: int, why: Callable[[str], str]) -> tuple[str, int]:
    """Return a line per recipient, and how many lines there are.

    `why` tells a reason in words. Of an erased one, nothing that names them.
    """
    written, listed = io.StringIO(), 0
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for *who, state, reason, at in await session.execute(_recipients(number)):
        cells = [*who, state, why(reason), iso(at)]
        writer.writerow(guarded(cell or "") for cell in cells)
        listed += 1
    return written.getvalue(), listed


def _recipients(number: int) -> Select[*tuple[Any, ...]]:
    """Return a row per delivery of an announcement; an erased person has neither chat nor name."""
    return (
        select(
            Person.channel,
            Person.chat,
            Person.name,
            Delivery.state,
            Delivery.reason,
            Delivery.at,
        )
        .select_from(Delivery)
        .outerjoin(Person, Person.id == Delivery.person_id)
        .where(Delivery.announcement_id == number)
        .order_by(Delivery.id)
    )


async def _pressed(session: AsyncSession, number: int) -> dict[str, int]:
    query = (
        select(Press.button, func.count())
        .where(Press.announcement_id == number)
        .group_by(Press.button)
    )
    found = {row[0]: row[1] for row in await session.execute(query)}
    return {button: found[button] for button in BUTTONS if button in found}


async def _questions(session: AsyncSession, announcement: Announcement) -> int:
    """Count what recipients asked after their delivery, until a while after the sending ended."""
    after = [Turn.channel == Person.channel, Turn.key == Person.chat, Turn.at >= Delivery.at]
    if announcement.finished_at:
        after.append(Turn.at <= announcement.finished_at + ASKED_WITHIN)
    query = (
        select(func.count())
        .select_from(Delivery)
        .join(Person, Person.id == Delivery.person_id)
        .join(Turn, and_(*after))
        .where(
            Delivery.announcement_id == announcement.id,
            Delivery.state == "sent",
            Turn.text != "",
        )
    )
    return await session.scalar(query) or 0


async def _uncertain(session: AsyncSession, number: int) -> tuple[str, ...]:
    query = (
        select(Person.chat)
        .join(Delivery, Delivery.person_id == Person.id)
        .where(Delivery.announcement_id == number, Delivery.state == "uncertain")
        .order_by(Delivery.id)
        .limit(_LISTED)
    )
    return tuple(await session.scalars(query))


def follow(announcement: Announcement, chat: str) -> None:
    """Have the progress told in this chat from now on, in a new message."""
    announcement.progress = [chat, ""]


def is_free(announcement: Announcement, chat: str) -> bool:
    """Say whether nobody else follows it."""
    return not announcement.progress or announcement.progress[0] == chat


async def followed(session: AsyncSession) -> list[int]:
    """Return the numbers of all that somebody follows."""
    wanted = func.json_array_length(Announcement.progress) > 0
    return list(await session.scalars(select(Announcement.id).where(wanted)))


async def move_progress(
    session: AsyncSession, number: int, before: list[str], after: list[str]
) -> None:
    """Note where the message is, unless it is wanted elsewhere by now."""
    announcement = await session.get_one(Announcement, number)
    if announcement.progress == before:
        announcement.progress = after
