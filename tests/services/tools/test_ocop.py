"""The OCOP score sheets: their sums, and how a product stands on one."""

from random import Random

import pytest

from services.errors import ToolError
from services.knowledge.score_sheets import PARTS, Sheet, read_sheet, read_sheets
from services.settings import ROOT
from services.tools.ocop import score

SHEETS = {sheet.number: sheet for sheet in read_sheets(ROOT / "content")}
STARRED = {
    1: 22,
    2: 26,
    3: 26,
    4: 27,
    5: 26,
    6: 26,
    7: 28,
    8: 28,
    9: 28,
    10: 27,
    11: 23,
    12: 25,
    13: 21,
    14: 21,
    15: 24,
    16: 20,
    17: 23,
    18: 20,
    19: 20,
    20: 20,
    21: 19,
    22: 17,
    23: 20,
    24: 16,
    25: 16,
    26: 3,
}
"""Boxes with stars on each sheet, counted in the text."""


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_each_sheet_adds_up(sheet: Sheet) -> None:
    """40, 25 and 35 points, also sheet 26, which heads its part A “35 Điểm”; stars as counted."""
    for part, points in PARTS.items():
        assert sum(one.points for one in sheet.criteria if one.part == part) == points
    for one in sheet.criteria:
        assert max(box.points for box in one.boxes) == one.points, one.named
    assert sum(bool(row.box.stars) for row in sheet.rows) == STARRED[sheet.number]


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_the_best_boxes_are_five_stars(sheet: Sheet) -> None:
    """100 points, nothing missing, nothing to change."""
    made = score(sheet, best(sheet))

    assert (made.total, made.stars, made.missing(), made.changes()) == (100, 5, [], [])


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_without_a_mandatory_box_its_stars_are_lost(sheet: Sheet) -> None:
    """Whatever the points are: one criterion below its box for three stars leaves two."""
    for one in sheet.criteria:
        if (needed := one.needs(3)) is None:
            continue
        rows = {row.n: row for row in sheet.rows}
        chosen = [n for n in best(sheet) if rows[n].criterion.id != one.id]
        made = score(sheet, chosen)
        assert made.stars == 2
        assert (one, 3, needed) in made.missing()


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_the_way_up_leads_up(sheet: Sheet) -> None:
    """Whoever makes the changes that are named has the next stars."""
    chosen: dict[str, int] = {}
    for stars in range(2, 6):
        made = score(sheet, list(chosen.values()))
        if made.stars >= stars:
            continue
        for change in made.changes():
            row = next(
                row
                for row in sheet.rows
                if row.criterion.id == change.criterion.id and row.box is change.box
            )
            chosen[change.criterion.id] = row.n
        assert score(sheet, list(chosen.values())).stars >= stars


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_no_criterion_is_changed_twice(sheet: Sheet) -> None:
    """Wherever somebody stands: what all changes bring together is what they are said to bring."""
    dice = Random(sheet.number)  # noqa: S311  # because it picks boxes, no secrets
    for _ in range(100):
        rows = [
            dice.choice([row for row in sheet.rows if row.criterion is one])
            for one in sheet.criteria
        ]
        chosen = {row.criterion.id: row.n for row in rows if dice.random() < dice.random()}
        made = score(sheet, list(chosen.values()))
        changes = made.changes()
        higher = {
            one.criterion.id: next(row.n for row in sheet.rows if row.box is one.box)
            for one in changes
        }
        then = score(sheet, list((chosen | higher).values()))

        assert len(higher) == len(changes)
        assert then.total == made.total + sum(change.gain for change in changes)
        assert then.stars >= made.aim


def test_nothing_chosen_is_one_star() -> None:
    """And the next stars are a matter of points alone."""
    made = score(SHEETS[1], [])

    assert (made.total, made.stars, made.aim) == (0, 1, 2)
    assert sum(change.gain for change in made.changes()) >= 30


def test_two_boxes_of_one_criterion_are_refused() -> None:
    """With the criterion and both boxes; so is a number that is no box."""
    with pytest.raises(ToolError, match=r"1\.1\. Nguồn gốc sản phẩm.*ô 1 và ô 2"):
        score(SHEETS[1], [1, 2])
    with pytest.raises(ToolError, match="không có ô 9999"):
        score(SHEETS[1], [9999])
    with pytest.raises(ToolError, match="từ 1 đến 26"):
        read_sheet(ROOT / "content", 27)


def best(sheet: Sheet) -> list[int]:
    """Return the box of each criterion that gives most."""
    found: dict[str, int] = {}
    points: dict[str, int] = {}
    for row in sheet.rows:
        if row.box.points > points.get(row.criterion.id, -1):
            found[row.criterion.id], points[row.criterion.id] = row.n, row.box.points
    return list(found.values())
