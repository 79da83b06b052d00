"""Care: what is said to whoever may be in danger; words from `content/phrases/distress.yml`."""

from dataclasses import dataclass
from datetime import timedelta

from services.conversation.acts import acts_in
from services.conversation.distress import has_ended, hear, helped_on, names_matter
from services.conversation.enquiries import asks
from services.conversation.particulars import names_our_field
from services.conversation.plain import literal
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.knowledge.distress_cues import Emergency
from services.knowledge.library import Library
from services.knowledge.phrases import Phrases
from services.understanding.interpretation import Distress

CARES = timedelta(hours=1)
"""So long after kind words what is told on is heard as that; then somebody else may write."""
_KEPT = ("answered", "clarify")
"""What a doubt leaves standing: an answer, or the way to one."""
_COURTESIES = (None, "yes", "no", "sign", "thanks", "goodbye", "anger")
"""Acts that ask for nothing; None where small talk was no act."""
_STEPS = ("more", "next")
"""Acts that ask what now: behind kind words of danger, and of no paper."""
_TURNING = frozenset(
    {"thanks", "menu", "back_list", "identity", "abilities", "news", "erasure", "person"}
)
"""Acts with which an emergency is told on of no more."""
_TOLD_ON = Distress(clear=False, dangers=("lines",))
"""Which danger was told of is not kept, but an emergency's kind."""


def told_on(reply: Reply) -> Distress | None:
    """Return what a message tells on, right behind kind words; None where its reply stays.

    An answer stays, and what else a message of its own gets: no guess, menu, decline or small talk.
    """
    if reply.act in _STEPS:
        return _TOLD_ON
    if reply.outcome == "answered" or reply.tool or reply.particular:
        return None
    if reply.act or reply.outcome == "smalltalk":
        return _TOLD_ON if reply.act in _COURTESIES else None
    menu = reply.outcome == "clarify" and reply.again is None
    return _TOLD_ON if menu or reply.offered or reply.unknown else None


def heard_behind(
    cared: int, danger: Emergency | None, question: Question, library: Library
) -> Distress | None:
    """Return what words tell of distress, behind kind words or none.

    Behind an emergency it is still of that, until something else is asked.
    """
    text = question.text
    heard = hear(library.distress, text, consoled=cared > 0)
    if danger is None or question.payload or _turns_away(library, text):
        return heard
    return helped_on(library.distress, text, heard, danger)


def _turns_away(library: Library, text: str) -> bool:
    """Say whether it is over, or a message asks of ours, or of the talk itself."""
    if has_ended(library.distress, text):
        return True
    turned = any(act.sure and act.name in _TURNING for act in acts_in(library.acts, text))
    return turned or asks_ours(library, text)


def only_tells(library: Library, text: str, reply: Reply) -> bool:
    """Say whether a message asks nothing, names nothing of ours, and has no reply of its own."""
    asked = asks(library.cues, text) or names_our_field(text)
    return told_on(reply) is not None and not asked


def asks_ours(library: Library, text: str) -> bool:
    """Say whether a message behind kind words asks of ours, even what we do not know."""
    named = asks(library.cues, text) and names_our_field(text)
    return named or names_matter(library.distress, text)


@dataclass(frozen=True)
class Helpers:
    """Whom the office has named for those in distress; empty where it has named nobody."""

    person: str = ""
    """A person, with the way to reach them."""
    line: str = ""
    """A telephone line that the office has called and found right."""


NOBODY = Helpers()


@dataclass(frozen=True)
class Care:
    """Speaks to one who is in distress, or tells of another."""

    phrases: Phrases
    heard: Distress
    turn: int
    """How often this conversation was spoken to so: other words are found then."""
    helpers: Helpers = NOBODY

    def alone(self) -> Reply:
        """Return what is said where distress is clear: nothing of the law, nothing to press."""
        first, *others = self.heard.dangers
        told = self._say(f"distress_{first}", turn=self.turn, whom=self._whom())
        also = (self._say(f"distress_also_{other}") for other in others)
        return Reply("handoff", "\n\n".join((told, *also)), confidence=1.0)

    def opening(self, reply: Reply) -> Reply:
        """Return a reply, whatever it is, that opens with one warm sentence."""
        return reply.opened_by(self._warm())

    def before(self, reply: Reply | None) -> Reply:
        """Return a reply that opens with one warm sentence; without an answer that is all.

        A decline, thanks and the like say nothing that is worth reading now. Where it is likely
        clear more is said in the place of an answer.
        """
        if reply is not None and (reply.outcome in _KEPT or reply.particular):
            return self.opening(reply)
        if self.heard.likely:
            return self.alone()
        rest = (self._whom(), self._say("distress_unanswered"))
        return Reply("handoff", "\n\n".join((self._warm(), *filter(None, rest))), confidence=1.0)

    def _warm(self) -> str:
        return self._say(f"distress_doubt_{self.heard.dangers[0]}", turn=self.turn)

    def _whom(self) -> str:
        person, line = literal(self.helpers.person), literal(self.helpers.line)
        return self._say("distress_whom", person=person, line=line)

    def _say(self, phrase: str, **values: object) -> str:
        return self.phrases.say(phrase, **values)
