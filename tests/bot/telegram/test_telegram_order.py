"""Who is served when, what is kept of it, and that no update is answered twice."""

import asyncio

import pytest
from sqlalchemy import select

from bot.runner import Runner
from bot.telegram.application import build, running
from services.bootstrap import Services
from services.storage.models import Turn
from tests.doubles.bot_api import BotApi
from tests.doubles.telegram import ASKED, UNSURE, GatedNlu, Start

ME, OTHER = 7, 8


async def test_order_is_kept_for_one_while_others_are_served(
    api: BotApi, nlu: GatedNlu, start: Start
) -> None:
    """A person's second question waits for the first; another person waits for nobody."""
    gate = nlu.hold(UNSURE)
    async with start():
        api.say(ME, UNSURE)
        api.say(ME, ASKED)
        api.say(ME, "/help")
        api.say(OTHER, ASKED)
        await api.replies(OTHER, 1)
        served_meanwhile = list(api.chats.sent.get(ME, []))
        gate.opened.set()
        offer, answer, told = await api.replies(ME, 3)

    assert served_meanwhile == []
    assert "Bà con muốn hỏi điều nào" in offer.text
    assert "05 thành viên" in answer.text
    assert "Bà con viết câu hỏi như nói chuyện" in told.text


async def test_many_messages_are_answered_in_their_order(
    api: BotApi, services: Services, start: Start
) -> None:
    """Twenty messages sent at once are kept, and so were answered, in the order they came."""
    texts = [f"câu số {number}" for number in range(20)]
    for text in texts:
        api.say(ME, text)
        api.say(OTHER, text)
    async with start():
        await api.replies(ME, 20)
        await api.replies(OTHER, 20)

    assert await _texts(services, ME) == texts
    assert await _texts(services, OTHER) == texts


async def test_repeated_update_is_ignored(api: BotApi, start: Start) -> None:
    """An update that comes again after it was answered gets nothing."""
    async with start():
        first = api.say(ME, ASKED)
        await api.replies(ME, 1)
        api.say(ME, UNSURE)
        await api.replies(ME, 2)
        api.repeat(first)
        api.say(ME, "/help")
        *_, told = await api.replies(ME, 3)

    assert "Bà con viết câu hỏi như nói chuyện" in told.text
    assert len(api.chats.sent[ME]) == 3


async def test_repeated_command_is_ignored(api: BotApi, start: Start) -> None:
    """A command that comes again is not obeyed again."""
    async with start():
        first = api.say(ME, "/start")
        api.say(ME, "/help")
        await api.replies(ME, 3)
        api.repeat(first)
        api.say(ME, ASKED)
        *_, answer = await api.replies(ME, 4)

    assert "05 thành viên" in answer.text


async def test_update_in_flight_is_served_once(api: BotApi, nlu: GatedNlu, start: Start) -> None:
    """An update that comes again while it is being answered gets one answer."""
    gate = nlu.hold(ASKED)
    async with start():
        first = api.say(ME, ASKED)
        await gate.reached.wait()
        api.repeat(first)
        api.say(OTHER, "/help")
        await api.replies(OTHER, 1)
        gate.opened.set()
        await api.replies(ME, 1)

    assert len(api.chats.sent[ME]) == 1
    assert nlu.asked == [ASKED]


async def test_repeated_update_is_ignored_after_a_restart(
    api: BotApi, services: Services, start: Start
) -> None:
    """An update answered by the process before is not answered by the next."""
    async with start():
        first = api.say(ME, ASKED)
        await api.replies(ME, 1)
    again = build(Runner(services))
    async with running(again):
        api.repeat(first)
        api.say(ME, "/help")
        await api.replies(ME, 2)

    assert len(api.chats.sent[ME]) == 2
    assert await _texts(services, ME) == [ASKED]


async def test_what_waits_at_telegram_is_answered_at_the_start(api: BotApi, start: Start) -> None:
    """Messages written while the bot was off are answered, and confirmed when it stops."""
    api.say(ME, ASKED)
    async with start():
        await api.replies(ME, 1)
    confirmed = int(api.called("getUpdates")[-1].parameters["offset"])

    assert confirmed == max(api.updates) + 1


async def test_stopping_waits_for_the_reply(api: BotApi, nlu: GatedNlu, start: Start) -> None:
    """Who is being served when the bot stops still gets the reply."""
    gate = nlu.hold(ASKED)
    async with start():
        api.say(ME, ASKED)
        await gate.reached.wait()
        asyncio.get_running_loop().call_soon(gate.opened.set)

    assert len(api.chats.sent[ME]) == 1


@pytest.mark.parametrize("written", ["/xoa", "/xóa"])
async def test_erase(api: BotApi, services: Services, start: Start, written: str) -> None:
    """/xoa, with its diacritic too, erases what one person said and nothing of another."""
    async with start():
        api.say(ME, ASKED)
        api.say(OTHER, ASKED)
        await api.replies(OTHER, 1)
        api.say(ME, written)
        _, told = await api.replies(ME, 2)

    assert services.library.phrases.say("erased_person", count=1, days=30) == told.text
    assert await _texts(services, ME) == []
    assert await _texts(services, OTHER) == [ASKED]


async def test_erase_waits_for_the_question_before_it(
    api: BotApi, services: Services, nlu: GatedNlu, start: Start
) -> None:
    """A question still being answered when /xoa comes is answered first, then erased."""
    gate = nlu.hold(ASKED)
    async with start():
        api.say(ME, ASKED)
        api.say(ME, "/xoa")
        await gate.reached.wait()
        gate.opened.set()
        _, told = await api.replies(ME, 2)

    assert services.library.phrases.say("erased_person", count=1, days=30) == told.text
    assert await _texts(services, ME) == []


async def test_too_many_messages_are_asked_to_wait_once(
    api: BotApi, services: Services, start: Start
) -> None:
    """Of 35 messages in a minute 30 are answered; one sentence says to wait."""
    async with start():
        for _ in range(35):
            api.say(ME, "/help")
        await api.replies(ME, 31)
        api.say(OTHER, "/help")
        await api.replies(OTHER, 1)
    reply = [sent.text for sent in api.chats.sent[ME]]

    assert len(reply) == 31
    assert reply.count(services.library.phrases.say("too_many")) == 1


async def _texts(services: Services, chat: int) -> list[str]:
    """Return what is kept of a chat, in the order it was kept."""
    async with services.sessions() as session:
        mine = select(Turn.text).where(Turn.key == str(chat)).order_by(Turn.id)
        return list((await session.execute(mine)).scalars())
