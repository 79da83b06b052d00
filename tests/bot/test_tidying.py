from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from bot.process import tidy
from services.bootstrap import Services
from services.storage.models import DailyCount, Staff, Turn
from tests.doubles.log import turn

NOON_BEFORE = (datetime.now(UTC) - timedelta(days=93)).replace(hour=5, minute=0)
"""Noon in Việt Nam on a day whose turns are old; each day since then is counted."""
DAY = NOON_BEFORE.date()


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of an empty database: each test runs once on both."""
    return any_database


async def keep(services: Services, *rows: Turn) -> None:
    """Keep these turns."""
    async with services.sessions.begin() as session:
        session.add_all(rows)


async def counted(services: Services) -> dict[tuple[date, str], int]:
    """Return how many turns were counted by day and article."""
    async with services.sessions() as session:
        rows = (await session.scalars(select(DailyCount))).all()
    return {(row.day, row.article): row.turns for row in rows}


async def test_what_is_old_is_gone_from_the_disk(services: Services) -> None:
    """Words of old turns become counts, old backups are deleted, the log is cut."""
    settings, now = services.settings, datetime.now(UTC)
    folder = settings.data_dir / "backups"
    folder.mkdir()
    for days in (settings.backup_days - 1, settings.backup_days + 1):
        (folder / f"htx-{now - timedelta(days=days):%Y%m%d-%H%M%S-%f}.db").touch()
    old = now - timedelta(days=settings.keep_days + 1)
    await keep(services, turn("lời đã cũ", start=old), turn("lời còn mới", start=now))

    await tidy(services)

    async with services.sessions() as session:
        assert list(await session.scalars(select(Turn.text))) == ["lời còn mới"]
    left = b"".join(path.read_bytes() for path in settings.data_dir.glob("htx.db*"))
    assert "lời đã cũ".encode() not in left
    assert len(list(folder.iterdir())) == 1


async def test_others_write_between_two_batches(services: Services) -> None:
    """However much grew old, no transaction takes out more than a thousand turns."""
    await keep(services, *(turn(start=NOON_BEFORE) for _ in range(2500)))
    engine = services.sessions.kw["bind"].sync_engine
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    event.listen(engine, "commit", note)
    await tidy(services)
    event.remove(engine, "commit", note)

    assert await counted(services) == {(DAY, ""): 2500}
    assert len(commits) >= 3


async def test_old_turns_count_for_the_day_it_was_in_viet_nam(services: Services) -> None:
    """At one in the morning it is the day before in Greenwich."""
    await keep(services, turn(start=NOON_BEFORE + timedelta(hours=13)))

    await tidy(services)

    assert await counted(services) == {(DAY + timedelta(days=1), ""): 1}


async def test_every_article_of_an_old_reply_is_counted(services: Services) -> None:
    """A reply to two questions counts for both."""
    await keep(
        services,
        turn(article="ocop/ho-so", also=[("ocop/hang-sao", "1")], start=NOON_BEFORE),
        turn(article="ocop/hang-sao", start=NOON_BEFORE),
    )

    await tidy(services)

    assert await counted(services) == {(DAY, "ocop/ho-so"): 1, (DAY, "ocop/hang-sao"): 2}


async def test_logs_of_children_do_not_grow_for_ever(services: Services) -> None:
    """A long log is put aside, and whoever writes it goes on in the same file."""
    log = services.settings.data_dir / "nlu.log"
    with log.open("ab") as writer:
        writer.write(b"first\n" + b"a\n" * 6_000_000 + b"last\n")
        writer.flush()
        await tidy(services)
        writer.write(b"next\n")
    aside = log.with_name("nlu.log.1").read_bytes()

    assert log.read_bytes() == b"next\n"
    assert aside.endswith(b"last\n")
    assert len(aside) < 6_000_000


async def test_what_fails_keeps_nothing_else_from_being_done(services: Services) -> None:
    """A copy that can't be deleted, another's: what else is due ends all the same."""
    settings, now = services.settings, datetime.now(UTC)
    folder = settings.data_dir / "backups"
    old = now - timedelta(days=settings.backup_days + 9)
    (folder / f"htx-{old:%Y%m%d-%H%M%S-%f}.db").mkdir(parents=True)
    log = settings.data_dir / "worker.log"
    log.write_bytes(b"a\n" * 6_000_000)
    async with services.sessions.begin() as session:
        session.add(
            Staff(name="Lan", role="author", created_at=old, chat="1", linked_at=NOON_BEFORE)
        )
    await tidy(services)

    async with services.sessions() as session:
        assert await session.scalar(select(Staff.chat)) is None
    assert not log.stat().st_size
