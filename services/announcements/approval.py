"""An approval: another person's yes to exactly this text, this audience and these attachments."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.announcement import FIELDS, GOING
from services.announcements.letter import Letter
from services.errors import AnnouncementError
from services.staff import account
from services.storage.models import Announcement, Approval, Delivery

MOVED = 20
"""The number of recipients may move by one in so many after the approval: 5 %."""
_OF_THE_FIRST_RELEASE = frozenset(
    ("title", "topic", "body", "audience", "valid_until", "source", "attachments")
)
"""Fields that are in every hash. A later one is in it where it says something: what was approved
before that field came is still approved."""
_SAME = ("title", "body", "audience", "attachments")
"""Fields by which one announcement is told to be another once more."""
_TOLD = ("approved", *GOING, "paused", "done")
_REACHED = exists().where(
    Delivery.announcement_id == Announcement.id,
    or_(Delivery.state.in_(("sending", "sent", "uncertain")), Delivery.parts_sent > 0),
)
"""Somebody got it, or may have, before it was given up."""


def fingerprint(announcement: Announcement) -> str:
    """Return the hash of everything that is approved."""
    fields = {name: getattr(announcement, name) for name in FIELDS}
    approved = {
        name: value if isinstance(value, str | dict | list) else str(value or "")
        for name, value in fields.items()
        if value or name in _OF_THE_FIRST_RELEASE
    }
    text = json.dumps(approved, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def as_shown(announcement: Announcement, letters: Iterable[Letter]) -> str:
    """Return the hash of what an approver is shown: what is approved, in the frame of the content.

    The frame may change after the yes, which names its edition; until then it is part of it.
    """
    framed = [
        (letter.wording, [button.label for button in letter.buttons], sorted(letter.values.items()))
        for letter in letters
    ]
    text = json.dumps([fingerprint(announcement), framed], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def require_another(announcement: Announcement, by: str) -> None:
    """Refuse an approval by the author, whatever roles they have.

    Raises:
        AnnouncementError: it is the author.

    """
    if account.same_name(by, announcement.author):
        raise AnnouncementError("approval_own", name=by)


def require_seen(announcement: Announcement, shown: str, seen: str) -> None:
    """Refuse what is not as the approver was shown it.

    Raises:
        AnnouncementError: the hash of what is shown now does not begin like that of what was.

    """
    if not shown.startswith(seen):
        raise AnnouncementError("approval_unseen", number=announcement.id)


async def require_no_twin(session: AsyncSession, announcement: Announcement) -> None:
    """Refuse what says the same to the same people as one that is approved, or reached somebody.

    Raises:
        AnnouncementError: there is one; the error names it.

    """
    query = select(Announcement).where(
        Announcement.title == announcement.title,
        Announcement.body == announcement.body,
        or_(Announcement.state.in_(_TOLD), _REACHED),
        Announcement.id != announcement.id,
    )
    for other in await session.scalars(query.order_by(Announcement.id.desc())):
        if all(getattr(other, name) == getattr(announcement, name) for name in _SAME):
            raise AnnouncementError(
                "approval_twin", number=announcement.id, twin=other.id, title=other.title
            )


def approve(
    session: AsyncSession, announcement: Announcement, by: str, count: int, now: datetime
) -> Approval:
    """Note that someone approves what stands there now."""
    given = Approval(
        announcement_id=announcement.id,
        hash=fingerprint(announcement),
        by=by,
        at=now,
        count=count,
    )
    session.add(given)
    return given


async def every(session: AsyncSession, announcement: Announcement) -> list[Approval]:
    """Return all approvals, the oldest first, whatever text they were of."""
    query = select(Approval).where(Approval.announcement_id == announcement.id)
    return list(await session.scalars(query.order_by(Approval.id)))


async def last(session: AsyncSession, announcement: Announcement) -> Approval | None:
    """Return the last approval, of whatever text."""
    query = select(Approval).where(Approval.announcement_id == announcement.id)
    return await session.scalar(query.order_by(Approval.id.desc()).limit(1))


async def require(session: AsyncSession, announcement: Announcement, count: int) -> Approval:
    """Return the approval of exactly this announcement for about so many people.

    Raises:
        AnnouncementError: there is none, it was for another text, or the number moved too far.

    """
    given = await last(session, announcement)
    if given is None:
        raise AnnouncementError("approval_missing", number=announcement.id)
    if given.hash != fingerprint(announcement):
        raise AnnouncementError("approval_outdated", number=announcement.id)
    if abs(count - given.count) * MOVED > given.count:
        raise AnnouncementError("approval_count_moved", before=given.count, now=count)
    return given


async def editions(session: AsyncSession) -> frozenset[str]:
    """Return the editions in whose frame something that may still be sent was approved."""
    query = select(Announcement.edition).where(
        Announcement.edition != "", Announcement.finished_at.is_(None)
    )
    return frozenset(await session.scalars(query.distinct()))


async def holds(session: AsyncSession, announcement: Announcement, count: int) -> bool:
    """Say whether an approval of exactly this, for about so many people, stands."""
    try:
        await require(session, announcement, count)
    except AnnouncementError:
        return False
    return announcement.state == "approved"
