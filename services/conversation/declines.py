"""Declines: what there is no text for, in a line, and whom to ask instead, in another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.conversation.answers import AnswerWriter
from services.conversation.gazetteer import holds_any, phrases, phrases_of, words_of
from services.conversation.menus import MenuWriter
from services.conversation.particulars import names_our_field
from services.conversation.plain import literal
from services.conversation.policy import Decline, DeclineParticular
from services.conversation.reply import Button, Payload, Reply
from services.conversation.scope import SURE
from services.conversation.steps import names
from services.conversation.wishes import wish_near
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.library import Library
from services.knowledge.place_names import Office
from services.knowledge.schema import Subject
from services.masking.shadow import MASK

MOST_NEAR = 2
"""Buttons to the rule near what is not known."""
_DECLINED = ("declined", "declined_again", "declined_easy")
"""The words of a decline, in turn."""
_QUOTED = 10
"""Words of a message that is named by its own words; a longer one is “this”."""


@dataclass(frozen=True)
class DeclineWriter:
    """Writes declines, and names the offices of a library."""

    library: Library
    answers: AnswerWriter
    menus: MenuWriter

    def decline(self, decision: Decline, asked: str) -> Reply:
        """Say that it is not known, each time in other words; every third asks what is easy.

        What is near enough stands behind buttons, else the menu does; from the second on a person.
        """
        words = _DECLINED[decision.before % len(_DECLINED)]
        near = decision.likely[:MOST_NEAR]
        reply = self.unknown(words, decision.confidence, near, asked, words=_quotable(asked))
        if words == "declined_easy":
            reply = replace(reply, buttons=self.menus.subjects())
        if not decision.before:
            return reply
        return replace(reply, buttons=(*reply.buttons, self.answers.to_person()))

    def unknown(
        self, phrase: str, confidence: float, near: Sequence[str], asked: str, **values: Any
    ) -> Reply:
        """Say that something is not known, whom to ask, and where the rule near it stands."""
        office = self.office_for(asked, near)
        named = [self._say("office_short", **self._ways_of(office, asked))] if office else []
        menu = Button(self._say("button_menu"), str(Payload("m")))
        return Reply(
            "declined",
            self._say(phrase, offices=named, near=bool(near), **values).strip(),
            buttons=(*self.answers.buttons(near[:MOST_NEAR]), menu),
            confidence=confidence,
            unknown=True,
        )

    def particular(self, decision: DeclineParticular, asked: str) -> Reply:
        """Say that one case is not known, and where the rule stands.

        How far papers are that nothing names is asked back: which rule is near nobody knows.
        """
        known, about = self.library.articles, decision.about
        near = tuple(name for name in decision.near if name in known)
        named = names_our_field(asked) or any(names(self.library, asked, known[n]) for n in near)
        if about == "status" and not (named or self.answers.goes_on or decision.confidence >= SURE):
            near = ()
        reply = self.unknown(f"particular_{about}", decision.confidence, near, asked)
        if about == "status" and not near:
            reply = replace(reply, buttons=self.menus.subjects())
        if decision.is_urgent:  # whom to turn to is all that there is to know
            reply = replace(reply, outcome="handoff", unknown=False, offered=near)
        return replace(reply, particular=True)

    def handoff(self, confidence: float = 1.0, article: str | None = None) -> Reply:
        """Name the offices that a person can turn to; of the open article's subject, if any.

        First the one of no subject whose words the article's title holds, then the only one that
        can be called, else the one that leads the subject.
        """
        known = self.library.articles.get(article or "")
        subject = known.head.subject if known else None
        every = self.library.offices
        apart = self._office_named(known.head.title) if known else None
        apart = None if apart and apart.subjects else apart
        offices = [o for o in every if o == apart or subject in o.subjects] if subject else every
        called = [office for office in offices if office.phone]
        offices = sorted(
            offices, key=lambda one: (one != apart, called != [one], subject not in one.leads)
        )
        told = [self._say("office", **self.answers.values_of(office)) for office in offices]
        unreached = any(not office.phone for office in offices)
        lead = self._say("handoff", offices=told, unreached=unreached)
        return Reply("handoff", lead, confidence=confidence, person=True)

    def whom(self, article: str | None) -> Reply:
        """Say what an article says to do next, and the office for it; else name all offices."""
        known = self.library.articles.get(article or "")
        office = self.office_for("", (known.id,)) if known else None
        if known is None or office is None:
            return replace(self.handoff(), person=False)
        told = self._say("office", **self.answers.values_of(office))
        step = self.answers.next_step(known.head.next_step)
        return Reply("handoff", f"{step}\n\n{told}".strip(), confidence=1.0)

    def office_for(self, asked: str, near: Sequence[str]) -> Office | None:
        """Return the one office that fits what was asked, and the articles near it.

        That is one whose words the message has, else the one that leads the subject; of what is of
        no subject the one of all that can be called.
        """
        if named := self._office_named(asked):
            return named
        subject = self._subject(asked, near)
        offices = self.library.offices_for(subject)
        leading = [office for office in offices if subject in office.leads]
        reached = [office for office in offices if office.phone]
        ways = (leading, offices) if subject else (reached, offices)
        return next((way[0] for way in ways if way), None)

    def _office_named(self, told: str) -> Office | None:
        """Return the first office one of whose words stands in what is told."""
        words, every = words_of(told), self.library.offices
        return next((o for o in every if o.words and holds_any(words, phrases_of(o.words))), None)

    def _subject(self, asked: str, near: Sequence[str]) -> Subject | None:
        known = self.library.articles
        wish = wish_near(self.library.wishes, asked)
        names = (*near, *(choice.article for choice in (wish.choices if wish else ())))
        return next((known[name].head.subject for name in names if name in known), None)

    def _ways_of(self, office: Office, asked: str) -> dict[str, Any]:
        wants_phone = asks_number(self.library.cues, asked)
        return self.answers.values_of(office) | {"wants_phone": wants_phone}

    def _say(self, phrase: str, **values: Any) -> str:
        return self.library.phrases.say(phrase, **values)


def asks_number(cues: DiscourseCues, asked: str) -> bool:
    """Say whether a message asks for a number to call."""
    words = words_of(asked)
    return holds_any(words, phrases(cues.phones))


def _quotable(asked: str) -> str:
    """Return a short message as it was written, to be read in a sentence; else nothing."""
    short = len(asked.split()) <= _QUOTED and MASK not in asked
    return literal(asked.strip(" .?!,;:")) if short else ""
