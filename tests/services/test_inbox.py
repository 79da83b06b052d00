"""What was taken is answered once, in its order, whatever becomes of the process that took it."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from services import inbox
from services.bootstrap import Services
from services.inbox import LEASE, Arrival, Inbox, TakenOverError
from services.storage.models import Received
from tests.conftest import NOON

LATER = NOON + LEASE + timedelta(seconds=1)
ONE, OTHER = Inbox("telegram", "one"), Inbox("telegram", "other")


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


async def receive(services: Services, mine: Inbox, *updates: str, chat: str = "7") -> list[str]:
    """Write updates of one chat down; return which of them are to be answered."""
    arrivals = [Arrival(update, chat, {"text": update}) for update in updates]
    rows = await services.writer.run(partial(mine.receive, arrivals=arrivals, now=NOON))
    return [row.update for row in rows]


async def taken(services: Services, mine: Inbox, under_way: tuple[int, ...] = ()) -> list[str]:
    """Return what a process takes over once all leases are over."""
    take = partial(mine.take_over, under_way=under_way, now=LATER)
    return [row.update for row in await services.writer.run(take)]


async def rows(services: Services) -> dict[str, Received]:
    """Return all rows by update."""
    async with services.sessions() as session:
        return {row.update: row for row in await session.scalars(select(Received))}


async def test_update_is_taken_once(services: Services) -> None:
    """An update that comes again, in one delivery or in another, is known."""
    assert await receive(services, ONE, "1", "1", "2") == ["1", "2"]
    assert await receive(services, OTHER, "2", "1") == []


async def test_answered_row_holds_its_number_alone(services: Services) -> None:
    """The words are gone with the reaction, the reaction and the chat once it was said."""
    await receive(services, ONE, "1")
    [row] = (await rows(services)).values()
    await services.writer.run(partial(ONE.react, row=row.id, reaction={"what": "chào"}))
    reacted = (await rows(services))["1"]
    await services.writer.run(partial(ONE.close, row=row.id))
    closed = (await rows(services))["1"]

    assert (reacted.content, reacted.reaction) == (None, {"what": "chào"})
    assert (closed.content, closed.reaction, closed.conversation) == (None, None, "")
    assert await taken(services, OTHER) == []


async def test_dead_process_is_taken_over_from_in_order(services: Services) -> None:
    """Once its lease is over another has its rows, the oldest first."""
    await receive(services, ONE, "1", "2")

    assert await taken(services, OTHER) == ["1", "2"]
    assert [row.tries for row in (await rows(services)).values()] == [1, 0]


async def test_living_process_keeps_its_rows(services: Services) -> None:
    """Who says that it lives, or works on a row itself, loses nothing."""
    await receive(services, ONE, "1")
    [row] = (await rows(services)).values()
    itself = await taken(services, ONE, (row.id,))
    await services.writer.run(partial(ONE.renew, rows=[row.id], now=LATER))

    assert itself == await taken(services, OTHER) == []


async def test_process_that_lost_its_row_keeps_nothing(services: Services) -> None:
    """Whoever comes back after another took over can't react; what was said it may close."""
    await receive(services, ONE, "1")
    [row] = (await rows(services)).values()
    await taken(services, OTHER)
    with pytest.raises(TakenOverError):
        await services.writer.run(partial(ONE.react, row=row.id, reaction={}))
    async with services.sessions() as session:
        mine = [await one.has(session, row.id) for one in (ONE, OTHER)]
    await services.writer.run(partial(ONE.close, row=row.id))
    async with services.sessions() as session:
        left = await OTHER.has(session, row.id)

    assert mine == [False, True]
    assert not left


async def test_later_message_waits_for_what_another_process_has(services: Services) -> None:
    """Of one conversation what came first goes first, though it is another's; others go on."""
    await receive(services, ONE, "1")
    later = await receive(services, OTHER, "2")
    beside = await receive(services, OTHER, "3", chat="8")
    [first, *_] = (await rows(services)).values()
    await services.writer.run(partial(ONE.renew, rows=[first.id], now=LATER))
    meanwhile = await taken(services, OTHER)
    await services.writer.run(partial(ONE.close, row=first.id))

    assert (later, beside, meanwhile) == ([], ["3"], ["3"])
    assert await taken(services, OTHER) == ["2"]


async def test_one_delivery_waits_only_where_another_process_answers(services: Services) -> None:
    """Chats of one delivery are told apart, however many messages it holds; the rest is begun."""
    await receive(services, OTHER, "0", chat="busy")
    arrivals = [
        Arrival(str(n), "busy" if n % 3 == 0 else f"chat {n % 7}", {"text": n})
        for n in range(1, 1_500)
    ]

    begun = await services.writer.run(partial(ONE.receive, arrivals=arrivals, now=NOON))

    kept = await rows(services)
    assert [one.update for one in begun] == [str(n) for n in range(1, 1_500) if n % 3]
    assert {kept[one.update].id for one in begun} == {one.row for one in begun}
    assert {row.worker for row in kept.values() if row.conversation == "busy"} == {"other", ""}
    assert all(kept[str(n)].content == {"text": n} for n in range(1, 1_500))


async def test_message_that_can_not_be_said_waits(services: Services) -> None:
    """What is left until a moment is nobody's until then."""
    await receive(services, ONE, "1")
    [row] = (await rows(services)).values()
    until = LATER + timedelta(seconds=1)
    await services.writer.run(partial(ONE.leave, rows=[row.id], until=until))

    assert await taken(services, ONE) == []


@pytest.mark.parametrize(("before", "left"), [(None, []), (2, ["2"])])
async def test_forgotten_messages_have_no_words(
    services: Services, before: int | None, left: list[str]
) -> None:
    """Who erases himself leaves nothing that waits, before a message of his or at all."""
    await receive(services, ONE, "1", "2")
    async with services.sessions.begin() as session:
        await inbox.forget(session, "telegram", "7", before=before)
    held = await rows(services)

    assert [update for update, row in held.items() if row.content] == left


async def test_numbers_go_after_two_days(services: Services) -> None:
    """Whatever became of them, rows do not stay."""
    await receive(services, ONE, "1")
    async with services.sessions.begin() as session:
        await inbox.drop_old(session, NOON + timedelta(days=2, seconds=1))

    assert await rows(services) == {}


async def test_clock_that_is_set_back_keeps_nothing_waiting(services: Services) -> None:
    """What a process took that died then is taken over at once, not an hour later."""
    hour = timedelta(hours=1)
    arrivals = [Arrival("1", "7", {"text": "1"})]
    await services.writer.run(partial(ONE.receive, arrivals=arrivals, now=LATER + hour))
    async with services.sessions() as session:
        seen = await OTHER.has_lapsed(session, LATER)

    assert (seen, await taken(services, OTHER)) == (True, ["1"])
