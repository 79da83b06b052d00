"""What the people of a long day count, where a kill has something come again."""

import asyncio

import pytest

from bot.web.chat import TELL
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.bot_api_chats import Sent
from tests.soak.people import Writer
from tests.soak.tally import Tally

KEPT = Sent({"text": "Trợ lý đang giữ"}, "")
FILE = Sent({"document": {"file_name": "du-lieu.txt"}}, "")
ERASED = Sent({"text": "Đã xóa hết"}, "")


@pytest.mark.parametrize(
    ("came", "again"),
    [
        ((KEPT, FILE, ERASED), 0),
        ((KEPT, FILE, KEPT, FILE, ERASED), 1),
        ((KEPT, KEPT, FILE, ERASED, ERASED), 2),
        ((KEPT, FILE, KEPT, KEPT, FILE, ERASED), 2),
    ],
)
def test_an_answer_that_comes_again_counts_once(came: tuple[Sent, ...], again: int) -> None:
    """However many messages it has, and wherever the kill came between them."""
    api = BotApi(TOKEN)
    writer = Writer(api, 1, Tally("Telegram"), asyncio.Event(), [TELL, "/xoa"])
    api.chats.sent[1] = [*came]

    assert writer.different() == len(writer.written)
    assert writer.repeated() == again
