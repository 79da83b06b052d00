"""OCOP score sheets as they stand in `content/ocop`, one file each.

They are those of Quyết định 26/2026/QĐ-TTg, Phụ lục II.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from services.errors import ToolError, why_of
from services.knowledge.files import parsed
from services.knowledge.schema import Strict
from services.settings import ROOT

Part = Literal["a", "b", "c"]
PARTS: Mapping[Part, int] = {"a": 40, "b": 25, "c": 35}
"""The points of each part; together they are 100."""
SHEETS = 26
_EXPLAINED = re.compile(r" \(| Yêu cầu:|, so sánh| \*")
"""Where a title begins to be explained."""


class Box(Strict):
    """One box of a criterion."""

    text: str
    points: int
    stars: Literal[0, 3, 4, 5] = 0
    """For how many stars it is the least that must be reached; 0 where it is not."""
    case: Literal["", "a", "b"] = ""
    """Of two cases of which one counts, the one to which it belongs."""


class Repair(Strict):
    """A slip of the printed sheet that is not followed."""

    box: int
    printed: int
    why: str


class Criterion(Strict):
    """One thing that is judged: of its boxes one counts, or none."""

    id: str
    part: Part
    title: str
    points: int
    """The most that it gives."""
    section: str = ""
    requires: str = ""
    """What must be so before any box counts."""
    note: str = ""
    bare: bool = False
    """Whether the sheet prints no box: it is a yes or a no."""
    repairs: tuple[Repair, ...] = ()
    boxes: tuple[Box, ...] = Field(min_length=1)

    @property
    def named(self) -> str:
        """Its number and title."""
        return f"{self.id}. {self.title}"

    @property
    def short(self) -> str:
        """Its number and title, without what explains the title, nor all in capitals."""
        title = _EXPLAINED.split(self.title, maxsplit=1)[0]
        return f"{self.id}. {title.capitalize() if title.isupper() else title}"

    def needs(self, stars: int) -> Box | None:
        """Return the least box for so many stars; None where none is mandatory."""
        marked = [box for box in self.boxes if 0 < box.stars <= stars]
        return max(marked, key=lambda box: box.points, default=None)


@dataclass(frozen=True)
class SheetRow:
    """A box as it is chosen: by its number on the sheet."""

    n: int
    criterion: Criterion
    box: Box


class Sheet(Strict):
    """One score sheet."""

    number: int = Field(alias="sheet", ge=1, le=SHEETS)
    title: str
    kind: str
    rejected: str
    """When a file is rejected whatever it scores."""
    clause: str
    criteria: tuple[Criterion, ...]

    @cached_property
    def rows(self) -> tuple[SheetRow, ...]:
        """All boxes, numbered from 1 in their order."""
        every = ((one, box) for one in self.criteria for box in one.boxes)
        return tuple(SheetRow(n, one, box) for n, (one, box) in enumerate(every, 1))

    def rows_as_json(self) -> dict[str, Any]:
        """Return the shape that `htx tool ocop SHEET --rows` prints."""
        rows = [
            {
                "n": row.n,
                "part": row.criterion.part,
                "criterion": row.criterion.named,
                "text": row.box.text,
                "points": row.box.points,
                "stars": row.box.stars,
            }
            for row in self.rows
        ]
        return {"sheet": self.number, "title": self.title, "rows": rows}


def read_sheets(content: Path) -> list[Sheet]:
    """Read all sheets of a content folder, in order.

    Raises:
        ToolError: a file can't be read.

    """
    return [read_sheet(content, number) for number in range(1, SHEETS + 1)]


def read_sheet(content: Path, number: int) -> Sheet:
    """Read one sheet of a content folder.

    Raises:
        ToolError: there is no such sheet, or its file can't be read.

    """
    if not 1 <= number <= SHEETS:
        raise ToolError("ocop_sheet")
    path = content / f"ocop/{number:02}.yml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ToolError("ocop_file", file=path.name, why=why_of(error)) from None
    except ValueError as error:
        raise ToolError("ocop_file", file=path.name, why=str(error)) from None
    return parse_sheet(text, path.name)


def parse_sheet(text: str, file: str) -> Sheet:
    """Read the text of a sheet's file.

    Raises:
        ToolError: it is none.

    """
    try:
        return Sheet.model_validate(parsed(text))
    except (ValueError, yaml.YAMLError) as error:
        raise ToolError("ocop_file", file=file, why=str(error)) from None


@cache
def shipped_sheet(number: int) -> Sheet:
    """Read a sheet that came with the code; raises as `read_sheet` does."""
    return read_sheet(ROOT / "content", number)
