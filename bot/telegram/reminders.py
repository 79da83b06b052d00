"""Reminders in Telegram: listed by a command, asked for by a link of the page.

What is pressed goes the way of all questions (`bot/runner.py`).
"""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction
from bot.telegram import people
from bot.telegram.links import link_of
from bot.telegram.visit import CHANNEL, Visit
from services.bootstrap import Services
from services.reminders.reminder_chat import ReminderChat
from services.tools.due import DatedLine

PREFIX = "nhac_"
"""How the parameter of a link begins that asks for a reminder."""
_PARTED = "_"
"""What such a parameter may have between its parts."""


def link_to(bot: str, line: DatedLine) -> str:
    """Return the address that opens a bot in Telegram and asks it for a reminder."""
    return link_of(bot, f"{PREFIX}{line.written(_PARTED)}")


async def start(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Note the reminder that such a link asks for; whoever is new here is greeted first."""
    line = DatedLine.read(visit.argument.removeprefix(PREFIX), _PARTED)
    if line is None or not visit.private:
        return await people.start(replace(visit, text="/start"), session, app)
    asked = await _chat(visit, session, app).ask(line)
    if visit.known is not None:
        return Reaction((asked,))
    greeted = await people.start(replace(visit, text="/start"), session, app)
    return replace(greeted, wordings=(*greeted.wordings[:1], asked, *greeted.wordings[1:]))


async def tell(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Say of what the person is to be told."""
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    return Reaction((await _chat(visit, session, app).press(""),))


def _chat(visit: Visit, session: AsyncSession, app: Services) -> ReminderChat:
    return ReminderChat(session, (CHANNEL, visit.conversation), app.library, app.now())
