"""Who was erased is known beside the database, so that no backup of any kind brings them back."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from services.bootstrap import Services
from services.conversation import pending
from services.inbox import Arrival, Inbox
from services.people import forgotten, personal_data
from services.people.person import Identity, meet
from services.storage.models import (
    Delivery,
    Forgotten,
    Pending,
    Person,
    Press,
    Received,
    Staff,
    Suppression,
    Turn,
)
from tests.conftest import NOON
from tests.doubles.people import announce

BEFORE = NOON - timedelta(days=1)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn: PostgreSQL is restored by its own tools."""
    return any_database


@pytest.fixture
def identity(services: Services) -> Identity:
    """Return what hashes chats."""
    return Identity(services.settings.secret_key.get_secret_value())


@pytest.fixture
def folder(services: Services) -> Path:
    """Return the data folder."""
    return services.settings.data_dir


async def bring_back(services: Services, identity: Identity) -> None:
    """Have the database be as it was before anybody was erased."""
    async with services.sessions.begin() as session:
        for table in (Suppression, Forgotten):
            await session.execute(delete(table))
        for chat in ("1", "2"):
            await meet(session, identity, "telegram", chat, BEFORE)
        common: dict[str, Any] = {"text": "hỏi", "payload": "", "outcome": "declined"}
        common |= {"confidence": 0.0, "degraded": False, "ms": 1}
        for channel, key in (("telegram", "1"), ("telegram", "2"), ("web", "a"), ("web", "b")):
            session.add(Turn(channel=channel, key=key, at=BEFORE, **common))


async def erase(
    services: Services, identity: Identity, channel: str, chat: str, now: datetime
) -> None:
    """Erase as a person does, and note it."""
    async with services.sessions.begin() as session:
        await personal_data.erase(session, identity, channel, chat, now)
        trace = forgotten.trace_of(identity, channel, chat)
        await forgotten.note(session, services.settings.data_dir, trace, now)


async def left(services: Services) -> tuple[set[str], set[str]]:
    """Return whose person and whose words there are."""
    async with services.sessions() as session:
        people = set(await session.scalars(select(Person.chat)))
        return people, set(await session.scalars(select(Turn.key)))


def kept_in(folder: Path) -> Path:
    """Return the file in which it stands who was erased."""
    [file] = folder.glob("forgotten*")
    return file


async def test_restored_database_is_rid_of_them(
    services: Services, folder: Path, identity: Identity
) -> None:
    """People and visitors of the page; the others stay, and a second time there is nobody."""
    await erase(services, identity, "telegram", "1", NOON)
    await erase(services, identity, "web", "a", NOON)
    await bring_back(services, identity)

    assert await forgotten.replay(services.sessions, folder, identity) == 2
    assert await left(services) == ({"2"}, {"2", "b"})
    assert await forgotten.replay(services.sessions, folder, identity) == 0


@pytest.mark.parametrize("then", [BEFORE, NOON, NOON + timedelta(days=1)])
async def test_whoever_came_back_since_stays(
    services: Services, folder: Path, identity: Identity, then: datetime
) -> None:
    """Whatever the clock says, set back or not: a start erases nobody, a later backup neither."""
    await erase(services, identity, "telegram", "1", NOON)
    async with services.sessions.begin() as session:
        await meet(session, identity, "telegram", "1", then)

    assert await forgotten.replay(services.sessions, folder, identity) == 0
    assert await left(services) == ({"1"}, set())


async def test_who_was_erased_while_the_clock_was_behind_stays_erased(
    services: Services, folder: Path, identity: Identity
) -> None:
    """Of a restored database it counts what it knew, not what the clocks told."""
    await erase(services, identity, "telegram", "3", NOON)
    async with services.sessions() as session:
        known = (await session.execute(select(Forgotten.until))).scalar_one()
    await erase(services, identity, "telegram", "1", BEFORE - timedelta(days=1))
    await bring_back(services, identity)
    async with services.sessions.begin() as session:
        session.add(Forgotten(id=1, until=known))

    assert await forgotten.replay(services.sessions, folder, identity) == 1
    assert (await left(services))[0] == {"2"}


async def test_file_tells_nobody_who_it_was(
    services: Services, folder: Path, identity: Identity
) -> None:
    """Neither the chat nor the hash by which the database knows it; no one else reads it."""
    await erase(services, identity, "telegram", "905123456", NOON)
    file = kept_in(folder)

    assert "905123456" not in file.read_text("ascii")
    assert identity.of("telegram", "905123456") not in file.read_text("ascii")
    assert file.stat().st_mode & 0o077 == 0


async def test_lines_are_kept_as_long_as_backups(
    services: Services, folder: Path, identity: Identity
) -> None:
    """A day more, for what is restored on the last; a line that a crash cut off is passed over."""
    for days in (31, 29):
        at = NOON - timedelta(days=days)
        await erase(services, identity, "telegram", str(days), at)
    file = kept_in(folder)
    file.write_text(file.read_text("ascii") + '{"who": "', "ascii")

    await asyncio.to_thread(forgotten.expire, folder, NOON, 30)

    assert len(file.read_text("ascii").splitlines()) == 1
    assert await forgotten.replay(services.sessions, folder, identity) == 0


async def test_half_a_line_swallows_none(
    services: Services, folder: Path, identity: Identity
) -> None:
    """Whoever is erased after a crash in the middle of a line stands in one of their own."""
    await erase(services, identity, "telegram", "3", NOON)
    file = kept_in(folder)
    file.write_text(file.read_text("ascii") + '{"who": "', "ascii")
    await erase(services, identity, "telegram", "1", NOON)
    await bring_back(services, identity)

    assert await forgotten.replay(services.sessions, folder, identity) == 1
    assert (await left(services))[0] == {"2"}


async def test_what_only_waits_is_found_too(
    services: Services, folder: Path, identity: Identity
) -> None:
    """What a chat was asked, what it sent, what it writes as staff."""
    for chat in ("5", "6", "7"):
        await erase(services, identity, "telegram", chat, NOON)
    await bring_back(services, identity)
    async with services.sessions.begin() as session:
        await pending.ask(session, ("telegram", "5"), "place", {}, NOON + timedelta(hours=1))
        inbox = Inbox("telegram", "w")
        await inbox.receive(session, [Arrival("1", "6", {"text": "hỏi"})], NOON)
        session.add(Staff(name="Lan", role="author", created_at=NOON, chat="7", linked_at=NOON))

    assert await forgotten.replay(services.sessions, folder, identity) == 3
    async with services.sessions() as session:
        assert not list(await session.scalars(select(Pending)))
        assert list(await session.scalars(select(Received.conversation))) == [""]
        assert list(await session.scalars(select(Staff.chat))) == [None]


async def test_what_is_left_of_them_by_hash_alone_is_found_too(
    services: Services, folder: Path, identity: Identity
) -> None:
    """Records of somebody forgotten long ago name nobody; a list brings them back no more."""
    await erase(services, identity, "telegram", "8", NOON)
    async with services.sessions.begin() as session:
        for table in (Suppression, Forgotten):
            await session.execute(delete(table))
        made = await announce(session, BEFORE)
        made.state = "done"
        who = identity.of("telegram", "8")
        number = made.id
        sent: dict[str, Any] = {"person_id": None, "batch": 0, "state": "sent"}
        session.add(Delivery(announcement_id=number, who=who, **sent))
        session.add(Press(announcement_id=number, who=who, button="1", at=BEFORE))

    assert await forgotten.replay(services.sessions, folder, identity) == 0
    async with services.sessions() as session:
        assert who not in {*await session.scalars(select(Delivery.who))}
        assert who not in {*await session.scalars(select(Press.who))}
        mark = identity.erased("telegram", "8")[0]
        assert list(await session.scalars(select(Suppression.who))) == [mark]


async def test_staff_who_were_linked_since_stay_so(
    services: Services, folder: Path, identity: Identity
) -> None:
    """A restore erases what it brought back of them; their account came by a link of after that."""
    await erase(services, identity, "telegram", "1", NOON)
    await bring_back(services, identity)
    since = NOON + timedelta(hours=1)
    async with services.sessions.begin() as session:
        session.add(Staff(name="Lan", role="author", created_at=BEFORE, chat="1", linked_at=since))

    assert await forgotten.replay(services.sessions, folder, identity) == 1
    assert (await left(services))[0] == {"2"}
    async with services.sessions() as session:
        assert list(await session.scalars(select(Staff.chat))) == ["1"]
