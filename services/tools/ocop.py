"""OCOP score sheets, and how a product stands on one: points, mandatory boxes, the way up.

The sheets are those of Quyết định 26/2026/QĐ-TTg, Phụ lục II; they lie in `content/ocop`, one file
each. Stars are the lower of two: by the points (Điều 3 khoản 3: 90, 70, 50, 30) and by the boxes
with stars, each of which is the least that must be reached for so many stars. It is a person's own
reckoning, no decision of a council.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.errors import ToolError, why_of
from services.settings import ROOT

Part = Literal["a", "b", "c"]
PARTS: Mapping[Part, int] = {"a": 40, "b": 25, "c": 35}
"""The points of each part; together they are 100."""
BY_POINTS: Mapping[int, int] = {5: 90, 4: 70, 3: 50, 2: 30, 1: 0}
"""The least points of so many stars."""
SHEETS = 26
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MANDATORY = (3, 4, 5)
"""The stars for which boxes are mandatory."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(_Strict):
    """One box of a criterion."""

    text: str
    points: int
    stars: Literal[0, 3, 4, 5] = 0
    """For how many stars it is the least that must be reached; 0 where it is not."""
    case: Literal["", "a", "b"] = ""
    """Of two cases of which one counts, the one to which it belongs."""


class Repair(_Strict):
    """A slip of the printed sheet that is not followed."""

    box: int
    printed: int
    why: str


class Criterion(_Strict):
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


class Sheet(_Strict):
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
        return Sheet.model_validate(yaml.load(text, _LOADER))  # noqa: S506  # because it is a SafeLoader, the C one if built
    except (ValueError, yaml.YAMLError) as error:
        raise ToolError("ocop_file", file=file, why=str(error)) from None


@cache
def shipped_sheet(number: int) -> Sheet:
    """Read a sheet that came with the code; raises as `read_sheet` does."""
    return read_sheet(ROOT / "content", number)


@dataclass(frozen=True)
class Change:
    """One criterion that is taken to a higher box."""

    criterion: Criterion
    box: Box
    gain: int
    steps: int
    """How many boxes up."""


@dataclass(frozen=True)
class Score:
    """How a product stands on a sheet."""

    sheet: Sheet
    chosen: Mapping[str, SheetRow]
    """By the criterion's id the box that counts."""

    @property
    def parts(self) -> dict[Part, int]:
        """The points of each part."""
        points: dict[Part, int] = dict.fromkeys(PARTS, 0)
        for row in self.chosen.values():
            points[row.criterion.part] += row.box.points
        return points

    @property
    def total(self) -> int:
        """All points."""
        return sum(self.parts.values())

    @property
    def by_points(self) -> int:
        """The stars that the points alone would give."""
        return next(stars for stars, least in BY_POINTS.items() if self.total >= least)

    @property
    def stars(self) -> int:
        """The stars: by the points, unless a mandatory box is missing."""
        stars = self.by_points
        while stars in MANDATORY and any(self._lacks(one, stars) for one in self.sheet.criteria):
            stars -= 1
        return stars

    @property
    def aim(self) -> int:
        """The stars that come next; of five, five."""
        return min(self.stars + 1, 5)

    def missing(self) -> list[tuple[Criterion, int, Box]]:
        """Return each mandatory box that is not reached, for how many stars it is, fewest first.

        For the stars that the points would give, and those that come next.
        """
        upto = max(self.by_points, self.aim)
        found: list[tuple[Criterion, int, Box]] = []
        for stars in MANDATORY:
            for one in self.sheet.criteria:
                box = self._lacks(one, stars)
                if box is not None and box.stars == stars <= upto:
                    found.append((one, stars, box))
        return found

    def changes(self) -> list[Change]:
        """Return the fewest changes to the next stars: mandatory boxes first, then points.

        Rows one box up go before rows that are farther off. Nothing where five stars are reached.
        """
        if self.stars == self.aim:
            return []
        must = [
            self._change(one, box)
            for one in self.sheet.criteria
            if self.aim in MANDATORY and (box := self._lacks(one, self.aim)) is not None
        ]
        need = BY_POINTS[self.aim] - self.total - sum(change.gain for change in must)
        settled = {change.criterion.id: change.box.points for change in must}
        return [*must, *self._points(need, settled)]

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `htx tool ocop SHEET --answers` prints."""
        return {
            "parts": dict(self.parts),
            "total": self.total,
            "stars": self.stars,
            "missing": [
                {"criterion": one.named, "for_stars": stars, "text": box.text}
                for one, stars, box in self.missing()
            ],
            "next": [
                {"criterion": one.criterion.named, "gain": one.gain, "text": one.box.text}
                for one in self.changes()
            ],
            "evidence": [
                {"criterion": row.criterion.named, "text": row.box.text}
                for row in self.chosen.values()
                if row.box.points
            ],
        }

    def _points_of(self, criterion: Criterion) -> int:
        row = self.chosen.get(criterion.id)
        return row.box.points if row else 0

    def _lacks(self, criterion: Criterion, stars: int) -> Box | None:
        """Return the box that must be reached for so many stars, where it is not."""
        box = criterion.needs(stars)
        row = self.chosen.get(criterion.id)
        reached = row is not None and box is not None and row.box.points >= box.points
        return None if reached else box

    def _change(self, criterion: Criterion, box: Box) -> Change:
        before = self._points_of(criterion)
        between = {one.points for one in criterion.boxes if before < one.points <= box.points}
        return Change(criterion, box, box.points - before, max(len(between), 1))

    def _points(self, need: int, settled: Mapping[str, int]) -> Iterator[Change]:
        """Yield the fewest changes that bring so many points, the nearest that suffice."""
        if need <= 0:
            return
        every = [
            self._change(one, box)
            for one in self.sheet.criteria
            for box in one.boxes
            if box.points > max(self._points_of(one), settled.get(one.id, 0))
        ]
        for steps in sorted({change.steps for change in every}):
            best = _best_of_each(change for change in every if change.steps <= steps)
            gains = [self._gain(change, settled) for change in best]
            if sum(gains) >= need:
                for change, gain in zip(best, gains, strict=True):
                    if need <= 0:
                        return
                    need -= gain
                    yield change
                return

    def _gain(self, change: Change, settled: Mapping[str, int]) -> int:
        """Return what a change brings beside what is settled already."""
        return change.box.points - max(
            self._points_of(change.criterion), settled.get(change.criterion.id, 0)
        )


def _best_of_each(changes: Iterator[Change] | Sequence[Change]) -> list[Change]:
    """Return of each criterion the change that brings most, those that bring most first."""
    best: dict[str, Change] = {}
    for change in changes:
        known = best.get(change.criterion.id)
        if known is None or change.gain > known.gain:
            best[change.criterion.id] = change
    return sorted(best.values(), key=lambda change: (-change.gain, change.steps))


def score(sheet: Sheet, numbers: Sequence[int]) -> Score:
    """Return how a product stands whose boxes are these.

    Raises:
        ToolError: a number is no box of the sheet, or two boxes are of one criterion.

    """
    chosen: dict[str, SheetRow] = {}
    for number in numbers:
        if not 1 <= number <= len(sheet.rows):
            raise ToolError("ocop_row", n=number, most=len(sheet.rows))
        row = sheet.rows[number - 1]
        before = chosen.get(row.criterion.id)
        if before is not None and before.n != number:
            raise ToolError("ocop_twice", criterion=row.criterion.named, one=before.n, other=number)
        chosen[row.criterion.id] = row
    return Score(sheet, chosen)
