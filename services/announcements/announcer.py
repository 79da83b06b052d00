"""The announcer: does with announcements what staff ask, step by step, and notes who asked.

Each step checks before it changes anything; what it refuses leaves the draft as it is. The
caller commits.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval, deliveries
from services.announcements.attachment import keep
from services.announcements.audience import Audience, Count, count
from services.announcements.carrier import Forms
from services.announcements.draft import Draft
from services.announcements.letter import Reader, Writer
from services.conversation.dialogue import day_of
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.staff import account, audit
from services.storage.models import Announcement

_BEFORE = ("draft", "approved")
"""States in which the text may still change."""


@dataclass(frozen=True)
class Announcer:
    """Drafts, checks, approves and sends on its way."""

    library: Library
    forms: Forms
    folder: Path
    """Where attachments are kept."""
    now: Callable[[], datetime]

    async def draft(self, session: AsyncSession, draft: Draft, by: str) -> Announcement:
        """Keep a new draft. Whether it can be sent, `faults` says.

        Raises:
            AnnouncementError: an attachment can't be used.

        """
        made = Announcement(**self._fields(draft), author=by, created_at=self.now())
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
            AnnouncementError: there is no such draft, or it is sent already.

        """
        kept = await self.find(session, number)
        self._require(kept, _BEFORE, "sửa")
        for name, value in self._fields(draft).items():
            setattr(kept, name, value)
        kept.author, kept.state = by, "draft"
        self._note(session, by, "redraft", kept, hash=approval.fingerprint(kept))
        return kept

    async def find(self, session: AsyncSession, number: int) -> Announcement:
        """Return an announcement.

        Raises:
            AnnouncementError: there is none of that number.

        """
        found = await session.get(Announcement, number, populate_existing=True)
        if found is None:
            msg = f"Không có thông báo số {number}; xem danh sách bằng “htx announce list”."
            raise AnnouncementError(msg)
        return found

    async def count(self, session: AsyncSession, announcement: Announcement) -> Count:
        """Count whom it would reach now."""
        audience = Audience.model_validate(announcement.audience)
        return await count(session, audience, announcement.topic, self.forms, self.now())

    def writer(self, announcement: Announcement) -> Writer:
        """Return what writes the letters of an announcement.

        Raises:
            AnnouncementError: its text is no template of ours.

        """
        labels = {name: topic.label for name, topic in self.library.topics.items()}
        return Writer(announcement, self.library.phrases, labels)

    def faults(self, announcement: Announcement) -> list[str]:
        """Say in a sentence each why it can't be sent as it is."""
        try:
            letter = self.writer(announcement).letter(Reader())
        except AnnouncementError as error:
            return [str(error)]
        said = [fault for form in self.forms.values() for fault in form.faults(letter)]
        until = announcement.valid_until
        if until and until < day_of(self.now()):
            said.append(f"Hạn {until:%d/%m/%Y} đã qua; sửa valid_until rồi soạn lại.")
        if any(not attachment.path(self.folder).exists() for attachment in letter.attachments):
            said.append("Mất tệp đính kèm đã giữ; soạn lại thông báo cùng tệp đó.")
        return said

    async def approve(self, session: AsyncSession, number: int, by: str) -> Announcement:
        """Note another person's yes to exactly what stands there now.

        Raises:
            AnnouncementError: it is the author's own, can't be sent, reaches nobody, or changed.
            StaffError: the account is unknown, disabled, or may not approve.

        """
        announcement = await self.find(session, number)
        approval.require_another(announcement, by)
        await account.require(session, by, account.APPROVERS)
        self._require(announcement, _BEFORE, "duyệt")
        self._require_same_file(announcement)
        people = await self._require_sendable(session, announcement)
        given = approval.approve(session, announcement, by, people, self.now())
        announcement.state = "approved"
        self._note(session, by, "approve", announcement, hash=given.hash, count=people)
        return announcement

    async def send(
        self, session: AsyncSession, number: int, by: str, at: datetime | None = None
    ) -> Announcement:
        """Queue an approved announcement, for now or for a moment to come.

        Raises:
            AnnouncementError: it is not approved as it stands, reaches others than were approved,
                or the moment is past or after the announcement's last day.

        """
        announcement = await self.find(session, number)
        self._require(announcement, ("approved", "draft"), "gửi")
        self._require_same_file(announcement)
        people = await self._require_sendable(session, announcement)
        await approval.require(session, announcement, people)
        self._require_moment(announcement, at)
        announcement.state, announcement.reason = "queued", ""
        announcement.queued_at, announcement.starts_at = self.now(), at
        if at is None:
            people = await deliveries.fill(session, announcement, self.forms, self.now())
        self._note(session, by, "send", announcement, count=people, at=str(at or ""))
        return announcement

    async def begin(self, session: AsyncSession, announcement: Announcement) -> None:
        """Begin to send what is due; those who joined since it was queued are told too.

        Raises:
            AnnouncementError: the approval no longer holds.

        """
        if announcement.starts_at:
            people = await self._require_sendable(session, announcement)
            await approval.require(session, announcement, people)
            await deliveries.fill(session, announcement, self.forms, self.now())
            announcement.starts_at = None
            await session.flush()
        await self.move(session, announcement, ("queued",), "sending")

    async def pause(self, session: AsyncSession, number: int, by: str, reason: str = "") -> None:
        """Stop sending until it is resumed; what is under way ends by itself."""
        announcement = await self.find(session, number)
        await self._step(session, announcement, ("queued", "sending"), "paused", "tạm dừng")
        announcement.reason = reason
        self._note(session, by, "pause", announcement)

    async def resume(self, session: AsyncSession, number: int, by: str) -> None:
        """Go on with what was paused."""
        announcement = await self.find(session, number)
        await self._step(session, announcement, ("paused",), "queued", "gửi tiếp")
        announcement.reason = ""
        self._note(session, by, "resume", announcement)

    async def cancel(self, session: AsyncSession, number: int, by: str) -> None:
        """Give up for good all that was not sent yet."""
        announcement = await self.find(session, number)
        movable = ("draft", "approved", "queued", "sending", "paused", "failed")
        await self._step(session, announcement, movable, "cancelled", "hủy")
        announcement.finished_at = self.now()
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

    async def _step(
        self,
        session: AsyncSession,
        announcement: Announcement,
        states: tuple[str, ...],
        to: str,
        verb: str,
    ) -> None:
        if not await self.move(session, announcement, states, to):
            self._require(announcement, states, verb)

    def _fields(self, draft: Draft) -> Mapping[str, Any]:
        """Return the columns that a draft fills; its attachments are kept."""
        beside = draft.path.parent
        files = [keep(beside / name, self.folder) for name in draft.head.attachments]
        return {
            "title": draft.head.title,
            "topic": draft.head.topic,
            "body": draft.body,
            "audience": draft.head.audience.model_dump(mode="json", exclude_defaults=True),
            "valid_until": draft.head.valid_until,
            "source": draft.head.source,
            "attachments": [file.as_row() for file in files],
            "file": str(draft.path),
            "file_hash": draft.sha256,
        }

    @staticmethod
    def _require(announcement: Announcement, states: tuple[str, ...], verb: str) -> None:
        if announcement.state not in states:
            now = STATES.get(announcement.state, announcement.state)
            msg = f"Thông báo {announcement.id} {now} nên không {verb} được nữa."
            raise AnnouncementError(msg)

    @staticmethod
    def _require_same_file(announcement: Announcement) -> None:
        """Refuse when the author's file says something else by now: who reads it is misled."""
        path = Path(announcement.file)
        if not announcement.file or not path.is_file():
            return
        if hashlib.sha256(path.read_bytes()).hexdigest() != announcement.file_hash:
            msg = (
                f"Tệp {path.name} đã đổi sau khi soạn thông báo {announcement.id}; soạn lại bằng "
                f"“htx announce draft --file {path.name} --id {announcement.id}” rồi duyệt lại."
            )
            raise AnnouncementError(msg)

    def _require_moment(self, announcement: Announcement, at: datetime | None) -> None:
        if at is None:
            return
        if at <= self.now():
            msg = "Giờ hẹn gửi đã qua; chọn một giờ sắp tới."
            raise AnnouncementError(msg)
        if announcement.valid_until and day_of(at) > announcement.valid_until:
            msg = "Giờ hẹn gửi sau hạn của thông báo; chọn giờ sớm hơn hoặc sửa valid_until."
            raise AnnouncementError(msg)

    async def _require_sendable(self, session: AsyncSession, announcement: Announcement) -> int:
        """Return how many it reaches."""
        faults = self.faults(announcement)
        if faults:
            raise AnnouncementError(faults[0])
        people = await self.count(session, announcement)
        if not people.total:
            msg = (
                f"Không ai nhận được thông báo {announcement.id}: xem lại audience bằng "
                f"“htx announce rehearse {announcement.id}”."
            )
            raise AnnouncementError(msg)
        return people.total

    def _note(
        self, session: AsyncSession, by: str, did: str, announcement: Announcement, **numbers: Any
    ) -> None:
        about = f"announcement {announcement.id}"
        audit.note(session, self.now(), by, f"announce.{did}", about, **numbers)


STATES = {
    "draft": "còn là bản nháp",
    "approved": "đã duyệt",
    "queued": "đang chờ gửi",
    "sending": "đang gửi",
    "paused": "đang tạm dừng",
    "done": "đã gửi xong",
    "cancelled": "đã hủy",
    "failed": "đã dừng vì lỗi",
}
"""States, in words."""
