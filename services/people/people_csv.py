"""Lists of people as Excel saves and opens them: comma-separated values with a header."""

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import PeopleError, why_of
from services.people.places import place_name
from services.storage.models import Consent, Person, TopicChoice

Cells = dict[str, str]
"""One person as cells by column."""

_AT_ONCE = 1000
_RUN = "\\W*?[-=+@\uff0b\uff0d\uff1d\uff20]"
_FORMULA = re.compile(f"(^|[;,\t\r\n|])(?={_RUN})|^(?=[\t\r])")
"""Before what a spreadsheet runs: at a cell's beginning, and after a sign in it that parts cells on
some machine (https://owasp.org/www-community/attacks/CSV_Injection)."""
_GUARD = re.compile(f"(^|[;,\t\r\n|])'(?={_RUN})|^'(?=[\t\r0-9])")
"""What was put there, and what Excel has people put before a number that is to be text."""
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True)
class Remark:
    """What is told of one line of a table."""

    line: int
    reason: str


@dataclass(frozen=True)
class Row:
    """One row that is not blank."""

    line: int
    """The line of the file on which it begins; the header's is 1."""
    cells: dict[str, str]
    """By column, on one line, empty where the row ends early."""
    surplus: bool
    """Whether it has more cells than the header has columns."""


@dataclass(frozen=True)
class CsvTable:
    """A table, sound as a whole."""

    unknown: tuple[str, ...]
    """Columns that nobody asked for; they are not read."""
    _text: str = field(repr=False)
    _separator: str

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, blank ones left out."""
        records = _records(self._text, self._separator)
        columns = _columns(next(records)[1])
        for line, cells in records:
            filled = map(_clean, cells + [""] * (len(columns) - len(cells)))
            surplus = any(cell.strip() for cell in cells[len(columns) :])
            yield Row(line, dict(zip(columns, filled, strict=False)), surplus)


def read_csv(path: Path, known: Collection[str], needed: Collection[str]) -> CsvTable:
    """Read a file whose cells are parted by commas or semicolons, with or without a BOM.

    Raises:
        PeopleError: it can't be read, is not UTF-8, is cut off within a quoted cell, or lacks a
            column that is needed.

    """
    text = _text(path)
    separator = _separator(text)
    columns = _header(path, text, separator)
    missing = [name for name in needed if name not in columns]
    if missing:
        raise PeopleError("csv_column_missing", file=path.name, missing=missing, known=known)
    twice = [name for name, times in Counter(columns).items() if times > 1 and name in known]
    if twice:
        raise PeopleError("csv_column_twice", file=path.name, twice=twice[0], known=known)
    return CsvTable(tuple(name for name in columns if name and name not in known), text, separator)


async def pages(session: AsyncSession) -> AsyncIterator[list[Cells]]:
    """Yield all people, a page at a time, as cells by the columns that an import reads.

    `consent` is empty for those who never said anything, `topics` are those wanted.
    """
    last = 0
    answered = exists().where(Consent.person_id == Person.id)
    page = select(Person, answered).order_by(Person.id).limit(_AT_ONCE)
    while people := (await session.execute(page.where(Person.id > last))).all():
        topics = await _topics(session, [person.id for person, _ in people])
        yield [_cells(person, topics[person.id], answered=ever) for person, ever in people]
        last = people[-1][0].id


def guarded(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: what it would run gets an apostrophe."""
    return cell if _NUMBER.fullmatch(cell) else _FORMULA.sub(r"\1'", cell)


def unguarded(cell: str) -> str:
    """Return a cell as it was before it was guarded, here or in a spreadsheet."""
    return _GUARD.sub(r"\1", cell)


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PeopleError("csv_unreadable", file=path, why=why_of(error)) from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise PeopleError("csv_not_utf8", file=path.name)
    return text


def _separator(text: str) -> str:
    header = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    return ";" if header.count(";") > header.count(",") else ","


def _header(path: Path, text: str, separator: str) -> list[str]:
    """Return the columns, once the file was read to its end."""
    records = _records(text, separator)
    line = 1
    try:
        columns = _columns(next(records, (1, []))[1])
        for line, _ in records:  # noqa: B007  # because the last line that was sound is told
            pass
    except csv.Error:
        raise PeopleError("csv_cut_off", file=path.name, line=line) from None
    return columns


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield what is not blank with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _columns(cells: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", " ".join(cell.split()))


async def _topics(session: AsyncSession, people: Sequence[int]) -> dict[int, list[str]]:
    query = select(TopicChoice.person_id, TopicChoice.topic).where(
        TopicChoice.person_id.in_(people), TopicChoice.wanted
    )
    found = defaultdict(list)
    for person, topic in await session.execute(query.order_by(TopicChoice.topic)):
        found[person].append(topic)
    return found


def _cells(person: Person, topics: list[str], *, answered: bool) -> Cells:
    answer = "yes" if person.agreed else "no" if answered else ""
    return {
        "channel": person.channel,
        "chat_id": person.chat,
        "name": person.name,
        "role": person.role or "",
        "place": place_name(person.place),
        "topics": ";".join(topics),
        "consent": answer,
    }
