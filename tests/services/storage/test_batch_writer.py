import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.inbox import TakenOverError
from services.storage.batch_writer import BatchWriter, nothing
from services.storage.models import Conversation
from tests.conftest import NOON
from tests.doubles.waiting import until

CROWD = 20


async def keep(services: Services, writer: BatchWriter, key: str) -> None:
    async with services.sessions() as session:
        session.add(Conversation(channel="web", key=key, updated_at=NOON))
        await writer.write(session, nothing)


async def kept(services: Services) -> list[str]:
    async with services.sessions() as session:
        return sorted(await session.scalars(select(Conversation.key)))


@contextmanager
def away(services: Services, request: pytest.FixtureRequest) -> Iterator[None]:
    """Have the database be gone while the block runs: a file locked, or a server's door shut."""
    engine, path = services.sessions.kw["bind"].sync_engine, services.settings.sqlite_path
    if path is None:
        with request.getfixturevalue("postgres_server").away(services.settings.database_url):
            yield
        return
    event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


async def test_a_crowd_is_written_in_few_transactions(services: Services) -> None:
    """What many leave behind at a time is all kept, in fewer transactions than they are."""
    commits: list[object] = []
    event.listen(services.sessions.kw["bind"].sync_engine, "commit", commits.append)
    writer, keys = BatchWriter(services.sessions), [f"{number:02}" for number in range(CROWD)]

    await asyncio.gather(*(keep(services, writer, key) for key in keys))

    assert await kept(services) == keys
    assert len(commits) < CROWD / 2


async def test_a_row_that_is_refused_takes_nobody_else_along(services: Services) -> None:
    """When a row cannot be written, its own writer hears of it and the others' rows are kept."""
    writer = BatchWriter(services.sessions)
    await keep(services, writer, "hai lần")

    ended = await asyncio.gather(
        *(keep(services, writer, key) for key in ("một", "hai lần", "ba")), return_exceptions=True
    )

    assert [type(error) for error in ended if error] == [IntegrityError]
    assert await kept(services) == ["ba", "hai lần", "một"]


async def test_a_crowd_is_told_at_once_that_the_database_is_away(
    services: Services, request: pytest.FixtureRequest
) -> None:
    """Nobody waits for it once for each of those before him: it refuses all alike."""
    tries: list[object] = []
    event.listen(services.sessions.kw["bind"].sync_engine, "handle_error", tries.append)
    writer, keys = BatchWriter(services.sessions), [f"{number:02}" for number in range(CROWD)]
    with away(services, request):
        ended = await asyncio.gather(
            *(keep(services, writer, key) for key in keys), return_exceptions=True
        )

    assert {type(error) for error in ended} == {OperationalError}
    assert len(tries) < CROWD / 2


async def test_a_statement_that_is_cancelled_is_its_writers_alone(services: Services) -> None:
    """The database is there: whoever comes after one that it gave up is written."""
    writer = BatchWriter(services.sessions)
    on_server = services.settings.sqlite_path is None
    wrong = ["SET LOCAL statement_timeout = 20", "SELECT pg_sleep(9)"] if on_server else ["no such"]

    async def cancelled(session: AsyncSession) -> None:
        for statement in wrong:
            await session.execute(text(statement))

    ended = await asyncio.gather(
        writer.run(cancelled),
        *(keep(services, writer, key) for key in "ab"),
        return_exceptions=True,
    )

    assert [type(error) for error in ended if error] == [OperationalError]
    assert await kept(services) == ["a", "b"]


async def test_a_writer_who_is_stopped_takes_nobody_else_along(services: Services) -> None:
    """A row is kept though whoever writes it along with his own is cancelled meanwhile."""
    writer = BatchWriter(services.sessions)
    tasks = [asyncio.create_task(keep(services, writer, key)) for key in ("a", "b", "last")]

    def stop_the_others(*executed: Any) -> None:
        if "last" in str(executed[3]):
            tasks[0].cancel()
            tasks[1].cancel()

    engine = services.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", stop_the_others)
    ended = await asyncio.gather(*tasks, return_exceptions=True)

    assert asyncio.CancelledError in map(type, ended)
    assert ended[2] is None
    assert await kept(services) == ["a", "b", "last"]


async def test_a_change_to_a_row_is_written(services: Services) -> None:
    """A row that was read and changed is kept as it was changed."""
    writer = BatchWriter(services.sessions)
    await keep(services, writer, "a")

    async with services.sessions() as session:
        found = await session.scalar(select(Conversation))
        assert found is not None
        found.article = "founding/ho-so"
        await writer.write(session, nothing)

    async with services.sessions() as session:
        assert await session.scalar(select(Conversation.article)) == "founding/ho-so"


async def test_work_is_written_along_and_returns_what_it_wrote(services: Services) -> None:
    """Statements of one and rows of another are one transaction, each with its own result."""
    commits: list[object] = []
    event.listen(services.sessions.kw["bind"].sync_engine, "commit", commits.append)
    writer = BatchWriter(services.sessions)
    await keep(services, writer, "a")
    commits.clear()

    async def renamed(session: AsyncSession) -> int:
        changed = await session.scalars(
            update(Conversation).values(article="ocop/hang-sao").returning(Conversation.id)
        )
        return len(list(changed))

    _, number = await asyncio.gather(keep(services, writer, "b"), writer.run(renamed))

    assert number == 2
    assert len(commits) == 1


async def test_work_that_fails_is_heard_of_by_its_own_writer(services: Services) -> None:
    """What one refuses to write is nothing to those who are written along with him."""
    writer = BatchWriter(services.sessions)

    async def refuse(_session: AsyncSession) -> None:
        raise TakenOverError

    ended = await asyncio.gather(
        keep(services, writer, "a"), writer.run(refuse), return_exceptions=True
    )

    assert [type(error) for error in ended if error] == [TakenOverError]
    assert await kept(services) == ["a"]


async def test_session_that_asked_the_database_is_committed_as_it_is(services: Services) -> None:
    """What a session has changed by statements is kept with its rows, and with its receipt."""
    writer = BatchWriter(services.sessions)
    await keep(services, writer, "a")
    async with services.sessions() as session:
        await session.execute(delete(Conversation))
        session.add(Conversation(channel="web", key="b", updated_at=NOON))
        await writer.write(session, nothing)

    assert await kept(services) == ["b"]


async def test_what_failed_with_others_is_written_whole_by_itself(services: Services) -> None:
    """A changed row keeps its change, a new one gets a number that nobody took meanwhile."""
    writer = BatchWriter(services.sessions)
    await keep(services, writer, "a")
    others = iter("bc")

    async def changed() -> None:
        async with services.sessions() as session:
            found = await session.scalar(select(Conversation).filter_by(key="a"))
            assert found is not None
            await session.commit()
            found.article = "founding/ho-so"
            session.add(Conversation(channel="web", key="d", updated_at=NOON))
            await writer.write(session, nothing)

    async def refuse(session: AsyncSession) -> None:
        await session.flush()
        await session.rollback()
        async with services.sessions.begin() as other:
            other.add(Conversation(channel="web", key=next(others), updated_at=NOON))
        raise TakenOverError

    began, held = asyncio.Event(), asyncio.Event()

    async def hold(_session: AsyncSession) -> None:
        began.set()
        await held.wait()

    first = asyncio.create_task(writer.run(hold))
    await began.wait()
    both = [asyncio.create_task(changed()), asyncio.create_task(writer.run(refuse))]
    await until(lambda: len(writer._waiting) == 2, 9.0)  # noqa: SLF001  # because both must be in one transaction
    held.set()
    await first
    ended = await asyncio.gather(*both, return_exceptions=True)
    async with services.sessions() as session:
        article = select(Conversation.article).filter_by(key="a")
        told = await session.scalar(article)

    assert [type(error) for error in ended if error] == [TakenOverError]
    assert told == "founding/ho-so"
    assert await kept(services) == ["a", "b", "c", "d"]


async def test_commit_that_fails_leaves_the_rows_to_the_next(services: Services) -> None:
    """The disk was full for a moment: what was changed together is then written by itself."""
    writer = BatchWriter(services.sessions)
    for key in "ab":
        await keep(services, writer, key)

    async def changed(key: str) -> None:
        async with services.sessions() as session:
            found = await session.scalar(select(Conversation).filter_by(key=key))
            assert found is not None
            await session.commit()
            found.article = "founding/ho-so"
            await writer.write(session, nothing)

    began, held = asyncio.Event(), asyncio.Event()

    async def hold(_session: AsyncSession) -> None:
        began.set()
        await held.wait()

    first = asyncio.create_task(writer.run(hold))
    await began.wait()
    both = [asyncio.create_task(changed(key)) for key in "ab"]
    await until(lambda: len(writer._waiting) == 2, 9.0)  # noqa: SLF001  # because both must be in one transaction
    full = OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))
    faults = [full]

    def commit(connection: Connection) -> None:
        if faults:
            connection.connection.rollback()
            raise faults.pop()

    event.listen(services.sessions.kw["bind"].sync_engine, "commit", commit)
    held.set()
    await first
    await asyncio.gather(*both)

    async with services.sessions() as session:
        assert {*await session.scalars(select(Conversation.article))} == {"founding/ho-so"}
