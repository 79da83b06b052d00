"""A figure that somebody puts right: “nhầm, 300 triệu lận” asks again what was asked of 200."""

import re
from datetime import date

from nlu.text import fold
from services.conversation.acts import acts_in
from services.conversation.gazetteer import words_of
from services.conversation.quantities import read_quantities
from services.knowledge.act_words import Acts

_PEOPLE = {"members", "people"}
"""Kinds of figures that are put right by each other: of “12 thành viên” one says “15 người”."""
_NUMBER = re.compile(r"(?<![\w.,/])\d+(?:/\d+)*(?![\w/]|[.,]\d)")
"""A number or a day that nothing tells what it is: “nhầm, 5/12”."""

_DAY = re.compile(r"(?:hôm|ngày|mùng|hom|ngay|mung)\s*", re.IGNORECASE)
"""Before a day: what is put in its place needs it too."""
_DENIED = " phai"
"""What ends before a figure that is not meant: “không phải 300 triệu”."""

_Span = tuple[int, int]


def put_right(text: str, question: str, acts: Acts, today: date) -> str | None:
    """Return the question before with the figure that a message puts right in it; None for others.

    The message says that something was wrong, and beside its figure no word that the question had
    not; it may name the wrong one too. Which figure is meant has to be clear.
    """
    spans = _figures(text, question, today) or _numbers(text, question, today)
    if spans is None:
        return None
    (start, end), (at, until), told = spans
    denied = fold(text[:start].rstrip()).endswith(_DENIED)
    if denied or not _says_wrong(text, told, question, acts):
        return None
    day = _DAY.match(question, at, until)
    before = day[0] if day and text[start].isdigit() else ""
    return f"{question[:at]}{before}{text[start:end]}{question[until:]}"


def _figures(text: str, question: str, today: date) -> tuple[_Span, _Span, list[_Span]] | None:
    """Return the figure that is new, the one that it stands for, and all that a message tells."""
    told, asked = read_quantities(text, today), read_quantities(question, today)
    new = [one for one in told if all(one.value != other.value for other in asked)]
    if len(new) != 1 or len(told) > 2:  # noqa: PLR2004  # the right one, and the wrong one
        return None
    kinds = _PEOPLE if new[0].kind in _PEOPLE else {new[0].kind}
    old = [one for one in asked if one.kind in kinds]
    if len(old) != 1:
        return None
    spans = [(one.start, one.end) for one in told]
    return (new[0].start, new[0].end), (old[0].start, old[0].end), spans


def _numbers(text: str, question: str, today: date) -> tuple[_Span, _Span, list[_Span]] | None:
    """Return as `_figures` does a bare number, and that in the one figure that was asked of."""
    asked = read_quantities(question, today)
    if len(asked) != 1:
        return None
    old = [*_NUMBER.finditer(question[: asked[0].end], asked[0].start)]
    before = {one[0] for one in _NUMBER.finditer(question)}
    told = [one for one in _NUMBER.finditer(text) if one[0] not in before]
    if not len(old) == len(told) == 1 or old[0][0].count("/") != told[0][0].count("/"):
        return None
    return told[0].span(), old[0].span(), [told[0].span()]


def _says_wrong(text: str, told: list[_Span], question: str, acts: Acts) -> bool:
    """Say whether a message without its figures, and the question's words, tells of a mistake."""
    for start, end in reversed(told):
        text = f"{text[:start]} {text[end:]}"
    asked = {word.plain for word in words_of(question)}
    new = " ".join(word.written for word in words_of(text) if word.plain not in asked)
    return any(act.name == "wrong" for rest in (text, new) for act in acts_in(acts, rest))
