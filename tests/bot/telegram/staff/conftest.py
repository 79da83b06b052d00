"""Staff on their phones, and a worker that may be at work beside the bot."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.background import background
from bot.limits import MessageLimit
from bot.worker import make_sender
from services.announcements.quiet import Quiet
from services.announcements.sending.dispatcher import Dispatcher
from services.bootstrap import Services
from services.settings import Settings
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import APPROVER, AUTHOR, Broadcast
from tests.doubles.staff_phone import LAN, MINH, StaffPhone, linked
from tests.doubles.telegram import NoLimit


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings without pace and quiet hours."""
    return settings.model_copy(update={"bulk_rate": 0, "quiet_hours": ""})


@pytest.fixture
def limit() -> MessageLimit:
    """Return no limit: a test is quicker than a person."""
    return NoLimit()


@pytest.fixture
def follow_every() -> float:
    """Look often how far announcements are."""
    return 0.05


@pytest.fixture
async def broadcast(services: Services) -> Broadcast:
    """Return staff over the database, nobody linked or settled yet."""
    made = Broadcast(services.settings, services.library, services.sessions)
    await made.hire()
    return made


@pytest.fixture
async def lan(api: BotApi, broadcast: Broadcast, bot: None) -> StaffPhone:
    """Return the author, linked."""
    del bot
    return await linked(api, broadcast.sessions, AUTHOR, LAN)


@pytest.fixture
async def minh(api: BotApi, broadcast: Broadcast, bot: None) -> StaffPhone:
    """Return the approver, linked."""
    del bot
    return await linked(api, broadcast.sessions, APPROVER, MINH)


@pytest.fixture
async def work(settings: Settings, services: Services) -> AsyncIterator[None]:
    """Have a worker look for what is to be sent."""
    token = settings.telegram_token.get_secret_value()
    async with Bot(token, base_url=settings.telegram_base_url) as bot:
        sender = make_sender(settings, services.library, services.sessions, bot, Quiet())
        async with background(_look(Dispatcher(sender, sender.send))):
            yield
        sender.deliveries.engine.dispose()


async def _look(dispatcher: Dispatcher) -> None:
    """Look again and again."""
    while True:
        await dispatcher.look()
        await asyncio.sleep(0.02)
