"""What the verbs of `htx announce` share: their options, and a piece of work on the database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.db import opened
from bot.telegram.letter import announcer_of
from bot.terminal import result, result_json
from services.announcements import describe
from services.announcements.announcer import Announcer
from services.conversation.plain import plain_markdown
from services.knowledge.phrases import Phrases
from services.publishing.editions import recorded
from services.settings import Settings, load_settings
from services.storage.session import Sessions

T = TypeVar("T")
Number = Annotated[int, typer.Argument(help="Số của thông báo")]


@dataclass(frozen=True)
class CommandContext:
    """What a verb works with."""

    settings: Settings
    sessions: Sessions
    session: AsyncSession
    """Committed when the work ends well."""
    announcer: Announcer

    @property
    def phrases(self) -> Phrases:
        """The words that staff read."""
        return self.announcer.library.phrases

    def people(self, total: int, left_out: dict[str, int]) -> str:
        """Say how many get it, and how many do not and why."""
        return plain_markdown(describe.people(self.phrases, total, left_out))


def do(work: Callable[[CommandContext], Awaitable[T]]) -> T:
    """Do a piece of work on the migrated database and commit it."""
    return asyncio.run(_within(load_settings(), work))


def say(value: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print a result for a machine, or in words."""
    if as_json:
        result_json(value)
    else:
        result(sentence)


async def _within(settings: Settings, work: Callable[[CommandContext], Awaitable[T]]) -> T:
    announcer = announcer_of(settings, recorded(settings).library)
    async with opened(settings) as sessions, sessions.begin() as session:
        return await work(CommandContext(settings, sessions, session, announcer))
