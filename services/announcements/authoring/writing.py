"""Writing: one question after the other until a draft is kept, then one change at a time."""

from dataclasses import replace
from functools import partial

from services.announcements import state, trial
from services.announcements.attachment import Attachment
from services.announcements.authoring.answer import Answer, View
from services.announcements.authoring.choosing import AUDIENCE, SCREENS
from services.announcements.authoring.duty import Duty, key
from services.announcements.authoring.overview import overview
from services.announcements.authoring.sketch import Sketch
from services.announcements.authoring.step import Step, Words
from services.announcements.authoring.steps import SOURCE, TEXT, TITLE, TOPIC, UNTIL
from services.conversation.reply import Button, Reply
from services.errors import AnnouncementError
from services.storage.models import Announcement

_ORDER = {
    "text": TEXT,
    "title": TITLE,
    "topic": TOPIC,
    "audience": AUDIENCE,
    "until": UNTIL,
    "source": SOURCE,
}
"""The questions of a new announcement."""


async def begin(duty: Duty, _about: str = "") -> View:
    """Begin a new announcement, unless another is half written."""
    if duty.unsaved:
        return busy
    duty.keep(step="text", announcement_id=None, fields={})
    return question


async def go_on(duty: Duty, _about: str = "") -> View:
    """Show the question that is open."""
    duty.keep()
    return question


async def change(duty: Duty, about: str) -> View:
    """Ask what is to be changed of a draft of one's own.

    Raises:
        AnnouncementError: there is none, another wrote it, or it is on its way.

    """
    if duty.unsaved:
        return busy
    said = await duty.announcer.find(duty.session, int(about))
    if said.author != duty.staff.name:
        raise AnnouncementError(duty.say("not_yours", author=said.author))
    state.require(said, state.BEFORE, "sửa")
    duty.keep(step="change", announcement_id=said.id, fields=Sketch.of(said).row())
    return question


async def leave(duty: Duty, _about: str = "") -> View:
    """Give up what is being written; a draft that was kept stays as it was."""
    number = duty.row.announcement_id
    duty.close()
    return partial(overview, number=number) if number else dropped


async def answer(duty: Duty, about: str, word: str) -> View:
    """Take a button as an answer to the open question; one of another question asks that again."""
    step = _STEPS.get(duty.row.step)
    take = step.presses.get(word) if step else None
    return await _after(duty, await take(duty, about)) if take else question


async def write(duty: Duty, words: Words) -> View:
    """Take words as an answer to the open question; where only buttons answer, ask again."""
    step = _STEPS.get(duty.row.step)
    take = step.write if step else None
    return await _after(duty, await take(duty, words)) if take else question


async def attach(duty: Duty, file: Attachment, words: Words, album: str) -> View:
    """Add a picture or a file; words that came with it are the text, where that is asked for.

    Of several that came together, the first is answered.
    """
    step, number = duty.row.step, duty.row.announcement_id
    if step == "kept" and number:
        said = await duty.announcer.find(duty.session, number)
        duty.keep(fields=Sketch.of(said).with_(album=duty.sketch.album).row())
    sketch = duty.sketch
    files = dict.fromkeys((*sketch.attachments, file))
    duty.draw(attachments=tuple(files), album=album)
    if step == "text" and words.plain:
        return await write(duty, words)
    if step in ("kept", "change"):
        await _save(duty)
    if album and album == sketch.album:
        return silent
    return partial(question, noted=duty.say("attached", number=len(files)))


async def question(duty: Duty, noted: str = "") -> Answer:
    """Ask the open question, below what was noted before it."""
    step = _STEPS.get(duty.row.step)
    if step is None:
        return await stale(duty)
    asked = await step.ask(duty)
    lead = "\n\n".join(filter(None, (noted, f"{_place(duty)}{asked.lead}")))
    return Answer((replace(asked, lead=lead, buttons=(*asked.buttons, *_ending(duty))),))


async def silent(_duty: Duty) -> Answer:
    """Say nothing."""
    return Answer()


async def busy(duty: Duty) -> Answer:
    """Say that another announcement is half written."""
    return Answer((duty.reply("busy", duty.button("goon"), duty.button("drop")),))


async def dropped(duty: Duty) -> Answer:
    """Say that what was being written is gone."""
    return Answer((duty.reply("dropped", duty.button("menu")),))


async def stale(duty: Duty) -> Answer:
    """Say that a button leads nowhere any more."""
    return Answer((duty.reply("stale", duty.button("menu")),))


async def _ask_change(duty: Duty) -> Reply:
    parts = [key(duty.say(f"button_fix_{part}"), "fix", part) for part in _ORDER]
    files = duty.sketch.attachments
    bare = [duty.button("bare", number=len(files))] if files else []
    return duty.reply("ask_change", *parts, *bare, columns=2, number=duty.row.announcement_id)


async def _fix(_duty: Duty, part: str) -> str | None:
    return part if part in _ORDER else "change"


async def _bare(duty: Duty, _about: str) -> str | None:
    duty.draw(attachments=())
    return None


async def _ask_kept(duty: Duty) -> Reply:
    number = duty.row.announcement_id
    buttons = (*(duty.button(word, number) for word in ("open", "change")), duty.button("later"))
    return duty.reply("kept", *buttons, columns=2, number=number)


_STEPS: dict[str, Step] = {
    **_ORDER,
    **SCREENS,
    "change": Step(_ask_change, presses={"fix": _fix, "bare": _bare}),
    "kept": Step(_ask_kept),
}


def _place(duty: Duty) -> str:
    """Say which of the questions this is, while all are asked one after the other."""
    order = [*_ORDER]
    if not duty.unsaved or duty.row.step not in order:
        return ""
    number = order.index(duty.row.step) + 1
    return f"{duty.say('step', number=number, last=len(order))} "


def _ending(duty: Duty) -> tuple[Button, ...]:
    """Return the way out of a question; out of a list it is the question above it."""
    if duty.row.step in ("kept", *SCREENS):
        return ()
    return (duty.button("return" if duty.row.announcement_id else "drop"),)


async def _after(duty: Duty, following: str | None) -> View:
    """Ask what comes next; a draft is kept after the last question, and after each change."""
    if following is None and duty.unsaved:
        order = [*_ORDER, None]
        following = order[order.index(duty.row.step) + 1]
    if following is None:
        return await _keep(duty)
    duty.keep(step=following)
    return question


async def _keep(duty: Duty) -> View:
    said = await _save(duty)
    duty.keep(step="kept", announcement_id=said.id, fields={})
    trial.note(duty.session, duty.announcer, said, duty.staff.name)
    return partial(overview, number=said.id)


async def _save(duty: Duty) -> Announcement:
    """Keep what was said as a draft, in place of what the draft said before."""
    draft, number, by = duty.sketch.draft(), duty.row.announcement_id, duty.staff.name
    if number is None:
        return await duty.announcer.draft(duty.session, draft, by)
    return await duty.announcer.redraft(duty.session, number, draft, by)
