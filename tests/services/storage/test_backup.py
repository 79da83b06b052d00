import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from services.errors import StorageError
from services.settings import Settings
from services.storage.backup import backup, expire
from services.storage.migrate import upgrade
from services.storage.models import Announcement, Received
from services.storage.restoring import restore
from services.storage.session import make_engine, make_sessions
from tests.conftest import NOON


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the URL of the database that is backed up here: PostgreSQL has its own tools."""
    return sqlite_url


async def add(settings: Settings, update: str) -> None:
    engine = make_engine(settings.database_url)
    async with make_sessions(engine).begin() as session:
        session.add(Received(channel="telegram", update=update, at=NOON))
    await engine.dispose()


async def count(settings: Settings) -> int | None:
    engine = make_engine(settings.database_url)
    async with make_sessions(engine)() as session:
        found = await session.scalar(select(func.count()).select_from(Received))
    await engine.dispose()
    return found


async def test_backup_is_restored(settings: Settings) -> None:
    """What was there at the backup is there after the restore, what came later is kept aside."""
    await upgrade(settings.database_url)
    await add(settings, "1")
    copy = backup(settings)
    await add(settings, "2")

    kept = (await restore(settings, copy)).kept
    before = await count(settings)
    await restore(settings, kept)

    assert (before, await count(settings)) == (1, 2)


async def test_announcement_that_was_on_its_way_is_paused_by_a_restore(settings: Settings) -> None:
    """The copy does not know whom it reached since: a person decides whether it goes on."""
    await upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    states = ("draft", "queued", "sending", "done")
    async with make_sessions(engine).begin() as session:
        common: dict[str, Any] = {"title": "Họp", "topic": "ocop", "body": "Mời.", "audience": {}}
        session.add_all(
            Announcement(**common, author="Lan", created_at=NOON, state=state) for state in states
        )
    await engine.dispose()
    await restore(settings, backup(settings))
    engine = make_engine(settings.database_url)
    async with make_sessions(engine)() as session:
        query = select(Announcement).order_by(Announcement.id)
        found = [(row.state, row.reason) for row in await session.scalars(query)]
    await engine.dispose()

    assert [state for state, _ in found] == ["draft", "paused", "paused", "done"]
    assert ["sao lưu" in why for _, why in found] == [False, True, True, False]


async def test_backup_leaves_out_what_waits_for_an_answer(settings: Settings) -> None:
    """Words that were sent a moment ago are in no copy; which updates were answered is."""
    await upgrade(settings.database_url)
    await add(settings, "1")
    engine = make_engine(settings.database_url)
    async with make_sessions(engine).begin() as session:
        words = {"text": "chuyện riêng của tui"}
        session.add(Received(channel="telegram", update="2", at=NOON, content=words, until=NOON))
    await engine.dispose()
    copy = backup(settings)
    held = copy.read_bytes()
    await restore(settings, copy)

    assert await count(settings) == 1
    assert json.dumps(words)[:20].encode() not in held
    assert b"tui" not in held


@pytest.mark.parametrize("bytes_", [b"", b"khong phai co so du lieu" * 100])
async def test_file_that_is_no_backup_is_refused(
    settings: Settings, tmp_path: Path, bytes_: bytes
) -> None:
    """A wrong file is refused and the database stays as it is."""
    await upgrade(settings.database_url)
    await add(settings, "1")
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(bytes_)

    with pytest.raises(StorageError, match="không phải bản sao lưu"):
        await restore(settings, wrong)
    assert await count(settings) == 1


async def test_old_copies_expire(settings: Settings) -> None:
    """After the days they are kept, and no file that is not a copy of ours."""
    folder = settings.data_dir / "backups"
    folder.mkdir()
    names = [f"htx-{NOON - timedelta(days=days):%Y%m%d-%H%M%S-%f}.db" for days in (29, 31)]
    for name in (*names, f"{names[1]}-wal", "htx-cua-toi.db", "khac.db"):
        (folder / name).touch()

    assert expire(settings, NOON) == 1
    assert expire(settings, NOON) == 0
    left = {path.name for path in folder.iterdir()}
    assert left == {names[0], "htx-cua-toi.db", "khac.db"}


def test_without_copies_none_expires(settings: Settings) -> None:
    """No folder is no fault."""
    assert expire(settings, NOON) == 0


async def test_postgresql_is_left_to_its_own_tools(settings: Settings) -> None:
    """Whoever keeps a PostgreSQL is told what makes its backups."""
    settings.database_url = "postgresql+psycopg://htx@db.example/htx"

    with pytest.raises(StorageError, match="pg_dump"):
        backup(settings)
    with pytest.raises(StorageError, match="pg_restore"):
        await restore(settings, Path("htx.dump"))


async def test_restore_waits_for_who_has_the_database_open(settings: Settings) -> None:
    """Whoever has it open would write on into a file that is gone: nothing is put in its place."""
    await upgrade(settings.database_url)
    copy = backup(settings)
    await add(settings, "1")
    engine = make_engine(settings.database_url)

    try:
        async with engine.connect() as other:
            await other.execute(select(func.count()).select_from(Received))
            await other.rollback()
            with pytest.raises(StorageError) as refused:
                await restore(settings, copy)
    finally:
        await engine.dispose()

    assert (refused.value.code, await count(settings)) == ("restore_in_use", 1)


async def test_backup_takes_the_place_of_a_broken_database(settings: Settings) -> None:
    """The broken file is kept as it is, in the folder of the backups."""
    await upgrade(settings.database_url)
    await add(settings, "1")
    copy = backup(settings)
    file = settings.sqlite_path
    assert file is not None
    file.write_bytes(b"no database any more" * 500)

    kept = (await restore(settings, copy)).kept

    assert (kept.read_bytes()[:20], kept.parent) == (b"no database any more", copy.parent)
    assert await count(settings) == 1
