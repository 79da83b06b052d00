"""Stopping and starting announcements in a word: all of them, or those of one topic."""

from services.conversation.payloads import Payload
from services.conversation.plain import literal
from services.conversation.reply import Button, Reply
from services.people import wishes
from services.people.meeting import Meeting


async def stop(meeting: Meeting, said: str, wording: str) -> Reply:
    """Stop all announcements, or those of the topic that was `said`.

    `wording` is what the person answered with this, kept with a no to all.
    """
    if not said:
        await wishes.want_none(meeting, wording)
        return _reply(meeting.say("stopped"), meeting, "again")
    topic = wishes.find_topic(said, meeting.library.topics)
    if topic is None:
        return _unknown(meeting, said)
    await wishes.want_not(meeting, topic)
    return await _told(meeting, "stopped_topic", topic)


async def start(meeting: Meeting, said: str, wording: str) -> Reply:
    """Start all announcements, or those of the topic that was `said`, as `stop` stops them."""
    if not said:
        await wishes.want_all(meeting, wording)
        return _reply(meeting.say("started"), meeting, "topics")
    topic = wishes.find_topic(said, meeting.library.topics)
    if topic is None:
        return _unknown(meeting, said)
    await wishes.want(meeting, topic, wording)
    return await _told(meeting, "started_topic", topic)


async def _told(meeting: Meeting, phrase: str, topic: str) -> Reply:
    news = (await meeting.questions()).news()
    label = meeting.library.topics[topic].label
    return _reply(meeting.say(phrase, topic=label, news=news), meeting, "topics")


def _unknown(meeting: Meeting, said: str) -> Reply:
    """Say which topics there are."""
    labels = [topic.label for topic in meeting.library.topics.values()]
    text = meeting.say("unknown_topic", said=literal(said[:_SHOWN]), topics=labels)
    return _reply(text, meeting, "topics")


_SHOWN = 60
"""Characters of an unknown topic that are said back."""


def _reply(text: str, meeting: Meeting, button: str) -> Reply:
    label = meeting.say(f"people_button_{button}")
    return Reply("smalltalk", text, buttons=(Button(label, str(Payload("p", button))),))
