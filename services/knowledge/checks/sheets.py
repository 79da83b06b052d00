"""Score sheets of OCOP and the forms of tools: whether they add up, and lead somewhere."""

from collections.abc import Iterator, Mapping

from services.errors import ToolError
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.score_sheets import PARTS, SHEETS, Sheet, parse_sheet

_FOLDER = "ocop/"
_READ: Mapping[str, tuple[str, ...]] = {
    "loan": ("amount", "months", "rate", "method", "every", "grace"),
    "ocop": ("sheet",),
}
"""The questions that a tool can't be worked out without."""
_REMEDY = "Sửa theo phiếu in trong văn bản."


def sheets(library: Library) -> Iterator[Finding]:
    """Yield each sheet that can't be read, or whose points are not those of the decision."""
    for file, text in library.texts.items():
        if file.startswith(_FOLDER):
            try:
                sheet = parse_sheet(text, file)
            except ToolError as error:
                what = f"Phiếu chấm không đọc được: {error.values.get('why', error)}"
                yield Finding(file, 1, "-", what, _REMEDY)
            else:
                yield from _sums(library, file, sheet)


def tools(library: Library) -> Iterator[Finding]:
    """Yield each question that a tool needs and its form lacks, each sheet that there is not."""
    for name, needed in _READ.items():
        form = library.tools.get(name)
        for question in needed:
            if form and form.question(question) is None:
                what = f"Biểu câu hỏi thiếu câu {question} mà công cụ phải đọc."
                yield Finding(f"tools/{name}.yml", 1, "questions", what, "Thêm lại câu đó.")
    asked = library.tools["ocop"].question("sheet") if "ocop" in library.tools else None
    for one in asked.choices if asked else ():
        if not (one.id.isdecimal() and 1 <= int(one.id) <= SHEETS):
            line = library.line_of_entry("tools/ocop.yml", one.id)
            what = f"Không có phiếu {one.id}; phiếu đánh số 01 đến {SHEETS}."
            yield Finding("tools/ocop.yml", line, "choices", what, "Sửa số của phiếu.")


def _sums(library: Library, file: str, sheet: Sheet) -> Iterator[Finding]:
    for part, points in PARTS.items():
        found = sum(one.points for one in sheet.criteria if one.part == part)
        if found != points:
            what = f"Phần {part.upper()} cộng được {found} điểm, phải là {points}."
            yield Finding(file, 1, "points", what, _REMEDY)
    for one in sheet.criteria:
        best = max(box.points for box in one.boxes)
        if best != one.points:
            line = library.line_of_entry(file, one.id)
            what = f"Tiêu chí {one.id} ghi {one.points} điểm, ô cao nhất được {best}."
            yield Finding(file, line, "boxes", what, _REMEDY)
