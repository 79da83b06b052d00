"""How long what was answered to a form is kept, asked and chosen in a chat."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.reply import Button, Payload, Reply
from services.knowledge.library import Library
from services.knowledge.tool_forms import ToolForm
from services.storage.models import Chat
from services.tools.forms import runs
from services.tools.forms.catalogue import forms_of

KEEP = 4
"""Page of a button of a tool that asks how long answers are kept; what it has seen is a choice."""


def keep_button(form: ToolForm, library: Library) -> Button:
    """Return the button that asks how long answers are kept."""
    return Button(library.phrases.say("form_chat_keep"), str(Payload("q", form.name, KEEP)))


async def press(
    session: AsyncSession, chat: Chat, library: Library, payload: Payload, now: datetime
) -> Reply | None:
    """Have answers kept as a button says, or ask how long; None where the tool has no form."""
    form, say = forms_of(library).get(payload.name), library.phrases.say
    if form is None:
        return None
    choices = dict(enumerate(runs.KEEP_DAYS, 1))
    days = choices.get(payload.seen)
    if days is None:
        buttons = (
            Button(say("page_tool_days", days=days), str(Payload("q", form.name, KEEP, place)))
            for place, days in choices.items()
        )
        return Reply("form", say("form_chat_keeps", title=form.title), buttons=tuple(buttons))
    kept = await runs.keep(session, chat, form.name, days, now)
    phrase = "form_chat_kept" if kept else "form_chat_gone"
    return Reply("form", say(phrase, title=form.title, days=days))
