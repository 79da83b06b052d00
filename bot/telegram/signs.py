"""Signs that a person is heard, given at once and beside the work; none of them ever fails."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.telegram.visit import Visit

EVERY = 4.0
"""Telegram shows "typing" for five seconds (https://core.telegram.org/bots/api#sendchataction)."""


@asynccontextmanager
async def signs(bot: Bot, visit: Visit, every: float) -> AsyncIterator[None]:
    """Show that the bot is writing, again until the block ends; a pressed button stops waiting."""
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
    while not done.is_set():
        with suppress(TelegramError):
            await bot.send_chat_action(
                visit.chat, ChatAction.TYPING, message_thread_id=visit.thread
            )
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), every)
