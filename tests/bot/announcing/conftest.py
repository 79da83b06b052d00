"""A sender with a real python-telegram-bot against our Bot API, over a real database."""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot

from bot.telegram.bots import BulkRequest
from bot.worker import make_sender
from services.announcements.quiet import Quiet
from services.announcements.sending.batch_sender import BatchSender
from services.announcements.sending.dispatcher import Dispatcher
from services.knowledge.library import Library
from services.settings import Settings, load_settings
from services.storage.session import make_engine, make_sessions
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.broadcast import Broadcast
from tests.doubles.terminal import Terminal
from tests.doubles.worker import environment

Work = Callable[[int], Coroutine[None, None, None]]


@pytest.fixture
def settings(
    tmp_path: Path,
    content: Path,
    api: BotApi,
    any_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Return settings whose Telegram is the double; unpaced, without quiet hours."""
    monkeypatch.chdir(tmp_path)
    return load_settings(
        data_dir=tmp_path / "var",
        content_dir=content,
        database_url=any_database,
        telegram_token=TOKEN,
        telegram_base_url=api.base_url,
        bulk_rate=0,
        quiet_hours="",
    )


@pytest.fixture
async def engine(migrated: Settings) -> AsyncIterator[AsyncEngine]:
    """Return an engine on a migrated database."""
    made = make_engine(migrated.database_url)
    yield made
    await made.dispose()


@pytest.fixture
async def broadcast(settings: Settings, library: Library, engine: AsyncEngine) -> Broadcast:
    """Return staff over the database, nobody settled yet."""
    made = Broadcast(settings, library, make_sessions(engine))
    await made.hire()
    return made


@pytest.fixture
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    """Return the worker's bot."""
    token = settings.telegram_token.get_secret_value()
    made = Bot(token, base_url=settings.telegram_base_url, request=BulkRequest(8, 10))
    async with made:
        yield made


@pytest.fixture
def sender(
    settings: Settings, library: Library, broadcast: Broadcast, bot: Bot
) -> Iterator[BatchSender]:
    """Return the worker's sender."""
    made = make_sender(settings, library, broadcast.sessions, bot, Quiet())
    yield made
    made.deliveries.engine.dispose()


@pytest.fixture
def work(sender: BatchSender, broadcast: Broadcast) -> Work:
    """Return what works on an announcement until it is no longer being sent."""
    dispatcher = Dispatcher(sender, sender.send)

    async def until_done(number: int) -> None:
        await dispatcher.look()
        while (await broadcast.state(number)).state == "sending":
            await dispatcher.look()

    return until_done


@pytest.fixture
def terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return Terminal()
