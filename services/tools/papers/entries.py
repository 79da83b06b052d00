"""What is written on a paper: entries read against its fields, and how each of them is printed.

An entry that is absent prints dots to write on, and counts as no when a template asks for it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Self

from num2words import num2words  # type: ignore[import-untyped]  # because it has no types

from services.conversation.quantities import grouped, write_number
from services.errors import ToolError
from services.knowledge.papers import MOST_CHARS, Kind, PaperField, PaperSpec
from services.knowledge.tool_forms import FormChoice, FormQuestion, QuestionKind
from services.tools.forms.values import Typed, read_answer

Entries = Mapping[str, Any]
"""By field what is entered: text, int, Decimal, date, bool, or a list of such tables."""

MOST_ROWS = 2_000
NEW_PARAGRAPH = "\a"
"""What docxtpl takes for the end of a paragraph: a mere break would stretch a justified line."""
_MOST = 10**15
_DOTS, _NARROW_DOTS, _SHORT_DOTS, _LINE = "…" * 13, "…" * 9, "…" * 6, "…" * 34
_MARKS = {True: "√", False: "□"}
_CENT = Decimal(100)


class Printed(str):
    """How an entry stands on the paper; it holds unless nothing, or a no, was entered."""

    __slots__ = ("holds",)
    holds: bool

    def __new__(cls, text: str, *, holds: bool = True) -> Self:
        """Make it."""
        made = super().__new__(cls, text)
        made.holds = holds
        return made

    def __bool__(self) -> bool:
        """Say whether it holds: `{% if logo %}` asks whether there is a logo."""
        return self.holds


def read_entries(spec: PaperSpec, given: object, today: date) -> Entries:
    """Read what somebody gives for a paper; what is empty is left out.

    Numbers, sums and days may be written as people do: `1,2 tỷ`, `5/12/2026`, `mười hai`.

    Raises:
        ToolError: it is no table of fields, names a field that the paper has not, or gives
            something that the field can't hold.

    """
    return _read(spec.fields, given, Typed(today))


def print_entries(spec: PaperSpec, entries: Entries) -> dict[str, Any]:
    """Return all that a template of the paper can print, by its name."""
    return dict(_print_all(spec.fields, entries, in_row=False))


def beyond(spec: PaperSpec, entries: Entries) -> Iterator[PaperField]:
    """Yield the fields whose number is not what the law wants it to be."""
    for field in spec.fields:
        value = _measured(field, entries)
        low = value is not None and field.least is not None and value < field.least
        high = value is not None and field.most is not None and value > field.most
        if low or high:
            yield field


def _measured(field: PaperField, entries: Entries) -> int | Decimal | None:
    """Return the number that is held against the law's; of a day, how many days before another."""
    value = entries.get(field.id)
    if not field.before:
        return value if isinstance(value, int | Decimal) else None
    later = entries.get(field.before)
    return (later - value).days if isinstance(value, date) and isinstance(later, date) else None


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """Write a share in hundredths, with two places; empty of a whole that is nothing."""
    if not whole:
        return ""
    return write_number(round(Decimal(part) * _CENT / Decimal(whole), 2)) + "%"


def _read(fields: tuple[PaperField, ...], given: object, by: Typed) -> Entries:
    if not isinstance(given, dict):
        raise ToolError("paper_data")
    known = {field.id: field for field in fields}
    for name in given:
        if name not in known:
            raise ToolError("paper_field", name=name, names=", ".join(known))
    read = {
        name: _entry(known[name], value, by)
        for name, value in given.items()
        if value is not None and value not in ("", [])
    }
    return {name: value for name, value in read.items() if value not in ("", [])}


def _entry(field: PaperField, value: object, by: Typed) -> Any:
    if isinstance(value, str) and field.kind in _TYPED and value.strip():
        value = _typed(field, value, by)
    if field.kind == "list":
        return _rows(field, value, by)
    return _READERS[field.kind](field, value)


def _typed(field: PaperField, value: str, by: Typed) -> object:
    """Read what was typed as in any form; a day in ISO 8601 is one."""
    with suppress(ValueError):
        return date.fromisoformat(value.strip())
    choices = tuple(FormChoice(id=one.id, label=one.text) for one in field.choices)
    question = FormQuestion(id=field.id, kind=_TYPED[field.kind], ask=field.label, choices=choices)
    with suppress(ToolError):
        return read_answer(question, value.strip().removesuffix("%"), {}, by)
    raise _misfit(field)


_TYPED: Mapping[Kind, QuestionKind] = {
    "number": "number",
    "money": "money",
    "percent": "number",
    "date": "date",
    "choice": "choice",
}


def _text(field: PaperField, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _misfit(field)
    kept = "".join(sign for sign in str(value) if sign.isprintable() or sign in "\n\t")
    lines = kept if field.kind == "long" else " ".join(kept.split())
    if len(lines) > MOST_CHARS.get(field.kind, 0):
        raise ToolError("paper_long", label=field.label, most=MOST_CHARS[field.kind])
    return lines.strip()


def _number(field: PaperField, value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _misfit(field)
    read = Decimal(str(value))
    if not read.is_finite() or not 0 <= read < _MOST:
        raise _misfit(field)
    return int(read) if read == int(read) else read


def _money(field: PaperField, value: object) -> int:
    read = _number(field, value)
    if not isinstance(read, int):
        raise _misfit(field)
    return read


def _day(field: PaperField, value: object) -> date:
    with suppress(ValueError, TypeError):
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    raise _misfit(field)


def _yes_no(field: PaperField, value: object) -> bool:
    if not isinstance(value, bool):
        raise _misfit(field)
    return value


def _choice(field: PaperField, value: object) -> str:
    if not isinstance(value, str) or value not in {choice.id for choice in field.choices}:
        raise _misfit(field)
    return value


def _rows(field: PaperField, value: object, by: Typed) -> list[Entries]:
    if not isinstance(value, list):
        raise _misfit(field)
    if len(value) > MOST_ROWS:
        raise ToolError("paper_rows", label=field.label, most=MOST_ROWS)
    return [row for row in (_read(field.columns, each, by) for each in value) if row]


def _misfit(field: PaperField) -> ToolError:
    ids = ", ".join(choice.id for choice in field.choices)
    return ToolError("paper_value", label=field.label, kind=field.kind, ids=ids)


_READERS: Mapping[Kind, Callable[[PaperField, object], Any]] = {
    "text": _text,
    "long": _text,
    "number": _number,
    "money": _money,
    "percent": _number,
    "date": _day,
    "yes_no": _yes_no,
    "choice": _choice,
}


def _print_all(
    fields: tuple[PaperField, ...], entries: Entries, *, in_row: bool
) -> Iterator[tuple[str, Any]]:
    for field in fields:
        yield from _print(field, entries.get(field.id), in_row=in_row)


def _print(field: PaperField, value: Any, *, in_row: bool) -> Iterator[tuple[str, Any]]:
    """Yield how an entry is printed, under each name by which a template can print it.

    In a row of a table what is absent leaves its cell empty: there is room to write.
    """
    empty = partial(Printed, holds=False)
    some = _NARROW_DOTS if field.narrow else _BLANKS.get(field.kind, _DOTS)
    dots = "" if in_row else some
    match field.kind:
        case "list":
            rows = value or [{}] * field.blank_rows
            yield field.id, [dict(_print_all(field.columns, row, in_row=True)) for row in rows]
        case "yes_no":
            yield field.id, Printed(_MARKS[bool(value)], holds=bool(value))
        case "choice":
            texts = {choice.id: choice.text for choice in field.choices}
            yield field.id, Printed(texts[value]) if value else empty(dots)
            yield f"{field.id}_id", value or ""
        case "date":
            yield field.id, Printed(f"{value:%d/%m/%Y}") if value else empty(dots)
            words = f"ngày {value:%d} tháng {value:%m} năm {value:%Y}" if value else ""
            yield f"{field.id}_words", Printed(words) if words else empty(_BLANK_DAY)
        case "money":
            yield field.id, empty(dots) if value is None else Printed(grouped(value))
            yield f"{field.id}_words", empty(dots) if value is None else Printed(_in_words(value))
        case "number" | "percent":
            yield field.id, empty(dots) if value is None else Printed(_plain(value))
        case _:
            lines = str(value or "").replace("\n", NEW_PARAGRAPH)
            yield field.id, Printed(lines) if lines else empty(dots)


_BLANKS: Mapping[Kind, str] = {
    "long": NEW_PARAGRAPH.join((_DOTS, _LINE, _LINE)),
    "number": _SHORT_DOTS,
    "percent": _SHORT_DOTS,
    "date": "……/……/…………",
}
"""What is printed to write on, by what is to be written; else it is some dots."""
_BLANK_DAY = "ngày …… tháng …… năm …………"


def _plain(value: int | Decimal) -> str:
    return grouped(value) if isinstance(value, int) else write_number(value)


def _in_words(value: int) -> str:
    told: str = num2words(value, lang="vi")
    return f"{told[:1].upper()}{told[1:]} đồng"
