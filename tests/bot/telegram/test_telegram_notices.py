"""Notices in Telegram: told once and in order; what may have arrived never comes twice."""

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.notices import notices
from services.storage.models import Notice
from tests.conftest import NOON
from tests.doubles.bot_api import BotApi
from tests.doubles.phone import ME, Phone
from tests.doubles.waiting import PATIENCE, until_so

pytestmark = pytest.mark.usefixtures("bot")
CHAT = ("telegram", str(ME))


async def queue(services: Services, *texts: str) -> None:
    """Have texts told, each for a cause of its own."""
    async with services.sessions.begin() as session:
        for text in texts:
            await notices.queue(session, CHAT, f"test {text}", text, NOON, urgent=True)


async def states(services: Services) -> list[str]:
    """Return the states of all notices."""
    async with services.sessions() as session:
        return list(await session.scalars(select(Notice.state).order_by(Notice.id)))


async def ended(services: Services) -> bool:
    """Say whether nothing waits or is under way."""
    return not {"pending", "sending"} & set(await states(services))


def texts(api: BotApi) -> list[str]:
    """Return what the chat was told."""
    return [one.text for one in api.chats.sent.get(ME, [])]


async def test_told_in_order_once(api: BotApi, phone: Phone, services: Services) -> None:
    """What was queued arrives in its order, with its buttons."""
    await phone.say("/help")
    before = len(texts(api))
    async with services.sessions.begin() as session:
        buttons = [("Xem", "a:ocop/ho-so")]
        await notices.queue(session, CHAT, "gap 1", "Có **rồi**.", NOON, buttons=buttons)
    await queue(services, "Hai")
    await until_so(lambda: ended(services), PATIENCE)

    assert sorted(texts(api)[before:]) == ["Có rồi.", "Hai"]
    assert await states(services) == ["sent", "sent"]
    assert {"Xem": "a:ocop/ho-so"} in [one.buttons for one in api.chats.sent[ME]]


async def test_lost_answer_is_uncertain(api: BotApi, phone: Phone, services: Services) -> None:
    """A connection that breaks after the message left: it is never sent again."""
    await phone.say("/help")
    before = len(texts(api))
    api.fail("sendMessage", dropped=True, afterwards=True)
    await queue(services, "Một")
    await until_so(lambda: ended(services), PATIENCE)
    await queue(services, "Hai")
    await until_so(lambda: ended(services), PATIENCE)

    assert await states(services) == ["uncertain", "sent"]
    assert texts(api)[before:].count("Một") <= 1


async def test_what_telegram_has_not_taken_comes_later(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """Told to wait, the notice waits, and what follows it in the chat waits with it."""
    await phone.say("/help")
    api.fail("sendMessage", 429, parameters={"retry_after": 60})
    await queue(services, "Một", "Hai")
    await until_so(lambda: _put_back(services), PATIENCE)

    assert await states(services) == ["pending", "pending"]


async def _put_back(services: Services) -> bool:
    async with services.sessions() as session:
        due = list(await session.scalars(select(Notice.due_at)))
    return len(due) == 2 and min(due) > NOON
