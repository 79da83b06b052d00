"""A real python-telegram-bot against our Bot API, over the small content and a real database."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import stamina

from bot.limits import MessageLimit
from bot.runner import Runner
from bot.telegram.application import Telegram, build, running
from bot.telegram.sender import TYPING_EVERY
from bot.telegram.staff.following import EVERY as FOLLOW_EVERY
from services.bootstrap import Services
from services.settings import Settings, load_settings
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.content import article_text, head, write_content
from tests.doubles.phone import Phone
from tests.doubles.procedure import PROCEDURE, write_procedure
from tests.doubles.telegram import LONG, LONG_BODY, LONG_PART, READINGS, GatedNlu, Start


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """Try again without waiting."""
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


@pytest.fixture
def phone(api: BotApi) -> Phone:
    """Return the phone of one person."""
    return Phone(api)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content folder with one article that is too long for a first message."""
    root = write_content(tmp_path / "content")
    write_procedure(root)
    front = head(LONG, "Các bước lập hợp tác xã") | {"procedure": PROCEDURE}
    text = article_text(front, f"{LONG_BODY}\n\n## manager\n{LONG_PART}")
    (root / f"articles/{LONG}.md").write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def settings(
    tmp_path: Path,
    content: Path,
    api: BotApi,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Return settings whose Telegram is the double."""
    monkeypatch.chdir(tmp_path)
    return load_settings(
        data_dir=tmp_path / "var",
        content_dir=content,
        database_url=database_url,
        telegram_token=TOKEN,
        telegram_base_url=api.base_url,
    )


@pytest.fixture
def nlu() -> GatedNlu:
    """Return an NLU that knows three questions, slow where a test says."""
    return GatedNlu(READINGS)


@pytest.fixture
def typing_every() -> float:
    """Return the pace of the sign that the bot is writing; a test may have it faster."""
    return TYPING_EVERY


@pytest.fixture
def follow_every() -> float:
    """Return how often it is looked how far announcements are; a test may have it faster."""
    return FOLLOW_EVERY


@pytest.fixture
def notice_every() -> float:
    """Return how often it is looked for notices; a test may have it faster."""
    return 0.1


@pytest.fixture
def limit() -> MessageLimit:
    """Return how many messages one person may send."""
    return MessageLimit()


@pytest.fixture
def runner(services: Services, limit: MessageLimit) -> Runner:
    """Return the process's runner."""
    return Runner(services, limit)


@pytest.fixture
def telegram(
    runner: Runner, typing_every: float, follow_every: float, notice_every: float
) -> Telegram:
    """Return the bot, not started."""
    return build(
        runner, typing_every=typing_every, follow_every=follow_every, notice_every=notice_every
    )


@pytest.fixture
def start(telegram: Telegram) -> Start:
    """Return what starts the bot for as long as a block runs."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[None]:
        async with running(telegram):
            yield

    return begin


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[None]:
    """Run the bot by polling."""
    async with start():
        yield
