"""What was taken is answered in its order and once, whatever is away for a while or unreadable."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from telegram import Update

from bot.background import background
from bot.runner import Runner
from bot.telegram import messenger, runner, updates
from bot.telegram.application import Telegram, build
from bot.telegram.visit import Visit, visit_of
from services.bootstrap import Services
from services.clock import utc_now
from services.inbox import Inbox
from services.people import person as people
from services.storage.models import Received
from tests.doubles.bot_api import BotApi
from tests.doubles.telegram import ASKED, Start
from tests.doubles.waiting import until, until_so

ME, OTHER = 7, 8
PATIENCE = 30.0
OVER = timedelta(seconds=-1)
"""The lease of a process that is too slow to say that it lives."""


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


@contextmanager
def away(services: Services, what: str = "", times: int = 10**9) -> Iterator[None]:
    """Have the database refuse all statements, or so many that hold some words."""
    left = iter(range(times))

    def refuse(*executed: Any) -> None:
        if what in executed[2] and next(left, None) is not None:
            raise OperationalError(executed[2], None, Exception("away"))

    engine = services.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


async def row(services: Services) -> Received | None:
    """Return the message that was taken first, if any was."""
    async with services.sessions() as session:
        return await session.scalar(select(Received).order_by(Received.id).limit(1))


async def lease_ends(services: Services) -> datetime | None:
    """Return until when that message is somebody's."""
    taken = await row(services)
    return taken.until if taken else None


async def closed(services: Services) -> bool:
    """Say whether that message is answered."""
    return await lease_ends(services) is None


async def test_database_that_is_away_costs_nobody_an_answer(
    api: BotApi, services: Services, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes again and again until it can be written down counts once for whoever sent it."""
    monkeypatch.setattr(updates, "_PAUSES", (0.01,))
    async with start():
        with away(services):
            for _ in range(5):
                api.say(ME, "/help")
            asked = len(api.called("getUpdates"))
            await api.until(lambda: len(api.called("getUpdates")) >= asked + 12)
        replies = await api.replies(ME, 5)

    assert len({reply.text for reply in replies}) == 1
    assert "Bà con viết câu hỏi như nói chuyện" in replies[0].text


@pytest.mark.parametrize("broken", [{"text": "lời bà con"}, 5], ids=["half", "number"])
async def test_unreadable_update_holds_nobody(
    api: BotApi, start: Start, caplog: pytest.LogCaptureFixture, broken: Any
) -> None:
    """At the start or later: it is passed over, confirmed with the rest, and quoted in no log."""
    api.put("message", broken)
    async with start():
        api.say(ME, "/help")
        await api.replies(ME, 1)
        api.put("callback_query", broken)
        last = api.say(OTHER, "/help")
        await api.replies(OTHER, 1)

    assert api.called("getUpdates")[-1].parameters["offset"] == str(last + 1)
    assert "lời bà con" not in caplog.text


async def test_command_is_obeyed_though_others_wrote_for_too_long(
    api: BotApi, services: Services, start: Start
) -> None:
    """It is tried again in its turn, and nobody is told that it failed."""
    async with start():
        api.say(ME, "/nhantin")
        await api.replies(ME, 1)
        with away(services, "INTO consent", times=1):
            api.say(ME, "/dungtin")
            api.say(ME, "/help")
            replies = await api.replies(ME, 3)
        async with services.sessions() as session:
            known = await people.find(session, "telegram", str(ME))

    assert known
    assert not known.agreed
    assert "Đã dừng" in replies[1].text


async def test_later_message_waits_for_what_could_not_be_kept(
    api: BotApi, services: Services, telegram: Telegram, start: Start
) -> None:
    """Whoever asks for announcements and then stops them gets none, though the first failed."""
    async with start():
        with away(services, "UPDATE inbox"):
            api.say(ME, "/nhantin")
            await until_so(partial(row, services), PATIENCE)
            await telegram.runner.rest()
        api.say(ME, "/dungtin")
        await api.replies(ME, 2)
        async with services.sessions() as session:
            known = await people.find(session, "telegram", str(ME))

    assert known
    assert not known.agreed


async def test_process_that_stops_lives_until_it_has_said_all(
    api: BotApi,
    services: Services,
    telegram: Telegram,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a process that ends still says something, no other finds it dead and says it too."""
    monkeypatch.setattr("bot.telegram.runner.RENEW_EVERY", 0.05)
    slow, stop = asyncio.Event(), asyncio.Event()
    api.fail("sendMessage", gate=slow)

    async def live() -> None:
        async with start():
            await stop.wait()

    living = asyncio.create_task(live())
    api.say(ME, ASKED)
    await api.until(lambda: api.called("sendMessage"))
    stop.set()
    await until(lambda: not telegram.running, PATIENCE)
    before = await lease_ends(services)

    async def lives_on() -> bool:
        after = await lease_ends(services)
        return bool(before and after and after > before)

    try:
        await until_so(lives_on, PATIENCE)
    finally:
        slow.set()
        await living

    assert len(api.chats.sent[ME]) == 1


async def test_slow_process_says_it_alone(
    api: BotApi, services: Services, telegram: Telegram, start: Start
) -> None:
    """A reply that is on its way when another process takes it over is not said again by that."""
    telegram.runner.inbox = replace(telegram.runner.inbox, lease=OVER)
    other = build(Runner(services))
    slow = asyncio.Event()
    api.fail("sendMessage", gate=slow)
    async with start():
        api.say(ME, ASKED)
        await api.until(lambda: api.called("sendMessage"))
        await other.bot.initialize()
        async with background(other.runner.keep()):

            async def taken_over() -> bool:
                taken = await row(services)
                return taken is not None and taken.worker == other.runner.inbox.worker

            await until_so(taken_over, PATIENCE)
            slow.set()
            await until_so(partial(closed, services), PATIENCE)
            await other.runner.rest()
        await other.bot.shutdown()

    assert len(api.chats.sent[ME]) == 1


async def test_part_that_was_said_is_not_repeated(
    api: BotApi, services: Services, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Telegram goes away between two parts of a reply, only the second is said later."""
    monkeypatch.setattr("bot.telegram.runner.RENEW_EVERY", 0.05)
    monkeypatch.setattr("bot.telegram.runner._LATER", timedelta(0))
    reached = asyncio.Event()
    reached.set()
    api.fail("sendMessage", gate=reached)
    api.fail("sendMessage", 502, times=4)
    async with start():
        api.say(ME, "/start")
        greeting, asked = await api.replies(ME, 2)
        await until_so(partial(closed, services), PATIENCE)

    assert len(api.chats.sent[ME]) == 2
    assert greeting.text != asked.text


async def test_what_can_not_be_rendered_is_told_and_done_with(
    api: BotApi, services: Services, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply that breaks on its way out is not tried for ever: whoever waits is told."""

    def broken(*_given: object) -> None:
        raise KeyError

    async with start():
        with monkeypatch.context() as broke:
            broke.setattr(messenger.Messenger, "say", broken)
            api.say(ME, ASKED)
            [told] = await api.replies(ME, 1)
            await until_so(partial(closed, services), PATIENCE)

    assert told.text == services.library.phrases.say("failed")


@pytest.mark.parametrize(
    "left",
    [
        {"reaction": {"where": [ME, None, None], "what": {"wordings": [{}]}}},
        {"content": {"message": {"text": "hồ sơ"}}},
    ],
)
async def test_what_another_version_wrote_is_told_and_done_with(
    api: BotApi, services: Services, start: Start, left: dict[str, Any]
) -> None:
    """A row that can't be read is no loop: whoever waits is told that it failed."""
    async with services.sessions.begin() as session:
        past = utc_now() - timedelta(minutes=1)
        taken = Received(channel="telegram", update="1", at=past, conversation=str(ME), until=past)
        taken.content, taken.reaction = left.get("content"), left.get("reaction")
        session.add(taken)
    api.chats.open(ME)
    async with start():
        [told] = await api.replies(ME, 1)
        await until_so(partial(closed, services), PATIENCE)

    assert told.text == services.library.phrases.say("failed")


async def test_what_can_not_be_routed_holds_up_nobody(
    api: BotApi, services: Services, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one update costs that one alone its answer: it is told so, once."""

    def broken(update: Update) -> Visit | None:
        if update.message and update.message.text == ASKED:
            raise ValueError(ASKED)
        return visit_of(update)

    monkeypatch.setattr(runner, "visit_of", broken)
    async with start():
        api.say(ME, ASKED)
        api.say(OTHER, "/help")
        await api.replies(OTHER, 1)
        [told] = await api.replies(ME, 1)

    assert told.text == services.library.phrases.say("failed")


class TestTwoMachines:
    """Processes on machines whose clocks do not agree; only PostgreSQL is shared by machines."""

    @pytest.fixture
    def database_url(self, postgres_url: str) -> str:
        """Return the URL of a database that machines share."""
        return postgres_url

    async def test_clock_that_is_ahead_takes_nothing_away(
        self,
        api: BotApi,
        services: Services,
        telegram: Telegram,
        start: Start,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """What a living process answers is left to it, an hour later elsewhere or not."""
        ahead = ContextVar("ahead", default=timedelta())
        monkeypatch.setattr("services.storage.session.utc_now", lambda: utc_now() + ahead.get())
        monkeypatch.setattr(runner, "RENEW_EVERY", 0.05)
        looks: list[str] = []

        async def look(self: Inbox, *given: Any, **named: Any) -> bool:
            looks.append(self.worker)
            return await has_lapsed(self, *given, **named)

        has_lapsed = Inbox.has_lapsed
        monkeypatch.setattr(Inbox, "has_lapsed", look)
        other, slow = build(Runner(services)), asyncio.Event()
        theirs = other.runner.inbox.worker
        api.fail("sendMessage", gate=slow)
        async with start():
            api.say(ME, ASKED)
            await api.until(lambda: api.called("sendMessage"))
            ahead.set(timedelta(hours=1))
            async with background(other.runner.keep()):
                await until(lambda: looks.count(theirs) > 1, PATIENCE)
                taken = await row(services)
            slow.set()
            await until_so(partial(closed, services), PATIENCE)

        assert taken is not None
        assert taken.worker == telegram.runner.inbox.worker
