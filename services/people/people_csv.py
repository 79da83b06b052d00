"""Lists of people as Excel saves and opens them: comma-separated values with a header."""

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.plain import folded
from services.errors import PeopleError, why_of
from services.people.places import place_name
from services.people.spreadsheet import text_of
from services.storage.models import Consent, Person, TopicChoice

Cells = dict[str, str]
"""One person as cells by column."""

_AT_ONCE = 1000
_SEPARATORS = ",;\t|"
_TITLE = 10
"""Among so many first lines the header is looked for."""
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
    _columns: Sequence[str]
    _header: int
    """How many lines with something on them stand above the header."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header, blank ones left out."""
        columns = self._columns
        records = islice(_records(self._text, self._separator), self._header + 1, None)
        for line, cells in records:
            filled = map(_clean, cells + [""] * (len(columns) - len(cells)))
            surplus = any(cell.strip() for cell in cells[len(columns) :])
            yield Row(line, dict(zip(columns, filled, strict=False)), surplus)


def read_csv(path: Path, known: Collection[str], needed: Collection[str]) -> CsvTable:
    """Read a file as `read_table` does.

    Raises:
        PeopleError: it can't be read, and as `read_table` does.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PeopleError("csv_unreadable", file=path, why=why_of(error)) from None
    return read_table(path.name, content, known, needed)


def read_table(
    name: str,
    content: bytes,
    known: Collection[str],
    needed: Collection[str],
    headings: Mapping[str, str] = MappingProxyType({}),
) -> CsvTable:
    """Read what a file of a name holds: a workbook, or text parted by one sign, whichever.

    `headings` are columns by other words for them, plain. A title may stand above the header.

    Raises:
        PeopleError: it is no such file, is cut off within a quoted cell, or lacks a column that is
            needed.

    """
    text = text_of(name, content)
    separator = _separator(text)
    place, columns = _header(name, text, separator, needed, headings)
    missing = [one for one in needed if one not in columns]
    if missing:
        raise PeopleError("csv_column_missing", file=name, missing=missing, known=known)
    twice = [one for one, times in Counter(columns).items() if times > 1 and one in known]
    if twice:
        raise PeopleError("csv_column_twice", file=name, twice=twice[0], known=known)
    unknown = tuple(one for one in columns if one and one not in known)
    return CsvTable(unknown, text, separator, columns, place)


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


def _separator(text: str) -> str:
    """Return what parts the cells: the sign that the first lines have most of."""
    head = "\n".join(re.split(r"[\r\n]+", text.lstrip())[:_TITLE])
    return max(_SEPARATORS, key=head.count)


def _header(
    name: str, text: str, separator: str, needed: Collection[str], headings: Mapping[str, str]
) -> tuple[int, list[str]]:
    """Return where the header is and its columns, once the file was read to its end.

    It is the first of the first lines that has what is needed, else the first.
    """
    line, first = 1, list[list[str]]()
    try:
        for line, cells in _records(text, separator):  # noqa: B007  # because the last line that was sound is told
            if len(first) < _TITLE:
                first.append(_columns(cells, headings))
    except csv.Error:
        raise PeopleError("csv_cut_off", file=name, line=line) from None
    found = (place for place, columns in enumerate(first) if set(needed) <= set(columns))
    place = next(found, 0)
    return place, first[place] if first else []


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield what is not blank with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _columns(cells: list[str], headings: Mapping[str, str]) -> list[str]:
    named = [" ".join(cell.split()).lower() for cell in cells]
    return [headings.get(folded(name), name) for name in named]


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
