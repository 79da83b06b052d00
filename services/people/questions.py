"""What a person is asked of himself, and shown of what he said: replies with buttons.

A yes answers words, and whoever presses a button may have other words above it than today's: so
the buttons that are a yes carry the stamp of the words under which they stand.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from services.conversation.plain import capital, plain_markdown
from services.conversation.reply import Button, Payload, Reply
from services.knowledge.library import Library
from services.people.person import ROLES
from services.people.places import places
from services.people.profile import Profile

Step = Literal["role", "place", "consent"]
STEPS: tuple[Step, ...] = get_args(Step)
"""The questions in their order."""

Asked = Literal["consent_announcements", "consent_topics", "stopped"]
"""The phrases whose buttons are a yes."""
_ANSWERS: dict[str, Asked] = {
    "yes": "consent_announcements",
    "topic": "consent_topics",
    "done": "consent_topics",
    "again": "stopped",
}
"""The buttons that are a yes, by what they do."""
_STAMP_DIGITS = 8
_PLACES_A_ROW = 3
"""The longest names of wards are still whole on a small phone then."""


@dataclass(frozen=True)
class Questions:
    """Writes questions out of the library, for a person of whom something may be known."""

    library: Library
    profile: Profile

    def wording(self, asked: Asked) -> str:
        """Return the words that a yes answers, as they are read and kept."""
        return plain_markdown(self._say(asked))

    def stamp(self, what: str) -> str:
        """Return what a button carries of the words that it answers; empty where it is no yes."""
        asked = _ANSWERS.get(what)
        if asked is None:
            return ""
        return hashlib.sha256(self.wording(asked).encode()).hexdigest()[:_STAMP_DIGITS]

    def ask(self, step: Step) -> Reply:
        """Ask one of the three questions; each may be skipped."""
        asked: dict[Step, Callable[[], Reply]] = {
            "role": self._role,
            "place": self._place,
            "consent": self._consent,
        }
        return asked[step]()

    def topics(self) -> Reply:
        """Show every topic, those that are wanted ticked; a press changes one."""
        known = self.library.topics.items()
        buttons = [self._topic(name, capital(topic.label)) for name, topic in known]
        done = self.button("done")
        return Reply("clarify", self._say("consent_topics"), buttons=(*buttons, done))

    def summary(self) -> Reply:
        """Show what is known, with a button to change each."""
        buttons = tuple(self.button("ask", step) for step in STEPS)
        return Reply("smalltalk", self._say("people_summary", **self.known()), buttons=buttons)

    def stopped(self) -> Reply:
        """Say that announcements stopped, with a button that takes it back."""
        return Reply("smalltalk", self._say("stopped"), buttons=(self.button("again"),))

    def known(self) -> dict[str, str]:
        """Return role, place and announcements in words; role and place empty when unknown."""
        return {**self._self(), "news": self.news()}

    def news(self) -> str:
        """Say in a few words which announcements the person gets."""
        topics = self.library.topics.items()
        on = [topic.label for name, topic in topics if self.profile.wants(name, topic)]
        off = [topic.label for name, topic in topics if not self.profile.wants(name, topic)]
        known = {"agreed": self.profile.agreed, "answered": self.profile.answered}
        return self._say("people_news", on=on, off=off, **known)

    def _role(self) -> Reply:
        roles = (self.button("role", role, capital(self._say(f"role_{role}"))) for role in ROLES)
        return Reply(
            "clarify",
            self._noted("ask_role", first=not (self.profile.person.role or self.profile.answered)),
            buttons=(*roles, self.button("skip", "role")),
        )

    def _place(self) -> Reply:
        wards = (self.button("place", place.code, place.short) for place in places().values())
        return Reply(
            "clarify",
            self._noted("ask_place"),
            buttons=(*wards, self.button("skip", "place")),
            columns=_PLACES_A_ROW,
        )

    def _consent(self) -> Reply:
        buttons = (*map(self.button, ("yes", "topics", "no")), self.button("skip", "consent"))
        return Reply("clarify", self._noted("consent_announcements"), buttons=buttons)

    def _noted(self, question: str, **values: Any) -> str:
        """Return a question, after a line that says what was noted before it."""
        noted = self._say("people_noted", **self._self())
        return "\n\n".join(part for part in (noted, self._say(question, **values)) if part)

    def _self(self) -> dict[str, str]:
        role, place = self.profile.person.role, self.profile.place
        return {
            "role": self._say(f"role_{role}") if role else "",
            "place": f"{place.name[0].lower()}{place.name[1:]}" if place else "",
        }

    def button(self, what: str, value: str = "", label: str = "") -> Button:
        """Return a button of the walk; skipping is the same word at every question."""
        name = what if what == "skip" or not value else f"{what}_{value}"
        payload = f"{what}-{value}" if value else what
        stamp = self.stamp(what)
        payload = f"{payload}.{stamp}" if stamp else payload
        return Button(label or self._say(f"people_button_{name}"), str(Payload("p", payload)))

    def _topic(self, name: str, label: str) -> Button:
        wanted = self.profile.wants(name, self.library.topics[name])
        mark = "topic_on" if wanted else "topic_off"
        return self.button("topic", name, self._say(mark, label=label))

    def _say(self, phrase: str, **values: Any) -> str:
        """Render a phrase; what a yes answers says the terms, the same wherever it is asked."""
        say = self.library.phrases.say
        if phrase in _ANSWERS.values():
            values["terms"] = say("consent_terms")
        return say(phrase, **values)
