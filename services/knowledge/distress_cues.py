"""The shape of `content/phrases/distress-cues.yml`: by which words distress is heard.

And of `distress-examples.yml`, what the NLU learns it from: read here only so that whoever writes
it is told of a slip.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.knowledge.schema import Strict, Text
from services.knowledge.word_patterns import PatternError, check

Emergency = Literal["gas", "current", "water", "snake", "traffic", "fire", "poison", "injury"]
"""What kind an emergency is: in a pit or a closed room, by electricity, in water, by a snake, on
the road, by fire or what fell down, by poison; or who was hit, fell or bleeds."""


class Sign(Strict):
    """What a message in distress may hold, and how surely that is one."""

    about: Literal[
        "life", "violence", "child", "emergency", "injury", "poison", "fire", "harassment"
    ]
    """The last three take their words away from the others."""
    level: Literal["clear", "alone", "soft", "doubtful", "faint", "hint"]
    """`alone` is clear where the message asks nothing of our field, else doubtful; `soft` is
    doubtful, and nothing clear is sought in its words; what is `faint` is doubtful where the
    meaning of the message comes near, else nothing; a `hint` is nothing by itself."""
    weight: int = 1
    """How much a hint counts."""
    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Word patterns; one of them is enough."""


class DistressCues(Strict):
    """By which words distress is heard, as word patterns; none of them, and nothing is heard."""

    words: dict[str, Text] = Field(default_factory=dict)
    """Lists of words, by the name that patterns call them by."""
    idioms: tuple[Text, ...] = ()
    """What is taken out first: it only sounds so."""
    field: Text | None = None
    """Words of our field."""
    past: Text | None = None
    over: Text | None = None
    """What is told of long ago, and that it is over."""
    relief: Text | None = None
    """Who asks what is given for it: an accident that is over is no danger then."""
    mine: Text | None = None
    others: Text | None = None
    things: Text | None = None
    """Whom a sign is about: the last of these three before it tells."""
    tells: Text | None = None
    """What is said of another behind a pause: without one of these it is said of oneself."""
    minors: Text | None = None
    """Who is a child: harassment that one is named beside is a child's."""
    lines: Text | None = None
    """Who asks which number to call where something burns or somebody is ill."""
    matter: Text | None = None
    """What is asked for its own sake behind kind words."""
    whom: Text | None = None
    """Who asks whom to turn to; of danger only behind kind words."""
    youth: Text | None = None
    """Who tells that they are no grown person themselves."""
    ended: Text | None = None
    """What says that an emergency is over, or that something else is asked."""
    kinds: dict[Emergency, Text] = Field(default_factory=dict)
    """What kind an emergency is: each whose words it holds."""
    signs: tuple[Sign, ...] = ()

    @model_validator(mode="after")
    def _readable(self) -> "DistressCues":
        single = (
            self.field,
            self.past,
            self.over,
            self.relief,
            self.mine,
            self.others,
            self.things,
            self.tells,
            self.minors,
            self.matter,
            self.lines,
            self.whom,
            self.youth,
            self.ended,
        )
        signs = (pattern for sign in self.signs for pattern in sign.says)
        several = (*self.idioms, *self.kinds.values(), *signs)
        try:
            check((*several, *filter(None, single)), self.words)
        except PatternError as error:
            kind, msg = "word_pattern", "unreadable word pattern: {pattern}"
            raise PydanticCustomError(kind, msg, {"pattern": str(error)}) from None
        return self


class DistressFamily(Strict):
    """Messages that say the same in a like way, left out together when the bars are set."""

    family: Text
    level: Literal["clear", "doubtful", "none"]
    danger: Literal["self", "other", "child", "violence", "emergency"] | None = None
    """Who may be in danger; of nobody where the level is `none`."""
    texts: Annotated[tuple[Text, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> "DistressFamily":
        if (self.level == "none") != (self.danger is None):
            kind, msg = "distress_danger", "a danger belongs to clear and doubtful, to none of none"
            raise PydanticCustomError(kind, msg)
        return self
