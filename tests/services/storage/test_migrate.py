import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import delete, insert, inspect, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.conversation.question import Question
from services.conversation.state import ConversationState, load_state
from services.errors import StorageError
from services.settings import Settings
from services.storage.migrate import alembic_config, upgrade
from services.storage.models import Event, FormRun, Turn
from services.storage.session import make_engine, make_sessions
from tests.conftest import NOON
from tests.doubles.postgres import LOCKED, Server
from tests.doubles.processes import Start

MIGRATES = """
import asyncio
from services.settings import load_settings
from services.storage.migrate import upgrade

url = load_settings().database_url
print("ready", flush=True)
input()
asyncio.run(upgrade(url))
print("migrated", flush=True)
"""
ARTICLES = ("ocop/ho-so", "ocop/hang-sao")
OLD_PERSON = (
    "INSERT INTO person (id, channel, chat, who, created_at, name, agreed)"
    " VALUES (1, 'telegram', '7', 'x', '2026-11-24 05:00:00+00:00', '', false)"
)
OLD_FORM = (
    "INSERT INTO form_run (channel, key, form, form_hash, answers, cursor, version, created_at,"
    " updated_at, until, keep_days) VALUES ('web', 'a', 'loan', 'x', '{\"amount\": 5}', '', 1,"
    " '2026-11-24 05:00:00+00:00', '2026-11-24 05:00:00+00:00', '2026-11-24 05:00:00+00:00', 90)"
)
FIRST_TURN = (
    "INSERT INTO turn VALUES (1, 'web', 'a', '2026-11-24 05:00:00+00:00', 'hỏi', '', 'answered',"
    ' \'["ocop/ho-so","ocop/hang-sao"]\', \'["0","1"]\', 0.9, false, 5)'
)


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database of the test's own."""
    with postgres_server.database() as url:
        yield url


async def engine_of_before(url: str, settings: Settings, revision: str) -> AsyncEngine:
    """Return the engine of a database as an older release left it."""
    settings.data_dir.mkdir(exist_ok=True)
    await asyncio.to_thread(command.upgrade, alembic_config(url), revision)
    return make_engine(url)


async def test_migrations_make_the_models_tables(settings: Settings) -> None:
    """The migrated database is what the models say: nothing is left to migrate."""
    await upgrade(settings.database_url)

    config = alembic_config(settings.database_url)
    config.stdout = io.StringIO()

    await asyncio.to_thread(command.check, config)

    assert "No new upgrade operations" in config.stdout.getvalue()


async def test_first_database_keeps_its_turns(any_database: str, settings: Settings) -> None:
    """A database of the first version is brought up to date with everything that stands in it."""
    engine = await engine_of_before(any_database, settings, "0001")
    async with engine.begin() as old:
        await old.execute(text(FIRST_TURN))
    await upgrade(any_database)
    async with make_sessions(engine)() as new:
        [kept] = await new.scalars(select(Turn))
    await asyncio.to_thread(command.downgrade, alembic_config(any_database), "0001")
    async with engine.connect() as again:
        back = (await again.execute(text("SELECT text, articles, hashes FROM turn"))).all()
    await engine.dispose()

    assert (kept.text, kept.articles, kept.hashes) == ("hỏi", [*ARTICLES], ["0", "1"])
    assert [
        (words, *(json.loads(column) if isinstance(column, str) else column for column in columns))
        for words, *columns in back
    ] == [("hỏi", [*ARTICLES], ["0", "1"])]


async def test_open_conversation_goes_on_after_an_upgrade(
    any_database: str, settings: Settings
) -> None:
    """What the first release asked back may still be chosen, and its last question corrected."""
    engine = await engine_of_before(any_database, settings, "0007")
    async with engine.begin() as old:
        await old.execute(
            text(
                "INSERT INTO conversation (id, channel, key, updated_at, article, offered) VALUES"
                " (1, 'web', 'a', '2026-11-24 05:00:00+00:00', NULL, '[\"ocop/ho-so\"]'),"
                " (2, 'web', 'b', '2026-11-24 05:00:00+00:00', 'ocop/ho-so', '[]')"
            )
        )
        await old.execute(
            text(
                "INSERT INTO turn (id, channel, key, at, text, payload, outcome, articles, hashes,"
                " confidence, degraded, ms, beside, offered) VALUES (1, 'web', 'a',"
                " '2026-11-24 05:00:00+00:00', 'hồ sơ', '', 'clarify', '[]', '[]', 0.4, false, 5,"
                " NULL, '[\"ocop/ho-so\"]')"
            )
        )
    await upgrade(any_database)
    async with make_sessions(engine)() as new:
        asked, other = [(await load_state(new, Question("web", key), NOON)).state for key in "ab"]
    await engine.dispose()

    assert asked == ConversationState(offered=("ocop/ho-so",), question="hồ sơ")
    assert other == ConversationState(article="ocop/ho-so")


async def test_events_of_printed_links_go_on(any_database: str, settings: Settings) -> None:
    """A group that people joined by a link is an event from then on; other groups are none."""
    engine = await engine_of_before(any_database, settings, "0011")
    async with engine.begin() as old:
        await old.execute(text(OLD_PERSON))
        for name in ("event-hop-xa", "event-", "eventful", "tổ 1"):
            await old.execute(text("INSERT INTO group_member VALUES (:name, 1)"), {"name": name})
    await upgrade(any_database)
    async with make_sessions(engine)() as new:
        events = list(await new.scalars(select(Event.name)))
    await engine.dispose()

    assert events == ["hop-xa"]


async def test_forms_of_before_keep_their_numbers(any_database: str, settings: Settings) -> None:
    """No number is given twice, though the form that had it is erased."""
    engine = await engine_of_before(any_database, settings, "0043")
    async with engine.begin() as old:
        await old.execute(text(OLD_FORM))
    await upgrade(any_database)
    async with make_sessions(engine).begin() as new:
        [kept] = await new.scalars(select(FormRun))
        columns = set(inspect(FormRun).columns.keys()) - {"id"}
        values = {name: getattr(kept, name) for name in columns}
        await new.execute(delete(FormRun))
        made = await new.scalar(insert(FormRun).values(**values).returning(FormRun.id))
    await asyncio.to_thread(command.downgrade, alembic_config(any_database), "0043")
    async with engine.connect() as again:
        back = (await again.execute(text("SELECT form, answers, keep_days FROM form_run"))).all()
    await engine.dispose()

    assert (kept.answers, kept.keep_days, kept.until) == ({"amount": 5}, 90, NOON)
    assert made != kept.id
    assert len(back) == 1
    assert tuple(back[0])[::2] == ("loan", 90)


async def test_migrations_lead_back(settings: Settings) -> None:
    """Whoever goes back to the first version can come forward again."""
    await upgrade(settings.database_url)
    config = alembic_config(settings.database_url)
    await asyncio.to_thread(command.downgrade, config, "base")
    await upgrade(settings.database_url)

    config.stdout = io.StringIO()
    await asyncio.to_thread(command.check, config)
    assert "No new upgrade operations" in config.stdout.getvalue()


async def test_migration_that_fails_leaves_the_database_as_it_was(settings: Settings) -> None:
    """What stopped it mended, the same migration is done from its beginning."""
    settings.data_dir.mkdir(exist_ok=True)
    config = alembic_config(settings.database_url)
    await asyncio.to_thread(command.upgrade, config, "0004")
    engine = make_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE upload (mine INTEGER)"))

    with pytest.raises(StorageError, match="upload"):
        await upgrade(settings.database_url)
    async with engine.begin() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        await connection.execute(text("DROP TABLE upload"))
    await upgrade(settings.database_url)
    await engine.dispose()

    assert "person" not in tables


async def test_processes_that_migrate_at_once_do_not_disturb_each_other(start: Start) -> None:
    """Whoever comes second waits, and finds it done."""
    processes = [await start(MIGRATES) for _ in range(2)]
    ready = [await process.hear() for process in processes]
    for process in processes:
        await process.tell()

    assert ready == ["ready"] * 2
    assert [await process.hear() for process in processes] == ["migrated"] * 2


async def test_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    """A folder that can't be made is told with what to do."""
    (tmp_path / "tep").touch()
    with pytest.raises(StorageError, match="HTX_DATABASE_URL"):
        await upgrade(f"sqlite+aiosqlite:///{tmp_path}/tep/htx.db")


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"username": LOCKED[0], "password": "wrong"}, "tài khoản và mật khẩu"),
        ({"username": LOCKED[0], "password": LOCKED[1]}, "quyền của tài khoản"),
        ({"username": "nobody_known"}, "createuser"),
        ({"database": "none"}, "createdb"),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "máy chủ có đang chạy không"),
        ({"host": "khong-co.invalid", "query": {}}, "máy chủ có đang chạy không"),
    ],
)
async def test_postgresql_that_cannot_be_used_is_one_sentence(
    postgres_url: str, changes: dict[str, Any], remedy: str
) -> None:
    """What is wrong with the server, the account or the database is told with what to look at."""
    url = make_url(postgres_url).set(**changes).render_as_string(hide_password=False)

    with pytest.raises(StorageError, match=remedy) as refused:
        await upgrade(url)
    assert "\n" not in str(refused.value)
    assert changes.get("password", "wrong password") not in str(refused.value)


async def test_words_of_before_are_masked_by_todays_rules(
    any_database: str, settings: Settings
) -> None:
    """A number in a spelling that an older release did not know; what is none stays."""
    engine = await engine_of_before(any_database, settings, "0001")
    async with engine.begin() as old:
        for number, word in enumerate(("gọi 0905.123.456 nhé", "vay 50.000.000 đồng"), start=1):
            await old.execute(text(FIRST_TURN.replace("(1,", f"({number},").replace("hỏi", word)))
    await upgrade(any_database)
    async with make_sessions(engine)() as new:
        first, second = await new.scalars(select(Turn.text).order_by(Turn.id))
    await engine.dispose()

    assert "456" not in first
    assert first.startswith("gọi ")
    assert second == "vay 50.000.000 đồng"
