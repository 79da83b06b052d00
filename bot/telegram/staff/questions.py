"""The questions of an announcement that is being written, but for whom it is meant for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.telegram.staff.context import StepContext
from services.announcements.announcement import DAYS, FIELDS, OPTIONAL, longest
from services.clock import day_of, read_day, write_day
from services.conversation.plain import capital, folded, plain_markdown
from services.conversation.reply import Reply
from services.errors import AnnouncementError
from services.people.subscription import find_topic

_SHOWN = 40
"""Characters of a first line that a button shows."""


@dataclass(frozen=True)
class Words:
    """What was written in a message."""

    plain: str
    marked: str
    """The same as Markdown that shows it as it was written: bold, italic, links."""


Ask: TypeAlias = Callable[[StepContext], Awaitable[Reply]]
Write: TypeAlias = Callable[[StepContext, Words], Awaitable[str | None]]
"""Notes what was written; returns the question that comes next, None when this one is answered.

Raises `AnnouncementError` for what is no answer; its sentence says what would be one.
"""
Press: TypeAlias = Callable[[StepContext, str], Awaitable[str | None]]
"""Notes a button by what it names; returns and raises as a `Write` does."""


@dataclass(frozen=True)
class StaffQuestion:
    """How a question is asked and answered.

    `context.step` is its name: that of the field which it asks for, where it asks for one.
    """

    ask: Ask
    write: Write | None = None
    """What takes words; None where only buttons answer."""
    presses: Mapping[str, Press] = field(default_factory=dict)
    """What takes a button, by its word."""


async def _ask_body(context: StepContext) -> Reply:
    return context.reply("ask_body", files=len(context.form.attachments))


async def _write_body(context: StepContext, words: Words) -> str | None:
    context.fill(body=words.marked.strip())
    return None


async def _ask_title(context: StepContext) -> Reply:
    """Ask for the title; the first line is offered for a new one."""
    line = _first_line(context)
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"
    label = context.say("button_firstline", line=shown)
    offered = [context.answer(label, "firstline")] if line and not context.form.title else []
    return context.reply("ask_title", *offered, line=bool(offered))


async def _take_first_line(context: StepContext, _about: str) -> str | None:
    """Take the first line for the title; it stands above the rest then, and not twice."""
    line, body = _first_line(context), context.form.body
    if not line:
        return "title"
    context.fill(title=line, body=body.partition("\n")[2].strip() or body)
    return None


def _first_line(context: StepContext) -> str:
    """Return the first line as plain text; empty where it can't be a title."""
    line = " ".join(plain_markdown(context.form.body.partition("\n")[0]).split())
    return line if len(line) <= longest("title") and "{{" not in line else ""


async def _ask_topic(context: StepContext) -> Reply:
    topics = context.library.topics.items()
    buttons = (context.answer(capital(topic.label), "take", name) for name, topic in topics)
    return context.reply("ask_topic", *buttons)


async def _write_topic(context: StepContext, words: Words) -> str | None:
    """Take a topic by its name or label, or a part of it; other words are asked for again."""
    topic = find_topic(words.plain, context.library.topics)
    return await _take_topic(context, topic or "")


async def _take_topic(context: StepContext, topic: str) -> str | None:
    if topic not in context.library.topics:
        return "topic"
    context.fill(topic=topic)
    return None


async def _ask_optional(context: StepContext) -> Reply:
    skip = context.answer(context.say("button_skip"), "skip")
    return context.reply(f"ask_{context.step}", skip)


async def _write_line(context: StepContext, words: Words) -> str | None:
    """Take words as one line of at most so many characters."""
    line, most = " ".join(words.plain.split()), longest(context.step)
    if len(line) > most:
        raise AnnouncementError("line_long", most=most)
    context.fill_one(context.step, line)
    return None


async def _write_day(context: StepContext, words: Words) -> str | None:
    """Take words as a day that is not past."""
    today = day_of(context.now)
    read = read_day(words.plain, today)
    if read < today:
        raise AnnouncementError("day_past", day=write_day(read))
    context.fill_one(context.step, read)
    return None


async def _write_optional(context: StepContext, words: Words) -> str | None:
    """Take words for a field that may be empty; the skipping button's own words press it."""
    if folded(words.plain) == folded(context.say("button_skip")):
        return await _skip(context, "")
    return await (_write_day if context.step in DAYS else _write_line)(context, words)


async def _skip(context: StepContext, _about: str) -> str | None:
    """Leave a field empty."""
    context.fill_one(context.step, FIELDS[context.step].default)
    return None


async def _ask_urgent(context: StepContext) -> Reply:
    """Ask whether it is urgent; another person must say so as well."""
    buttons = (context.answer(context.say(f"button_{word}"), word) for word in ("urgent", "plain"))
    return context.reply("ask_urgent", *buttons)


async def _take_urgent(context: StepContext, _about: str) -> str | None:
    context.fill(urgent=True)
    return None


async def _take_plain(context: StepContext, _about: str) -> str | None:
    context.fill(urgent=False)
    return None


BODY = StaffQuestion(_ask_body, _write_body)
TITLE = StaffQuestion(_ask_title, _write_line, {"firstline": _take_first_line})
TOPIC = StaffQuestion(_ask_topic, _write_topic, {"take": _take_topic})
URGENT = StaffQuestion(_ask_urgent, presses={"urgent": _take_urgent, "plain": _take_plain})
_SKIPPED = StaffQuestion(_ask_optional, _write_optional, {"skip": _skip})
OPTIONALS = dict.fromkeys(OPTIONAL, _SKIPPED)
"""The questions that may be skipped, by field."""
