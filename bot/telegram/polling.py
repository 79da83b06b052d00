"""Polling: updates are asked for, and those that were written down are confirmed by the next call.

See https://core.telegram.org/bots/api#getupdates: an update is confirmed by a call whose offset is
higher than its number. python-telegram-bot's own loop confirms what it has only in its memory.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

_log = structlog.get_logger()

UPDATES = ("message", "callback_query")
"""The kinds of updates that Telegram is asked for."""
TWICE = (
    "Bot Telegram này đang chạy ở một nơi khác nữa: tắt nơi kia rồi chạy lại, "
    "hoặc dùng mã bot khác trong HTX_TELEGRAM_TOKEN."
)

_WAITS = timedelta(seconds=10)
"""How long Telegram holds a call that has nothing to tell."""
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds after each failure; the last one repeats."""

Take: TypeAlias = Callable[[Sequence[Update]], Awaitable[None]]
"""Writes updates down; raises `SQLAlchemyError` where it can't."""


@dataclass
class Polling:
    """Asks for updates."""

    bot: Bot
    take: Take
    _offset: int | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)
    _told_twice: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Ask for ever, less often while it fails; at the end, confirm what was taken."""
        try:
            while True:
                await self._poll()
        finally:
            await self._confirm()

    async def _poll(self) -> None:
        try:
            updates = await self._updates(_WAITS)
            await self.take(updates)
        except (TelegramError, SQLAlchemyError) as error:
            self._tell_of(error)
            await asyncio.sleep(self._pause(error))
            return
        self._failures = 0
        if updates:
            self._offset = updates[-1].update_id + 1

    async def _confirm(self) -> None:
        """Let Telegram forget what was taken; what it gives now is left for the next start."""
        if self._offset is None:
            return
        try:
            await self._updates(timedelta(0), limit=1)
        except TelegramError as error:
            _log.warning("telegram.polling_ended", reason=type(error).__name__)

    async def _updates(self, waits: timedelta, limit: int | None = None) -> tuple[Update, ...]:
        return await self.bot.get_updates(
            offset=self._offset, timeout=waits, limit=limit, allowed_updates=UPDATES
        )

    def _pause(self, error: Exception) -> float:
        pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        told = error.retry_after if isinstance(error, RetryAfter) else pause
        return told.total_seconds() if isinstance(told, timedelta) else told

    def _tell_of(self, error: Exception) -> None:
        """Log an error; that the bot runs twice, once."""
        if not isinstance(error, Conflict):
            _log.warning("telegram.polling_failed", reason=type(error).__name__)
        elif not self._told_twice:
            self._told_twice = True
            _log.error("telegram.runs_twice", sentence=TWICE)
