"""What a person is asked of himself, and shown of what he said: replies with buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from services.conversation.payloads import Payload
from services.conversation.plain import capital
from services.conversation.reply import Button, Reply
from services.knowledge.library import Library
from services.people.person import ROLES
from services.people.places import places
from services.people.profile import Profile

Step = Literal["role", "place", "consent"]
STEPS: tuple[Step, ...] = get_args(Step)
"""The questions in their order."""

_PLACES_A_ROW = 3
"""The longest names of wards are still whole on a small phone then."""


@dataclass(frozen=True)
class Questions:
    """Writes questions out of the library, for a person of whom something may be known."""

    library: Library
    profile: Profile

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
        return Reply(
            "clarify", self._say("consent_topics"), buttons=(*buttons, self._button("done"))
        )

    def summary(self) -> Reply:
        """Show what is known, with a button to change each."""
        said = self._say("people_summary", **self.known())
        return Reply("smalltalk", said, buttons=tuple(self._button("ask", step) for step in STEPS))

    def known(self) -> dict[str, str]:
        """Return role, place and announcements in words; role and place empty when unknown."""
        return {**self._self(), "news": self.news()}

    def news(self) -> str:
        """Say in a few words which announcements the person gets."""
        topics = self.library.topics.items()
        on = [topic.label for name, topic in topics if self.profile.wants(name)]
        off = [topic.label for name, topic in topics if not self.profile.wants(name)]
        known = {"agreed": self.profile.agreed, "answered": self.profile.answered}
        return self._say("people_news", on=on, off=off, **known)

    def _role(self) -> Reply:
        roles = (
            Button(capital(self._say(f"role_{role}")), str(Payload("p", f"role-{role}")))
            for role in ROLES
        )
        return Reply(
            "clarify",
            self._noted("ask_role", first=not (self.profile.role or self.profile.answered)),
            buttons=(*roles, self._button("skip", "role")),
        )

    def _place(self) -> Reply:
        wards = (
            Button(place.short, str(Payload("p", f"place-{place.code}")))
            for place in places().values()
        )
        return Reply(
            "clarify",
            self._noted("ask_place"),
            buttons=(*wards, self._button("skip", "place")),
            columns=_PLACES_A_ROW,
        )

    def _consent(self) -> Reply:
        buttons = (*map(self._button, ("yes", "topics", "no")), self._button("skip", "consent"))
        return Reply("clarify", self._noted("consent_announcements"), buttons=buttons)

    def _noted(self, question: str, **values: Any) -> str:
        """Return a question, after a line that says what was noted before it."""
        noted = self._say("people_noted", **self._self())
        return "\n\n".join(part for part in (noted, self._say(question, **values)) if part)

    def _self(self) -> dict[str, str]:
        role, place = self.profile.role, self.profile.place
        return {
            "role": self._say(f"role_{role}") if role else "",
            "place": f"{place.name[0].lower()}{place.name[1:]}" if place else "",
        }

    def _topic(self, name: str, label: str) -> Button:
        mark = "topic_on" if self.profile.wants(name) else "topic_off"
        return Button(self._say(mark, label=label), str(Payload("p", f"topic-{name}")))

    def _button(self, what: str, value: str = "") -> Button:
        """Return a button; skipping is the same word at every question."""
        name = what if what == "skip" or not value else f"{what}_{value}"
        payload = f"{what}-{value}" if value else what
        return Button(self._say(f"people_button_{name}"), str(Payload("p", payload)))

    def _say(self, phrase: str, **values: Any) -> str:
        return self.library.phrases.say(phrase, **values)
