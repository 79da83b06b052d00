"""The questions of an announcement, but for whom it is meant for: text, title, topic and so on."""

from functools import partial

from services.announcements.authoring.duty import Duty, key
from services.announcements.authoring.sketch import Sketch
from services.announcements.authoring.step import Step, Words
from services.announcements.authoring.typed import read_day
from services.announcements.draft import LONGEST
from services.clock import day_of
from services.conversation.plain import capital, plain_markdown
from services.conversation.reply import Reply
from services.errors import AnnouncementError

_LONGEST_SOURCE = 300
_SHOWN = 40
"""Characters of a first line that a button shows."""


async def _ask_text(duty: Duty) -> Reply:
    return duty.reply("ask_text", files=len(duty.sketch.attachments))


async def _write_text(duty: Duty, words: Words) -> str | None:
    duty.draw(body=words.marked.strip())
    return None


async def _ask_title(duty: Duty) -> Reply:
    """Ask for the title; the first line is offered for a new one."""
    line = _first_line(duty)
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"
    offered = [duty.button("firstline", line=shown)] if line and not duty.sketch.title else []
    return duty.reply("ask_title", *offered, line=bool(offered))


async def _write_line(duty: Duty, words: Words, field: str, most: int) -> str | None:
    """Take words as one line of at most so many characters."""
    line = " ".join(words.plain.split())
    if len(line) > most:
        raise AnnouncementError(duty.say(f"bad_{field}", most=most))
    duty.draw(**{field: line})
    return None


async def _take_first_line(duty: Duty, _about: str) -> str | None:
    """Take the first line for the title; it stands above the rest then, and not twice."""
    line, body = _first_line(duty), duty.sketch.body
    if not line:
        return "title"
    duty.draw(title=line, body=body.partition("\n")[2].strip() or body)
    return None


async def _ask_topic(duty: Duty) -> Reply:
    topics = duty.library.topics.items()
    return duty.reply("ask_topic", *(key(capital(t.label), "topic", name) for name, t in topics))


async def _take_topic(duty: Duty, topic: str) -> str | None:
    if topic not in duty.library.topics:
        return "topic"
    duty.draw(topic=topic)
    return None


async def _ask_until(duty: Duty) -> Reply:
    return duty.reply("ask_until", duty.button("skip"))


async def _write_until(duty: Duty, words: Words) -> str | None:
    today = day_of(duty.now)
    until = read_day(words.plain, today)
    if until is None:
        raise AnnouncementError(duty.say("bad_until"))
    if until < today:
        raise AnnouncementError(duty.say("past_until", day=f"{until:%d/%m/%Y}"))
    duty.draw(valid_until=until)
    return None


async def _ask_source(duty: Duty) -> Reply:
    return duty.reply("ask_source", duty.button("skip"))


async def _skip(duty: Duty, _about: str, field: str) -> str | None:
    """Leave a field as it is when nobody has said anything of it."""
    duty.draw(**{field: Sketch.model_fields[field].default})
    return None


def _first_line(duty: Duty) -> str:
    """Return the first line as plain text; empty where it can't be a title."""
    line = " ".join(plain_markdown(duty.sketch.body.partition("\n")[0]).split())
    return line if len(line) <= LONGEST and "{{" not in line else ""


TEXT = Step(_ask_text, _write_text)
TITLE = Step(
    _ask_title,
    partial(_write_line, field="title", most=LONGEST),
    {"firstline": _take_first_line},
)
TOPIC = Step(_ask_topic, presses={"topic": _take_topic})
UNTIL = Step(_ask_until, _write_until, {"skip": partial(_skip, field="valid_until")})
SOURCE = Step(
    _ask_source,
    partial(_write_line, field="source", most=_LONGEST_SOURCE),
    {"skip": partial(_skip, field="source")},
)
