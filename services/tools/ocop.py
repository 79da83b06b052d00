"""How a product stands on an OCOP score sheet: points, mandatory boxes, the way up.

Stars are the lower of two: by the points (Quyết định 26/2026/QĐ-TTg, Điều 3 khoản 3: 90, 70, 50,
30) and by the boxes with stars, each of which is the least that must be reached for so many stars.
It is a person's own reckoning, no decision of a council.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.errors import ToolError
from services.knowledge.score_sheets import PARTS, Box, Criterion, Part, Sheet, SheetRow

BY_POINTS: Mapping[int, int] = {5: 90, 4: 70, 3: 50, 2: 30, 1: 0}
"""The least points of so many stars."""
MANDATORY = (3, 4, 5)
"""The stars for which boxes are mandatory."""


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
        higher = {change.criterion.id: change for change in self._points(need, settled)}
        return [*(higher.pop(one.criterion.id, one) for one in must), *higher.values()]

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
            gains = [(self._gain(change, settled), change) for change in best]
            if sum(gain for gain, _ in gains) >= need:
                for gain, change in sorted(gains, key=lambda one: (-one[0], one[1].steps)):
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
    """Return of each criterion the change that brings most."""
    best: dict[str, Change] = {}
    for change in changes:
        known = best.get(change.criterion.id)
        if known is None or change.gain > known.gain:
            best[change.criterion.id] = change
    return list(best.values())


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
