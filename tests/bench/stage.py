"""Where announcements are measured: the product over our Bot API, people, a citizen who asks."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from services.knowledge.loader import load_library
from services.settings import ROOT, Settings, load_settings
from services.storage.migrate import upgrade
from services.storage.session import make_engine, make_sessions
from tests.doubles.bot_api import TOKEN, BotApi, Call
from tests.doubles.bot_api_server import bot_api, listening
from tests.doubles.broadcast import Broadcast
from tests.doubles.product import Product, start
from tests.doubles.product import environment as product_environment

CITIZENS = tuple(range(900_001, 900_021))
"""Those who ask; nobody sends them announcements."""
_numbers = count()


@dataclass
class Stage:
    """A Bot API, an empty data folder, and what is done over both."""

    api: BotApi
    settings: Settings
    broadcast: Broadcast
    folder: Path
    _door: AsyncExitStack
    _port: int

    async def close_door(self) -> None:
        """Refuse every connection from now on, and end those that there are."""
        await self._door.aclose()

    async def open_door(self) -> None:
        """Answer again, at the same address."""
        await self._door.enter_async_context(listening(bot_api(self.api.answer), self._port))

    async def settle(self, people: int) -> None:
        """Add so many farmers who agree and have started the bot."""
        chats = range(1, people + 1)
        for chat in chats:
            self.api.chats.open(chat)
        await self.broadcast.settle(chats)

    async def queued(self, text: str | None = None) -> int:
        """Queue an announcement to all farmers."""
        return await self.broadcast.queued(self.folder, *([text] if text else []))

    async def citizen(self, seconds: float) -> list[float]:
        """Ask once a second, as another citizen each time; return milliseconds until the reply."""
        waits: list[float] = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            waits.append(await self._ask(next(_numbers)))
            await asyncio.sleep(max(0.0, began + 1.0 - time.monotonic()))
        return waits

    async def _ask(self, number: int) -> float:
        """Ask what nobody has asked yet, out of the titles of the articles."""
        titles = [article.head.title for article in self.broadcast.library.articles.values()]
        chat = CITIZENS[number % len(CITIZENS)]
        known = len(self.api.chats.sent.get(chat, []))
        began = time.monotonic()
        self.api.say(chat, f"{titles[number % len(titles)]}, cho hỏi lần {number}?")
        with suppress(TimeoutError):  # who gives up has waited as long as that
            await self.api.replies(chat, known + 1)
        return 1000 * (time.monotonic() - began)

    def announced(self) -> list[Call]:
        """List the messages to people other than those who ask."""
        return [call for call in self.api.called("sendMessage") if (call.chat or 0) < CITIZENS[0]]


@asynccontextmanager
async def stage(rate: float, url: str = "") -> AsyncIterator[Stage]:
    """Set up a stage at a rate; on the database of an address, else on SQLite."""
    double, door = BotApi(), AsyncExitStack()
    with tempfile.TemporaryDirectory() as folder:
        port = await door.enter_async_context(listening(bot_api(double.answer)))
        double.base_url = f"http://127.0.0.1:{port}/bot"
        settings = load_settings(
            data_dir=Path(folder) / "var",
            database_url=url,
            telegram_token=TOKEN,
            telegram_base_url=double.base_url,
            bulk_rate=rate,
            quiet_hours="",
        )
        await upgrade(settings.database_url)
        engine = make_engine(settings.database_url)
        broadcast = Broadcast(settings, load_library(settings.content_dir), make_sessions(engine))
        await broadcast.hire()
        try:
            yield Stage(double, settings, broadcast, Path(folder), door, port)
        finally:
            double.close()
            await door.aclose()
            await engine.dispose()


@asynccontextmanager
async def product(on: Stage) -> AsyncIterator[Product]:
    """Run the whole product on a stage, its model trained before."""
    settings = on.settings
    variables = product_environment(
        settings.data_dir,
        HTX_MODEL_DIR=os.environ.get("HTX_MODEL_DIR", str(ROOT / "var/models")),
        HTX_DATABASE_URL=settings.database_url,
        HTX_TELEGRAM_TOKEN=TOKEN,
        HTX_TELEGRAM_BASE_URL=settings.telegram_base_url,
        HTX_BULK_RATE=str(settings.bulk_rate),
        HTX_QUIET_HOURS="",
    )
    running = await asyncio.to_thread(start, variables)
    try:
        await on.api.until(lambda: on.api.called("getUpdates"))
        yield running
    finally:
        await asyncio.to_thread(running.stop)


def held(calls: Sequence[Call]) -> float:
    """Return the rate that was held, messages a second from the first to the last."""
    times = sorted(call.at for call in calls)
    return (len(times) - 1) / (times[-1] - times[0])


def quantile(times: Sequence[float], share: int) -> float:
    """Return the value that `share` in a hundred do not exceed."""
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)]
