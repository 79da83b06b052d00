"""What happens when Telegram does not take a message, and when the product itself fails."""

import asyncio
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.telegram.render import Outgoing
from bot.telegram.sender import ATTEMPTS, Sender
from bot.telegram.visit import Visit
from services.bootstrap import Services
from services.conversation.reply import Button
from services.understanding.interpretation import Interpretation
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.telegram import ASKED, GatedNlu, Start

ME, OTHER = 7, 8
WORDS = Outgoing("<b>Xin</b> chào &amp; hẹn", "Xin chào & hẹn")


@pytest.mark.parametrize(
    "fault",
    [
        {"code": 429, "parameters": {"retry_after": 1}},
        {"code": 500},
        {"code": 502},
        {"dropped": True},
    ],
)
async def test_passing_trouble_is_got_over(
    api: BotApi, start: Start, fault: dict[str, Any]
) -> None:
    """Flood control, a failing server and a lost connection are tried again."""
    api.fail("sendMessage", times=2, **fault)
    async with start():
        api.say(ME, ASKED)
        [answer] = await api.replies(ME, 1)

    assert "05 thành viên" in answer.text
    assert len(api.called("sendMessage")) == 3


@pytest.mark.parametrize(
    ("code", "parameters", "raised"),
    [(500, {}, NetworkError), (429, {"retry_after": 1}, RetryAfter)],
)
async def test_trouble_that_stays_is_given_up(
    api: BotApi, code: int, parameters: dict[str, Any], raised: type[TelegramError]
) -> None:
    """After a few attempts the error goes on to whoever sends."""
    api.chats.open(ME)
    api.fail("sendMessage", code, times=99, parameters=parameters)
    async with Bot(TOKEN, api.base_url) as bot:
        with pytest.raises(raised):
            await Sender(bot).send(Visit("7", ME), [WORDS])

    assert len(api.called("sendMessage")) == ATTEMPTS


async def test_longer_wait_than_anybody_waits_is_not_waited(api: BotApi) -> None:
    """Told to wait an hour, the bot does not try again."""
    api.chats.open(ME)
    api.fail("sendMessage", 429, parameters={"retry_after": 3600})
    async with Bot(TOKEN, api.base_url) as bot:
        with pytest.raises(RetryAfter):
            await Sender(bot).send(Visit("7", ME), [WORDS])

    assert len(api.called("sendMessage")) == 1


async def test_time_out_is_tried_again(api: BotApi) -> None:
    """A call that Telegram does not answer in time is made again."""
    api.chats.open(ME)
    fault = api.fail("sendMessage", gate=asyncio.Event())
    async with Bot(TOKEN, api.base_url, request=HTTPXRequest(read_timeout=0.5)) as bot:
        await Sender(bot).send(Visit("7", ME), [WORDS])
    assert fault.gate
    fault.gate.set()

    assert len(api.called("sendMessage")) == 2


async def test_person_who_blocked_the_bot_is_let_go(api: BotApi, start: Start) -> None:
    """403 ends the sending quietly; everybody else is served."""
    api.block(ME)
    async with start():
        api.say(ME, ASKED)
        await api.until(lambda: api.called("sendMessage"))
        api.say(OTHER, ASKED)
        await api.replies(OTHER, 1)

    assert len([call for call in api.called("sendMessage") if call.chat == ME]) == 1


async def test_refused_markup_is_sent_plain(api: BotApi) -> None:
    """Markup that Telegram can't parse must not cost the person the answer."""
    api.chats.open(ME)
    api.fail("sendMessage", 400, description="Bad Request: can't parse entities: x")
    async with Bot(TOKEN, api.base_url) as bot:
        await Sender(bot).send(Visit("7", ME), [WORDS])
    [sent] = await api.replies(ME, 1)

    assert sent.source == "Xin chào & hẹn"


async def test_other_refusal_is_no_reason_to_try_again(api: BotApi) -> None:
    """400 is our own fault: it is raised at once."""
    async with Bot(TOKEN, api.base_url) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await Sender(bot).send(Visit("7", ME), [WORDS])

    assert len(api.called("sendMessage")) == 1


async def test_button_that_telegram_would_refuse_is_left_out(api: BotApi) -> None:
    """A payload of more than 64 bytes costs its button, not the message."""
    api.chats.open(ME)
    buttons = (Button("một", "a:" + "đ" * 32), Button("hai", "a:" + "đ" * 31))
    async with Bot(TOKEN, api.base_url) as bot:
        await Sender(bot).send(Visit("7", ME), [Outgoing("a", "a", buttons)])
    [sent] = await api.replies(ME, 1)

    assert list(sent.buttons) == ["hai"]


class BrokenNlu(GatedNlu):
    """Fails as nobody foresaw."""

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Fail, with the token in the error."""
        msg = f"hỏng: {text} {opened} https://api.telegram.org/bot{TOKEN}/getMe"
        raise ZeroDivisionError(msg)


class TestUnforeseenError:
    """An error that nobody foresaw."""

    @pytest.fixture
    def nlu(self) -> GatedNlu:
        """Return an NLU that breaks."""
        return BrokenNlu({})

    async def test_is_answered_and_logged(
        self,
        api: BotApi,
        services: Services,
        start: Start,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """The person is told; the log names the error without the token; the next is served."""
        async with start():
            api.say(ME, ASKED)
            [told] = await api.replies(ME, 1)
            api.say(ME, "/help")
            await api.replies(ME, 2)
        logged = "".join(capfd.readouterr())

        assert told.text == services.library.phrases.say("failed")
        assert "ZeroDivisionError" in logged
        assert TOKEN not in logged

    async def test_is_survived_when_the_person_can_not_be_told(
        self, api: BotApi, services: Services, start: Start
    ) -> None:
        """When that reply fails too, it is said again, and the bot goes on."""
        api.fail("sendMessage", 500)
        async with start():
            api.say(ME, ASKED)
            await api.until(lambda: api.called("sendMessage"))
            api.say(ME, "/help")
            failed, told = await api.replies(ME, 2)

        assert failed.text == services.library.phrases.say("failed")
        assert "Bà con viết câu hỏi như nói chuyện" in told.text
