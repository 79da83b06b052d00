"""What the check finds in score sheets and the forms of tools."""

import re
import shutil
from pathlib import Path

import pytest

from services.knowledge.checks.sheets import sheets, tools
from services.knowledge.loader import read_library
from services.settings import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a content folder with the first sheet and all forms."""
    for room in ("ocop", "tools"):
        shutil.copytree(ROOT / "content" / room, tmp_path / room)
    for sheet in (tmp_path / "ocop").glob("*.yml"):
        if sheet.name != "01.yml":
            sheet.unlink()
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    """Put other words in a file, once."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_comes_with_the_code_adds_up(folder: Path) -> None:
    """Nothing is found in it."""
    library = read_library(folder)

    assert [*sheets(library), *tools(library)] == []


def test_points_that_do_not_add_up_are_found(folder: Path) -> None:
    """By the part, and by the criterion whose best box gives something else."""
    change(folder / "ocop/01.yml", "  points: 3\n", "  points: 4\n")
    found = [str(one) for one in sheets(read_library(folder))]

    assert "Phần A cộng được 41 điểm, phải là 40" in found[0]
    assert re.search(r"01.yml:\d+: \[boxes\] Tiêu chí 1.1 ghi 4 điểm, ô cao nhất được 3", found[1])


def test_a_sheet_that_can_not_be_read_is_found(folder: Path) -> None:
    """The rest of the content is read all the same."""
    change(folder / "ocop/01.yml", "sheet: 1\n", "sheet: eins\n")

    assert "không đọc được" in str(next(sheets(read_library(folder))))


def test_a_form_that_a_tool_can_not_read_is_found(folder: Path) -> None:
    """A question that it needs is gone; a sheet is named that there is not."""
    change(folder / "tools/loan.yml", "id: grace", "id: pause")
    change(folder / "tools/ocop.yml", 'id: "26"', 'id: "27"')
    found = [str(one) for one in tools(read_library(folder))]

    assert "thiếu câu grace" in found[0]
    assert "Không có phiếu 27" in found[1]


def test_a_form_that_could_not_be_walked_is_found_when_read(folder: Path) -> None:
    """With what is wrong in it; the form that came with the code is asked."""
    change(folder / "tools/loan.yml", "show_if: {late: ", "show_if: {later: ")
    library = read_library(folder)

    told = [one for one in library.findings if one.file == "tools/loan.yml"]
    assert ["đọc later, không có ở trước nó" in one.what for one in told] == [True]
    assert library.tools["loan"].question("grace") is not None
