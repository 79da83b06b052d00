"""The process: what becomes of its parts, and what they share."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from pathlib import Path

import httpx
import pytest

from bot import process
from bot.process import Parts
from services.errors import MachineError, SettingsError
from services.processes import free_port
from services.publishing.editions import recorded
from services.settings import Settings, load_settings
from tests.doubles.bot_api import BOT, TOKEN, BotApi
from tests.doubles.phone import Phone
from tests.doubles.waiting import until

PATIENCE = 20.0

Run = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def settings(
    tmp_path: Path, content: Path, api: BotApi, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Return settings whose Telegram is the double; nothing reads questions but by their words."""
    monkeypatch.chdir(tmp_path)
    return load_settings(
        data_dir=tmp_path / "var",
        content_dir=content,
        database_url=sqlite_url,
        telegram_token=TOKEN,
        telegram_base_url=api.base_url,
        web_port=free_port(),
        nlu_url=f"http://127.0.0.1:{free_port()}",
    )


@pytest.fixture
def run(settings: Settings) -> Run:
    """Return what runs parts of the product for as long as a block runs."""

    @asynccontextmanager
    async def begin(parts: Parts) -> AsyncIterator[None]:
        running = asyncio.create_task(process.run(settings, recorded(settings), parts))
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    return begin


async def test_telegram_that_breaks_as_nobody_foresaw_is_started_again(
    api: BotApi, run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An answer that is no answer stops the start; it is logged, and tried again."""
    monkeypatch.setattr(process, "_TELEGRAM_AGAIN", 0.01)
    whole = {**BOT}
    BOT.pop("first_name")
    try:
        async with run(Parts(telegram=True)):
            await until(lambda: bool(api.called("getMe")), PATIENCE)
            BOT.update(whole)
            told = await Phone(api).say("/help")
    finally:
        BOT.update(whole)

    assert "Bà con viết câu hỏi như nói chuyện" in told.text
    assert "telegram.broke" in "".join(capfd.readouterr())


async def test_fault_while_telegram_stops_keeps_nobody_from_stopping(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks while a product that was told to stop ends is no reason to start it again."""
    begun = asyncio.Event()

    @asynccontextmanager
    async def running(_telegram: object) -> AsyncIterator[None]:
        first = not begun.is_set()
        begun.set()
        try:
            yield
        finally:
            if first:
                raise RuntimeError

    monkeypatch.setattr(process, "running", running)
    monkeypatch.setattr(process, "_TELEGRAM_AGAIN", 0.01)
    product = asyncio.create_task(process.run(settings, recorded(settings), Parts(telegram=True)))
    await begun.wait()
    product.cancel()

    ended, _ = await asyncio.wait({product}, timeout=PATIENCE)

    product.cancel()
    assert ended


async def test_turns_of_telegram_are_counted(api: BotApi, run: Run, settings: Settings) -> None:
    """The process's one set of meters knows what was answered in Telegram."""
    async with run(Parts(web=True, telegram=True)):
        await Phone(api).say("hồ sơ")
        await Phone(api).settle()
        async with httpx.AsyncClient(trust_env=False) as client:
            told = await client.get(f"http://127.0.0.1:{settings.web_port}/metrics")

    assert 'htx_turns_total{channel="telegram"' in told.text


async def test_quiet_hours_that_cannot_be_read_stop_the_start(settings: Settings) -> None:
    """Else all seems well, while the worker ends at once, again and again."""
    settings.quiet_hours = "25-3"

    with pytest.raises(SettingsError, match="HTX_QUIET_HOURS là “25-3”"):
        async with asyncio.timeout(PATIENCE):
            await process.run(settings, recorded(settings), Parts(web=True))


async def test_second_product_on_one_data_folder_is_refused(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts it again with another port is told so; once the first has ended it starts."""
    monkeypatch.setattr(process, "_publishing", lambda _publisher: nullcontext())
    ready: list[str] = []
    monkeypatch.setattr(process, "progress", ready.append)
    parts = Parts(publishes=True)
    async with run(parts):
        await until(lambda: "Sẵn sàng (Ctrl-C để dừng)" in ready, PATIENCE)

        with pytest.raises(MachineError, match=str(settings.data_dir)):
            async with asyncio.timeout(PATIENCE):
                await process.run(settings, recorded(settings), parts)

    ready.clear()
    async with run(parts):
        await until(lambda: "Sẵn sàng (Ctrl-C để dừng)" in ready, PATIENCE)
