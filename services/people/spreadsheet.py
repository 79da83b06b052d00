"""Files of lists as offices keep them, as one text of comma-separated values: Excel's, or text.

What Excel saves as text is UTF-8, or UTF-16 where it is called Unicode.
"""

import codecs
import csv
import io
import zipfile

from python_calamine import CalamineWorkbook

from services.errors import PeopleError

MOST_UNPACKED = 60_000_000
"""Bytes of an Excel file once unpacked: a list of 100,000 people is a third of it."""
_EXCEL = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def text_of(name: str, content: bytes) -> str:
    """Return what a file holds as text; of a workbook its first sheet.

    Raises:
        PeopleError: it is neither text nor a workbook that can be read, or unpacks to too much.

    """
    if content.startswith((_EXCEL, _OLD_EXCEL)):
        return _of_workbook(name, content)
    try:
        utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise PeopleError("csv_not_utf8", file=name)
    return text


def _of_workbook(name: str, content: bytes) -> str:
    if content.startswith(_EXCEL):
        _require_small(name, content)
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        cells = rows.to_python(skip_empty_area=False)
    except Exception:  # noqa: BLE001  # because the reader has an error for each way to be broken
        raise PeopleError("xlsx_unreadable", file=name) from None
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in cells:
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue()


def _require_small(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        raise PeopleError("xlsx_unreadable", file=name) from None
    if unpacked > MOST_UNPACKED:
        raise PeopleError("xlsx_too_big", file=name)


def _cell(value: object) -> str:
    """Return a cell on one line: a number as it was typed, a row of the sheet is a line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
