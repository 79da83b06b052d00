"""Forms of tools in Telegram; a handler only translates."""

import asyncio
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction, ReportFile
from bot.telegram.visit import CHANNEL, Visit
from services.bootstrap import Services
from services.clock import day_of
from services.conversation import distress
from services.conversation.reply import Button, Payload, Reply, read_payload
from services.knowledge.tool_forms import ToolForm
from services.people.places import name_of_place
from services.storage.models import FormRun
from services.tickets import reception
from services.tools.form_chat import FormChat, FormTurn
from services.tools.forms import runs
from services.tools.forms.values import Typed
from services.tools.papers.drafts import draft
from services.tools.results import tools_of


async def tools(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """List the tools, what was left first."""
    say, library = app.current.say, app.library
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    opened = await runs.opened(session, (CHANNEL, visit.conversation), app.now())
    names = dict.fromkeys((*(run.form for run in opened), *tools_of(library)))
    known = [library.tools[name] for name in names if name in library.tools]
    buttons = tuple(Button(form.begin, str(Payload("q", form.name))) for form in known)
    return Reaction((Reply("form", say("form_chat_tools"), buttons=buttons),))


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Begin a tool, answer its question, or go back; an answer takes its question's place."""
    payload = read_payload(visit.payload)
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    if payload is None or not payload.name:
        return await tools(visit, session, app)
    told = await _chat(visit, session, app).press(payload)
    if told is None:
        return Reaction((app.composer().stale(),))
    return _reaction(told, visit)


async def write(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take a text for the answer that a form waits for; None where it is none.

    Nor is what is written to an agent who speaks with the person just now.
    """
    if distress.hear(app.library.distress, visit.text) or await _with_agent(visit, session, app):
        return None
    told = await _chat(visit, session, app).write(visit.text)
    return _reaction(told, visit) if told else None


async def begin(
    visit: Visit, session: AsyncSession, app: Services, reply: Reply
) -> Reaction | None:
    """Ask the first question of the tool that a message begins; None where that has no form."""
    if not visit.private:
        return None
    if reply.tool == "paper":
        return await _paper(app, reply)
    told = await _chat(visit, session, app).begin(reply.tool, reply.values)
    if told is None:
        return None
    return _reaction(replace(told, replies=(reply, *told.replies)), visit)


async def _paper(app: Services, reply: Reply) -> Reaction | None:
    """Give the draft of the paper that a message wants."""
    name = str(reply.values.get("name", ""))
    made = await asyncio.to_thread(draft, app, name)
    if made is None:
        return None
    caption = app.current.say("paper_draft_caption", title=made.title)
    return Reaction((reply, ReportFile(f"{name}.docx", made.content, caption)))


async def waiting(
    visit: Visit, session: AsyncSession, app: Services
) -> tuple[ToolForm, FormRun] | None:
    """Return the form that waits for an answer."""
    return await _chat(visit, session, app).waiting() if visit.private else None


async def go_on(
    visit: Visit, session: AsyncSession, app: Services, held: tuple[ToolForm, FormRun]
) -> Reply:
    """Ask again what a form waits for."""
    return await _chat(visit, session, app).go_on(*held)


async def _with_agent(visit: Visit, session: AsyncSession, app: Services) -> bool:
    ticket = await reception.opened(session, CHANNEL, visit.conversation)
    return ticket is not None and reception.is_held(ticket, app.now())


def _chat(visit: Visit, session: AsyncSession, app: Services) -> FormChat:
    now, chat = app.now(), (CHANNEL, visit.conversation)
    by = Typed(day_of(now), name_of_place)
    return FormChat(session, chat, app.library, by, now, app.settings.site)


def _reaction(told: FormTurn, visit: Visit) -> Reaction:
    files = (ReportFile(one.name, one.content, one.caption) for one in told.files)
    return Reaction((*told.replies, *files), instead_of=visit.pressed if told.noted else None)
