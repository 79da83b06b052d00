"""`make practice`: a Telegram of our own, to practise with; nothing leaves the machine.

It prints what the bot sends to each chat, its buttons numbered. A line typed here is said in a
chat: `1001 /start`; `1001 #2` presses the second button that stands last there: a message without
buttons, as an error is, hides none of those above it.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import typer

from bot.terminal import result
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.bot_api_chats import Sent
from tests.doubles.bot_api_server import bot_api, listening

_LOOK_EVERY = 0.2


def main(port: int = 8081, people: int = 20) -> None:
    """Run until Ctrl-C; chats 1001, 1002 and so on have started the bot."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(port, people))


async def _run(port: int, people: int) -> None:
    double = BotApi(first_update=int(time.time()))  # a product drops ids that it took before
    for chat in range(1001, 1001 + people):
        double.chats.open(chat)
    async with listening(bot_api(double.answer, double.file), port):
        result(f"Telegram để tập đang chạy, có {people} người: 1001 đến {1000 + people}.")
        result("Ở cửa sổ khác, trước khi chạy htx, gõ hai dòng:")
        result(f"  export HTX_TELEGRAM_TOKEN={TOKEN}")
        result(f"  export HTX_TELEGRAM_BASE_URL=http://127.0.0.1:{port}/bot")
        result("Ở đây gõ “1001 /start” để nhắn thay người 1001, “1001 #2” để bấm nút thứ hai.")
        await asyncio.gather(_tell(double), _listen(double))


async def _tell(double: BotApi) -> None:
    """Print each message, again when it or its buttons were changed."""
    told: dict[int, tuple[str, ...]] = {}
    while True:
        for chat, sent in list(double.chats.sent.items()):
            for message in sent:
                looks = (message.text, *message.buttons)
                if told.get(message.id) != looks:
                    _show(chat, message)
                told[message.id] = looks
        await asyncio.sleep(_LOOK_EVERY)


def _show(chat: int, message: Sent) -> None:
    result(f"\n── tới {chat} ──\n{message.text}")
    for number, label in enumerate(message.buttons, 1):
        result(f"  [{number}] {label}")


async def _listen(double: BotApi) -> None:
    async for line in _lines():
        chat, _, typed = line.strip().partition(" ")
        if not chat.isdigit() or not typed:
            result("Gõ số người rồi lời nhắn, ví dụ: 1001 /start")
        elif typed.startswith("#"):
            _press(double, int(chat), typed[1:])
        else:
            double.say(int(chat), typed)


def _press(double: BotApi, chat: int, number: str) -> None:
    """Press a button of the last message in a chat that has any."""
    pressable = [message for message in double.chats.sent.get(chat, []) if message.buttons]
    for last in pressable[-1:]:
        payloads = list(last.buttons.values())
        if number.isdigit() and 0 < int(number) <= len(payloads):
            double.press(chat, last, payloads[int(number) - 1])
            return
    result("Những nút cuối của người này không có nút đó.")


async def _lines() -> AsyncIterator[str]:
    """Yield what is typed, until there is no more; then wait for ever."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line
    await asyncio.Event().wait()


if __name__ == "__main__":
    typer.run(main)
