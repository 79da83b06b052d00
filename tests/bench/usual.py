"""The usual ways to send a broadcast, each in a process of its own as the worker is.

`loop`: one `send_message` of python-telegram-bot after another. `gather`: all at once through its
`AIORateLimiter`, in a bot that answers people meanwhile, as its documentation proposes
(https://github.com/python-telegram-bot/python-telegram-bot/wiki/Avoiding-flood-limits).
"""

import asyncio
import sys
from typing import Any

from telegram import Bot, LinkPreviewOptions, Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, MessageHandler, filters

from bot.telegram.letter import TelegramForm
from services.announcements.letter import Letter
from services.conversation.reply import Button
from tests.doubles.bot_api import TOKEN

LETTER = Letter(
    "**📢 Lớp tập huấn OCOP**\n\nChào bà con, mời **bà con** dự lớp.\n\n"
    "_Nguồn: Liên minh Hợp tác xã_\n\n_Không muốn nhận nữa, bà con nhắn /dungtin_",
    (Button("Tôi đã đọc", "x:1"), Button("Hỏi thêm", "x:1:1"), Button("Dừng nhận tin", "x:1:2")),
)
"""As long as ours, with the same buttons."""
PART = TelegramForm().parts(LETTER)[0]
MESSAGE: dict[str, Any] = {
    "text": PART.html,
    "parse_mode": "HTML",
    "reply_markup": PART.buttons,
    "link_preview_options": LinkPreviewOptions(is_disabled=True),
}


async def loop(base_url: str, people: int) -> None:
    """Send to one after another."""
    async with Bot(TOKEN, base_url=base_url) as bot:
        for chat in range(1, people + 1):
            await bot.send_message(chat, **MESSAGE)


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
            await application.bot.send_message(chat, **MESSAGE)
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
