"""What a proxy between us and Telegram answers is taken for no answer of Telegram's."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.telegram.bots import BulkRequest, NotSentError
from bot.telegram.carrier import meaning
from services.announcements.carrier import Gone, NotYet


@pytest.mark.parametrize("kind", [Forbidden, BadRequest])
def test_page_of_a_proxy_writes_nobody_off(kind: type[TelegramError]) -> None:
    """An answer that could not be read is of the way there: everybody's letter waits."""
    page = kind("Forbidden. Parsing the server response failed")
    page.__cause__ = TelegramError("Invalid server response")

    assert isinstance(meaning(page), NotYet)


def test_no_of_telegram_is_of_the_person() -> None:
    """Whoever blocked the bot is gone."""
    assert meaning(Forbidden("Forbidden: bot was blocked by the user")) == Gone("blocked")


async def test_proxy_that_lets_nobody_through_leaves_nothing_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing of the message has left: it is sent again later."""

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    request = BulkRequest(1, 10)
    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        await request.initialize()
        try:
            with pytest.raises(NotSentError):
                await request.do_request("https://telegram.invalid/bot", "POST")
        finally:
            await request.shutdown()
