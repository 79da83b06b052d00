"""Questions in Telegram, and what is no question; a handler only translates."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction
from bot.runner import answer
from bot.telegram import dossiers, forms, people
from bot.telegram.render import Renderer
from bot.telegram.staff import handlers as staff
from bot.telegram.staff.messages import brought, file_of
from bot.telegram.visit import CHANNEL, Visit
from services.bootstrap import Services
from services.conversation import distress
from services.conversation.question import Question
from services.conversation.reply import Reply, read_payload
from services.conversation.state import TurnResult
from services.errors import TicketError
from services.tickets import files
from services.tickets.reception import Reception, open_for_files


async def help_(_visit: Visit, _session: AsyncSession, app: Services) -> Reaction:
    """Say how to ask."""
    return Reaction((app.composer().sentence("help"),))


async def hear(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Answer a text, unless it answers what the person was asked."""
    for take in (staff.enter_code, staff.write, people.write_place, dossiers.write):
        if taken := await take(visit, session, app):
            return taken
    held = await forms.waiting(visit, session, app)
    if held is not None and (taken := await forms.write(visit, session, app)):
        return taken
    result = await _result(Question(CHANNEL, visit.conversation, text=visit.text), session, app)
    if result.reply.tool and (begun := await forms.begin(visit, session, app, result.reply)):
        return begun
    told_of_distress = not result.asked
    if held is None or told_of_distress or result.ticket is not None:
        return Reaction((result.reply,))
    return Reaction((result.reply, await forms.go_on(visit, session, app, held)))


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Answer a pressed button; where it asks for the rest of a reply, with the rest alone."""
    question = Question(CHANNEL, visit.conversation, payload=visit.payload)
    reply, payload = await _reply(question, session, app), read_payload(visit.payload)
    return Reaction((reply,), seen=payload.seen if payload else 0)


async def look(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Say that only text can be read, unless staff add it to what they write; of an album, once.

    Words of distress under a picture are heard all the same.
    """
    if taken := await staff.attach(visit, session, app):
        return taken
    caption = visit.message.caption or "" if visit.message else ""
    if distress.hear(app.library.distress, caption):
        return await _answered(visit, caption, session, app)
    if left := await _to_agent(visit, session, app):
        return left
    if visit.later_in_album:
        return Reaction()
    return Reaction((app.composer().sentence("not_text"),))


async def _to_agent(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Leave a picture or PDF to the agent of an open ticket; None where none is open."""
    held = file_of(visit.message) if visit.message else None
    if visit.message is None or held is None:
        return None
    try:
        if await open_for_files(session, CHANNEL, visit.conversation) is None:
            return None
        await session.commit()  # gives the connection to others while the file is brought
        file = await files.cleaned(*await brought(held, files.MOST))
        caption = Question(CHANNEL, visit.conversation, text=visit.message.caption or "")
        reception = Reception(app.settings, app.writer, app.now())
        told = await reception.leave_file(session, file, caption, app.library)
    except TicketError as refused:
        return Reaction((app.composer().sentence("ticket_file_refused", why=str(refused)),))
    return Reaction() if visit.later_in_album else Reaction((told,))


async def _answered(visit: Visit, text: str, session: AsyncSession, app: Services) -> Reaction:
    question = Question(CHANNEL, visit.conversation, text=text)
    return Reaction((await _reply(question, session, app),))


async def _reply(question: Question, session: AsyncSession, app: Services) -> Reply:
    return (await _result(question, session, app)).reply


async def _result(question: Question, session: AsyncSession, app: Services) -> TurnResult:
    return await answer(question, session, app, Renderer(app.library.phrases).fitting)


async def too_many(_visit: Visit, _session: AsyncSession, app: Services) -> Reaction:
    """Ask whoever writes too fast to wait."""
    return Reaction((app.composer().sentence("too_many"),))


async def failed(_visit: Visit, _session: AsyncSession, app: Services) -> Reaction:
    """Say that no answer could be given."""
    return Reaction((app.composer().sentence("failed"),))
