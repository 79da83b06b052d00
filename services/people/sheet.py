"""A sheet: a list as Excel saves it, comma-separated values with a header, read row by row."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from services.errors import PeopleError

_HOW = "trong Excel chọn Lưu thành (Save As), kiểu “CSV UTF-8 (Comma delimited)”, rồi nhập lại"


@dataclass(frozen=True)
class Remark:
    """What is said of one line of a sheet."""

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
class Sheet:
    """A sheet, sound as a whole."""

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


def read_sheet(path: Path, known: Collection[str], needed: Collection[str]) -> Sheet:
    """Read a file whose cells are parted by commas or semicolons, with or without a BOM.

    Raises:
        PeopleError: it can't be read, is not UTF-8, is cut off within a quoted cell, or lacks a
            column that is needed.

    """
    text = _text(path)
    separator = _separator(text)
    columns = _header(path, text, separator)
    twice = [name for name, times in Counter(columns).items() if times > 1 and name in known]
    missing = [name for name in needed if name not in columns]
    if missing or twice:
        what = f"thiếu cột {', '.join(missing)}" if missing else f"có hai cột {twice[0]}"
        must = f"ghi tên cột ở dòng đầu ({', '.join(known)})"
        msg = f"{path.name} {what}: {must}, {_HOW}."
        raise PeopleError(msg)
    return Sheet(tuple(name for name in columns if name and name not in known), text, separator)


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        msg = f"Không đọc được {path} ({error.strerror}); xem lại đường dẫn."
        raise PeopleError(msg) from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        msg = f"{path.name} không phải chữ UTF-8 nên chữ Việt sẽ sai; {_HOW}."
        raise PeopleError(msg)
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
        msg = f'{path.name}: ngoặc kép (") không khép sau dòng {line}; sửa dòng đó, hoặc {_HOW}.'
        raise PeopleError(msg) from None
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
