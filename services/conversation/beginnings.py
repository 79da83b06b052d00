"""Messages that begin a tool, by the words of `content/beginnings.yml`, and what they fill in.

Nothing is guessed: what is about, or may be either of two, is left for the tool to ask.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from nlu.text import normalise
from services.conversation import rates
from services.conversation.days import Period, write_day
from services.conversation.gazetteer import gazetteer_of, words_of
from services.conversation.marked import MARKS, Marked
from services.conversation.quantities import Quantity, Term, write_number, write_sum
from services.knowledge.beginnings import (
    Beginning,
    Beginnings,
    FilledFigure,
    FilledName,
    ToolValue,
)
from services.knowledge.library import Library
from services.knowledge.once import once
from services.knowledge.place_names import PlaceNames
from services.knowledge.tool_forms import ToolForm
from services.knowledge.word_patterns import compiled

_JOINED = re.compile(
    r"(?<=[^\W\d])/(?=\d)"
    r"|(?:(?<=năm)|(?<=nam)|(?<=tháng)|(?<=thang)) (?=\d[\d.,]*\s*(?:%|phần trăm|phan tram))",
    re.IGNORECASE,
)
"""In `300tr/24 tháng`, in `24 tháng 6%`: two quantities, not one, nor a day."""
_KIND = re.compile(r"cu|h|huyen|p|pho|phuong|q|quan|thanh|thi|thuoc|tp|tran|tt|tx|x|xa")
"""What may stand between the names of a place and of what it lay in."""
_LONGEST = 32
"""Words of a message that begins a tool; a longer one tells a story and asks of it. The longest of
tests/understanding/beginnings.yml has 28."""


@dataclass(frozen=True)
class Filled:
    """An answer that a message gave."""

    value: ToolValue
    label: str
    """What it is called; nothing where it need not be told."""
    told: str
    """The answer in words."""

    @property
    def words(self) -> str:
        """What was understood, in words."""
        return f"{self.label} {self.told}" if self.label else ""


@dataclass(frozen=True)
class Begun:
    """A tool that a message begins."""

    tool: str
    title: str
    filled: Mapping[str, Filled] = field(default_factory=dict)
    """By the question that is answered."""
    offered: str = ""
    """What there is to choose from, in words, where nothing of it was named."""

    @property
    def values(self) -> dict[str, ToolValue]:
        """The answers alone."""
        return {name: one.value for name, one in self.filled.items()}

    @property
    def told(self) -> list[str]:
        """What was understood, in words."""
        return [one.words for one in self.filled.values() if one.words]


def begun(library: Library, message: str, today: date) -> Begun | None:
    """Return the tool that a message begins; None for an ordinary question."""
    if len(message.split()) > _LONGEST:
        return None
    known = _patterns(library.beginnings)
    marked = _marked(message, today)
    for tool in library.beginnings.tools:
        plain, named = (
            any(all(marked.holds(known[one]) for one in way) for way in ways)
            for ways in (tool.begins, tool.named)
        )
        if not (plain or named) or (tool.unless and marked.holds(known[tool.unless])):
            continue
        filled = _sure(dict(_filled(tool, marked, known, library.tools.get(tool.tool))))
        if tool.place and (place := _place(library.places, message)):
            filled[tool.place.question] = Filled(place, tool.place.label, place)
        tells = plain or any(name.question in filled for name in tool.names)
        if tells and filled.keys() >= set(tool.needs):
            return Begun(tool.tool, tool.title, filled, _offered(tool, filled))
    return None


def _offered(tool: Beginning, filled: Mapping[str, Filled]) -> str:
    """Return what a tool has where its name was not told."""
    unnamed = (one for one in tool.names if one.offers and one.question not in filled)
    lists = ((one.offers, ", ".join(answer.label for answer in one.answers)) for one in unnamed)
    return " ".join(f"{offers} {labels}." for offers, labels in lists)


def begun_again(library: Library, messages: Sequence[str], today: date) -> Begun | None:
    """Return the tool that the first message begins, as all that follow want it filled in anew."""
    first, *others = messages
    found = begun(library, first, today) if others else None
    tool = next((one for one in library.beginnings.tools if found and one.tool == found.tool), None)
    if found is None or tool is None:
        return None
    known, filled = _patterns(library.beginnings), dict(found.filled)
    for message in others:
        marked = _marked(message, today)
        if not any(marked.holds(known[pattern]) for pattern in tool.again):
            return None
        told = dict(_filled(tool, marked, known, library.tools.get(tool.tool)))
        filled = _sure({**filled, **told})
    return replace(found, filled=filled)


def _sure(filled: Mapping[str, Filled | None]) -> dict[str, Filled]:
    return {question: answer for question, answer in filled.items() if answer}


def _marked(message: str, today: date) -> Marked:
    return Marked.of(rates.marked(_JOINED.sub(", ", message)), today)


@once
def _patterns(beginnings: Beginnings) -> Mapping[str, re.Pattern[str]]:
    """Return what finds each word pattern, by the pattern; worked out once."""
    lists = beginnings.lists
    return {
        pattern: compiled((pattern,), lists, borders=MARKS.values())
        for tool in beginnings.tools
        for pattern in tool.patterns
    }


def _filled(
    tool: Beginning, marked: Marked, known: Mapping[str, re.Pattern[str]], form: ToolForm | None
) -> Iterator[tuple[str, Filled | None]]:
    """Yield what a message answers, None where it is unsure; of several the first stands."""
    used: set[int] = set()
    told: set[str] = set()
    for figure in tool.figures:
        if figure.question in told:
            continue
        other = {n for n, one in enumerate(marked.quantities) if not _may_be(figure, one)}
        found = marked.named((known[pattern] for pattern in figure.says), used | other)
        if not found:
            continue
        used |= found
        told.add(figure.question)
        question = form.question(figure.question) if form and figure.bare else None
        least = question.yearly_from if question else None
        yield figure.question, _figured(figure, {marked.quantities[at] for at in found}, least)
    for name in tool.names:
        if name.question not in told:
            told.add(name.question)
            yield from _named(name, marked, known)


def _may_be(figure: FilledFigure, one: Quantity) -> bool:
    return not figure.among or (isinstance(one.value, Term) and one.value.months in figure.among)


def _figured(
    figure: FilledFigure, quantities: set[Quantity], least: Decimal | None
) -> Filled | None:
    """Return the one quantity as an answer; None where it is not sure which, or how much."""
    if len({one.value for one in quantities}) != 1 or not all(one.exact for one in quantities):
        return None
    one = quantities.pop()
    if isinstance(one.value, Term):
        months = one.value.months
        return Filled(months, figure.label, f"{months} tháng") if months else None
    if isinstance(one.value, Period):
        day = one.value.first if one.value.is_day else None
        return Filled(day.isoformat(), figure.label, write_day(day)) if day else None
    exact = Decimal(one.value) * figure.times
    if least is not None and 0 < exact < least:
        return None
    if one.kind == "sum":
        return Filled(int(exact), figure.label, write_sum(int(exact)))
    value = int(exact) if exact == int(exact) else float(exact)
    return Filled(value, figure.label, f"{write_number(exact)}%")


def _named(
    name: FilledName, marked: Marked, known: Mapping[str, re.Pattern[str]]
) -> Iterator[tuple[str, Filled]]:
    """Yield the answer that is named first, the longest of those that begin there."""
    reading = marked.readings[0]
    found = [
        (match.start(), -len(match[0]), place, match[0])
        for place, answer in enumerate(name.answers)
        if (match := known[answer.words].search(reading))
    ]
    if not found:
        return
    *_, place, written = min(found)
    answer = name.answers[place]
    yield name.question, Filled(answer.value, name.label, answer.label)
    if name.words:
        yield name.words, Filled(" ".join(written.replace(",", " ").split()), "", written)


def _place(places: PlaceNames, message: str) -> str | None:
    """Return the one of our places that a message names, as it is written there.

    What stands right beside it tells which of that name is meant: `Bình Dương, huyện Thăng Bình`.
    """
    words = words_of(message)
    told: list[tuple[int, int, bool]] = []
    for one in gazetteer_of(places).mentions(words):
        start, _, ours = told[-1] if told else (0, 0, False)
        between = words[told[-1][1] : one.start] if told else ()
        if told and all(_KIND.fullmatch(word.plain) for word in between):
            told[-1] = start, one.end, ours or one.name.within
        else:
            told.append((one.start, one.end, one.name.within))
    named = {tuple(word.plain for word in words[at:end]): at for at, end, ours in told if ours}
    if len(named) != 1:
        return None
    [(name, at)] = named.items()
    written = r"\W+".join(word.written for word in words[at : at + len(name)])
    found = re.search(rf"(?<!\w){written}(?!\w)", normalise(message), re.IGNORECASE)
    return found[0] if found else None
