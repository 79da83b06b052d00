"""Wishes: which announcements a person wants. A yes is kept with the words that it answers."""

from collections.abc import Collection, Mapping

from services.conversation.plain import folded
from services.knowledge.schema import Topic
from services.people import consent
from services.people.consent import Said
from services.people.meeting import Meeting


async def want_all(meeting: Meeting, wording: str) -> None:
    """Note a yes to announcements of every topic."""
    await _want_only(meeting, meeting.library.topics, wording)


async def want(meeting: Meeting, topic: str, wording: str) -> None:
    """Note that a topic is wanted beside those wanted already: a yes, where there was none."""
    profile = await meeting.profile()
    if profile.agreed:
        await consent.choose(meeting.session, meeting.person, topic, wanted=True)
        return
    chosen = {name for name in meeting.library.topics if profile.wants(name)}
    await _want_only(meeting, {*chosen, topic}, wording)


async def want_not(meeting: Meeting, topic: str) -> None:
    """Note that a topic is not wanted."""
    await consent.choose(meeting.session, meeting.person, topic, wanted=False)


async def want_none(meeting: Meeting, wording: str) -> None:
    """Note a no to all announcements; the topics that were chosen stay, should it be taken back."""
    await _say(meeting, given=False, wording=wording)


async def want_again(meeting: Meeting, wording: str) -> None:
    """Note a yes that takes a no back: the same topics as before it."""
    await _say(meeting, given=True, wording=wording)


def find_topic(said: str, topics: Mapping[str, Topic]) -> str | None:
    """Return the topic of a name or a label, with or without diacritics.

    A part of a label is enough where no other label holds it. None when there is no such topic.
    """
    wanted = folded(said)
    labels = {name: folded(topic.label) for name, topic in topics.items()}
    for name, label in labels.items():
        if wanted in (name, label):
            return name
    near = [name for name, label in labels.items() if f" {wanted} " in f" {label} "]
    return near[0] if len(near) == 1 else None


async def _want_only(meeting: Meeting, wanted: Collection[str], wording: str) -> None:
    for topic in meeting.library.topics:
        await consent.choose(meeting.session, meeting.person, topic, wanted=topic in wanted)
    await _say(meeting, given=True, wording=wording)


async def _say(meeting: Meeting, *, given: bool, wording: str) -> None:
    said = Said(given=given, wording=wording, source="self")
    await consent.say(meeting.session, meeting.person, said, meeting.now)
