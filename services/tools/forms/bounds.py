"""Whether a value is an answer to a question: its kind, its choices, its bounds."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import TypeAlias

from services.conversation.quantities import grouped, write_number
from services.errors import ToolError
from services.knowledge.tool_forms import FormChoice, FormQuestion, Limit, NumberOf

Value: TypeAlias = bool | int | float | str | list[str] | None
"""None is a question that was left out on purpose."""
Answers: TypeAlias = Mapping[str, Value]
"""By a question's id."""
TEXT_SIGNS = 300
"""Signs of a text at most, where the form names no bound."""
MOST_ROWS, ROWS_SIGNS = 2_000, 100_000
"""Rows of a list at most, and signs of all of them."""
_MOST = Fraction(10**15)
"""Of a number, where the form names no bound: what is more was not meant."""
_GROUPED = 10_000


def require(question: FormQuestion, value: Value, numbers: Answers) -> None:
    """Refuse a value that is no answer; `numbers` is what the answers before it count as.

    Raises:
        ToolError: it is of another kind, none of the choices, or out of bounds.

    """
    if value is None:
        if not question.optional:
            raise ToolError("answer_missing")
        return
    match question.kind, value:
        case "yes_no", bool():
            return
        case "choice", str():
            _require_choices(question, [value], numbers)
        case "many" | "rows", list():
            _require_list(question, value, numbers)
        case "number", int() | float() if not isinstance(value, bool) and abs(value) < inf:
            _require_bounds(question, Fraction(str(value)), numbers)
        case "money" | "months", int() if not isinstance(value, bool):
            _require_bounds(question, Fraction(value), numbers)
        case "date", str():
            _require_day(value)
        case "text" | "long" | "place", str():
            _require_text(question, value)
        case _:
            raise ToolError("answer_kind")


def choices_of(question: FormQuestion, numbers: Answers) -> tuple[FormChoice, ...]:
    """Return what may be chosen, given the answers before."""
    whole = numbers.get(question.bounds.divides or "")
    return tuple(
        one
        for one in question.choices
        if one.number is None or not isinstance(whole, int) or whole % one.number == 0
    )


def number_of(question: FormQuestion, value: Value) -> Value:
    """Return what a value counts as: of a choice its number, where it has one."""
    chosen = question.choice(value) if question.kind == "choice" else None
    return chosen.number if chosen and chosen.number is not None else value


def _require_choices(question: FormQuestion, values: list[str], numbers: Answers) -> None:
    open_now = {one.id for one in choices_of(question, numbers)}
    if not open_now.issuperset(values) or len(set(values)) < len(values):
        raise ToolError("answer_choice")


def _require_list(question: FormQuestion, values: list[str], numbers: Answers) -> None:
    if question.columns:
        _require_rows(values)
    else:
        _require_choices(question, values, numbers)


def _require_rows(rows: list[str]) -> None:
    if not all(isinstance(row, str) and row for row in rows):
        raise ToolError("answer_kind")
    if len(rows) > MOST_ROWS:
        raise ToolError("answer_rows", most=MOST_ROWS)
    if sum(map(len, rows)) > ROWS_SIGNS:
        raise ToolError("answer_long", most=ROWS_SIGNS)


def _require_bounds(question: FormQuestion, value: Fraction, numbers: Answers) -> None:
    bounds = question.bounds
    least = Fraction(0) if bounds.least is None else _limit(bounds.least, numbers)
    most = _MOST if bounds.most is None else _limit(bounds.most, numbers)
    below, step = (_number(numbers.get(one or "")) for one in (bounds.below, bounds.multiple_of))
    if least is not None and value < least:
        raise ToolError("answer_least", least=_written(least), unit=question.unit)
    if most is not None and value > most:
        raise ToolError("answer_most", most=_written(most), unit=question.unit)
    if below is not None and value >= below:
        raise ToolError("answer_below", below=_written(below), unit=question.unit)
    if step and value % step:
        raise ToolError("answer_step", step=_written(step), unit=question.unit)


def _limit(limit: Limit, numbers: Answers) -> Fraction | None:
    """Return a bound; none where it is that of an answer which is not there."""
    if not isinstance(limit, NumberOf):
        return Fraction(limit)
    number = _number(numbers.get(limit.of))
    return None if number is None else number * Fraction(limit.times)


def _number(value: Value) -> Fraction | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return Fraction(str(value)) if plain else None


def _written(value: Fraction) -> str:
    """Write a number as people do."""
    if value.denominator == 1 and value >= _GROUPED:
        return grouped(int(value))
    return write_number(round(Decimal(value.numerator) / value.denominator, 4))


def _require_day(value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ToolError("answer_date") from None


def _require_text(question: FormQuestion, value: str) -> None:
    most = question.bounds.most
    signs = TEXT_SIGNS if most is None or isinstance(most, NumberOf) else int(most)
    if not value.strip():
        raise ToolError("answer_missing")
    if len(value) > signs:
        raise ToolError("answer_long", most=signs)
