"""The Bot API double refuses what Telegram refuses, in Telegram's words, to a real PTB."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.telegram_html import HtmlError, parse

ME = 7


@pytest.fixture
async def ptb(api: BotApi) -> AsyncIterator[Bot]:
    """Return a bot that knows one chat."""
    api.chats.open(ME)
    async with Bot(TOKEN, api.base_url) as bot:
        yield bot


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"chat_id": 99, "text": "a"}, "Chat not found"),
        ({"text": " \n"}, "Message text is empty"),
        ({"text": "a" * 4097}, "Message text is too long"),
        ({"text": "🙂" * 2049}, "Message text is too long"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "Can't parse entities"),
        ({"text": "a & b", "parse_mode": "HTML"}, "Can't parse entities"),
    ],
)
async def test_refused_message(ptb: Bot, given: dict[str, Any], refusal: str) -> None:
    """What Telegram would refuse is refused."""
    with pytest.raises(BadRequest, match=refusal):
        await ptb.send_message(**{"chat_id": ME, **given})


async def test_refused_button(ptb: Bot) -> None:
    """A payload is at most 64 bytes."""
    button = InlineKeyboardButton("a", callback_data="đ" * 33)
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await ptb.send_message(ME, "a", reply_markup=InlineKeyboardMarkup([[button]]))


@pytest.mark.parametrize(
    "source", ["</b>", "<b><i></b></i>", "<u", "<script>a</script>", "&nbsp;", "<a>x</a>", "a < b"]
)
def test_strict_html(source: str) -> None:
    """Any fault in HTML is found."""
    with pytest.raises(HtmlError):
        parse(source)


def test_entities_are_counted_in_utf_16() -> None:
    """Offsets and lengths are those that Telegram tells."""
    text, entities = parse("🙂<b>đậm &lt;</b>")

    assert text == "🙂đậm <"
    assert entities == [{"type": "bold", "offset": 2, "length": 5}]


async def test_what_can_be_done_with_a_message(api: BotApi, ptb: Bot) -> None:
    """A message is edited, copied, deleted; pictures and files are sent."""
    sent = await ptb.send_message(ME, "một")
    await ptb.edit_message_text("hai", ME, sent.message_id)
    await ptb.copy_message(ME, ME, sent.message_id)
    await ptb.delete_message(ME, sent.message_id)
    await ptb.send_photo(ME, b"anh", caption="<i>ảnh</i>", parse_mode="HTML")
    await ptb.send_document(ME, b"tep", filename="mau.docx")

    assert [message.text for message in api.chats.sent[ME]] == ["hai", "ảnh", ""]
    assert (await ptb.get_chat(ME)).id == ME


async def test_faults_on_demand(api: BotApi, ptb: Bot) -> None:
    """Each fault reaches PTB as the error that the real one raises."""
    api.fail("sendMessage", 502)
    api.fail("sendMessage", dropped=True)
    api.fail("sendMessage", dropped=True, afterwards=True)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await ptb.send_message(ME, "a")
    api.block(ME)
    with pytest.raises(Forbidden):
        await ptb.send_message(ME, "a")

    assert len(api.chats.sent[ME]) == 1


async def test_limits_when_switched_on(api: BotApi, ptb: Bot) -> None:
    """One message a second to a chat, thirty to all; a refused one does not count."""
    now = 0.0
    api.chats.limits.on, api.chats.limits.clock = True, lambda: now
    for chat in range(1, 31):
        api.chats.open(chat)
        await ptb.send_message(chat, "a")
    api.chats.open(31)
    for chat in (1, 31):
        with pytest.raises(RetryAfter):
            await ptb.send_message(chat, "a")
    now = 1.0
    await ptb.send_message(1, "a")

    assert sum(map(len, api.chats.sent.values())) == 31


async def test_webhook_and_polling_exclude_each_other(api: BotApi, ptb: Bot) -> None:
    """While a webhook is set nobody polls; deleted, the updates wait for whoever polls."""
    await ptb.set_webhook("http://127.0.0.1:9/telegram/webhook")
    with pytest.raises(Conflict):
        await ptb.get_updates()
    await ptb.delete_webhook()
    api.say(ME, "chào")

    assert (await ptb.get_webhook_info()).pending_update_count == 1
    assert [update.message.text for update in await ptb.get_updates() if update.message] == ["chào"]
