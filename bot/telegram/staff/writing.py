"""Writing: one question after the other until a draft is kept, then one change at a time."""

from dataclasses import replace

from bot.reaction import Reaction
from bot.telegram.staff.audience import AUDIENCE, SCREENS
from bot.telegram.staff.context import StepContext
from bot.telegram.staff.questions import (
    BODY,
    OPTIONALS,
    TITLE,
    TOPIC,
    URGENT,
    StaffQuestion,
    Words,
)
from services.announcements.announcement import BEFORE, AnnouncementForm
from services.announcements.attachments import Attachment
from services.announcements.draft_file import Draft
from services.conversation.plain import capital
from services.conversation.reply import Button, Reply
from services.storage.models import Announcement

_ORDER = {"body": BODY, "title": TITLE, "topic": TOPIC, "audience": AUDIENCE, **OPTIONALS}
"""The questions of a new announcement."""
_CHANGED = {**_ORDER, "urgent": URGENT}
"""What may be changed of a draft: few announcements are urgent, so no new one is asked that."""


async def begin(context: StepContext, _about: str) -> Reaction:
    """Begin a new announcement, unless another is half written."""
    if context.unsaved:
        return _busy(context)
    context.keep(step="body", announcement_id=None, fields={})
    return await question(context)


async def go_on(context: StepContext, _about: str) -> Reaction:
    """Show the question that is open."""
    context.keep()
    return await question(context)


async def change(context: StepContext, about: str) -> Reaction:
    """Ask what is to be changed of a draft of one's own.

    Raises:
        AnnouncementError: there is none, another wrote it, or it is on its way.

    """
    if context.unsaved:
        return _busy(context)
    draft = await context.announcer.own(context.session, int(about), context.name)
    context.announcer.require_state(draft, BEFORE, "change")
    fields = AnnouncementForm.of(draft).row()
    context.keep(step="change", announcement_id=draft.id, fields=fields)
    return await question(context)


async def copy(context: StepContext, about: str) -> Reaction:
    """Begin a new draft from what another announcement says.

    Raises:
        AnnouncementError: there is none of that number.

    """
    made = await context.announcer.copy(context.session, int(about), context.name)
    context.rest()
    return context.see(made.id)


async def delete(context: StepContext, about: str) -> Reaction:
    """Ask once more whether to delete a draft of one's own.

    Raises:
        AnnouncementError: there is none, another wrote it, or it is on its way.

    """
    draft = await context.announcer.own(context.session, int(about), context.name)
    context.announcer.require_state(draft, BEFORE, "delete")
    buttons = (context.button("remove", about), context.button("open", about))
    asked = context.reply("deleting", *buttons, columns=2, number=about, title=draft.title)
    return context.react(asked, beside=True)


async def remove(context: StepContext, about: str) -> Reaction:
    """Delete a draft of one's own.

    Raises:
        AnnouncementError: there is none, another wrote it, or it is on its way.

    """
    await context.announcer.delete(context.session, int(about), context.name)
    if context.row.announcement_id == int(about):
        context.close()
    return context.react(context.reply("deleted", context.button("menu"), number=about))


async def leave(context: StepContext, _about: str) -> Reaction:
    """Give up what is being written; a draft that was kept stays as it was."""
    number = context.row.announcement_id
    context.close()
    if number:
        return context.see(number)
    return context.react(context.reply("dropped", context.button("menu")))


async def answer(context: StepContext, about: str) -> Reaction:
    """Take a button as an answer to the open question; one of another question asks that again."""
    step, _, rest = about.partition("-")
    word, _, value = rest.partition("-")
    asked = _QUESTIONS.get(step)
    if asked is None or word not in asked.presses:
        return stale(context)
    if step != context.step:
        return await question(context)
    return await _after(context, await asked.presses[word](context, value))


async def write(context: StepContext, words: Words) -> Reaction:
    """Take words as an answer to the open question; where only buttons answer, ask again."""
    asked = _QUESTIONS.get(context.step)
    if asked is None or asked.write is None:
        return await question(context)
    return await _after(context, await asked.write(context, words))


async def attach(context: StepContext, file: Attachment, words: Words, album: str) -> Reaction:
    """Add a picture or a file; words that came with it are the text, where that is asked for.

    Of several that came together, the first is answered.
    """
    step, number, last = context.step, context.row.announcement_id, context.album
    if step == "kept" and number:
        draft = await context.announcer.find(context.session, number)
        context.keep(fields=AnnouncementForm.of(draft).row())
    files = tuple(dict.fromkeys((*context.form.attachments, file)))
    context.fill(attachments=files, album=album)
    if step == "body" and words.plain:
        return await write(context, words)
    if step in ("kept", "change"):
        await _save(context)
    if album and album == last:
        return Reaction()
    return await question(context, noted=context.say("attached", number=len(files)))


async def question(context: StepContext, noted: str = "") -> Reaction:
    """Ask the open question, below what was noted before it."""
    open_ = _QUESTIONS.get(context.step)
    if open_ is None:
        return stale(context)
    asked = await open_.ask(context)
    lead = "\n\n".join(filter(None, (noted, f"{_place(context)}{asked.lead}")))
    return context.react(replace(asked, lead=lead, buttons=(*asked.buttons, *_ending(context))))


def stale(context: StepContext) -> Reaction:
    """Say that a button leads nowhere any more."""
    return context.react(context.reply("stale", context.button("menu")))


def _busy(context: StepContext) -> Reaction:
    """Say that another announcement is half written."""
    buttons = (context.button("goon"), context.button("drop"))
    return context.react(context.reply("busy", *buttons))


async def _ask_change(context: StepContext) -> Reply:
    say, files = context.library.phrases.say, context.form.attachments
    parts = [context.answer(capital(say(f"field_{name}")), "fix", name) for name in _CHANGED]
    bare = context.say("button_bare", number=len(files))
    buttons = [*parts, *([context.answer(bare, "bare")] if files else [])]
    number = context.row.announcement_id
    return context.reply("ask_change", *buttons, columns=2, number=number)


async def _fix(_context: StepContext, part: str) -> str | None:
    return part if part in _CHANGED else "change"


async def _bare(context: StepContext, _about: str) -> str | None:
    context.fill(attachments=())
    return None


async def _ask_kept(context: StepContext) -> Reply:
    number = context.row.announcement_id
    buttons = (
        *(context.button(word, number) for word in ("open", "change")),
        context.button("later"),
    )
    return context.reply("kept", *buttons, columns=2, number=number)


_QUESTIONS: dict[str, StaffQuestion] = {
    **_CHANGED,
    **SCREENS,
    "change": StaffQuestion(_ask_change, presses={"fix": _fix, "bare": _bare}),
    "kept": StaffQuestion(_ask_kept),
}


def _place(context: StepContext) -> str:
    """Say which of the questions this is, while all are asked one after the other."""
    order = [*_ORDER]
    if not context.unsaved or context.step not in order:
        return ""
    number = order.index(context.step) + 1
    return f"{context.say('step', number=number, last=len(order))} "


def _ending(context: StepContext) -> tuple[Button, ...]:
    """Return the way out of a question; out of a list it is the question above it."""
    if context.step in ("kept", *SCREENS):
        return ()
    return (context.button("return" if context.row.announcement_id else "drop"),)


async def _after(context: StepContext, following: str | None) -> Reaction:
    """Ask what comes next; a draft is kept after the last question, and after each change."""
    if following is None and context.unsaved:
        order = [*_ORDER, None]
        following = order[order.index(context.step) + 1]
    if following is not None:
        context.keep(step=following)
        return await question(context)
    draft = await _save(context)
    context.keep(step="kept", announcement_id=draft.id, fields={})
    await context.announcer.note_trial(context.session, draft.id, context.name)
    return context.see(draft.id)


async def _save(context: StepContext) -> Announcement:
    """Keep what was said as a draft, in place of what the draft said before."""
    draft, number = Draft(context.form), context.row.announcement_id
    if number is None:
        return await context.announcer.draft(context.session, draft, context.name)
    return await context.announcer.change(context.session, number, draft, context.name)
