"""Enrolment: three questions after the greeting, each answered with a tap, a word or not at all.

The questions follow each other until there was a yes or a no to announcements; after that, and for
whoever comes back, what is known is shown, with a button to change each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation import pending
from services.conversation.reply import Reply
from services.knowledge.library import Library
from services.people import groups
from services.people.deeplink import Deeplink
from services.people.person import ROLES
from services.people.places import find_place, places
from services.people.profile import Profile, read_profile
from services.people.questions import STEPS, Questions, Step
from services.storage.models import Person

NOWHERE = Deeplink()
"""The link of someone who came by himself."""
_STAYS_ASKED = timedelta(hours=6)
"""How long what is written may be the place that was asked for."""


@dataclass
class _Talk:
    """What is known of a person, and what they are asked next."""

    profile: Profile
    library: Library
    now: datetime
    asks: Step | None = None

    @property
    def questions(self) -> Questions:
        """What can be asked of the person and shown to them now."""
        return Questions(self.library, self.profile)


@dataclass(frozen=True)
class _Press:
    """A button that a person pressed: its value, and the stamp of the words above it."""

    talk: _Talk
    what: str
    value: str
    stamp: str

    @property
    def answers_today(self) -> bool:
        """Whether the words above the button were those of today."""
        return self.stamp == self.talk.questions.stamp(self.what)


async def begin(
    session: AsyncSession,
    person: Person,
    library: Library,
    now: datetime,
    link: Deeplink = NOWHERE,
) -> Reply:
    """Greet someone who starts: with the first question that is open, or with what is known.

    A link fills in what the person has not said; whoever has refused announcements is not asked.
    """
    talk = _Talk(await read_profile(session, person), library, now)
    answered = talk.profile.answered
    came_back = person.role is not None or answered
    await _fill(talk, link)
    known = came_back and (answered or not link.topic)
    reply = talk.questions.summary() if known else _go_on(talk, STEPS)
    await _note_asked(talk)
    return reply


async def press(
    session: AsyncSession, person: Person, library: Library, now: datetime, what: str
) -> Reply | None:
    """Note what a button says and return what comes next; None for a button that is none of ours.

    `what` is the name in a payload: `role-farmer`, `place-20242`, `skip-role`, `yes.1a2b3c4d`.
    """
    await pending.clear(session, (person.channel, person.chat), "place", now)
    named, _, stamp = what.partition(".")
    word, _, value = named.partition("-")
    answer = _ANSWERS.get(word)
    if answer is None:
        return None
    talk = _Talk(await read_profile(session, person), library, now)
    reply = answer(_Press(talk, word, value, stamp))
    await _note_asked(talk)
    return reply


async def awaits_place(session: AsyncSession, person: Person, now: datetime) -> bool:
    """Say whether a person was asked for the place not long ago, and has said nothing since."""
    chat = (person.channel, person.chat)
    return await pending.find(session, chat, "place", now) is not None


async def write_place(
    session: AsyncSession, person: Person, library: Library, now: datetime, text: str
) -> Reply | None:
    """Take what was written for the place that was asked for; None when it names none.

    The question is closed by that: what comes after it is no place.
    """
    await pending.clear(session, (person.channel, person.chat), "place", now)
    place = find_place(text.strip(" .,!"))
    if place is None:
        return None
    person.place = place.code
    return _after(_Talk(await read_profile(session, person), library, now), "place")


def _role(press: _Press) -> Reply | None:
    if press.value not in ROLES:
        return None
    press.talk.profile.person.role = press.value
    return _after(press.talk, "role")


def _place(press: _Press) -> Reply | None:
    if press.value not in places():
        return None
    press.talk.profile.person.place = press.value
    return _after(press.talk, "place")


def _skip(press: _Press) -> Reply | None:
    step = _step(press.value)
    return _after(press.talk, step) if step else None


def _ask(press: _Press) -> Reply | None:
    step = _step(press.value)
    return _question(press.talk, step) if step else None


def _yes(press: _Press) -> Reply:
    """Note a yes to everything; under other words than today's, ask again."""
    talk = press.talk
    if not press.answers_today:
        return _ask_again(talk)
    wording, topics = talk.questions.wording("consent_announcements"), talk.library.topics
    talk.profile.want_only(topics, topics, wording, talk.now)
    return talk.questions.summary()


def _no(press: _Press) -> Reply:
    """Note a no, under whatever words."""
    talk = press.talk
    wording = talk.questions.wording("consent_announcements")
    talk.profile.answer(given=False, wording=wording, now=talk.now)
    return talk.questions.summary()


def _again(press: _Press) -> Reply:
    """Note a yes that takes a no back: the same topics as before it."""
    talk = press.talk
    if not press.answers_today:
        return _ask_again(talk)
    talk.profile.answer(given=True, wording=talk.questions.wording("stopped"), now=talk.now)
    return talk.questions.summary()


def _topics(press: _Press) -> Reply:
    return press.talk.questions.topics()


def _topic(press: _Press) -> Reply | None:
    """Turn one topic on or off; the first that is turned on is a yes to the words above it."""
    talk, topic = press.talk, press.value
    if topic not in talk.library.topics:
        return None
    if talk.profile.wants(topic, talk.library.topics[topic]):
        talk.profile.choose(topic, wanted=False)
    elif talk.profile.agreed or press.answers_today:
        wording = talk.questions.wording("consent_topics")
        talk.profile.want_also(topic, talk.library.topics, wording, talk.now)
    return talk.questions.topics()


def _done(press: _Press) -> Reply:
    """Note a yes to what is ticked, where something is and that was not said yet."""
    talk, topics = press.talk, press.talk.library.topics
    ticked = [name for name, one in topics.items() if talk.profile.wants(name, one)]
    if ticked and not talk.profile.agreed and press.answers_today:
        wording = talk.questions.wording("consent_topics")
        talk.profile.want_only(ticked, topics, wording, talk.now)
    return talk.questions.summary()


_ANSWERS: Mapping[str, Callable[[_Press], Reply | None]] = {
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


def _ask_again(talk: _Talk) -> Reply:
    """Ask in today's words, unless there is a yes already."""
    if talk.profile.agreed:
        return talk.questions.summary()
    return _question(talk, "consent")


def _after(talk: _Talk, step: Step) -> Reply:
    """Ask what is open after a step; once announcements were answered, show what is known."""
    if talk.profile.answered:
        return talk.questions.summary()
    return _go_on(talk, STEPS[STEPS.index(step) + 1 :])


def _go_on(talk: _Talk, steps: tuple[Step, ...]) -> Reply:
    profile = talk.profile
    known = {"role": profile.person.role, "place": profile.place, "consent": profile.answered}
    for step in steps:
        if not known[step]:
            return _question(talk, step)
    return talk.questions.summary()


def _question(talk: _Talk, step: Step) -> Reply:
    talk.asks = step
    return talk.questions.ask(step)


async def _note_asked(talk: _Talk) -> None:
    """Note that what is written next may be the place, where that was asked for."""
    person, until = talk.profile.person, talk.now + _STAYS_ASKED
    if talk.asks == "place":
        chat = (person.channel, person.chat)
        await pending.ask(talk.profile.session, chat, "place", {}, until)


async def _fill(talk: _Talk, link: Deeplink) -> None:
    """Note what a link says, where the person has not said it."""
    profile = talk.profile
    if link.place in places():
        profile.person.place = profile.person.place or link.place
    if link.topic in talk.library.topics and link.topic not in profile.choices:
        profile.choose(link.topic, wanted=True)
    if link.event:
        await groups.join_event(profile.session, link.event, profile.person)


def _step(name: str) -> Step | None:
    return next((step for step in STEPS if step == name), None)
