"""Compare the OCOP score sheets with the text of Quyết định 26/2026/QĐ-TTg, kept elsewhere.

    python -m tests.audit.ocop_sheets PATH_OF_THE_TEXT

Phụ lục II is read anew: every criterion with its points, every box with its text, points and stars
must be the sheet's, and the sheet has none that the text has not. Where the text has a slip of the
scan, the sheet says so in `repairs`, and what the text prints is compared with what is said there.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.knowledge.score_sheets import SHEETS, Sheet, read_sheets
from services.settings import ROOT

_HEADING = re.compile(r"^(\d{1,2})\.\s*(.*)$")
_LONGEST_HEADING = 150
_PART = re.compile(r"Phần ([ABC])\b", re.IGNORECASE)
_CRITERION = re.compile(r"^(\d+(?:\.\d+)*)\.?\s+(.*)$")
_BOX = re.compile(r"^(?:□|o(?= [A-ZĐÀ-Ỹ]))\s*")
_CASE = re.compile(r"^([ab])\. Trường hợp")
_STARS = re.compile(r"\s*(\*{3,5})\W*$")


@dataclass
class Printed:
    """One criterion as the text prints it: its title, points and boxes."""

    id: str
    part: str
    title: str
    points: str
    boxes: list[tuple[str, str, int]] = field(default_factory=list)
    """Text, points and stars of each."""
    notes: list[str] = field(default_factory=list)


def printed(text: str) -> list[list[Printed]]:
    """Return the criteria of each sheet as the text prints them, headings of sections left out."""
    lines = text.split("\n")
    begins = list(_begins(lines))
    ends = [*begins[1:], len(lines)]
    return [_criteria(lines[begin:end]) for begin, end in zip(begins, ends, strict=True)]


def _begins(lines: Sequence[str]) -> Iterator[int]:
    """Yield the line on which each sheet begins: a number and, soon after, its kind of product."""
    number = 0
    first = next(n for n, line in enumerate(lines) if line.startswith("PHỤ LỤC II"))
    for at, line in enumerate(lines[first:], first):
        heading = _HEADING.match(line)
        if heading is None or int(heading[1]) != number + 1 or len(line) > _LONGEST_HEADING:
            continue
        if "(Sản phẩm:" in " ".join(lines[at : at + 4]):
            number += 1
            yield at


def _criteria(lines: Sequence[str]) -> list[Printed]:
    found: list[Printed] = []
    part = ""
    for text, points in _pairs(_cells(lines)):
        if text.startswith("TỔNG CỘNG"):
            break
        if heading := _PART.match(text):
            part = heading[1].lower()
        elif _BOX.match(text):
            told = _BOX.sub("", text)
            stars = _STARS.search(told)
            box = (_STARS.sub("", told), points or "0", len(stars[1]) if stars else 0)
            found[-1].boxes.append(box)
        elif criterion := _CRITERION.match(text):
            found.append(Printed(criterion[1], part, criterion[2], points))
        elif found:
            found[-1].notes.append(text)
    parents = {one.id.rpartition(".")[0] for one in found}
    return [one for one in found if one.id not in parents]


def _cells(lines: Sequence[str]) -> list[str]:
    """Return the cells of the table that begins at its head; a line `|` parts them."""
    start = next(at for at, line in enumerate(lines) if line.strip() == "Các tiêu chí")
    cells, words = [], list[str]()
    for line in lines[start:]:
        if line.strip() == "|":
            cells.append(" ".join(words))
            words = []
        elif line.strip():
            words.append(line.strip())
    return cells


def _pairs(cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each text with its points; a page number beside them is no point."""
    at = 0
    while at < len(cells):
        follows = cells[at + 1] if at + 1 < len(cells) else ""
        if not cells[at]:
            at += 1
        elif re.fullmatch(r"[\d ]*", follows):
            yield cells[at], follows.partition(" ")[0]
            at += 2
        else:
            yield cells[at], ""
            at += 1


def differences(text: str, sheets: Sequence[Sheet]) -> Iterator[str]:
    """Yield each place where a sheet is not what the text says."""
    theirs = printed(text)
    if len(theirs) != SHEETS or len(sheets) != SHEETS:
        yield f"{len(theirs)} sheets in the text, {len(sheets)} here"
        return
    for sheet, criteria in zip(sheets, theirs, strict=True):
        yield from _of_sheet(sheet, criteria)


def _of_sheet(sheet: Sheet, criteria: Sequence[Printed]) -> Iterator[str]:
    if [one.id for one in criteria] != [one.id for one in sheet.criteria]:
        yield f"sheet {sheet.number}: other criteria"
        return
    for there, here in zip(criteria, sheet.criteria, strict=True):
        where = f"sheet {sheet.number}, {here.id}"
        told = (there.part, there.title, there.points)
        if told != (here.part, here.title, str(here.points)):
            yield f"{where}: {told}"
        repaired = {repair.box: repair for repair in here.repairs}
        mine = [
            (
                box.text,
                str(repaired[n].printed if n in repaired else box.points),
                box.stars,
            )
            for n, box in enumerate(here.boxes)
            if not here.bare
        ]
        if there.boxes != mine:
            yield f"{where}: the boxes are {there.boxes}"


def main(path: Path) -> int:
    """Print the differences and how much was compared; return 1 where there is one."""
    sheets = read_sheets(ROOT / "content")
    found = list(differences(path.read_text(encoding="utf-8"), sheets))
    print("\n".join(found))  # noqa: T201  # because whoever compares reads it
    boxes = [box for sheet in sheets for one in sheet.criteria for box in one.boxes]
    starred = sum(bool(box.stars) for box in boxes)
    told = f"{len(sheets)} sheets, {len(boxes)} boxes, {starred} with stars"
    print(f"{told}: {len(found)} differences")  # noqa: T201  # because whoever compares reads it
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
