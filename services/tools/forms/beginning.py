"""A run that begins with what was told: in a message, or the last time."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.reply import Reply
from services.knowledge.beginnings import ToolValue
from services.knowledge.library import Library
from services.knowledge.tool_forms import ToolForm
from services.storage.models import Chat, FormRun
from services.tools.forms import path, runs
from services.tools.forms.catalogue import forms_of
from services.tools.forms.paper_questions import form_name, paper_name
from services.tools.forms.values import Typed, read_values

_FEW = 5
"""So many answers are soon given again: an open run with more is not begun anew unasked."""


def form_begun(library: Library, reply: Reply) -> tuple[ToolForm | None, Mapping[str, ToolValue]]:
    """Return the form of the tool that a message begins, and what it told for it.

    A paper's form is its own; what is told of it beside its name is for that.
    """
    told = dict(reply.values or {})
    name = form_name(str(told.pop("name", ""))) if reply.tool == "paper" else reply.tool
    return forms_of(library).get(name), told


async def begin_with(  # noqa: PLR0913, PLR0917  # because each is another thing
    session: AsyncSession,
    chat: Chat,
    form: ToolForm,
    values: Mapping[str, ToolValue],
    by: Typed,
    now: datetime,
) -> FormRun | None:
    """Begin a form with what was told; None where an open run has more to lose than that.

    Without anything told, any answer of an open run is more; so is it of a paper, which is typed.
    """
    given = read_values(form, values, by)
    held = await runs.find(session, chat, form.name, now)
    if held and len(path.kept(form, held.answers)) > (
        _FEW if given and not paper_name(form.name) else 0
    ):
        return None
    return await runs.begin(session, chat, form, given, now)


async def begin_again(
    session: AsyncSession, chat: Chat, form: ToolForm, now: datetime
) -> FormRun | None:
    """Begin a form with the answers of the last time, which are looked over.

    None where an open run has answers to lose.
    """
    held = await runs.find(session, chat, form.name, now)
    if held and path.kept(form, held.answers):
        return None
    done = await runs.finished(session, chat, form.name, 1)
    return await runs.begin(session, chat, form, done[0].answers if done else {}, now)
