"""What the verbs of `htx announce` share: their options, and a piece of work on the database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.announcing import announcer_of
from bot.commands.db import opened
from bot.commands.terminal import result, result_json
from services.announcements.announcer import Announcer
from services.announcements.reasons import left_out_words
from services.publishing.editions import recorded
from services.settings import Settings, load_settings
from services.staff import account
from services.staff.audit import SYSTEM
from services.storage.session import Sessions

T = TypeVar("T")
Number = Annotated[int, typer.Argument(help="Số của thông báo")]


@dataclass(frozen=True)
class Desk:
    """What a verb works with."""

    settings: Settings
    sessions: Sessions
    session: AsyncSession
    """Committed when the work ends well."""
    announcer: Announcer

    async def require(self, name: str) -> None:
        """Let in who writes announcements, and the system, whose steps are noted as its own.

        Raises:
            StaffError: the account is unknown, disabled, or of another role.

        """
        if name != SYSTEM:
            await account.require(self.session, name, account.WRITERS)


def do(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Do a piece of work on the migrated database and commit it."""
    return asyncio.run(_within(load_settings(), work))


def say(value: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print a result for a machine, or in words."""
    if as_json:
        result_json(value)
    else:
        result(sentence)


def people(total: int, left_out: dict[str, int]) -> str:
    """Say how many get it, and how many do not and why."""
    without = f"; không gửi cho {left_out_words(left_out)}" if left_out else ""
    return f"{total} người sẽ nhận{without}."


async def _within(settings: Settings, work: Callable[[Desk], Awaitable[T]]) -> T:
    announcer = announcer_of(settings, recorded(settings).library)
    async with opened(settings) as sessions, sessions.begin() as session:
        return await work(Desk(settings, sessions, session, announcer))
