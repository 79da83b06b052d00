"""The shape of `content/phrases/cues.yml`: the words by which people turn a talk."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from services.knowledge.schema import Matter, PartKind, Strict, Text

Urgent = Literal["scam", "cheated", "stolen"]
"""Where money may be lost, or a name is misused: told as plainly the second time."""
OfOne = Literal["letter", "status", "result", "list", "contact", "request", "affairs"]
"""What is of one case, person or cooperative alone: who has its papers or its books tells it."""
Unwritten = Literal["event", "figures"]
"""What stands in no rule: when something is, what will be, how many there are, who is best."""


class Particular(Matter):
    """What is asked of one case, person or cooperative: no rule answers it."""

    about: Urgent | Unwritten | OfOne
    of: Literal["anyone", "cooperative", "person", "elsewhere"] = "anyone"
    """Whom alone it is so of: a cooperative or a person that is named, or another place."""
    article: Text | None = None
    """What tells on where money may be lost: the next message is read beside it."""


class DiscourseCues(Strict):
    """How people turn a talk; which part of a message each list finds stands in `cues.yml`."""

    corrections: tuple[Text, ...] = ()
    rather: tuple[Text, ...] = ()
    """What stands before the few words that were not meant, at the end of a message."""
    refusals: tuple[Text, ...] = ()
    between: tuple[Text, ...] = ()
    askers: tuple[Text, ...] = ()
    meanings: tuple[Text, ...] = ()
    changes: tuple[Text, ...] = ()
    openers: tuple[Text, ...] = ()
    conclusions: tuple[Text, ...] = ()
    courtesies: tuple[Text, ...] = ()
    """Greetings, thanks and what stands with them in front of a question."""
    endings: tuple[Text, ...] = ()
    amounts: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()
    """What the same is often asked of as of what was asked about."""
    bodies: Mapping[Text, Text] = Field(default_factory=dict)  # article: what it is about
    choices: tuple[tuple[Text, ...], ...] = ()
    """Of older content: the numbers of `acts.yml` stand for it now."""
    joiners: tuple[Text, ...] = ()
    switches: tuple[Text, ...] = ()
    """What turns, behind the end of a sentence, to another question: a story before it was one."""
    asides: tuple[Text, ...] = ()
    """What does so behind a comma too."""
    turners: tuple[Text, ...] = ()
    unjoined: tuple[Text, ...] = ()
    asking: tuple[Text, ...] = ()
    closing: tuple[Text, ...] = ()
    particles: tuple[Text, ...] = ()
    requests: tuple[Text, ...] = ()
    counting: tuple[Text, ...] = ()
    turns: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    alternatives: tuple[Text, ...] = ()
    telling: tuple[Text, ...] = ()
    denials: tuple[Text, ...] = ()
    denied: tuple[Text, ...] = ()
    doubts: tuple[Text, ...] = ()
    phones: tuple[Text, ...] = ()
    money: tuple[Text, ...] = ()
    """What the label of an article holds that tells of money that one gets."""
    sets: Text = "mấy bộ"
    kinds: Mapping[PartKind, tuple[Text, ...]] = Field(default_factory=dict)
    """What asks for a part of each kind, whatever article is open."""
    steps: Mapping[PartKind, tuple[Text, ...]] = Field(default_factory=dict)
    """More of what asks for a step of any procedure, and names no matter."""
    particulars: tuple[Particular, ...] = ()

    def written_out(self, forms: tuple[Text, ...]) -> tuple[Text, ...]:
        """Return forms with each of the askers in the place of their P, of the turners of their T.

        Those that have neither stay.
        """
        for letter, words in (("P", self.askers), ("T", self.turners)):
            forms = tuple(
                form.replace(letter, word)
                for form in forms
                for word in (words if letter in form else ("",))
            )
        return forms
