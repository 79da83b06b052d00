"""What people type or press as an answer, read as its value; and a value written in words.

Quantities are read by `services.conversation.quantities`, as in any message: `1,2 tỷ`,
`mười hai người`, `hai năm rưỡi`, `tháng 3 tới`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from nlu.text import fold
from services.conversation.days import Period, write_day
from services.conversation.quantities import (
    Kind,
    Quantity,
    Term,
    grouped,
    read_quantities,
    write_number,
    write_sum,
)
from services.conversation.rates import WORDS, in_millions, parted
from services.errors import ToolError, sentence
from services.knowledge.beginnings import ToolValue
from services.knowledge.phrases import Phrases
from services.knowledge.tool_forms import FormChoice, FormQuestion, QuestionKind, ToolForm
from services.tools.forms.bounds import ROWS_SIGNS, Answers, Value, choices_of, require
from services.tools.forms.path import before

_YES = ("co", "roi", "dung", "phai", "vang", "da", "u", "uh", "ok", "duoc", "yes", "true", "1")
_NO = ("khong", "ko", "k", "chua", "chua co", "khong co", "sai", "no", "false", "2", "0")
YES_NO = {True: _YES[0], False: _NO[0]}
"""By what is meant, as it is pressed."""
_NONE = ("khong", "ko", "khong co", "khong co gi", "chua co gi", "0", "-")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,4})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_HALF_READ = re.compile(r"\b(?:phan(?! tram)|phay)\b")
"""Of `1 phân năm` and `không phẩy tám` the last word alone would be read."""
_GROUPS = re.compile(r"\d{1,3}(?:[., ]\d{3})+")
_MOST_SIGNS = 1000
"""Of anything that is typed on one line; a list of what is chosen is the longest."""
_LINES = ("long", "rows")
"""What is typed on several lines."""
BETWEEN = ";"
"""What parts the columns of a row."""
_LEAST_MONEY = 1000
"""What is less is not told to the end: `300` may be millions or thousands."""
_DAYS = {"hom nay": 0, "nay": 0, "ngay mai": 1, "mai": 1, "hom qua": -1}
_MONTHS = 12
_COUNTED: tuple[Kind, ...] = ("people", "members", "votes", "percent", "points", "star")


@dataclass(frozen=True)
class Typed:
    """What an answer is read by: the day, and who knows places."""

    today: date
    place: Callable[[str], str | None] = lambda _named: None
    """Returns the name of a place as it is written, where exactly one is meant."""


def read_answer(question: FormQuestion, raw: str | list[str], numbers: Answers, by: Typed) -> Value:
    """Read what was typed, pressed or posted as the answer to a question.

    `numbers` is what the answers before it count as (`path.before`). Nothing typed is a question
    left out, where it may be.

    Raises:
        ToolError: it can't be read, or is out of bounds; the code says which.

    """
    most = ROWS_SIGNS if question.kind in _LINES else _MOST_SIGNS
    if sum(map(len, raw)) > most:
        raise ToolError("answer_long", most=most)
    value = _read(question, raw, numbers, by)
    require(question, value, numbers)
    return value


def read_values(form: ToolForm, values: Mapping[str, ToolValue], by: Typed) -> dict[str, Value]:
    """Return what a message told beforehand as answers; what is none is left to be asked."""
    found: dict[str, Value] = {}
    for question in form.questions:
        if question.id not in values:
            continue
        told = values[question.id]
        figure = isinstance(told, int | float) and not question.choices
        raw = as_typed(question, told) if figure else str(told)
        raw = next((one.id for one in question.choices if str(one.number) == raw), raw)
        with suppress(ToolError):
            found[question.id] = read_answer(question, raw, before(form, found, question.id), by)
    return found


def write_answer(  # noqa: PLR0911  # because each kind is written its own way
    question: FormQuestion, value: Value, phrases: Phrases
) -> str:
    """Write a value in words."""
    match question.kind, value:
        case _, None:
            return phrases.say("form_left_out")
        case "yes_no", bool():
            return phrases.say("form_yes" if value else "form_no")
        case "choice", str():
            return _label(question, value)
        case "rows", list():
            return phrases.say("form_rows", rows=value)
        case "many", list():
            return "; ".join(_label(question, one) for one in value) or phrases.say("form_none")
        case "money", int():
            return write_sum(value)
        case "months", int():
            return phrases.say("form_months", count=value)
        case "number", int() | float():
            return f"{_number(value)} {question.unit}".replace(" %", "%").strip()
        case "date", str():
            return write_day(date.fromisoformat(value))
        case _:
            return str(value)


def as_typed(question: FormQuestion, value: Value) -> str:
    """Write a value as it would be typed: read again it is the same."""
    match question.kind, value:
        case _, None:
            return ""
        case "yes_no", bool():
            return _YES[0] if value else _NO[0]
        case "choice", str():
            return _label(question, value)
        case _, int() | float():
            low = question.yearly_from and value < question.yearly_from
            return f"{_number(value)}% {WORDS['year']}" if low else _number(value)
        case "date", str():
            return write_day(date.fromisoformat(value))
        case _:
            return "\n".join(value) if isinstance(value, list) else str(value)


def as_posted(question: FormQuestion, value: Value) -> str:
    """Write a value as a page posts it: a choice by its id, whose words may change."""
    if isinstance(value, bool):
        return YES_NO[value]
    return str(value or "") if question.kind == "choice" else as_typed(question, value)


def rows_of(question: FormQuestion, answers: Answers) -> list[str]:
    """Return the rows that are there of a list; none of what is no list."""
    value = answers.get(question.id) if question.kind == "rows" else None
    return list(value) if isinstance(value, list) else []


def cells_of(question: FormQuestion, row: str) -> dict[str, str]:
    """Return what a row tells, by the ids of its columns; what it leaves out is empty."""
    cells = map(str.strip, row.split(BETWEEN, len(question.columns) - 1))
    return {one.id: cell for one, cell in zip(question.columns, cells, strict=False)}


def _read(question: FormQuestion, raw: str | list[str], numbers: Answers, by: Typed) -> Value:
    text = (raw if isinstance(raw, str) else ", ".join(raw)).replace("\0", "")
    told = " ".join(text.split())
    if question.kind == "many":
        return _many(question, raw, told, numbers)
    if not told:
        return None
    if question.kind in _LINES:
        lines = [" ".join(line.split()) for line in text.splitlines()]
        return _rows(question, lines, by) if question.columns else "\n".join(lines).strip()
    if question.kind == "choice":
        return _choice(choices_of(question, numbers), told)
    if (read := _READERS.get(question.kind)) is not None:
        least = question.yearly_from
        return _rate(least, told, by.today) if least else read(told, by.today)
    return (by.place(told) or told) if question.kind == "place" else told


def _rows(question: FormQuestion, lines: list[str], by: Typed) -> list[str]:
    """Return rows with their cells as they are read: what is told of today means the day."""
    told = [line for line in lines if line.strip(f"{BETWEEN} ")]
    return [_row(question, line, n, by) for n, line in enumerate(told, 1)]


def _row(question: FormQuestion, line: str, number: int, by: Typed) -> str:
    read = []
    for column, cell in zip(question.columns, cells_of(question, line).values(), strict=False):
        try:
            read.append(as_typed(column, read_answer(column, cell, {}, by)))
        except ToolError as error:
            why = sentence(error)
            raise ToolError("answer_row", n=number, name=column.named, why=why) from None
    return f"{BETWEEN} ".join(read).rstrip(f"{BETWEEN} ")


def _choice(open_now: tuple[FormChoice, ...], told: str) -> str:
    """Return the choice that is meant: by its id, its place in the list, or its words."""
    words = fold(told).strip(" .")
    by_id = [one.id for one in open_now if one.id == told]
    by_place = [one.id for at, one in enumerate(open_now, 1) if words == str(at)]
    by_words = [one.id for one in open_now if words == fold(one.label)]
    holding = [one.id for one in open_now if words and words in fold(one.label)]
    for found in (by_id, by_place, by_words, holding):
        if len(found) == 1:
            return found[0]
    raise ToolError("answer_choice")


def _many(question: FormQuestion, raw: str | list[str], told: str, numbers: Answers) -> list[str]:
    """Return the choices meant, in the order of the form; none where that is what was typed."""
    parts = raw if isinstance(raw, list) else re.split(r"[,;]", told)
    parts = [part.strip() for part in parts if part.strip()]
    if not parts or (len(parts) == 1 and fold(parts[0]) in _NONE):
        return []
    open_now = choices_of(question, numbers)
    meant = {_choice(open_now, part) for part in parts}
    return [one.id for one in open_now if one.id in meant]


def _yes_no(told: str, _today: date) -> bool:
    words = fold(told).strip(" .!")
    first = words.split(maxsplit=1)[0] if words else ""
    if words in _NO or first in {"khong", "chua", "ko"}:
        return False
    if words in _YES or first in {"co", "da", "roi"}:
        return True
    raise ToolError("answer_yes_no")


def _money(told: str, today: date) -> int:
    found = list(_of_kinds(in_millions(told), today, ("sum",)))
    if len(found) == 1:
        return int(found[0])
    digits = re.sub(r"\s*(?:đồng|dong|đ|vnđ|vnd)$", "", told.lower())
    if not re.fullmatch(rf"\d+|{_GROUPS.pattern}", digits):
        raise ToolError("answer_money")
    amount = int(re.sub(r"\D", "", digits))
    if 0 < amount < _LEAST_MONEY:
        raise ToolError("answer_money_unit", number=amount)
    return amount


def _months(told: str, today: date) -> int:
    if re.fullmatch(r"\d{1,4}", told):
        return int(told)
    terms = [one for one in _exact(told, today) if isinstance(one.value, Term)]
    months = terms[0].value.months if len(terms) == 1 and isinstance(terms[0].value, Term) else None
    if months is None and fold(told) in _NONE:
        return 0
    if months is None:
        raise ToolError("answer_months")
    return months


def _counted(told: str, today: date) -> int | float:
    """Return the number that is typed in digits or words, whatever is counted by it."""
    if _PLAIN.fullmatch(plain := told.removesuffix("%").rstrip()):
        return _as_number(_decimal(plain))
    found = list(_of_kinds(told, today, _COUNTED)) or list(
        _of_kinds(f"{told} người", today, ("people",))
    )
    if len(found) != 1:
        raise ToolError("answer_number")
    return _as_number(found[0])


def _rate(least: Decimal, told: str, today: date) -> int | float:
    """Return a rate of a year; one of a month counts twelve times.

    Raises:
        ToolError: it is no number, or may be of a month as of a year.

    """
    number, time = parted(told)
    if _HALF_READ.search(fold(number)):
        raise ToolError("answer_number")
    rate = Decimal(str(_counted(number, today)))
    if time is None and 0 < rate < least:
        raise ToolError("answer_rate_time", number=write_number(rate))
    return _as_number(rate * _MONTHS if time == "month" else rate)


def day_in(told: str, today: date) -> date:
    """Return the day that is told; of a month without a day, its first; raises as `period_in`."""
    return period_in(told, today).first


def period_in(told: str, today: date) -> Period:
    """Return the day, month or year that is told.

    Raises:
        ToolError: it is none.

    """
    if (turn := _DAYS.get(fold(told))) is not None:
        return Period.of(today + timedelta(turn))
    days = [one.value for one in _exact(told, today) if isinstance(one.value, Period)]
    if len(days) != 1:
        days = [one.value for one in _exact(f"ngày {told}", today) if isinstance(one.value, Period)]
    if len(days) != 1:
        raise ToolError("answer_date")
    return days[0]


_READERS: Mapping[QuestionKind, Callable[[str, date], Value]] = {
    "yes_no": _yes_no,
    "money": _money,
    "months": _months,
    "number": _counted,
    "date": lambda told, today: day_in(told, today).isoformat(),
}


def _exact(told: str, today: date) -> Iterator[Quantity]:
    yield from (one for one in read_quantities(told, today) if one.exact)


def _of_kinds(told: str, today: date, kinds: tuple[Kind, ...]) -> Iterator[Decimal]:
    for one in _exact(told, today):
        if one.kind in kinds and isinstance(one.value, int | Decimal):
            yield Decimal(one.value)


def _decimal(told: str) -> Decimal:
    """Read digits: a point before three of them parts groups, else it is a comma."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", told):
        told = told.replace(".", "")
    return Decimal(told.replace(",", "."))


def _as_number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _number(value: float) -> str:
    whole = float(value) == int(value)
    return grouped(int(value)) if whole else write_number(Decimal(str(value)))


def _label(question: FormQuestion, name: str) -> str:
    chosen = question.choice(name)
    return chosen.label if chosen else name
