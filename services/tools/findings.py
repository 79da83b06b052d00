"""What is wrong with the content that tools rest on: clauses, documents that are over, cases."""

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import ValidationError

from services.errors import ToolError
from services.knowledge.check_rules import Check, CheckRule
from services.knowledge.checks.citations import clause_fault
from services.knowledge.deadlines import Deadline
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.people.places import places
from services.tools.checks import failing
from services.tools.forms.check_questions import questions_of

_LONGEST = 36
"""Signs of a deadline's names: a button carries 64, the longest plan and a day among them."""
_LAPSED = "Tìm văn bản đang có hiệu lực rồi sửa."


def tool_faults(library: Library) -> Iterator[Finding]:
    """Yield what holds a change back in the deadlines, checks and communes of a library."""
    for file, cited in _cited(library):
        yield from _of_clause(library, file, cited)
    for name, found in library.deadlines.items():
        file = f"deadlines/{name}.yml"
        yield from _of_names(library, file, name, found.title, found.ask)
        yield from _of_lengths(library, file, name, found.deadlines)
    for name, check in library.checks.items():
        yield from _of_questions(library, name, check)
        yield from _of_cases(library, name, check)
    yield from _of_choices(library)
    yield from _of_communes(library)


def tool_lapses(library: Library, today: date) -> Iterator[Finding]:
    """Yield what tools rest on and is not in force that day; it holds no change back."""
    for file, cited in _cited(library):
        source = library.sources.get(cited.source)
        if source and not source.in_force(today):
            line = library.line_of_entry(file, cited.id, "source:")
            what = f"{source.title} không còn hiệu lực, hoặc chưa có hiệu lực."
            remedy, causes = _LAPSED, (f"sources/{cited.source}.yml",)
            yield Finding(file, line, "source", what, remedy, causes)


def _cited(library: Library) -> Iterator[tuple[str, Deadline | CheckRule]]:
    """Yield what names a clause, each with its file."""
    for name, found in library.deadlines.items():
        yield from ((f"deadlines/{name}.yml", one) for one in found.deadlines)
    for name, check in library.checks.items():
        yield from ((f"checks/{name}.yml", rule) for rule in check.rules)


def _of_clause(library: Library, file: str, cited: Deadline | CheckRule) -> Iterator[Finding]:
    line, source = library.line_of_entry(file, cited.id, "source:"), cited.source
    known, causes = library.sources.get(source), (f"sources/{source}.yml",)
    if known is None:
        what = f"Không có văn bản {source} trong content/sources."
        yield Finding(file, line, "source", what, "Thêm tệp của văn bản, hoặc sửa mã.", causes)
        return
    what, remedy = clause_fault(cited.clause, known)
    if what:
        yield Finding(file, line, "clause", what, remedy, causes)


def _of_names(
    library: Library, file: str, name: str, title: str | None, ask: str
) -> Iterator[Finding]:
    if title is None and name not in library.procedures:
        what = f"Không có thủ tục {name} trong content/procedures."
        yield Finding(file, 1, "title", what, "Đổi tên tệp theo thủ tục, hoặc ghi title.")
    if ask not in {office.id for office in library.offices}:
        what = f"Không có nơi {ask} trong content/places/contacts.yml."
        yield Finding(file, library.line(file, "ask:"), "ask", what, "Sửa mã của nơi hỏi.")


def _of_lengths(
    library: Library, file: str, name: str, deadlines: Iterable[Deadline]
) -> Iterator[Finding]:
    """Yield the deadlines whose names get too long for the button that asks to be reminded."""
    for one in deadlines:
        if len(name) + len(one.id) > _LONGEST:
            line, what = library.line_of_entry(file, one.id), f"Mã {name}.{one.id} dài quá"
            what = f"{what} {_LONGEST} chữ: nút nhắc việc không chứa được."
            yield Finding(file, line, "id", what, "Đặt mã của hạn, hoặc tên tệp, ngắn hơn.")


def _of_questions(library: Library, name: str, check: Check) -> Iterator[Finding]:
    """Yield a check whose questions have no place in the form of all: their ids get too long."""
    try:
        list(questions_of(name, check))
    except ValidationError:
        file = f"checks/{name}.yml"
        longest = max((one.id for one in check.form.questions), key=len)
        line, what = library.line(file, longest), f"Mã {name}.{longest} dài quá 40 chữ."
        yield Finding(file, line, "id", what, "Đặt mã câu hỏi, hoặc tên tệp, ngắn hơn.")


def _of_cases(library: Library, name: str, check: Check) -> Iterator[Finding]:
    file = f"checks/cases/{name}.yml"
    golden = library.golden.get(name)
    if golden is None:
        what = f"Bảng kiểm {name} không có ca thử."
        yield Finding(file, 1, "-", what, "Thêm tệp ca thử, mỗi quy tắc ít nhất một ca.")
        return
    try:
        wrong = list(failing(check, golden))
        idle = [rule.id for rule in check.rules if not any(failing(check.without(rule.id), golden))]
    except ToolError as error:
        yield Finding(file, 1, "cases", str(error), "Sửa câu trả lời trong các ca thử.")
        return
    for number in wrong:
        what, before = f"Ca thử {number} ra kết quả khác.", ("verdict:", "\n") * (number - 1)
        line = library.line(file, *before, "verdict:")
        yield Finding(file, line, "cases", what, "Xem lại quy tắc, hoặc sửa ca này.")
    for rule in idle:
        what = f"Bỏ quy tắc {rule} mà không ca thử nào sai: quy tắc này chưa có ca."
        yield Finding(file, 1, "cases", what, f"Thêm một ca mà {rule} làm nên kết quả.")


def _of_choices(library: Library) -> Iterator[Finding]:
    """Yield what has deadlines and can't be chosen, or can be and has none."""
    form = library.tools.get("due") if library.deadlines else None
    asked = form.question("procedure") if form else None
    offered = {choice.id for choice in asked.choices} if asked else library.deadlines.keys()
    for name in sorted(offered ^ library.deadlines.keys()):
        if f"deadlines/{name}.yml" in library.unread:
            continue
        what = f"Việc {name} chỉ có ở content/deadlines, hoặc chỉ có trong các lựa chọn này."
        yield Finding("tools/due.yml", 1, "choices", what, "Thêm hoặc bỏ lựa chọn đó.")


def _of_communes(library: Library) -> Iterator[Finding]:
    file, listed = "places/communes.yml", {one.code for one in library.communes.communes}
    if not listed:
        return
    for code in sorted(listed ^ places().keys()):
        what = f"Mã xã, phường {code} thừa hoặc thiếu so với danh mục của Nhà nước."
        yield Finding(file, 1, "code", what, "Sửa mã, hoặc thêm xã, phường còn thiếu.")
    source = library.communes.source
    if source and source not in library.sources:
        what = f"Không có văn bản {source} trong content/sources."
        yield Finding(file, 1, "source", what, "Thêm tệp của văn bản, hoặc sửa mã.")
