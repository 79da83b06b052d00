"""The shape of `content/rules.yml`: what the law makes of a person's own figures.

A rule speaks only where one of its articles answers, and only when every quantity that it needs is
named in the message by the words of its slot: a number alone says nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.knowledge.schema import Citation, Strict, Text
from services.knowledge.word_patterns import PatternError, check


def _names(figures: str, takes: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(figures.split()), frozenset(takes.split())


ArithmeticName = Literal[
    "reassessment",
    "rounds",
    "star",
    "reward",
    "rewards",
    "votes",
    "quorum",
    "fraction",
    "delegates",
    "most_share",
    "size",
    "percent_of",
    "change",
    "own_share",
    "two_limits",
    "lending",
    "owed",
    "wages",
    "deadline",
    "shortage",
    "since",
    "yearly",
    "late_rate",
    "late_interest",
    "share_points",
    "most_months",
    "least_count",
]
"""The functions of `services.conversation.arithmetic` and `services.conversation.terms`."""

TAKEN: Mapping[ArithmeticName, tuple[frozenset[str], frozenset[str]]] = {
    "reassessment": _names("earliest latest extended months", "end issued remaining"),
    "rounds": _names("workdays", "handed proposed raised"),
    "star": _names("", "points wanted"),
    "reward": _names("three four five", "lower upper"),
    "rewards": _names("three four five", "products stars more_products more_stars"),
    "votes": _names("least above first second", "agreed attending online proxies members"),
    "quorum": _names("first second", "members attending absent"),
    "fraction": _names("of", "members asking"),
    "delegates": _names("least hundred three_hundred thousand most", "members"),
    "most_share": _names("share", "part whole percent"),
    "size": _names(
        "heads_1 heads_2 heads_3 turnovers_1 turnovers_2 turnovers_3"
        " capitals_1 capitals_2 capitals_3",
        "members turnover capital money",
    ),
    "percent_of": _names("", "percent whole"),
    "change": _names("share least", "before after more less"),
    "own_share": _names("share", "total loan own"),
    "two_limits": _names("one together", "fund gained lost loan debt"),
    "lending": _names("most each", "equity pool loan"),
    "owed": _names("least days", "debt term"),
    "wages": _names("one two three four", "region people term"),
    "deadline": _names("days months workdays", "day done term"),
    "shortage": _names("least months", "day count"),
    "since": _names("", "day"),
    "yearly": _names("month day or_month or_day", ""),
    "late_rate": _names("most", "rate late"),
    "late_interest": _names("most", "rate debt term"),
    "share_points": _names("one two three", "part whole percent"),
    "most_months": _names("months", "term"),
    "least_count": _names("least", "count lost"),
}
"""What each may be given: the rule's own figures, and the person's."""

QUANTITIES = {
    "sum": "=qsum",
    "day": "=qday",
    "term": "=qterm",
    "members": "=qmember",
    "people": "=qmen",
    "workers": "=qworker",
    "region": "=qregion",
    "votes": "=qvote",
    "delegates": "=qdelegate",
    "part": "=qpart",
    "star": "=qstar",
    "points": "=qpoint",
    "products": "=qproduct",
    "percent": "=qshare",
}
"""What stands for a quantity of each kind in a text that patterns are sought in, by the name that
patterns call it by: `góp .. <sum>`. No word is written so."""


class TakenFigure(Strict):
    """A quantity that a rule takes, told by the words around it."""

    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Word patterns that hold one quantity; the first that is found decides."""
    optional: bool = False
    unit: Text | None = None
    """What a number alone counts where the rule has asked for this one."""
    dated: bool = False
    """Whether the year of a day must be told; else a near day is enough."""
    past: bool = False
    """Whether a day that is still to come is not meant."""
    known: Text | None = None
    """The name by which the talk may know it, where neither message tells it."""
    alone: bool = False
    """Whether the message may hold no other quantity of that kind: it could be meant."""


class KnownFigure(Strict):
    """A figure of somebody's own that a talk knows for some turns, told by the words around it."""

    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Word patterns that hold one quantity; the first that is found decides."""
    unless: Text | None = None
    """A word pattern of messages that tell of another's, or of one that changes."""
    asked: Text | None = None
    """The words of which alone a message is that asks of a day; none where it is a number."""

    @model_validator(mode="after")
    def _kept(self) -> "KnownFigure":
        """Refuse a term: a number or a day is kept."""
        if any("<term>" in pattern for pattern in self.says):
            kind, msg = "rule_names", "unknown names: {names}"
            raise PydanticCustomError(kind, msg, {"names": "<term>"})
        return self


class TalkMatter(Strict):
    """What a talk is about for some turns: rules look for its words as though a message held them.

    It is what was written by its name, or the articles that were told.
    """

    articles: tuple[Text, ...] = ()
    when: Text | None = None
    """A word pattern of messages that go on about it; without one all do."""
    unless: Text | None = None
    """A word pattern of messages that are about something else."""


class LawRule(Strict):
    """A rule of the law that a person's own figures are put into."""

    id: Annotated[Text, Field(pattern=r"^[a-z0-9_]+$")]
    articles: Annotated[tuple[Text, ...], Field(min_length=1)]
    arithmetic: ArithmeticName
    figures: dict[str, int] = Field(default_factory=dict)
    """What the law fixes: shares of a hundred, days, months, đồng."""
    takes: dict[str, TakenFigure] = Field(default_factory=dict)
    """What it takes of the message by name; a rule that takes nothing waits for its `again`."""
    when: tuple[Text, ...] = ()
    """Word patterns that a message must hold, each of them."""
    unless: Text | None = None
    """A word pattern of messages that the rule leaves alone."""
    leads: tuple[Text, ...] = ()
    """Word patterns of messages that ask for just this, each of them: where no article answers for
    sure, the first of `articles` does."""
    surely: bool = False
    """Whether what `leads` finds asks nothing else, though another article was read for sure."""
    again: Text | None = None
    """A word pattern of what is asked next of the same figures, without telling them once more."""
    says: Text
    """The sentence, a Jinja2 template of what the arithmetic tells."""
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    covers: Annotated[tuple[Text, ...], Field(min_length=1)]
    """The facts that it rests on."""

    @model_validator(mode="after")
    def _calculable(self) -> "LawRule":
        """Refuse names that the arithmetic does not take: nothing could be worked out."""
        figures, takes = TAKEN[self.arithmetic]
        wrong = sorted({*(self.figures.keys() - figures), *(self.takes.keys() - takes)})
        if wrong:
            kind, msg = "rule_names", "unknown names: {names}"
            raise PydanticCustomError(kind, msg, {"names": ", ".join(wrong)})
        return self


class LawRules(Strict):
    """The rules, in the order in which they are tried: the first that says something is said."""

    words: dict[str, Text] = Field(default_factory=dict)
    """Lists of words, by the name that patterns call them by."""
    known: dict[str, KnownFigure] = Field(default_factory=dict)
    """What is known for some turns once it is told, by the name that slots call it by."""
    matters: dict[Text, TalkMatter] = Field(default_factory=dict)
    """What a talk may be about, by the word pattern that names it."""
    unless: Text | None = None
    """A word pattern of messages that tell of their figures as unsure."""
    confirming: Text | None = None
    """A word pattern of messages that only say a figure back, to hear whether it is right."""
    rules: tuple[LawRule, ...] = ()

    @property
    def lists(self) -> dict[str, str]:
        """The words of the lists, and what stands for each kind of quantity."""
        return {**QUANTITIES, **self.words}

    def takes(self, known: str, articles: Sequence[str]) -> bool:
        """Say whether a rule of one of these articles takes what is known by a name."""
        rules = (one for one in self.rules if not set(articles).isdisjoint(one.articles))
        return any(slot.known == known for one in rules for slot in one.takes.values())

    def sentences(self) -> dict[str, str]:
        """Return what the rules say, by the names of the phrases."""
        return {phrase_of(rule): rule.says for rule in self.rules}

    @property
    def patterns(self) -> frozenset[str]:
        """All word patterns that messages are looked through for."""
        slots = (slot for rule in self.rules for slot in rule.takes.values())
        written = (
            *(self.unless, self.confirming, *self.matters),
            *(p for one in self.matters.values() for p in (one.when, one.unless)),
            *(p for one in self.known.values() for p in (*one.says, one.unless)),
            *(p for one in self.rules for p in (*one.when, *one.leads, one.unless, one.again)),
            *(p for one in slots for p in one.says),
        )
        return frozenset(filter(None, written))

    @model_validator(mode="after")
    def _known(self) -> "LawRules":
        """Refuse a slot that is known by a name that nothing is known by."""
        slots = (slot for rule in self.rules for slot in rule.takes.values())
        wrong = sorted({slot.known for slot in slots if slot.known} - self.known.keys())
        if wrong:
            kind, msg = "rule_names", "unknown names: {names}"
            raise PydanticCustomError(kind, msg, {"names": ", ".join(wrong)})
        return self

    @model_validator(mode="after")
    def _readable(self) -> "LawRules":
        try:
            check(self.patterns, self.lists)
        except PatternError as error:
            kind, msg = "word_pattern", "unreadable word pattern: {pattern}"
            raise PydanticCustomError(kind, msg, {"pattern": str(error)}) from None
        return self


def phrase_of(rule: LawRule) -> str:
    """Return the name of the phrase that a rule says."""
    return f"rule_{rule.id}"
