"""A day in an hour: everything is asked, sent and changed while everything that may fail does.

`make soak` lives SOAK_MINUTES (60); SOAK_DATABASE=postgresql has it over PostgreSQL. A tenth of it
runs in `make long`. The report is printed, and written to SOAK_REPORT where that is named, with the
product's logs beside it.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from services.announcements.sending.batch_sender import IN_FLIGHT
from services.knowledge.loader import load_library
from services.settings import ROOT, Settings, load_settings
from services.storage.migrate import upgrade
from services.storage.session import make_engine, make_sessions
from services.understanding.model import ensure_model
from tests.doubles import postgres
from tests.doubles.bot_api import TOKEN, running_bot_api
from tests.doubles.broadcast import Broadcast
from tests.doubles.flow import distinct
from tests.doubles.product import environment, start
from tests.doubles.small_disk import SmallDisk, small_disk
from tests.doubles.waiting import until_so
from tests.soak.day import Day
from tests.soak.letters import Letters
from tests.soak.people import LONGEST, PATIENCE, Visitor, Writer
from tests.soak.tally import Tally
from tests.soak.world import World, absence, events

MINUTES = float(os.environ.get("SOAK_MINUTES", "6"))
DATABASE = os.environ.get("SOAK_DATABASE", "sqlite")
REPORT = os.environ.get("SOAK_REPORT", "")
RECIPIENTS = range(1, 31)
VISITORS, WRITERS = range(1, 5), range(900_001, 900_007)
DISK = 256
"""Mebibytes of the product's disk."""
LATENCY = 0.04
"""Seconds that our Telegram takes for a message, so that kills meet some on their way."""
LONG = 30.0
"""Minutes from which a day's calm is long enough to say that memory is flat."""
MOST_GROWN = 24.0
"""Mebibytes by which a process may grow in the calm of such a day."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, disk: SmallDisk) -> str:
    """Return the URL of the database that is named: SQLite's file stands on the small disk."""
    if DATABASE == "sqlite":
        return f"sqlite+aiosqlite:///{disk.folder}/htx.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def server(request: pytest.FixtureRequest) -> postgres.Server | None:
    """Return the PostgreSQL server, where it is used."""
    if DATABASE == "sqlite":
        return None
    found: postgres.Server = request.getfixturevalue("postgres_server")
    return found


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return the product's disk."""
    with small_disk(tmp_path / "product/var", DISK) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path, disk: SmallDisk, database_url: str) -> Settings:
    """Return settings over a copy of the content and of the model, which is trained before."""
    model = asyncio.run(ensure_model(load_settings(), print))
    content, models = tmp_path / "content", tmp_path / "models"
    shutil.copytree(ROOT / "content", content)
    models.mkdir()
    shutil.copy(model, models)
    return load_settings(
        data_dir=disk.folder,
        database_url=database_url,
        content_dir=content,
        model_dir=models,
        telegram_token=TOKEN,
        bulk_rate=24,
        quiet_hours="",
    )


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """Return the file in which it stands what is added to the time."""
    file = tmp_path / "clock"
    file.write_text("0", encoding="ascii")
    return file


@pytest.fixture
async def day(
    tmp_path: Path,
    settings: Settings,
    disk: SmallDisk,
    clock: Path,
    server: postgres.Server | None,
) -> AsyncIterator[Day]:
    """Return a day that has not begun, its product running."""
    await upgrade(settings.database_url)
    engine, over = make_engine(settings.database_url), asyncio.Event()
    sessions, library = make_sessions(engine), load_library(settings.content_dir)
    async with running_bot_api() as api:
        for method in ("sendMessage", "sendDocument"):
            api.fail(method, times=10**9, latency=LATENCY)
        letters = Letters(Broadcast(settings, library, sessions), api, tmp_path, RECIPIENTS)
        await letters.settle()
        product = await asyncio.to_thread(start, variables(settings, api.base_url, clock))
        away = absence(settings, server)
        world = World(product, letters, disk, clock, settings.content_dir, away)
        web, telegram = Tally("the page"), Tally("Telegram")
        asked = [question for one in library.articles.values() for question in one.questions]
        texts = distinct(asked[::2], asked[1::2])
        visitors = [Visitor(product.url, number, texts, web, over) for number in VISITORS]
        writers = [Writer(api, chat, telegram, over) for chat in WRITERS]
        try:
            yield Day(world, sessions, visitors, writers, web, telegram, over, MINUTES)
        finally:
            await asyncio.to_thread(world.product.stop)
            await engine.dispose()
            keep_logs(disk.folder)


def keep_logs(data_dir: Path) -> None:
    """Put the logs beside the report: the disk that they are on is gone with the day."""
    report = Path(REPORT) if REPORT else data_dir
    for log in (*data_dir.glob("*.log*"), data_dir.with_name("product.log")):
        if log.is_file():
            shutil.copy(log, report.with_name(f"{report.stem}-{log.name}"))


def variables(settings: Settings, base_url: str, clock: Path) -> Mapping[str, str]:
    """Return the environment of a product whose clock can be set."""
    return environment(
        settings.data_dir,
        HTX_DATABASE_URL=settings.database_url,
        HTX_CONTENT_DIR=str(settings.content_dir),
        HTX_MODEL_DIR=str(settings.model_dir),
        HTX_TELEGRAM_TOKEN=TOKEN,
        HTX_TELEGRAM_BASE_URL=base_url,
        HTX_BULK_RATE="24",
        HTX_QUIET_HOURS="",
        HTX_FAIL_SHARE="0.9",  # the accidents alone
        HTX_TEST_CLOCK=str(clock),
        PYTHONPATH=str(ROOT / "tests/doubles/clock"),
    )


async def test_nothing_is_lost_and_nothing_comes_twice(day: Day, disk: SmallDisk) -> None:
    """Whatever befalls it, all are answered once, and every letter's row tells the truth."""
    await day.live()
    await until_so(lambda: _all_answered(day), PATIENCE)
    left = await day.world.stop()
    kept, log = await day.kept(), disk.folder.with_name("product.log")
    report = "\n".join(day.report(log))
    print(report)  # noqa: T201  # because whoever lives it wants to see it
    if REPORT:
        Path(REPORT).write_text(f"{report}\n", encoding="utf-8")  # noqa: ASYNC240  # because the day is over
    unkept = events(log)["turn.lost"]
    deaths, talks = day.world.deaths, [one for two in day.visitors for one in two.conversations]
    missing = [max(0, one.answered - kept.get(one.name, 0)) for one in talks if not one.erased]

    assert day.web.lost + day.telegram.lost == []
    assert set(day.web.ends) <= {"200", "503", "no connection", "timed out"}
    assert sum(missing) <= unkept, "what was answered is kept, but for what was told to be lost"
    assert not [one for one in talks if kept.get(one.name, 0) > (0 if one.erased else one.sent)]
    for one in day.writers:
        assert one.different() == len(one.written), (one.chat, "everything is answered")
        assert 0 <= one.repeated() <= deaths["run"], "one at most again by a kill"
        assert kept.get(str(one.chat), 0) == one.kept(), (one.chat, "kept once, or erased")
    assert day.world.letters.faults == []
    assert left == set(), "no process outlives the product"
    assert day.world.letters.states["uncertain"] <= IN_FLIGHT * deaths.total()
    assert max(day.web.waits + day.telegram.waits) < LONGEST
    if day.minutes >= LONG:
        assert max(day.memory.grown(day.calm).values()) < MOST_GROWN


async def _all_answered(day: Day) -> bool:
    return await day.unanswered() == 0
