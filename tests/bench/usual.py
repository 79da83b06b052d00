"""The usual ways to send a broadcast, each in a process of its own as the worker is.

`loop`: one `send_message` of python-telegram-bot after another. `gather`: all at once through its
`AIORateLimiter`, in a bot that answers people meanwhile, as its documentation proposes
(https://github.com/python-telegram-bot/python-telegram-bot/wiki/Avoiding-flood-limits).
"""

import asyncio
import sys
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, MessageHandler, filters

from tests.doubles.bot_api import TOKEN

TEXT = "<b>Lớp tập huấn OCOP</b>\n\nChào bà con, mời <b>bà con</b> dự lớp."


async def loop(base_url: str, people: int) -> None:
    """Send to one after another."""
    async with Bot(TOKEN, base_url=base_url) as bot:
        for chat in range(1, people + 1):
            await bot.send_message(chat, TEXT, parse_mode="HTML")


async def gather(base_url: str, people: int) -> None:
    """Send to all at once through the library's limiter, answering people meanwhile."""
    builder: Any = ApplicationBuilder().token(TOKEN).base_url(base_url)
    application = (
        builder.rate_limiter(AIORateLimiter(max_retries=5))
        .concurrent_updates(True)
        .build()  # because the library takes it by position only
    )

    async def answer(update: Update, _: Any) -> None:
        if update.message:
            await update.message.reply_text("Hợp tác xã cần ít nhất 05 thành viên.")

    async def tell(chat: int) -> None:
        try:
            await application.bot.send_message(chat, TEXT, parse_mode="HTML")
        except TelegramError:
            return

    application.add_handler(MessageHandler(filters.TEXT, answer))
    async with application:
        await application.updater.start_polling()
        await application.start()
        await asyncio.gather(*(tell(chat) for chat in range(1, people + 1)))
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    way = {"loop": loop, "gather": gather}[sys.argv[1]]
    asyncio.run(way(sys.argv[2], int(sys.argv[3])))
