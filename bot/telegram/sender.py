"""Sending: what Telegram may answer to a message, and what is done then.

    429               wait as long as it says, then again
    5xx, no network,  again, a few times
    time-out
    400 on markup     the same as plain text
    403               the person left or blocked the bot: given up, logged
    moved group       again, to the group's new id

`BadRequest` and `TimedOut` are subclasses of `NetworkError`, so they are told apart first.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import stamina
import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ChatAction, InlineKeyboardButtonLimit, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.render import Outgoing, shorten
from bot.telegram.visit import Visit
from services.conversation.reply import Button

_log = structlog.get_logger()

ATTEMPTS = 4
LONGEST_WAIT = timedelta(seconds=30)
"""Told to wait longer than this, the bot gives up: nobody waits so long for a reply."""
_TYPING_AFTER = 0.3
"""What is answered sooner needs no sign: nobody sees it, and each costs a call to Telegram."""
TYPING_EVERY = 4.0
"""Telegram shows "typing" for five seconds (https://core.telegram.org/bots/api#sendchataction)."""


@dataclass(frozen=True)
class Sender:
    """Sends messages through a bot."""

    bot: Bot

    async def send(self, visit: Visit, messages: Sequence[Outgoing]) -> bool:
        """Send messages in their order; return whether the person has not blocked the bot.

        Raises:
            TelegramError: Telegram did not take a message, not after several attempts either.

        """
        try:
            for message in messages:
                await self._send(visit, message)
        except Forbidden as refused:
            _log.warning("telegram.recipient_gone", reason=refused.message)
            return False
        return True

    async def send_instead(self, visit: Visit, place: int, message: Outgoing) -> None:
        """Put a message in the place of an earlier one; where Telegram can't, send it as new.

        Raises:
            TelegramError: as `send` does.

        """
        try:
            await self._insist(partial(self._edit, visit, place, message))
        except Forbidden as refused:
            _log.warning("telegram.recipient_gone", reason=refused.message)
        except BadRequest as refused:
            if "not modified" not in refused.message.lower():
                await self.send(visit, [message])

    async def try_once(self, visit: Visit, message: Outgoing) -> None:
        """Send one message in one attempt.

        Raises:
            TelegramError: Telegram did not take it.

        """
        await self._post(visit, message)

    async def _send(self, visit: Visit, message: Outgoing) -> None:
        try:
            await self._insist(partial(self._post, visit, message))
        except ChatMigrated as moved:
            moved_to = replace(visit, chat=moved.new_chat_id)
            await self._insist(partial(self._post, moved_to, message))
        except BadRequest as refused:
            if "parse" not in refused.message.lower():
                raise
            _log.warning("telegram.markup_refused", reason=refused.message)
            await self._insist(partial(self._post, visit, replace(message, html="")))

    @staticmethod
    async def _insist(call: Callable[[], Awaitable[None]]) -> None:
        async for attempt in stamina.retry_context(
            on=_again, attempts=ATTEMPTS, timeout=60, wait_initial=0.5, wait_max=8
        ):
            with attempt:
                await call()

    async def _post(self, visit: Visit, message: Outgoing) -> None:
        await self.bot.send_message(
            visit.chat,
            message_thread_id=visit.thread,
            reply_parameters=_answering(visit),
            **content(message),
        )

    async def _edit(self, visit: Visit, place: int, message: Outgoing) -> None:
        await self.bot.edit_message_text(chat_id=visit.chat, message_id=place, **content(message))


def _again(error: Exception) -> bool | timedelta:
    """Say whether, or after how long, to try again."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
        return wait if wait <= LONGEST_WAIT else False
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def content(message: Outgoing) -> dict[str, Any]:
    """Return what a message says, as the Bot API takes it."""
    return {
        "text": message.html or message.plain,
        "parse_mode": ParseMode.HTML if message.html else None,
        "reply_markup": keyboard(message),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }


def keyboard(message: Outgoing) -> InlineKeyboardMarkup | None:
    """Return the buttons in their rows, as Telegram takes them."""
    rows = [row for row in map(_row, message.rows) if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _row(buttons: Iterable[Button]) -> list[InlineKeyboardButton]:
    """Return a row; a button whose payload Telegram would refuse is left out."""
    most = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    return [
        InlineKeyboardButton(shorten(button.label), callback_data=button.payload)
        for button in buttons
        if len(button.payload.encode()) <= most
    ]


def _answering(visit: Visit) -> ReplyParameters | None:
    if visit.replies_to is None:
        return None
    return ReplyParameters(visit.replies_to, allow_sending_without_reply=True)


@asynccontextmanager
async def signs(bot: Bot, visit: Visit, every: float) -> AsyncIterator[None]:
    """Show that the bot is writing, again until the block ends; a pressed button stops waiting.

    These signs are given beside the work, and none of them ever fails.
    """
    done = asyncio.Event()
    async with AsyncExitStack() as stack:
        if visit.query:
            await stack.enter_async_context(_beside(visit.query.answer()))
        await stack.enter_async_context(_beside(_show_typing(bot, visit, every, done)))
        stack.callback(done.set)
        yield


@asynccontextmanager
async def _beside(sign: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    """Start a sign at once, without waiting; wait for it at the block's end."""
    giving = asyncio.create_task(_softly(sign))
    try:
        yield
    finally:
        await giving


async def _softly(sign: Coroutine[Any, Any, Any]) -> None:
    with suppress(TelegramError):
        await sign


async def _show_typing(bot: Bot, visit: Visit, every: float, done: asyncio.Event) -> None:
    pause = min(_TYPING_AFTER, every)
    while not await _is_done_within(done, pause):
        with suppress(TelegramError):
            await bot.send_chat_action(
                visit.chat, ChatAction.TYPING, message_thread_id=visit.thread
            )
        pause = every


async def _is_done_within(done: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), seconds)
    return done.is_set()
