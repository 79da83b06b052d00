"""What a rule of the law makes of the figures in a message: the sentence that opens the answer.

A figure decides where a rule of the article that answers takes it, by the words around it. Where it
is colour, missing, unsure, or could be either of two, nothing is worked out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import structlog
from jinja2 import TemplateError

from nlu.text import fold
from services.conversation.arithmetic import FIGURED
from services.conversation.days import Period, write_day, write_month, write_period
from services.conversation.known import Background
from services.conversation.marked import Marked, patterns_of
from services.conversation.quantities import (
    Quantity,
    read_quantities,
    write_number,
    write_sum,
)
from services.conversation.terms import DATED
from services.knowledge.act_words import Acts
from services.knowledge.library import Library
from services.knowledge.once import once
from services.knowledge.rules import LawRule, LawRules, TakenFigure, phrase_of
from services.knowledge.schema import Citation

_NEAR = timedelta(days=60)
"""So near a day without a year is that of this year; half a year on it may be that of either."""
_MOST_WORDS = 5
"""Words of a message that is no more than the figure that was asked for: “dạ có 80 người thôi”."""
_ALONE = re.compile(r"(?<![\w.,/-])(\d{1,5})(?![\w/-]|[.,]\d)")
"""A number that nothing tells what it counts."""
_JUDGES = re.compile(r"\b(?:kip|(?:tre|muon)(?! nhat)|(?:qua|het|lo) han|con (?:may|bao))\b")
"""What is asked of today, which is told as a day by nothing else."""
_LATE = {"late", "over", "gone"}
"""Stages of a term that is over."""
_GAP = re.compile(r" +([,.;:])")
_TOLD = {
    "sum": write_sum,
    "number": write_number,
    "day": write_day,
    "by": write_period,
    "when": write_month,
}
"""What a rule's sentence writes its figures with."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Computed:
    """What was worked out, in words, and the clauses behind it."""

    told: str = ""
    citations: tuple[Citation, ...] = ()
    asks: str = ""
    """The rule, where it asks for a figure that it lacks."""
    again: bool = False
    """Whether all figures are those of the question before: that is still what is leaned on."""
    late: bool = False
    """Whether the day is over: the step that the article ends with would be to do it in time."""

    def __bool__(self) -> bool:
        """Whether anything was worked out."""
        return bool(self.told)


NOTHING = Computed()
_NOTHING_KNOWN = Background()


@dataclass(frozen=True)
class _Case:
    """Messages, the newest first, and what is known beside them."""

    messages: Sequence[Marked]
    background: Background
    about: Sequence[Marked]
    """What the talk is about, for each message."""
    today: date
    asked_on: date

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        rules: LawRules,
        background: Background,
        today: date,
        asked_on: date,
    ) -> "_Case":
        """Mark the quantities of some texts."""
        marked = [Marked.of(text, asked_on) for text in texts]
        about = [background.about(message, rules, asked_on) for message in marked]
        return cls(marked, background, about, today, asked_on)

    def telling(self, unless: re.Pattern[str] | None) -> list[Marked]:
        """Return the newest message, and those before it that are for a rule: not what is so."""
        newest, *before = zip(self.messages, self.about, strict=True)
        told = [one for one, about in before if not (one.holds(unless) or about.holds(unless))]
        return [newest[0], *told]


def computed(  # noqa: PLR0913  # because a day is read as of one and judged as of another
    library: Library,
    articles: Sequence[str],
    messages: Sequence[str],
    today: date,
    asked_on: date | None = None,
    *,
    background: Background = _NOTHING_KNOWN,
) -> Computed:
    """Return what a rule of these articles says to a message; nothing where none fits.

    `messages` are the newest first: what it leaves open is taken from the one before. One without
    figures is asked of those before it, where its words ask on about them. What they leave out is
    taken from the `background` of the talk. Their days are read as of when they were written, and
    judged as of today.
    """
    asked_on = asked_on or today
    rules = [rule for rule in library.rules.rules if not set(articles).isdisjoint(rule.articles)]
    if not rules or not messages:
        return NOTHING
    case = _Case.of(messages, library.rules, background, today, asked_on)
    found = _first_of(rules, library, case)
    told = _without_today(messages[0], case.messages[0])
    if found or told == messages[0]:
        return found
    without = (Marked.of(told, asked_on), *case.messages[1:])
    return _first_of(rules, library, replace(case, messages=without))


def _without_today(text: str, marked: Marked) -> str:
    """Return a text without `hôm nay`: “hôm nay trễ chưa” asks of a day, and tells none.

    “Tính từ hôm nay” tells one: that of the question before is not meant.
    """
    days = [one for one in marked.quantities if one.kind == "day"]
    if not days[1:] and not _JUDGES.search(fold(text)):
        return text
    for one in reversed(marked.quantities):
        if fold(text[one.start : one.end]) == "hom nay":
            text = text[: one.start] + text[one.end :]
    return text


def _first_of(rules: Sequence[LawRule], library: Library, case: _Case) -> Computed:
    """Return what the first of some rules says that says anything."""
    newest, known = case.messages[0], patterns_of(library.rules)
    again = not newest.quantities
    for rule in rules:
        waits = again or not rule.takes
        if waits and not (rule.again and newest.holds(known[rule.again])):
            continue
        values = _values_of(rule, library, case)
        told = _sentence(rule, library, values)
        if told:
            made = values or {}
            asks, over = rule.id if made.get("asks") else "", made.get("stage") in _LATE
            late = over and rule.arithmetic == "reassessment"  # what else is over may be good news
            return Computed(told, rule.citations, asks, again and bool(rule.takes), late)
    return NOTHING


def filled_in(  # noqa: PLR0913  # because a day is read as of one and judged as of another
    library: Library,
    asks: str,
    article: str,
    messages: tuple[str, str],
    today: date,
    *,
    asked_on: date | None = None,
) -> str | None:
    """Return a message that gives a rule the figure that it asked for, told as a figure of that.

    “80” is told as “80 người”. None where it makes no sense there, or is more than a figure.
    `messages` are it and the question before.
    """
    asked_on = asked_on or today
    text, question = messages
    rule = next((rule for rule in library.rules.rules if rule.id == asks), None)
    if rule is None or len(text.split()) > _MOST_WORDS:
        return None
    units = [slot.unit for slot in rule.takes.values() if slot.unit]
    counted = [f"{text} {unit}" for unit in units]
    counted += [_ALONE.sub(rf"\1 {unit}", text) for unit in units]
    small = _small_words(library.acts)
    for told in (text, *(one for one in counted if _is_alone(one, small, asked_on))):
        found = computed(library, (article,), (told, question), today, asked_on)
        if found and not found.asks:
            return told
    return None


def _is_alone(text: str, small: frozenset[str], today: date) -> bool:
    """Say whether a text is one quantity and, beside it, words that mean nothing."""
    found = read_quantities(text, today)
    rest = "".join((text[: found[0].start], " ", text[found[0].end :])) if found else text
    return len(found) == 1 and small.issuperset(fold(rest).split())


@once
def _small_words(acts: Acts) -> frozenset[str]:
    """Return the words that may stand in any act of talk: `dạ`, `có`, `thôi`."""
    return frozenset(re.findall(r"[^\W_]+", fold(f"{acts.fillers} {acts.particles}")))


def prepare(rules: LawRules) -> None:
    """Make the patterns of the rules, which takes half a second: no message waits for them."""
    patterns_of(rules)


def led(
    library: Library,
    message: str,
    today: date,
    background: Background = _NOTHING_KNOWN,
    *,
    surely: bool = False,
) -> str | None:
    """Return the article of the rule that a message asks for by its words and figures together.

    `surely` looks only for what can ask for nothing else.
    """
    case = _Case.of((message,), library.rules, background, today, today)
    newest, known = case.messages[0], patterns_of(library.rules)
    if not newest.quantities:
        return None
    for rule in filter(lambda rule: rule.leads and rule.surely >= surely, library.rules.rules):
        asked = all(newest.holds(known[one]) for one in rule.leads)
        if (
            asked
            and rule.articles[0] in library.articles
            and _sentence(rule, library, _values_of(rule, library, case))
        ):
            return rule.articles[0]
    return None


def _values_of(rule: LawRule, library: Library, case: _Case) -> Mapping[str, Any] | None:
    """Return what a rule makes of messages; None where it does not fit."""
    rules, newest = library.rules, case.messages[0]
    lapsed = not all(library.sources[c.source].in_force(case.today) for c in rule.citations)
    known = patterns_of(rules)
    figured = case.messages[:1] if newest.quantities else case.messages
    unless = [known[one] for one in (rules.unless, rule.unless) if one]
    doubted = any(one.holds(pattern) for one in (*figured, case.about[0]) for pattern in unless)
    held = (*case.messages, case.about[0])
    told = all(any(one.holds(known[pattern]) for one in held) for pattern in rule.when)
    if lapsed or doubted or not told:
        return None
    taken = _taken(rule, rules, case)
    if taken is None:
        return None
    if rule.arithmetic in DATED:
        return DATED[rule.arithmetic](case.today, **rule.figures, **taken)
    return FIGURED[rule.arithmetic](**rule.figures, **taken)


def _sentence(rule: LawRule, library: Library, values: Mapping[str, Any] | None) -> str:
    """Return what a rule says of what it made of figures; empty where that was nothing."""
    if values is None:
        return ""
    try:
        return _tidy(library.phrases.say(phrase_of(rule), **_TOLD, **values))
    except (KeyError, TemplateError, TypeError) as error:  # a wrong sentence takes no answer away
        _log.warning("rule.unsaid", rule=rule.id, reason=str(error))
        return ""


def _tidy(told: str) -> str:
    """Return a sentence without the gaps that the lines and conditions of its template leave."""
    return _GAP.sub(r"\1", " ".join(told.split()))


def _taken(rule: LawRule, rules: LawRules, case: _Case) -> dict[str, Any] | None:
    """Return the person's figures by their slots; None where one is missing or not sure.

    Something of the newest message must be among them, if it holds any.
    """
    values: dict[str, Any] = {}
    known = patterns_of(rules)
    marked = case.telling(known.get(rule.unless or ""))
    used: list[set[int]] = [set() for _ in marked]
    for name, slot in rule.takes.items():
        for at, message in enumerate(marked):
            found = message.named((known[one] for one in slot.says), used[at])
            if not found:
                continue
            quantities = {message.quantities[place] for place in found}
            if slot.alone:
                kinds = {one.kind for one in quantities}
                quantities |= {one for one in message.quantities if one.kind in kinds}
            different = {one.value for one in quantities}
            sure = all(_is_sure(one, slot, case.asked_on) for one in quantities)
            if len(different) > 1 or not sure:
                return None
            used[at] |= found
            values[name] = different.pop()
            break
        if name not in values and slot.known:
            figure = case.background.figure(slot.known, marked[0], rules)
            if figure is not None and _is_meant(figure, slot, case.asked_on):
                values[name] = figure
    needed = {name for name, slot in rule.takes.items() if not slot.optional}
    fresh = used[0] or not marked[0].quantities or not rule.takes
    return values if fresh and needed <= values.keys() else None


def _is_sure(one: Quantity, slot: TakenFigure, asked_on: date) -> bool:
    """Say whether a quantity can be taken."""
    return one.exact and _is_meant(one.value, slot, asked_on)


def _is_meant(value: object, slot: TakenFigure, asked_on: date) -> bool:
    """Say whether a figure may be a slot's; a far day without a year may be another year's."""
    if not isinstance(value, Period):
        return True
    near = value.dated or (not slot.dated and abs(value.first - asked_on) <= _NEAR)
    return near and not (slot.past and value.first > asked_on)
