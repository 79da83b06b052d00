"""One conversation is served in one line, whichever process serves it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from services.storage.lines import Lines
from services.storage.session import make_engine

PATIENCE = 10.0
_END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def two(any_database: str) -> AsyncIterator[tuple[Lines, Lines]]:
    """Return the lines of two processes of one database."""
    made = tuple(Lines(make_engine(any_database, connections=1)) for _ in range(2))
    yield made[0], made[1]
    for lines in made:
        await lines.close()


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[tuple[Lines, Lines]]:
    """Return the lines of two processes on PostgreSQL."""
    made = tuple(Lines(make_engine(postgres_url, connections=1)) for _ in range(2))
    yield made[0], made[1]
    for lines in made:
        await lines.close()


async def has_turn(lines: Lines, channel: str, conversation: str) -> bool:
    """Have a conversation's turn; say whether it came in time."""
    try:
        async with asyncio.timeout(PATIENCE), lines.turn(channel, conversation):
            return True
    except TimeoutError:
        return False


async def test_first_who_asks_is_first(two: tuple[Lines, Lines]) -> None:
    """Those of one conversation follow each other in the order in which they asked."""
    lines, _ = two
    served: list[int] = []

    async def come(number: int) -> None:
        async with lines.turn("web", "a"):
            await asyncio.sleep(0)
            served.append(number)

    await asyncio.gather(*map(come, range(20)))

    assert served == list(range(20))


async def test_other_conversations_wait_for_nobody(two: tuple[Lines, Lines]) -> None:
    """While one conversation has its turn another has its own."""
    lines, _ = two
    async with lines.turn("web", "a"):
        assert await has_turn(lines, "web", "b")


async def test_processes_share_a_line(shared: tuple[Lines, Lines]) -> None:
    """What one process serves, another waits for."""
    one, other = shared
    served: list[str] = []

    async def come() -> None:
        async with other.turn("telegram", "7"):
            served.append("other")

    async with one.turn("telegram", "7"):
        waiting = asyncio.create_task(come())
        async with other.turn("telegram", "8"):  # by now the other has asked for both
            served.append("one")
    async with asyncio.timeout(PATIENCE):
        await waiting

    assert served == ["one", "other"]


async def test_line_of_a_dead_process_is_free(shared: tuple[Lines, Lines]) -> None:
    """A process takes its lines with it."""
    one, other = shared
    turn = one.turn("telegram", "7")
    await turn.__aenter__()
    await one.close()

    assert await has_turn(other, "telegram", "7")


async def test_whoever_gives_up_waiting_leaves_the_line(shared: tuple[Lines, Lines]) -> None:
    """A message that is cancelled while it waits holds up nobody."""
    one, other = shared
    async with one.turn("telegram", "7"):
        waiting = asyncio.create_task(other.turn("telegram", "7").__aenter__())
        async with other.turn("telegram", "8"):
            waiting.cancel()
            await asyncio.wait((waiting,))

    assert await has_turn(one, "telegram", "7")


async def test_lost_connection_holds_nobody_up(
    shared: tuple[Lines, Lines], postgres_url: str
) -> None:
    """Where the database lets go of the connection, the line of the process is enough."""
    one, _ = shared
    async with one.turn("telegram", "7"):
        pass
    engine = make_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(_END_OTHERS)
    await engine.dispose()

    assert await has_turn(one, "telegram", "7")
    assert await has_turn(one, "telegram", "7")
