"""The announcer: does with announcements what staff ask, step by step, and notes who asked.

Each step checks before it changes anything; what it refuses leaves the draft as it is. The
caller commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval, deliveries, state
from services.announcements.attachment import keep_all
from services.announcements.audience import Count
from services.announcements.draft import Draft
from services.announcements.inspector import Inspector
from services.announcements.naming import Naming
from services.errors import AnnouncementError
from services.people.person import Identity
from services.staff import account, audit
from services.staff.account import plain_name
from services.storage.models import Announcement


@dataclass(frozen=True)
class Announcer(Inspector):
    """Drafts, approves and sends on its way, beside looking at it all."""

    identity: Identity
    """What turns single chats into hashes."""

    async def draft(self, session: AsyncSession, draft: Draft, by: str) -> Announcement:
        """Keep a new draft. Whether it can be sent, `inspect` says.

        Raises:
            AnnouncementError: its topic can't be used.

        """
        made = Announcement(**self._fields(draft), author=plain_name(by), created_at=self.now())
        session.add(made)
        await session.flush()
        self._note(session, by, "draft", made, hash=approval.fingerprint(made))
        return made

    async def redraft(
        self, session: AsyncSession, number: int, draft: Draft, by: str
    ) -> Announcement:
        """Put another text in a draft's place; an approval of the old one no longer counts.

        Whoever writes it is its author from now on.

        Raises:
            AnnouncementError: there is no such draft, its topic can't be used, or it is sent.

        """
        kept = await self._held(session, number)
        state.require(kept, state.BEFORE, "sửa")
        for name, value in self._fields(draft).items():
            setattr(kept, name, value)
        kept.author, kept.state, kept.reason, kept.starts_at = (
            plain_name(by),
            "draft",
            "",
            None,
        )
        self._note(session, by, "redraft", kept, hash=approval.fingerprint(kept))
        return kept

    async def approve(
        self, session: AsyncSession, number: int, by: str, seen: str = ""
    ) -> Announcement:
        """Note another person's yes to exactly what stands there now.

        `seen` is the hash of what that person was shown, or its beginning.

        Raises:
            AnnouncementError: it is the author's own, can't be sent, reaches nobody, or changed.
            StaffError: the account is unknown, disabled, or may not approve.

        """
        announcement = await self._held(session, number)
        approval.require_another(announcement, plain_name(by))
        approver = await account.require(session, by, account.APPROVERS)
        state.require(announcement, state.BEFORE, "duyệt")
        approval.require_seen(announcement, seen)
        await self.require_same_file(session, announcement)
        people = await self.require_sendable(session, announcement)
        given = approval.approve(session, announcement, approver.name, people.total, self.now())
        announcement.state = "approved"
        announcement.edition = self.library.edition
        self._note(session, by, "approve", announcement, hash=given.hash, count=people.total)
        return announcement

    async def send(
        self, session: AsyncSession, number: int, by: str, at: datetime | None = None
    ) -> Announcement:
        """Queue an approved announcement, for now or for a moment to come.

        Raises:
            AnnouncementError: it is not approved as it stands, reaches others than were approved,
                or the moment is past or after the announcement's last day.

        """
        announcement = await self._held(session, number)
        state.require(announcement, state.BEFORE, "gửi")
        await self.require_same_file(session, announcement)
        people = await self.require_sendable(session, announcement)
        await approval.require(session, announcement, people.total)
        self.require_moment(announcement, at)
        announcement.state, announcement.reason = "queued", ""
        announcement.queued_at, announcement.starts_at = self.now(), at
        if at is None:
            await self._fill(session, announcement, people)
        self._note(session, by, "send", announcement, count=people.total, at=str(at or ""))
        return announcement

    async def begin(self, session: AsyncSession, announcement: Announcement) -> None:
        """Begin to send what is due; who joined since a scheduled one was queued is told too.

        What can no longer be begun, for its last day is past, is paused.

        Raises:
            AnnouncementError: the approval no longer holds, or the last day is past.

        """
        announcement = await self._held(session, announcement.id)
        if announcement.state != "queued":
            return
        if announcement.starts_at:
            people = await self.require_sendable(session, announcement)
            await approval.require(session, announcement, people.total)
            await self._fill(session, announcement, people)
            announcement.starts_at = None
            self._note(session, audit.SYSTEM, "begin", announcement, count=people.total)
        elif self.has_lapsed(announcement):
            announcement.state = "paused"
            raise AnnouncementError(_lapsed(announcement))
        announcement.state = "sending"

    async def pause(self, session: AsyncSession, number: int, by: str, reason: str = "") -> None:
        """Stop sending until it is resumed; what is under way ends by itself.

        Raises:
            AnnouncementError: it is not on its way.

        """
        announcement = await self._held(session, number)
        state.require(announcement, state.GOING, "tạm dừng")
        announcement.state, announcement.reason = "paused", reason
        self._note(session, by, "pause", announcement)

    async def resume(self, session: AsyncSession, number: int, by: str) -> None:
        """Go on with what was paused.

        Raises:
            AnnouncementError: it is not paused, or its last day is past.

        """
        announcement = await self._held(session, number)
        state.require(announcement, ("paused",), "gửi tiếp")
        if self.has_lapsed(announcement):
            raise AnnouncementError(_lapsed(announcement))
        announcement.state, announcement.reason = "queued", ""
        self._note(session, by, "resume", announcement)

    async def cancel(self, session: AsyncSession, number: int, by: str) -> None:
        """Give up for good all that was not sent yet.

        Raises:
            AnnouncementError: it has ended already.

        """
        announcement = await self._held(session, number)
        state.require(announcement, state.UNENDED, "hủy")
        announcement.state, announcement.finished_at = "cancelled", self.now()
        await deliveries.cancel(session, number)
        self._note(session, by, "cancel", announcement)

    @staticmethod
    async def move(
        session: AsyncSession, announcement: Announcement, states: tuple[str, ...], to: str
    ) -> bool:
        """Change the state, unless somebody else has changed it meanwhile; say whether it did."""
        mine = (Announcement.id == announcement.id, Announcement.state.in_(states))
        query = update(Announcement).where(*mine).values(state=to).returning(Announcement.id)
        moved = (await session.execute(query)).first() is not None
        await session.refresh(announcement)
        return moved

    async def _held(self, session: AsyncSession, number: int) -> Announcement:
        """Return an announcement that nobody else changes until the caller's transaction ends."""
        mine = update(Announcement).where(Announcement.id == number)
        await session.execute(mine.values(state=Announcement.state))
        return await self.find(session, number)

    async def _fill(self, session: AsyncSession, announcement: Announcement, people: Count) -> None:
        """Make the deliveries; note how many of those meant get none."""
        await deliveries.fill(session, announcement, self.forms, self.now())
        announcement.left_out = people.left_out

    def _fields(self, draft: Draft) -> Mapping[str, Any]:
        """Return the columns that a draft fills; its attachments are kept."""
        head, path = draft.head, draft.path
        naming = Naming.of(self.library, self.identity)
        near = path.parent if path else self.folder
        return {
            "title": head.title,
            "topic": naming.topic(head.topic),
            "body": draft.body,
            "audience": head.audience.settled(naming).model_dump(
                mode="json", exclude_defaults=True
            ),
            "valid_until": head.valid_until,
            "source": naming.source(head.source),
            "attachments": [
                file.as_row()
                for file in (*draft.kept, *keep_all(head.attachments, near, self.folder))
            ],
            "file": str(path or ""),
            "file_hash": draft.sha256,
        }

    def _note(
        self, session: AsyncSession, by: str, did: str, announcement: Announcement, **numbers: Any
    ) -> None:
        about = f"announcement {announcement.id}"
        audit.note(session, self.now(), plain_name(by), f"announce.{did}", about, **numbers)


def _lapsed(announcement: Announcement) -> str:
    return (
        f"Hạn {announcement.valid_until:%d/%m/%Y} đã qua nên không gửi nữa; hủy phần chưa gửi bằng "
        f"“htx announce cancel {announcement.id}”."
    )
