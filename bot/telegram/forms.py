"""Forms of tools in Telegram; a handler only translates."""

import asyncio
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.reaction import Reaction, ReportFile
from bot.telegram.visit import CHANNEL, Visit
from services.bootstrap import Services
from services.clock import day_of
from services.conversation.care import heard_behind
from services.conversation.plain import literal
from services.conversation.question import Question
from services.conversation.reply import Button, Payload, Reply, read_payload
from services.conversation.state import load_state
from services.errors import ToolError, sentence
from services.knowledge.tool_forms import ToolForm
from services.people.places import name_of_place
from services.storage.models import FormRun
from services.tickets import reception
from services.tools.form_chat import FILE, FormChat, FormTurn
from services.tools.forms import runs
from services.tools.forms.catalogue import forms_of
from services.tools.forms.paper_questions import form_name, given_by, paper_name
from services.tools.forms.values import Typed
from services.tools.papers.drafts import blank, filled
from services.tools.results import tools_of

_PAPERS = "paper"
"""What a button names that lists the papers."""


async def tools(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """List the tools, what was left first."""
    say, library = app.current.say, app.library
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    opened = await runs.opened(session, (CHANNEL, visit.conversation), app.now())
    names, forms = (*(run.form for run in opened), *tools_of(library)), forms_of(library)
    known = [forms[name] for name in dict.fromkeys(names) if name in forms]
    buttons = [Button(form.begin, str(Payload("q", form.name))) for form in known]
    if library.papers:
        buttons.append(Button(say("form_chat_to_papers"), str(Payload("q", _PAPERS))))
    return Reaction((Reply("form", say("form_chat_tools"), buttons=tuple(buttons)),))


async def press(visit: Visit, session: AsyncSession, app: Services) -> Reaction:
    """Begin a tool, answer its question, or go back; an answer takes its question's place."""
    payload = read_payload(visit.payload)
    if not visit.private:
        return Reaction((app.composer().sentence("people_private"),))
    if payload is None or not payload.name:
        return await tools(visit, session, app)
    if payload.name == _PAPERS:
        return _papers(app)
    if payload.page == FILE:
        return await _filled(visit, session, app, payload.name)
    told = await _chat(visit, session, app).press(payload)
    if told is None:
        return Reaction((app.composer().stale(),))
    return _reaction(told, visit)


async def write(visit: Visit, session: AsyncSession, app: Services) -> Reaction | None:
    """Take a text for the answer that a form waits for; None where it is none."""
    if await is_no_entry(visit, session, app):
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
    made = await asyncio.to_thread(blank, app, name)
    if made is None:
        return None
    say = app.current.say
    caption = say("paper_draft_caption", title=made.spec.title)
    fill = Button(say("form_chat_fill"), str(Payload("q", form_name(name))))
    offer = replace(reply, buttons=(fill, *reply.buttons))
    return Reaction((offer, ReportFile(f"{name}.docx", made.word_file, caption)))


def _papers(app: Services) -> Reaction:
    """List the papers."""
    titles = {form_name(name): spec.title for name, spec in app.library.papers.items()}
    buttons = tuple(Button(title, str(Payload("q", name))) for name, title in titles.items())
    return Reaction((Reply("form", app.current.say("form_chat_papers"), buttons=buttons),))


async def _filled(visit: Visit, session: AsyncSession, app: Services, name: str) -> Reaction:
    """Give the paper that was filled in last, as PDF too where that can be made."""
    form, paper = forms_of(app.library).get(name), paper_name(name)
    done = await runs.finished(session, (CHANNEL, visit.conversation), name, 1)
    if form is None or not paper or not done:
        return Reaction((app.composer().stale(),))
    try:
        made = await asyncio.to_thread(filled, app, paper, given_by(form, done[0].answers))
    except ToolError as error:
        return Reaction((Reply("form", literal(sentence(error))),))
    caption = app.current.say("paper_filled_caption", title=made.spec.title)
    word = ReportFile(f"{paper}.docx", made.word_file, caption)
    try:
        pdf = await asyncio.to_thread(made.as_pdf)
    except ToolError as error:
        return Reaction((word, Reply("form", literal(sentence(error)))))
    return Reaction((word, ReportFile(f"{paper}.pdf", pdf, caption)))


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


async def is_no_entry(visit: Visit, session: AsyncSession, app: Services) -> bool:
    """Say whether a text is no answer to anything that is filled in.

    Whoever is in distress is heard first, and told on; what is written to an agent who speaks with
    the person just now is for them.
    """
    question = Question(CHANNEL, visit.conversation, text=visit.text)
    stored = await load_state(session, question, app.now())
    if heard_behind(stored.state.cared, stored.state.danger, question, app.library):
        return True
    return stored.ticket is not None and reception.is_held(stored.ticket, app.now())


def _chat(visit: Visit, session: AsyncSession, app: Services) -> FormChat:
    now, chat = app.now(), (CHANNEL, visit.conversation)
    by = Typed(day_of(now), name_of_place)
    return FormChat(session, chat, app.library, by, now, app.settings.site)


def _reaction(told: FormTurn, visit: Visit) -> Reaction:
    files = (ReportFile(one.name, one.content, one.caption) for one in told.files)
    pressed = visit.pressed if told.noted else None
    return Reaction((*told.replies, *files), instead_of=pressed, then=told.then)
