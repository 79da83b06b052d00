"""What breaks in one letter, in one announcement or in one part of the worker."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, update

from bot.telegram.letter import attachments
from services.announcements import deliveries
from services.settings import ROOT, Settings
from services.staff import audit
from services.storage.models import Announcement, Delivery, Staff
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import APPROVER, PAPERS, Broadcast, with_files
from tests.doubles.databases import on_one
from tests.doubles.postgres import Server
from tests.doubles.waiting import PATIENCE, until
from tests.doubles.worker import environment

Work = Callable[[int], Coroutine[None, None, None]]
PEOPLE = 20
SOON = 20.0
BROKEN = """
import bot.worker
from bot.cli import main
from services.announcements.sending import jobs

async def broken():
    raise RuntimeError

jobs.leases_at_work, bot.worker._ADOPT_EVERY = broken, 0.01
main()
"""
"""A worker one part of which fails at its first look."""


async def settle(broadcast: Broadcast, api: BotApi) -> None:
    """Have some people start the bot and agree."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))


@pytest.mark.parametrize("files", [PAPERS[:1], PAPERS])
async def test_file_that_vanished_pauses_and_touches_nobody(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path, files: tuple[str, ...]
) -> None:
    """Staff are told which file and what to do; everybody's letter waits, and goes once it is back.

    Whether the file is the letter, or comes after a text that is out.
    """
    await settle(broadcast, api)
    for name in files:
        (tmp_path / name).write_bytes(f"%PDF-1.7 {name}".encode())
    number = await broadcast.queued(tmp_path, with_files(*files))
    kept = (
        attachments(broadcast.settings) / (await broadcast.state(number)).attachments[0]["sha256"]
    )
    content = kept.read_bytes()
    kept.unlink()
    await work(number)
    paused, counted = await broadcast.state(number), await broadcast.counted(number)
    touched = set(api.chats.sent)
    kept.write_bytes(content)
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.resume(session, number, "Minh")
    await work(number)

    assert paused.state == "paused"
    assert PAPERS[0] in paused.reason
    assert "chép lại tệp vào thư mục dữ liệu rồi gửi tiếp" in paused.reason
    assert counted == {"pending": PEOPLE}
    assert len(touched) <= 5
    assert await broadcast.counted(number) == {"sent": PEOPLE}
    assert {len(sent) for sent in api.chats.sent.values()} == {1 if len(files) == 1 else 3}


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
async def test_database_that_fails_at_the_closing_is_asked_again(
    broadcast: Broadcast, api: BotApi, work: Work, postgres_server: Server, tmp_path: Path
) -> None:
    """What was sent is written once the database is back; nobody's letter is in doubt for it."""
    await settle(broadcast, api)
    number, gate = await broadcast.queued(tmp_path), asyncio.Event()
    api.fail("sendMessage", chat=1, gate=gate)
    working = asyncio.create_task(work(number))
    await api.until(lambda: api.called("sendMessage"))
    address = make_url(broadcast.settings.database_url).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(), autocommit=False) as held:
        held.execute("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE")
        gate.set()
        await until(lambda: bool(waiting(postgres_server)), SOON)
        for pid in waiting(postgres_server):
            postgres_server.admin.execute("SELECT pg_terminate_backend(%s)", [pid])
    await asyncio.wait_for(working, SOON)

    assert await broadcast.counted(number) == {"sent": PEOPLE}
    assert {len(sent) for sent in api.chats.sent.values()} == {1}


def waiting(server: Server) -> list[int]:
    """Return the connections that wait for a lock."""
    query = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return [pid for (pid,) in server.admin.execute(query)]


async def test_announcement_that_cant_be_read_holds_up_itself_alone(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A ward that is no more, in one that was to begin: it is held with a reason, another goes."""
    await settle(broadcast, api)
    broken, other = await broadcast.queued(tmp_path), await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        mine = update(Announcement).where(Announcement.id == broken)
        due = datetime.now(UTC) - timedelta(minutes=1)
        await session.execute(mine.values(audience={"places": ["99999"]}, starts_at=due))
    await work(other)
    held = await broadcast.state(broken)
    async with broadcast.sessions() as session:
        noted = await audit.entries(session, f"announcement {broken}")

    assert (await broadcast.state(other)).state == "done"
    assert (held.state, bool(held.reason)) == ("draft", True)
    assert (noted[-1].who, noted[-1].did) == (audit.SYSTEM, "announce.hold")


async def test_what_has_its_deliveries_is_no_draft_when_its_approval_falls(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """It is held with a reason, whole: another may approve it, nobody may change it."""
    await settle(broadcast, api)
    number = await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.name == APPROVER).values(disabled=True))
    await work(number)
    held = await broadcast.state(number)

    assert (held.state, bool(held.reason)) == ("paused", True)
    assert await broadcast.counted(number) == {"pending": PEOPLE}


async def test_letter_that_breaks_for_good_pauses_its_announcement(
    broadcast: Broadcast,
    api: BotApi,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not given out again and again: staff are told, and nothing is in doubt."""
    await settle(broadcast, api)
    api.block(3)

    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(deliveries, "stop_recipient", broken)
    number = await broadcast.queued(tmp_path)
    await work(number)
    paused = await broadcast.state(number)

    assert (paused.state, "ValueError" in paused.reason) == ("paused", True)
    assert "uncertain" not in await broadcast.counted(number)


async def test_letter_of_fewer_messages_than_are_out_is_in_no_doubt(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """One whose name was shortened in between, so that text and file fit into one message."""
    await settle(broadcast, api)
    number = await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        await session.execute(update(Delivery).where(Delivery.id == 1).values(parts_sent=1))
    await work(number)

    assert await broadcast.counted(number) == {"sent": PEOPLE - 1, "failed": 1}


async def test_edition_that_is_lost_pauses_and_touches_nobody(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Nothing goes out in another frame than the approved one: staff are told what to do."""
    await settle(broadcast, api)
    number = await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        mine = update(Announcement).where(Announcement.id == number)
        await session.execute(mine.values(edition="0" * 16))
    await work(number)
    paused = await broadcast.state(number)

    assert (paused.state, "editions" in paused.reason) == ("paused", True)
    assert await broadcast.counted(number) == {"pending": PEOPLE}
    assert not api.called("sendMessage")


@on_one("sqlite")
async def test_part_that_dies_ends_the_worker(settings: Settings) -> None:
    """So that whoever started it starts it again: nothing dies in silence."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BROKEN, "worker"),
        cwd=ROOT,
        env=environment(settings, PYTHONPATH=str(ROOT)),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, problem = await asyncio.wait_for(worker.communicate(), PATIENCE)
    finally:
        if worker.returncode is None:
            worker.kill()

    assert worker.returncode == 1
    assert b"in broken" in problem
