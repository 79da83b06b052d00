"""Stopping and starting announcements, by a word or by a button under one of them.

All of them, or those of a topic, which people and staff name by its slug, by its label in menus, or
by a part of it.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.plain import folded, literal
from services.conversation.reply import Payload, Reply, read_payload
from services.knowledge.library import Library
from services.knowledge.schema import Topic
from services.people.profile import Profile, read_profile
from services.people.questions import Questions
from services.storage.models import Announcement, Delivery, Person, Press

BUTTONS = ("read", "ask", "stop")
"""The buttons under a letter; a payload names one by its place here."""
_NUMBER = re.compile("[0-9]{1,9}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_SHOWN = 60
"""Characters of an unknown topic that are told back."""


async def stop(
    session: AsyncSession, person: Person, library: Library, now: datetime, named: str = ""
) -> Reply:
    """Stop all announcements, or those of the topic that is named.

    A no to all is kept with the name of the command.
    """
    profile = await read_profile(session, person)
    if not named:
        return _stop_all(profile, library, "command_dungtin", now)
    topic = find_topic(named, library.topics)
    if topic is None:
        return _unknown_topic(profile, library, named)
    profile.choose(topic, wanted=False)
    return _about_topic(profile, library, "stopped_topic", topic)


async def start(
    session: AsyncSession, person: Person, library: Library, now: datetime, named: str = ""
) -> Reply:
    """Start all announcements, or those of the topic that is named, as `stop` stops them."""
    profile, wording = await read_profile(session, person), library.phrases.say("command_nhantin")
    if not named:
        profile.want_only(library.topics, library.topics, wording, now)
        return _with_topics(profile, library, library.phrases.say("started"))
    topic = find_topic(named, library.topics)
    if topic is None:
        return _unknown_topic(profile, library, named)
    profile.want_also(topic, library.topics, wording, now)
    return _about_topic(profile, library, "started_topic", topic)


async def press(
    session: AsyncSession, person: Person, library: Library, now: datetime, payload: str
) -> Reply | None:
    """Count and answer a button under an announcement; None when no announcement bears it.

    Each button of each recipient counts once; of a draft, which staff try on themselves, none, and
    none of one whom it did not reach.
    """
    match read_payload(payload):
        case Payload("x", name, place) if _NUMBER.fullmatch(name) and place < len(BUTTONS):
            number, button = int(name), BUTTONS[place]
        case _:
            return None
    announcement = await session.get(Announcement, number)
    if announcement is None:
        return None
    pressed = (number, person.who, button)
    got = announcement.queued_at and await _got(session, number, person)
    if got and await session.get(Press, pressed) is None:
        session.add(Press(announcement_id=number, who=person.who, button=button, at=now))
    if button == "stop":
        profile = await read_profile(session, person)
        return _stop_all(profile, library, "announcement_button_stop", now)
    return Reply("smalltalk", library.phrases.say(f"announcement_{button}"))


async def _got(session: AsyncSession, number: int, person: Person) -> bool:
    """Say whether an announcement reached a person, as far as anybody knows.

    What a button carries is no secret: whoever has no letter is answered, and not counted.
    """
    theirs = (Delivery.announcement_id == number, Delivery.who == person.who)
    reached = or_(Delivery.state.in_(("sending", "sent", "uncertain")), Delivery.parts_sent > 0)
    return bool(await session.scalar(select(exists().where(*theirs, reached))))


def _stop_all(profile: Profile, library: Library, asked: str, now: datetime) -> Reply:
    profile.answer(given=False, wording=library.phrases.say(asked), now=now)
    return Questions(library, profile).stopped()


def _about_topic(profile: Profile, library: Library, phrase: str, topic: str) -> Reply:
    news, label = Questions(library, profile).news(), library.topics[topic].label
    return _with_topics(profile, library, library.phrases.say(phrase, topic=label, news=news))


def _unknown_topic(profile: Profile, library: Library, named: str) -> Reply:
    """Say which topics there are."""
    labels = [topic.label for topic in library.topics.values()]
    text = library.phrases.say("unknown_topic", named=literal(named[:_SHOWN]), topics=labels)
    return _with_topics(profile, library, text)


def _with_topics(profile: Profile, library: Library, text: str) -> Reply:
    button = Questions(library, profile).button("topics")
    return Reply("smalltalk", text, buttons=(button,))


def by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Return topics by label, written anyhow; `labels` are labels by topic."""
    return {folded(label): topic for topic, label in labels.items()}


def topic_of(named: str, labelled: Mapping[str, str]) -> str | None:
    """Return the topic of a slug, or of a label that `by_label` gave; None when it is neither."""
    slug = labelled.get(folded(named), named.strip().lower())
    return slug if _SLUG.fullmatch(slug) else None


def find_topic(named: str, topics: Mapping[str, Topic]) -> str | None:
    """Return the topic of a name or a label, with or without diacritics.

    A part of a label is enough where no other label holds it. None when there is no such topic.
    """
    wanted = folded(named)
    labels = {name: folded(topic.label) for name, topic in topics.items()}
    for name, label in labels.items():
        if wanted in (name, label):
            return name
    near = [name for name, label in labels.items() if f" {wanted} " in f" {label} "]
    return near[0] if len(near) == 1 else None
