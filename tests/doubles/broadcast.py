"""What the tests of announcements share: people, staff, an announcement on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from bot.telegram.letter import announcer_of
from services.announcements import deliveries
from services.knowledge.library import Library
from services.people.person import Identity
from services.people.personal_data import erase
from services.settings import Settings
from services.storage.models import Announcement, Delivery, Person, Staff
from services.storage.session import Sessions
from tests.doubles.waiting import PATIENCE, until_so

AUTHOR, APPROVER = "Lan", "Minh"
TEXT = """---
title: Lớp tập huấn OCOP
topic: ocop
audience:
  roles: [farmer]
source: Liên minh Hợp tác xã
---
Chào {{ name }}, mời **bà con** dự lớp.
"""
PAPERS = ("thu-moi.pdf", "mau-don.pdf")
"""Files that an announcement takes along, each a message of its own."""
_TOGETHER = 5000


@dataclass
class Broadcast:
    """Staff and people over one database."""

    settings: Settings
    library: Library
    sessions: Sessions

    @property
    def announcer(self) -> Any:
        """An announcer at the time it is now."""
        return announcer_of(self.settings, self.library)

    async def hire(self) -> None:
        """Add one who writes and one who approves."""
        async with self.sessions.begin() as session:
            for name, role in ((AUTHOR, "author"), (APPROVER, "approver")):
                session.add(Staff(name=name, role=role, created_at=datetime.now(UTC)))

    async def settle(self, chats: Sequence[int], **fields: Any) -> None:
        """Add a farmer in each chat, who agrees unless `fields` say otherwise."""
        identity = Identity(self.settings.secret_key.get_secret_value())
        common = {"channel": "telegram", "created_at": datetime.now(UTC), "role": "farmer"}
        common |= {"agreed": True, "place": "20242"} | fields
        for start in range(0, len(chats), _TOGETHER):
            rows = [
                {"name": f"Bà con {chat}", **common, "chat": str(chat)}
                | {"who": identity.of("telegram", str(chat))}
                for chat in chats[start : start + _TOGETHER]
            ]
            async with self.sessions.begin() as session:
                await session.execute(insert(Person), rows)

    async def erase(self, chat: int) -> None:
        """Have a person erase themselves."""
        identity = Identity(self.settings.secret_key.get_secret_value())
        async with self.sessions.begin() as session:
            await erase(session, identity, "telegram", str(chat), datetime.now(UTC))

    async def queued(self, folder: Path, text: str = TEXT) -> int:
        """Draft, approve and queue an announcement; return its number."""
        file = folder / "tin.md"
        file.write_text(text, encoding="utf-8")
        async with self.sessions.begin() as session:
            announcement = await self.announcer.draft(session, self.announcer.read(file), AUTHOR)
        async with self.sessions.begin() as session:
            await self.announcer.approve(
                session, announcement.id, APPROVER, again=True, urgent=True
            )
        async with self.sessions.begin() as session:
            await self.announcer.send(session, announcement.id, AUTHOR)
        number: int = announcement.id
        return number

    async def queued_with_papers(self, folder: Path) -> int:
        """Queue an announcement of three messages: a text and two files; return its number."""
        for name in PAPERS:
            (folder / name).write_bytes(f"%PDF-1.7 {name}".encode())
        return await self.queued(folder, with_files(*PAPERS))

    async def state(self, number: int) -> Announcement:
        """Return an announcement as it stands."""
        async with self.sessions() as session:
            found: Announcement = await self.announcer.find(session, number)
            return found

    async def ended(self, number: int, seconds: float = PATIENCE) -> None:
        """Wait until an announcement is done; raise TimeoutError when it is not in time."""

        async def is_done() -> bool:
            return (await self.state(number)).state == "done"

        await until_so(is_done, seconds)

    async def counted(self, number: int) -> dict[str, int]:
        """Return how many deliveries are in each state, those that none is in left out."""
        async with self.sessions() as session:
            found = await deliveries.tally(session, number)
        return {state: count for state, count in found.items() if count}

    async def rows(self, number: int) -> dict[int, tuple[str, str]]:
        """Return state and reason of each delivery by chat; erased people are left out."""
        query = (
            select(Person.chat, Delivery.state, Delivery.reason)
            .join(Delivery, Delivery.person_id == Person.id)
            .where(Delivery.announcement_id == number)
        )
        async with self.sessions() as session:
            return {int(chat): (state, why) for chat, state, why in await session.execute(query)}

    async def parts(self, number: int) -> dict[int, tuple[str, int]]:
        """Return of each chat its delivery's state and how many messages are known to be out."""
        query = (
            select(Person.chat, Delivery.state, Delivery.parts_sent)
            .join(Delivery, Delivery.person_id == Person.id)
            .where(Delivery.announcement_id == number)
        )
        async with self.sessions() as session:
            found = await session.execute(query)
            return {int(chat): (state, parts) for chat, state, parts in found}

    async def change(self, chat: int, **fields: Any) -> None:
        """Change a person."""
        async with self.sessions.begin() as session:
            mine = update(Person).where(Person.chat == str(chat))
            await session.execute(mine.values(**fields))


def with_files(*names: str) -> str:
    """Return the text of an announcement that takes these files along."""
    return TEXT.replace("source:", f"attachments: [{', '.join(names)}]\nsource:")
