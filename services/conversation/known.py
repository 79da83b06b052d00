"""What a talk knows for some turns: somebody's own figures by name, and what it is about.

Numbers and days, and the names that content gives them, no word of what was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from nlu.text import fold
from services.conversation.days import Period, write_month
from services.conversation.marked import Marked, patterns_of
from services.knowledge.rules import LawRules

TURNS = 3
"""Turns behind the one that told it for which something is known."""

Figure: TypeAlias = int | Decimal | Period
Known = Mapping[str, Sequence[Any]]
"""By name the number in digits or the day, none of a matter, and for how many turns it is known."""


@dataclass(frozen=True)
class Background:
    """What a message may leave out, because the talk knows it."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    matters: tuple[str, ...] = ()
    """What it is about, in the words that rules look for: `liên hiệp`."""

    def figure(self, name: str, message: Marked, rules: LawRules) -> Figure | None:
        """Return what is known by a name; None where nothing is.

        A day is meant by a message of a few words alone: “hạn của tôi là ngày nào”. Any other word
        may name another's, or another matter.
        """
        words = rules.known[name].asked
        meant = not words or message.is_of(frozenset(fold(words).split()))
        return self.figures.get(name) if meant else None

    def about(self, message: Marked, rules: LawRules, today: date) -> Marked:
        """Return the matters that a message goes on about, as a message."""
        known, words = patterns_of(rules), rules.matters
        held = (
            name
            for name in self.matters
            if (words[name].when is None or message.holds(known[words[name].when or ""]))
            and not message.holds(known.get(words[name].unless or ""))
        )
        return Marked.of(". ".join(held), today)


def background(kept: Known, lately: Sequence[str], rules: LawRules) -> Background:
    """Return what a talk knows, whose last steps told of some articles."""
    figures = {name: _figure(told) for name, (told, _) in kept.items() if told}
    matters = (
        name
        for name, matter in rules.matters.items()
        if name in kept or not set(matter.articles).isdisjoint(lately)
    )
    return Background(figures, tuple(matters))


def _figure(told: str) -> Figure:
    """Return a figure as it was kept: a number, or a day or month."""
    if "/" in told:
        return Period.read(told)
    number = Decimal(told)
    return int(number) if number == int(number) else number


def in_words(kept: Known) -> list[str]:
    """Return what is known as it is told to whoever asks what is held of them."""
    told = (
        (name, write_month(Period.read(one)) if "/" in one else one)
        for name, (one, _) in kept.items()
    )
    return [" ".join(filter(None, one)) for one in told]


def known_after(  # noqa: PLR0913, PLR0917  # because a day counts where it was taken
    kept: Known,
    text: str,
    rules: LawRules,
    today: date,
    background: Background,
    answered: Sequence[str] = (),
) -> Known:
    """Return what is known behind a text that was written against a background.

    What it tells as unsure, as changed or of something else is known no more. A day is known where
    an article `answered` whose rule takes it; another day that is told there ends that.
    """
    left = {name: [told, turns - 1] for name, (told, turns) in kept.items() if turns > 1}
    marked, known = Marked.of(text, today), patterns_of(rules)
    told_of = (marked, background.about(marked, rules, today))
    for name in rules.matters:
        if marked.holds(known[name]):
            left[name] = ["", TURNS]
    days = any(one.kind == "day" for one in marked.quantities)
    for name, one in rules.known.items():
        if not (marked.quantities or one.asked):
            continue
        taken = not one.asked or rules.takes(name, answered)
        named = marked.named((known[pattern] for pattern in one.says), set())
        told = {marked.quantities[at] for at in named}
        values = {quantity.value for quantity in told}
        others = any(each.holds(known.get(one.unless or "")) for each in told_of)
        unsure = others or marked.holds(known.get(rules.unless or ""))
        if named or others or (one.asked and taken and days):
            left.pop(name, None)
        if taken and len(values) == 1 and not unsure and all(quantity.exact for quantity in told):
            left[name] = [str(values.pop()), TURNS]
    return left
