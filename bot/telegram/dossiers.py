"""Dossiers in Telegram; a handler only translates."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction, ReportFile
from bot.telegram import forms
from bot.telegram.links import link_of
from bot.telegram.visit import CHANNEL, Visit
from services.bootstrap import Services
from services.conversation.reply import read_payload
from services.dossiers.chat import GIVEN, DossierChat, DossierTurn


async def all_(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """List the dossiers; behind the command may stand what one is taken by."""
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    chat = _chat(visit, session, app)
    return _reaction(await (chat.offer(visit.argument) if visit.argument else chat.all()), visit)


async def arrive(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Ask whoever comes by a link whether they take the dossier that it offers."""
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    secret = visit.argument.removeprefix(GIVEN)
    return _reaction(await _chat(visit, session, app).offer(secret), visit)


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Do what a button says of a dossier."""
    payload = read_payload(visit.payload)
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    if payload is None:
        return Reaction((app.composer().stale(),))
    return _reaction(await _chat(visit, session, app).press(payload.name), visit)


async def write(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take a text for what was asked of a dossier; None where it is for somebody else."""
    chat = _chat(visit, session, app)
    if not visit.private or not await chat.waits() or await forms.is_no_entry(visit, session, app):
        return None
    told = await chat.write(visit.text)
    return _reaction(told, visit) if told else None


def _chat(visit: Visit, session: AsyncSession, app: Services) -> DossierChat:
    spoken = visit.message or visit.query
    bot = link_of(spoken.get_bot().username, "") if spoken else ""
    chat, site = (CHANNEL, visit.conversation), app.settings.site
    return DossierChat(session, chat, app.library, app.now(), site, f"{bot}?start=")


def _reaction(told: DossierTurn, visit: Visit) -> Reaction:
    files = (ReportFile(one.name, one.content, one.caption) for one in told.files)
    instead = visit.pressed if told.in_place else None
    return Reaction((*told.replies, *files), instead_of=instead, erases=told.erases)
