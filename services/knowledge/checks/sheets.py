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
    "check": ("name",),
    "due": ("procedure", "from"),
    "office": ("text",),
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
    for one in _choices(library, "ocop", "sheet"):
        if not (one.isdecimal() and 1 <= int(one) <= SHEETS):
            line = library.line_of_entry("tools/ocop.yml", one)
            what = f"Không có phiếu {one}; phiếu đánh số 01 đến {SHEETS}."
            yield Finding("tools/ocop.yml", line, "choices", what, "Sửa số của phiếu.")
    offered = set(_choices(library, "check", "name"))
    for name in sorted(offered ^ library.checks.keys()) if library.checks else ():
        what = f"Việc {name} có ở một nơi mà không có ở nơi kia: content/checks và các lựa chọn."
        yield Finding("tools/check.yml", 1, "choices", what, "Thêm hoặc bỏ lựa chọn đó.")


def _choices(library: Library, tool: str, name: str) -> tuple[str, ...]:
    """Return the ids of what a question of a tool offers."""
    question = library.tools[tool].question(name) if tool in library.tools else None
    return tuple(one.id for one in question.choices) if question else ()


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
