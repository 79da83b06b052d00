"""The bot's card in Telegram: name, descriptions and commands, in the words of the library."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from telegram import Bot, BotCommand, BotDescription, BotName, BotShortDescription
from telegram.error import TelegramError

from services.knowledge.phrases import Phrases

_log = structlog.get_logger()

_COMMAND = "command_"


@dataclass(frozen=True)
class _Part:
    """A part of the card: what it is to be, how it is read and written."""

    name: str
    wanted: object
    read: Callable[[], Awaitable[Any]]
    write: Callable[[], Awaitable[bool]]


def commands(phrases: Phrases) -> tuple[BotCommand, ...]:
    """Return the commands that the menu shows: those that have a phrase."""
    names = [name for name in phrases.templates if name.startswith(_COMMAND)]
    return tuple(BotCommand(name.removeprefix(_COMMAND), phrases.say(name)) for name in names)


async def introduce(bot: Bot, phrases: Phrases) -> None:
    """Set the parts of the card that differ; a part that can't be set is logged and left.

    Telegram limits for hours how often a name may be set: what is right already is left alone.
    """
    name, short, long = (phrases.say(f"bot_{part}") for part in ("name", "short", "description"))
    menu = commands(phrases)
    parts = (
        _Part("name", BotName(name), bot.get_my_name, partial(bot.set_my_name, name)),
        _Part(
            "short_description",
            BotShortDescription(short),
            bot.get_my_short_description,
            partial(bot.set_my_short_description, short),
        ),
        _Part(
            "description",
            BotDescription(long),
            bot.get_my_description,
            partial(bot.set_my_description, long),
        ),
        _Part("commands", menu, bot.get_my_commands, partial(bot.set_my_commands, menu)),
    )
    await asyncio.gather(*map(_settle, parts))


async def _settle(part: _Part) -> None:
    with suppress(TelegramError):
        if await part.read() == part.wanted:
            return
    try:
        await part.write()
    except TelegramError as error:
        _log.warning("telegram.profile_not_set", part=part.name, reason=type(error).__name__)
