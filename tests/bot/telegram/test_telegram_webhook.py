"""The same bot by webhook: a real web server between the Bot API and the application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select, text
from starlette.types import Receive, Scope, Send

from bot.telegram.application import Telegram, running
from bot.telegram.updates import HEADER, PATH, router, webhook_secret, webhook_url
from services.bootstrap import Services
from services.errors import SettingsError
from services.settings import Settings, load_settings
from services.storage.models import Received
from tests.doubles.bot_api import BotApi
from tests.doubles.bot_api_server import listening
from tests.doubles.telegram import ASKED, GatedNlu, Start

ME, OTHER = 7, 8


class Door:
    """A web server that is there before the app it serves."""

    def __init__(self) -> None:
        """Start with an app that knows no path."""
        self.app = FastAPI()
        self.port = 0

    @property
    def url(self) -> str:
        """The webhook's address."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve by the app of now."""
        await self.app(scope, receive, send)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """Return a web server."""
    made = Door()
    async with listening(made) as port:
        made.port = port
        yield made


@pytest.fixture
def settings(settings: Settings, door: Door) -> Settings:
    """Return settings with a webhook at the web server."""
    return settings.model_copy(update={"telegram_webhook_url": door.url})


@pytest.fixture
def start(telegram: Telegram, settings: Settings, door: Door) -> Start:
    """Return what starts the bot behind the web server."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[None]:
        door.app.include_router(router(telegram, settings))
        async with running(telegram):
            yield

    return begin


async def _post(door: Door, secret: str, body: str = "{}") -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {HEADER.encode(): secret.encode()}
        return (await client.post(door.url, content=body, headers=headers)).status_code


async def test_answer_by_webhook(api: BotApi, start: Start) -> None:
    """An update is taken from the web server and answered; nothing polls."""
    async with start():
        update = api.say(ME, ASKED)
        [answer] = await api.replies(ME, 1)
        await api.until(lambda: api.pushed)

    assert "05 thành viên" in answer.text
    assert api.pushed == [(update, 200)]
    assert api.called("getUpdates") == []


async def test_update_is_acknowledged_once_it_is_written_down(
    api: BotApi, services: Services, nlu: GatedNlu, start: Start
) -> None:
    """Telegram hears that an update was taken as soon as no crash can lose it."""
    gate = nlu.hold(ASKED)
    async with start():
        update = api.say(ME, ASKED)
        await api.until(lambda: api.pushed)
        async with services.sessions() as session:
            held = (await session.scalars(select(Received))).one()
        gate.opened.set()
        await api.replies(ME, 1)

    assert api.pushed == [(update, 200)]
    assert held.content
    assert held.content["message"]["text"] == ASKED


async def test_update_that_can_not_be_written_down_is_not_acknowledged(
    api: BotApi, services: Services, start: Start
) -> None:
    """Telegram then sends it again."""
    async with start():
        async with services.sessions.begin() as session:
            await session.execute(text("DROP TABLE inbox"))
        update = api.say(ME, ASKED)
        await api.until(lambda: api.pushed)

    assert api.pushed[0] == (update, 500)


async def test_repeated_update_is_ignored(api: BotApi, start: Start) -> None:
    """An update that the webhook brings twice is answered once."""
    async with start():
        first = api.say(ME, ASKED)
        api.repeat(first)
        api.say(ME, "/help")
        await api.until(lambda: len(api.pushed) > 2)

    assert len(api.chats.sent[ME]) == 2


async def test_what_waited_comes_when_the_webhook_is_set(api: BotApi, start: Start) -> None:
    """Messages from before the start are not dropped."""
    api.say(ME, ASKED)
    async with start():
        waited = await api.replies(ME, 1)

    assert len(waited) == 1


@pytest.mark.parametrize("secret", ["", "sai", "sái"])
async def test_wrong_secret_is_refused(
    door: Door, telegram: Telegram, settings: Settings, secret: str
) -> None:
    """Whoever does not know the secret is told nothing but 403."""
    door.app.include_router(router(telegram, settings))

    assert await _post(door, secret) == 403


async def test_stopped_application_asks_to_come_again(
    door: Door, telegram: Telegram, settings: Settings
) -> None:
    """Before the start and after the stop Telegram is told to send again."""
    door.app.include_router(router(telegram, settings))
    body = '{"update_id": 1}'

    assert await _post(door, webhook_secret(settings), body) == 503


async def test_half_an_update_is_passed_over(start: Start, door: Door, settings: Settings) -> None:
    """It has a number and holds nobody else's: it is taken, and answered by nothing."""
    async with start():
        body = '{"update_id": 1, "message": 5}'

        assert await _post(door, webhook_secret(settings), body) == 200


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", "không"])
async def test_unreadable_update_is_refused(
    start: Start, door: Door, settings: Settings, body: str
) -> None:
    """What is no update is refused, and breaks nothing."""
    async with start():
        assert await _post(door, webhook_secret(settings), body) == 400


def test_secret_is_stable_and_telegram_takes_it(settings: Settings) -> None:
    """Without a secret set, one is derived from the key of the data folder."""
    again = load_settings(data_dir=settings.data_dir)

    assert webhook_secret(settings) == webhook_secret(again)
    assert len(webhook_secret(settings)) == 64


async def test_unusable_secret_is_one_sentence(
    telegram: Telegram, settings: Settings, door: Door
) -> None:
    """A secret that Telegram would refuse stops Telegram, not the web page."""
    settings.telegram_webhook_secret = SecretStr("có dấu")
    door.app.include_router(router(telegram, settings))

    with pytest.raises(SettingsError, match="HTX_TELEGRAM_WEBHOOK_SECRET"):
        async with running(telegram):
            pass


async def test_refused_address_is_one_sentence(api: BotApi, start: Start) -> None:
    """An address that Telegram won't call names the setting."""
    api.fail("setWebhook", 400, description="Bad Request: bad webhook: HTTPS url must be provided")
    with pytest.raises(SettingsError, match="HTX_TELEGRAM_WEBHOOK_URL"):
        async with start():
            pass


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://htx.example", f"https://htx.example{PATH}"),
        ("https://htx.example/", f"https://htx.example{PATH}"),
        ("https://htx.example/bot/moc", "https://htx.example/bot/moc"),
    ],
)
def test_address_without_a_path_is_completed(settings: Settings, given: str, used: str) -> None:
    """The operator may give the site alone."""
    site = load_settings(data_dir=settings.data_dir, telegram_webhook_url=given)

    assert webhook_url(site) == used


def test_without_a_webhook_there_is_no_route(telegram: Telegram, settings: Settings) -> None:
    """While polling, nothing listens for updates."""
    polling = load_settings(data_dir=settings.data_dir)

    assert router(telegram, polling).routes == []
