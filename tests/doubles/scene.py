"""What the tests of announcements begin from: an announcer at noon, people, staff, a draft."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from bot.telegram.letter import announcer_of
from services.announcements.announcer import Announcer
from services.announcements.draft_file import Draft
from services.knowledge.library import Library
from services.people.person import Identity
from services.people.personal_data import erase
from services.settings import Settings
from services.storage.models import Announcement, GroupMember, Person, Staff, TopicChoice
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER, AUTHOR

HOA_TIEN = "20332"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4)
PDF = b"%PDF-1.7 to be read"


@dataclass
class Clock:
    """The time it is, until a test lets some pass."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        """Return the time."""
        return self.moment

    def pass_(self, **much: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**much)


@dataclass
class Scene:
    """An announcer over one session, and those it deals with."""

    session: AsyncSession
    settings: Settings
    library: Library
    folder: Path
    """Where the author's files stand."""
    clock: Clock = field(default_factory=Clock)

    @property
    def announcer(self) -> Announcer:
        """The announcer at the time it is."""
        return announcer_of(self.settings, self.library, self.clock)

    async def hire(self, name: str, role: str, chat: str | None = None) -> None:
        """Add an account."""
        self.session.add(Staff(name=name, role=role, created_at=NOON, chat=chat))
        await self.session.flush()

    async def settle(self, *chats: int, channel: str = "telegram", **fields: Any) -> list[Person]:
        """Add a farmer in each chat, who agrees unless `fields` say otherwise."""
        identity = Identity(self.settings.secret_key.get_secret_value())
        made = [
            Person(
                **{"agreed": True, "role": "farmer", "created_at": NOON, **fields},
                channel=channel,
                chat=str(chat),
                who=identity.of(channel, str(chat)),
            )
            for chat in chats
        ]
        self.session.add_all(made)
        await self.session.flush()
        return made

    async def choose(self, person: Person, topic: str, *, wanted: bool) -> None:
        """Have a person choose about a topic."""
        self.session.add(TopicChoice(person_id=person.id, topic=topic, wanted=wanted))
        await self.session.flush()

    async def group(self, name: str, *people: Person) -> None:
        """Put people in a saved group."""
        self.session.add_all(GroupMember(name=name, person_id=one.id) for one in people)
        await self.session.flush()

    async def erase(self, chat: int) -> None:
        """Have a person erase themselves."""
        identity = Identity(self.settings.secret_key.get_secret_value())
        await erase(self.session, identity, "telegram", str(chat), NOON)

    def written(self, body: str = "Mời bà con dự lớp.", **head: Any) -> Path:
        """Write an announcement file; a field that is None is left out."""
        fields = {"title": "Lớp tập huấn", "topic": "ocop", "audience": {"roles": ["farmer"]}}
        fields |= head
        front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
        path = self.folder / "tin.md"
        path.write_text(f"---\n{front}---\n{body}\n", encoding="utf-8")
        return path

    def read(self, body: str = "Mời bà con dự lớp.", **head: Any) -> Draft:
        """Write an announcement file and read it."""
        return self.announcer.read(self.written(body, **head))

    async def drafted(self, body: str = "Mời bà con dự lớp.", **head: Any) -> Announcement:
        """Keep a draft by the author."""
        return await self.announcer.draft(self.session, self.read(body, **head), AUTHOR)

    async def approved(self, body: str = "Mời bà con dự lớp.", **head: Any) -> Announcement:
        """Keep a draft and have it approved by another."""
        announcement = await self.drafted(body, **head)
        return await self.announcer.approve(self.session, announcement.id, APPROVER)

    async def sent(self, body: str = "Mời bà con dự lớp.", **head: Any) -> Announcement:
        """Keep a draft, have it approved and queue it."""
        announcement = await self.approved(body, **head)
        return await self.announcer.send(self.session, announcement.id, AUTHOR)

    def lose(self, name: str) -> None:
        """Have the author's file be gone."""
        (self.folder / name).unlink()

    async def faults(self, announcement: Announcement) -> tuple[str, ...]:
        """Return what is wrong with an announcement."""
        found = await self.announcer.inspect(self.session, announcement)
        return tuple(map(str, found.faults))


@pytest.fixture
async def scene(
    session: AsyncSession, settings: Settings, library: Library, tmp_path: Path
) -> Scene:
    """Return a scene with one who writes, one who approves, and three farmers who agree."""
    folder = tmp_path / "soan"
    folder.mkdir()
    made = Scene(session, settings, library, folder)
    await made.hire(AUTHOR, "author")
    await made.hire(APPROVER, "approver")
    await made.settle(1, 2, 3)
    return made
