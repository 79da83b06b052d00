"""Enrolment: three questions after the greeting, each answered with a tap, a word or not at all.

The questions follow each other until there was a yes or a no to announcements; after that, and for
whoever comes back, what is known is shown, with a button to change each.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from services.conversation.reply import Reply
from services.people import wishes
from services.people.consent import choices, choose
from services.people.deeplink import Deeplink
from services.people.meeting import Meeting
from services.people.person import ROLES
from services.people.places import find_place, places
from services.people.questions import STEPS, Step
from services.storage.models import GroupMember

NOWHERE = Deeplink()
"""The link of someone who came by himself."""


@dataclass(frozen=True)
class Pressed:
    """A button that a person pressed."""

    meeting: Meeting
    value: str
    shown: str
    """What the person read above the button; empty when that is not known any more."""


async def begin(meeting: Meeting, link: Deeplink = NOWHERE) -> Reply:
    """Greet someone who starts: with the first question that is open, or with what is known.

    A link fills in what the person has not said; whoever has refused announcements is not asked.
    """
    known = await meeting.profile()
    await _fill(meeting, link)
    came_back = known.role is not None or known.answered
    if came_back and (known.answered or not link.topic):
        return await _summary(meeting)
    return await _go_on(meeting, STEPS)


async def press(meeting: Meeting, what: str, shown: str) -> Reply | None:
    """Note what a button says and return what comes next; None for a button that is none of ours.

    `what` is the name in a payload: `role-farmer`, `place-20242`, `topic-ocop`, `yes`.
    """
    meeting.person.asked_place_at = None
    word, _, value = what.partition("-")
    answer = _ANSWERS.get(word)
    return await answer(Pressed(meeting, value, shown)) if answer else None


async def write_place(meeting: Meeting, text: str) -> Reply | None:
    """Take what was written for the place that was asked for; None when it names none.

    The question is closed by that: what comes after it is no place.
    """
    meeting.person.asked_place_at = None
    place = find_place(text.strip(" .,!"))
    if place is None:
        return None
    meeting.person.place = place.code
    return await _after(meeting, "place")


async def _role(pressed: Pressed) -> Reply | None:
    if pressed.value not in ROLES:
        return None
    pressed.meeting.person.role = pressed.value
    return await _after(pressed.meeting, "role")


async def _place(pressed: Pressed) -> Reply | None:
    if pressed.value not in places():
        return None
    pressed.meeting.person.place = pressed.value
    return await _after(pressed.meeting, "place")


async def _skip(pressed: Pressed) -> Reply | None:
    step = _step(pressed.value)
    return await _after(pressed.meeting, step) if step else None


async def _ask(pressed: Pressed) -> Reply | None:
    step = _step(pressed.value)
    return await _question(pressed.meeting, step) if step else None


async def _yes(pressed: Pressed) -> Reply:
    return await _agree(pressed, "consent_announcements", wishes.want_all)


async def _no(pressed: Pressed) -> Reply:
    await wishes.want_none(pressed.meeting, pressed.meeting.say("consent_announcements"))
    return await _summary(pressed.meeting)


async def _again(pressed: Pressed) -> Reply:
    return await _agree(pressed, "stopped", wishes.want_again)


async def _agree(
    pressed: Pressed, phrase: str, note: Callable[[Meeting, str], Awaitable[None]]
) -> Reply:
    """Note a yes to the words that are shown; to other words than today's, ask again.

    Of a button that is pressed twice, the second press finds other words above it.
    """
    meeting, wording = pressed.meeting, pressed.meeting.say(phrase)
    if wording in pressed.shown:
        await note(meeting, wording)
    elif not meeting.person.agreed:
        return await _question(meeting, "consent")
    return await _summary(meeting)


async def _topics(pressed: Pressed) -> Reply:
    return (await pressed.meeting.questions()).topics()


async def _topic(pressed: Pressed) -> Reply | None:
    """Turn one topic on or off; the first that is turned on is a yes to the words above it."""
    meeting, topic = pressed.meeting, pressed.value
    if topic not in meeting.library.topics:
        return None
    profile, wording = await meeting.profile(), meeting.say("consent_topics")
    if profile.wants(topic):
        await wishes.want_not(meeting, topic)
    elif profile.agreed or wording in pressed.shown:
        await wishes.want(meeting, topic, wording)
    return await _topics(pressed)


async def _done(pressed: Pressed) -> Reply:
    """Note a yes to what is ticked, where something is and that was not said yet."""
    meeting, wording = pressed.meeting, pressed.meeting.say("consent_topics")
    profile = await meeting.profile()
    ticked = [name for name in meeting.library.topics if profile.wants(name)]
    if ticked and not profile.agreed and wording in pressed.shown:
        await wishes.want(meeting, ticked[0], wording)
    return await _summary(meeting)


_ANSWERS: Mapping[str, Callable[[Pressed], Awaitable[Reply | None]]] = {
    "role": _role,
    "place": _place,
    "skip": _skip,
    "ask": _ask,
    "yes": _yes,
    "no": _no,
    "again": _again,
    "topics": _topics,
    "topic": _topic,
    "done": _done,
}


async def _after(meeting: Meeting, step: Step) -> Reply:
    """Ask what is open after a step; once announcements were answered, show what is known."""
    if (await meeting.profile()).answered:
        return await _summary(meeting)
    return await _go_on(meeting, STEPS[STEPS.index(step) + 1 :])


async def _go_on(meeting: Meeting, steps: tuple[Step, ...]) -> Reply:
    profile = await meeting.profile()
    known = {"role": profile.role, "place": profile.place, "consent": profile.answered}
    for step in steps:
        if not known[step]:
            return await _question(meeting, step)
    return await _summary(meeting)


async def _question(meeting: Meeting, step: Step) -> Reply:
    if step == "place":
        meeting.person.asked_place_at = meeting.now
    return (await meeting.questions()).ask(step)


async def _summary(meeting: Meeting) -> Reply:
    return (await meeting.questions()).summary()


async def _fill(meeting: Meeting, link: Deeplink) -> None:
    """Note what a link says, where the person has not said it."""
    session, person = meeting.session, meeting.person
    if link.place in places():
        person.place = person.place or link.place
    if link.topic in meeting.library.topics and link.topic not in await choices(session, person):
        await choose(session, person, link.topic, wanted=True)
    if link.group and not await session.get(GroupMember, (link.group, person.id)):
        session.add(GroupMember(name=link.group, person_id=person.id))


def _step(name: str) -> Step | None:
    return next((step for step in STEPS if step == name), None)
