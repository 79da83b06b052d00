"""The inspector: says of an announcement whom it would reach and why it can't be sent as it is."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.audience import RECIPIENT, Audience, Count, count, standing
from services.announcements.carrier import Forms
from services.announcements.letter import Letter, Reader, Writer
from services.announcements.wording import blanks
from services.clock import day_of
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.people.places import places
from services.storage.models import Announcement, GroupMember, Person

_MARKED = re.compile(r"\*\*|__|`")
_LONGEST = 20
"""Names that are looked at to find the longest: a database counts letters otherwise."""


@dataclass(frozen=True)
class Inspection:
    """What is to be said of an announcement before it is sent."""

    people: Count
    faults: tuple[str, ...]
    """In a sentence each, why it can't be sent."""
    notices: tuple[str, ...]
    """In a sentence each, what may be meant otherwise."""


@dataclass(frozen=True)
class Inspector:
    """Looks at announcements and changes nothing."""

    library: Library
    forms: Forms
    folder: Path
    """Where attachments are kept."""
    now: Callable[[], datetime]

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

    def receiving(self, announcement: Announcement) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions that a person would receive it now."""
        audience = Audience.model_validate(announcement.audience)
        stands = standing(audience, announcement.topic, self.forms)
        return audience.meant(self.now()), stands == RECIPIENT

    def writer(self, announcement: Announcement) -> Writer:
        """Return what writes the letters of an announcement.

        Raises:
            AnnouncementError: its text is no template of ours.

        """
        labels = {name: topic.label for name, topic in self.library.topics.items()}
        return Writer(announcement, self.library.phrases, labels)

    def faults(self, announcement: Announcement) -> list[str]:
        """Say in a sentence each why it can't be sent, as far as its own words tell."""
        audience = Audience.model_validate(announcement.audience)
        told = [audience.fault] if audience.fault else []
        return [*told, *self._text_faults(announcement), *self._date_faults(announcement)]

    async def inspect(self, session: AsyncSession, announcement: Announcement) -> Inspection:
        """Say whom it would reach now, and all that is wrong with it."""
        people, audience = await self.count(session, announcement), announcement.audience
        faults = self.faults(announcement)
        faults += await self._group_faults(session, Audience.model_validate(audience))
        if not faults:
            faults += await self._long_faults(session, announcement)
        if not faults and not people.total:
            faults.append(nobody(announcement))
        return Inspection(people, tuple(faults), tuple(self._notices(announcement)))

    async def require_sendable(self, session: AsyncSession, announcement: Announcement) -> Count:
        """Return whom it reaches.

        Raises:
            AnnouncementError: something is wrong with it, or it reaches nobody.

        """
        found = await self.inspect(session, announcement)
        if found.faults:
            raise AnnouncementError(found.faults[0])
        return found.people

    async def require_same_file(self, session: AsyncSession, announcement: Announcement) -> None:
        """Refuse when the author's file says something else by now: who reads it is misled.

        Raises:
            AnnouncementError: it does, and not because the next announcement was drafted from it.

        """
        found = _hash(Path(announcement.file)) if announcement.file else None
        if found is None or found == announcement.file_hash:
            return
        drafted = select(Announcement.id).where(
            Announcement.file == announcement.file,
            Announcement.file_hash == found,
            Announcement.id > announcement.id,
        )
        if await session.scalar(drafted.limit(1)) is None:
            name = Path(announcement.file).name
            msg = (
                f"Tệp {name} đã đổi sau khi soạn thông báo {announcement.id}; soạn lại bằng "
                f"“htx announce draft --file {name} --id {announcement.id}” rồi duyệt lại."
            )
            raise AnnouncementError(msg)

    def require_moment(self, announcement: Announcement, at: datetime | None) -> None:
        """Refuse a moment for which it can't be queued.

        Raises:
            AnnouncementError: it is past, or after the announcement's last day.

        """
        if at is None:
            return
        if at <= self.now():
            msg = "Giờ hẹn gửi đã qua; chọn một giờ sắp tới."
            raise AnnouncementError(msg)
        if announcement.valid_until and day_of(at) > announcement.valid_until:
            msg = "Giờ hẹn gửi sau hạn của thông báo; chọn giờ sớm hơn hoặc sửa valid_until."
            raise AnnouncementError(msg)

    def has_lapsed(self, announcement: Announcement) -> bool:
        """Say whether its last day is past."""
        until = announcement.valid_until
        return until is not None and until < day_of(self.now())

    def _text_faults(self, said: Announcement) -> Iterator[str]:
        if not said.body:
            yield "Thông báo chưa có nội dung; viết dưới phần đầu tệp (sau dòng --- thứ hai)."
        for blank in blanks(f"{said.title}\n{said.source}\n{said.body}"):
            yield f"Còn chỗ trống {blank} chưa điền; điền vào hoặc xóa đi."
        try:
            writer = self.writer(said)
            letter = writer.letter(Reader())
        except AnnouncementError as error:
            yield str(error)
            return
        for name in ("source", "valid_until"):
            if name in writer.named and not getattr(said, name):
                yield f"Nội dung dùng {{{{ {name} }}}} nhưng phần đầu chưa ghi {name}; ghi thêm."
        yield from self._form_faults(letter)
        for file in letter.attachments:
            if file.fault or not file.path(self.folder).exists():
                yield file.fault or f"Mất tệp đính kèm {file.name}; soạn lại cùng tệp đó."

    def _date_faults(self, said: Announcement) -> Iterator[str]:
        if self.has_lapsed(said):
            yield f"Hạn {said.valid_until:%d/%m/%Y} đã qua; sửa valid_until rồi soạn lại."

    def _form_faults(self, letter: Letter) -> list[str]:
        return [fault for form in self.forms.values() for fault in form.faults(letter)]

    async def _group_faults(self, session: AsyncSession, audience: Audience) -> list[str]:
        """Tell of groups without anybody: a name written wrongly leaves nobody out."""
        named = audience.named_groups
        if not named:
            return []
        query = select(GroupMember.name).where(GroupMember.name.in_(named)).distinct()
        empty = sorted(named.difference(await session.scalars(query)))
        return [f"Nhóm “{name}” chưa có ai; xem lại tên nhóm trong audience." for name in empty]

    async def _long_faults(self, session: AsyncSession, said: Announcement) -> list[str]:
        """Tell what a channel would refuse once the longest of all names is filled in."""
        writer = self.writer(said)
        if writer.named.isdisjoint(("name", "place", "role")):
            return []
        query = select(Person.name).where(*self.receiving(said))
        longest = query.order_by(func.length(Person.name).desc()).limit(_LONGEST)
        name = max(await session.scalars(longest), key=_units, default="")
        place = max(places().values(), key=lambda place: len(place.name))
        found = self._form_faults(writer.letter(Reader(name, place.code, "manager")))
        return [f"Với tên người nhận dài nhất: {fault}" for fault in found]

    def _notices(self, said: Announcement) -> Iterator[str]:
        """Tell of a title with Markdown in it, and of topics that nobody can have chosen."""
        if _MARKED.search(said.title):
            yield "Tiêu đề hiện nguyên các dấu ** __ ` như đã viết; bỏ các dấu đó đi."
        named: list[Any] = [said.topic, *said.audience.get("topics", ())]
        for topic in dict.fromkeys(named):
            if topic not in self.library.topics:
                yield (
                    f"Chủ đề “{topic}” không có trong menu; nếu viết nhầm thì sửa lại, vì người "
                    "đã tắt chủ đề đúng vẫn sẽ nhận tin này."
                )


def nobody(announcement: Announcement) -> str:
    """Say that an announcement reaches nobody, and what to do."""
    return (
        f"Không ai nhận được thông báo {announcement.id}: xem lại audience, hoặc mời bà con nhắn "
        "bot và đồng ý nhận tin trước."
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass"))


def _hash(path: Path) -> str | None:
    """Return the hash of a file that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
