"""An approval: another person's yes to exactly this text, this audience and these attachments.

It falls with the right of whoever gave it, with a later refusal, and after a week.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.announcement import BEFORE, FIELDS, GOING, UNDER_WAY
from services.announcements.audience import Audience
from services.announcements.letter import Letter
from services.clock import write_moment
from services.errors import AnnouncementError
from services.people.person import struck_out
from services.staff import account, audit
from services.storage.models import Announcement, Approval, Delivery

MOVED = 20
"""The number of recipients may move by one in so many after the approval: 5 %."""
LASTS = timedelta(days=7)
"""How long after it something may be sent: what was right then need not be so in half a year."""
_OF_THE_FIRST_RELEASE = frozenset(
    ("title", "topic", "body", "audience", "valid_until", "source", "attachments")
)
"""Fields that are in every hash. A later one is in it where it says something: what was approved
before that field came is still approved."""
_SAME = ("title", "body", "audience", "attachments")
"""Fields by which one announcement is told to be another once more."""
_ID = Announcement.id
_TOLD = ("approved", *GOING, "paused", "done")
_REACHED = exists().where(
    Delivery.announcement_id == Announcement.id,
    or_(Delivery.state.in_(("sending", "sent", "uncertain")), Delivery.parts_sent > 0),
)
"""Somebody got it, or may have, before it was given up."""


def fingerprint(announcement: Announcement) -> str:
    """Return the hash of everything that is approved; one who was erased since changes nothing."""
    fields = {name: getattr(announcement, name) for name in FIELDS}
    audience = Audience.stored(announcement.audience)
    fields["audience"] = struck_out(announcement.audience, {*audience.who, *audience.exclude.who})
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
    twin = await find_twin(session, announcement)
    if twin is not None:
        raise AnnouncementError(
            "approval_twin", number=announcement.id, twin=twin.id, title=twin.title
        )


async def find_twin(session: AsyncSession, announcement: Announcement) -> Announcement | None:
    """Return the last that says the same to the same people, and is approved or reached somebody.

    Also of one that is being written, and has no number yet.
    """
    query = select(Announcement).where(
        Announcement.title == announcement.title,
        Announcement.body == announcement.body,
        or_(Announcement.state.in_(_TOLD), _REACHED),
        Announcement.id != (announcement.id or 0),
    )
    for other in await session.scalars(query.order_by(Announcement.id.desc())):
        if all(getattr(other, name) == getattr(announcement, name) for name in _SAME):
            return other
    return None


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


async def require_standing(session: AsyncSession, announcement: Announcement) -> Approval:
    """Return the approval of exactly this announcement, by one who may still give it.

    Raises:
        AnnouncementError: there is none, it was for another text, its giver is the author by now
            or may approve no more, or somebody refused the announcement later.

    """
    given = await last(session, announcement)
    if given is None:
        raise AnnouncementError("approval_missing", number=announcement.id)
    if given.hash != fingerprint(announcement):
        raise AnnouncementError("approval_outdated", number=announcement.id)
    require_another(announcement, given.by)
    may = await account.may(session, given.by, account.APPROVERS)
    if given.taken_back_at or not may:
        raise AnnouncementError("approval_fallen", number=announcement.id, by=given.by)
    return given


async def require(
    session: AsyncSession, announcement: Announcement, count: int, now: datetime
) -> Approval:
    """Return the approval that stands, given not long before `now`, for about so many people.

    `now` is when the sending was ordered: what is scheduled for a later day waits on that order.

    Raises:
        AnnouncementError: none stands, it is too old, or the number moved too far.

    """
    given = await require_standing(session, announcement)
    if now - given.at > LASTS:
        raise AnnouncementError("approval_lapsed", number=announcement.id, days=LASTS.days)
    require_about(given.count, count, "approval_count_moved")
    return given


def require_about(before: int, now: int, code: str) -> None:
    """Refuse where the number of recipients moved too far from what a person was told.

    Raises:
        AnnouncementError: it did; with this code.

    """
    if abs(now - before) * MOVED > before:
        raise AnnouncementError(code, before=before, now=now)


async def editions(session: AsyncSession) -> frozenset[str]:
    """Return the editions in whose frame something that may still be sent was approved."""
    query = select(Announcement.edition).where(
        Announcement.edition != "", Announcement.finished_at.is_(None)
    )
    return frozenset(await session.scalars(query.distinct()))


async def holds(
    session: AsyncSession, announcement: Announcement, count: int, now: datetime
) -> bool:
    """Say whether it may be sent by an approval, to about so many people."""
    try:
        await require(session, announcement, count, now)
    except AnnouncementError:
        return False
    return announcement.state == "approved"


async def standing(
    session: AsyncSession, announcement: Announcement, now: datetime
) -> Approval | None:
    """Return the approval of exactly this, if one stands: no old one, while it is not ordered."""
    try:
        given = await require_standing(session, announcement)
    except AnnouncementError:
        return None
    is_old = announcement.state in BEFORE and now - given.at > LASTS
    return None if is_old else given


async def take_back(session: AsyncSession, announcement: Announcement, now: datetime) -> None:
    """Have no approval count that was given before, of whatever text: somebody said no."""
    mine = update(Approval).where(
        Approval.announcement_id == announcement.id, Approval.taken_back_at.is_(None)
    )
    await session.execute(mine.values(taken_back_at=now))


async def fallen(session: AsyncSession) -> list[int]:
    """Return the numbers of what was approved, is not over, and has no approval that counts."""
    is_held = (Announcement.state == "draft") & (Announcement.reason != "")
    mine = or_(Announcement.state.in_(("approved", *UNDER_WAY)), is_held)
    yes = exists().where(Approval.announcement_id == Announcement.id)
    found = list[int]()
    for one in await session.scalars(select(Announcement).where(mine, yes).order_by(_ID)):
        try:
            await require_standing(session, one)
        except AnnouncementError:
            found.append(one.id)
    return found


async def hold_renamed(session: AsyncSession, now: datetime) -> list[int]:
    """Ask anew about what waits by a yes to other names of the same people; return the numbers.

    A new key changes the hashes of an audience that names single chats. Else its approval would be
    found wanting when its hour has come. What has its deliveries goes on: they are made.
    """
    waits = (Announcement.state == "queued") & Announcement.starts_at.is_not(None)
    held = list[int]()
    for announcement in await _current(session, or_(Announcement.state == "approved", waits)):
        given, stands_now = await last(session, announcement), fingerprint(announcement)
        if given is None or given.hash == stands_now:
            continue
        number, at = announcement.id, announcement.starts_at
        hour = write_moment(at) if at else ""
        _hold(announcement, "draft", AnnouncementError("approval_renamed", number=number, at=hour))
        announcement.asked = stands_now
        audit.note(session, now, audit.SYSTEM, "announce.hold", f"announcement {number}")
        held.append(number)
    return held


async def hold_all_by(session: AsyncSession, name: str, now: datetime, by: str) -> list[int]:
    """Hold what is on its way by the approval of one who may give none now; return the numbers.

    What waits for its hour is a draft again; what somebody may have got already is paused, and
    goes on once another has approved it. What begins at this moment is waited for; what is queued
    at this moment is held when it is to begin.
    """
    held = list[int]()
    for announcement in await _current(session, Announcement.state.in_(GOING)):
        given = await last(session, announcement)
        if given is None or given.by != name:
            continue
        state = "draft" if announcement.starts_at else "paused"
        why = AnnouncementError("approval_fallen", number=announcement.id, by=name)
        _hold(announcement, state, why)
        audit.note(session, now, by, "announce.hold", f"announcement {announcement.id}")
        held.append(announcement.id)
    return held


async def _current(session: AsyncSession, which: ColumnElement[bool]) -> list[Announcement]:
    """Return announcements as they are now, and keep others from changing them."""
    query = select(Announcement).where(which).order_by(_ID).with_for_update()
    return list(await session.scalars(query.execution_options(populate_existing=True)))


def _hold(announcement: Announcement, state: str, why: AnnouncementError) -> None:
    announcement.state, announcement.starts_at = state, None
    announcement.reason = str(why)
