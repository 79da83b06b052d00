"""Starting, stopping, the bot's card, and what is said when Telegram can't be used."""

import asyncio
import logging

import pytest
from telegram import Chat, Message
from telegram.constants import ChatType

from bot.runner import Runner
from bot.telegram import questions
from bot.telegram.application import Telegram, build, running
from bot.telegram.routes import route_of
from bot.telegram.visit import Visit
from services.bootstrap import Services
from services.errors import MachineError, SettingsError
from services.processes import free_port
from services.settings import Settings
from tests.conftest import NOON
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.telegram import ASKED, Start

ME = 7


def _again(services: Services) -> Telegram:
    return build(Runner(services))


async def test_card_is_set_in_vietnamese(api: BotApi, services: Services, start: Start) -> None:
    """Name, descriptions and commands are those of the phrases."""
    async with start():
        card = dict(api.profile)
    say = services.library.phrases.say
    menu = "start help congcu nhac hoso nhantin dungtin dulieu xoa"

    assert card.pop("commands") == [
        {"command": name, "description": say(f"command_{name}")} for name in menu.split()
    ]
    assert card == {
        "name": say("bot_name"),
        "short_description": say("bot_short"),
        "description": say("bot_description"),
    }


async def test_card_that_is_right_is_left_alone(
    api: BotApi, services: Services, start: Start
) -> None:
    """Telegram limits how often a name is set: a second start sets nothing."""
    async with start():
        pass
    first = [call.method for call in api.calls if call.method.startswith("setMy")]
    async with running(_again(services)):
        pass

    assert first == [call.method for call in api.calls if call.method.startswith("setMy")]
    assert len(first) == 4


async def test_card_that_can_not_be_set_stops_nothing(api: BotApi, start: Start) -> None:
    """A bot whose name Telegram won't set now still answers."""
    api.fail("setMyName", 429, parameters={"retry_after": 86400})
    api.fail("getMyCommands", 500)
    async with start():
        api.say(ME, ASKED)
        [answer] = await api.replies(ME, 1)

    assert "05 thành viên" in answer.text
    assert "name" not in api.profile
    assert "commands" in api.profile


async def test_card_that_takes_long_keeps_nobody_waiting(api: BotApi, start: Start) -> None:
    """While Telegram thinks about the card, whoever wrote meanwhile is answered."""
    slow = asyncio.Event()
    api.fail("getMyName", gate=slow)

    async def live() -> None:
        async with start():
            pass

    living = asyncio.create_task(live())
    api.say(ME, ASKED)
    try:
        [answer] = await api.replies(ME, 1)
    finally:
        slow.set()
        await living

    assert "05 thành viên" in answer.text


def test_every_command_of_the_menu_is_handled(services: Services) -> None:
    """No command that the menu offers is taken for a question."""
    names = [name for name in services.library.phrases.templates if name.startswith("command_")]
    texts = ["/" + name.removeprefix("command_") for name in names]
    chat = Chat(ME, ChatType.PRIVATE)
    visits = [
        Visit(str(ME), ME, text=text, message=Message(1, NOON, chat, text=text)) for text in texts
    ]
    handlers = [route.handler for visit in visits if (route := route_of(visit))]

    assert questions.hear not in handlers
    assert len(handlers) == len(names) == 9


async def test_polling_asks_for_what_is_served(api: BotApi, start: Start) -> None:
    """Only messages and presses are asked for; a webhook left over is taken away."""
    api.webhook = {"url": "https://cu.example/telegram/webhook"}
    async with start():
        api.say(ME, ASKED)
        await api.replies(ME, 1)

    assert api.webhook == {}
    assert {'["message", "callback_query"]'} == {
        call.parameters.get("allowed_updates") for call in api.called("getUpdates")
    }


async def test_wrong_token_is_one_sentence(api: BotApi, start: Start) -> None:
    """A token that Telegram rejects is named as the setting to look at, and is not shown."""
    api.token = "987654321:XX"
    with pytest.raises(SettingsError, match="HTX_TELEGRAM_TOKEN") as raised:
        async with start():
            pass

    assert TOKEN not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_second_poller_is_one_sentence(api: BotApi, start: Start) -> None:
    """When the bot already runs elsewhere, the start says so."""
    api.fail("getUpdates", 409)
    with pytest.raises(MachineError, match="đang chạy ở một nơi khác"):
        async with start():
            pass


async def test_no_network_is_one_sentence(services: Services, settings: Settings) -> None:
    """Without a way to Telegram, the start says which address could not be reached."""
    settings.telegram_base_url = f"http://127.0.0.1:{free_port()}/bot"
    with pytest.raises(MachineError, match="Không nối được máy chủ Telegram"):
        async with running(_again(services)):
            pass


async def test_flood_control_at_the_start_is_one_sentence(api: BotApi, start: Start) -> None:
    """Telegram's refusal at the start is a sentence too."""
    api.fail("getMe", 429, parameters={"retry_after": 30})
    with pytest.raises(MachineError, match="chờ ít phút"):
        async with start():
            pass


async def test_trouble_while_polling_is_got_over(
    api: BotApi, services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    """A poll that fails and another poller are logged, the second once; then people are served."""
    async with running(_again(services)):
        api.fail("getUpdates", 502)
        api.fail("getUpdates", 409)
        api.say(ME, ASKED)
        await api.replies(ME, 1)
        api.say(ME, "/help")
        await api.replies(ME, 2)
    logged = "".join(capfd.readouterr())

    assert "telegram.polling_failed" in logged
    assert logged.count("telegram.runs_twice") == 1


async def test_token_is_never_logged(
    api: BotApi,
    services: Services,
    start: Start,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """With every library telling all it can, and errors on the way, no log holds the token."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    api.fail("sendMessage", 400)
    async with start():
        api.say(ME, ASKED)
        await api.replies(ME, 1)
    api.token = "987654321:XX"
    with pytest.raises(SettingsError):
        async with running(_again(services)):
            pass

    assert "getMe" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN not in "".join(capfd.readouterr())
