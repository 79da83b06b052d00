"""An approval: another person's yes to exactly this text, this audience and these attachments."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import AnnouncementError
from services.storage.models import Announcement, Approval

MOVED = 20
"""The number of recipients may move by one in so many after the approval: 5 %."""


def fingerprint(announcement: Announcement) -> str:
    """Return the hash of everything that is approved."""
    approved = {
        "title": announcement.title,
        "topic": announcement.topic,
        "body": announcement.body,
        "audience": announcement.audience,
        "valid_until": str(announcement.valid_until or ""),
        "source": announcement.source,
        "attachments": announcement.attachments,
    }
    text = json.dumps(approved, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def require_another(announcement: Announcement, by: str) -> None:
    """Refuse an approval by the author, whatever roles they have.

    Raises:
        AnnouncementError: it is the author.

    """
    if by == announcement.author:
        msg = (
            f"“{by}” là người soạn thông báo này nên không tự duyệt được; "
            "nhờ một người khác có quyền duyệt."
        )
        raise AnnouncementError(msg)


def require_seen(announcement: Announcement, seen: str) -> None:
    """Refuse what is not as the approver was shown it.

    Raises:
        AnnouncementError: its hash does not begin like the one that was shown.

    """
    if not fingerprint(announcement).startswith(seen):
        msg = (
            f"Thông báo {announcement.id} không còn như bản đã xem; "
            "xem lại bằng “htx announce preview” rồi mới duyệt."
        )
        raise AnnouncementError(msg)


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
        msg = f"Thông báo {announcement.id} chưa được duyệt; nhờ người khác người soạn duyệt trước."
        raise AnnouncementError(msg)
    if given.hash != fingerprint(announcement):
        msg = f"Thông báo {announcement.id} đã đổi sau khi duyệt nên phải duyệt lại."
        raise AnnouncementError(msg)
    if abs(count - given.count) * MOVED > given.count:
        msg = (
            f"Lúc duyệt có {given.count} người nhận, bây giờ {count}: lệch quá 5 % "
            "nên phải duyệt lại."
        )
        raise AnnouncementError(msg)
    return given


async def editions(session: AsyncSession) -> frozenset[str]:
    """Return the editions in whose frame something that may still be sent was approved."""
    query = select(Announcement.edition).where(
        Announcement.edition != "", Announcement.finished_at.is_(None)
    )
    return frozenset(await session.scalars(query.distinct()))
