"""Each way in which sound content can be broken, and the one finding that tells of it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from services.knowledge.checks.questions import Misfit
from services.knowledge.checks.suite import check
from services.knowledge.finding import Finding
from services.knowledge.loader import read_library
from tests.doubles.checked_content import edit, write_checked
from tests.doubles.content import write_content

TODAY = date(2026, 11, 25)
MEMBERS, PAPERS, STARS = "founding/so-thanh-vien", "founding/ho-so", "ocop/hang-sao"
ARTICLE, OTHER = f"articles/{MEMBERS}.md", f"articles/{STARS}.md"
VARIED = f"articles/{PAPERS}.md"
FACTS, FORMS = "facts.yml", "forms.yml"
PROCEDURE, LAW = "procedures/lap-htx.yml", "sources/luat-17-2023.yml"
OLD_LAW = "sources/luat-23-2012.yml"
OFFICES = "places/contacts.yml"
TOLD = "Không còn là 7 người như luật cũ."
BELIEF = """beliefs:
- settles: {}
  when: [7 người]
  examples:
  - phai 7 nguoi
  - {}
"""


@dataclass(frozen=True)
class Break:
    """One change that breaks sound content, and what is found of it."""

    file: str
    old: str
    new: str
    field: str
    says: str
    below: int = 0
    """How many lines below the change the finding stands."""


BREAKS = {
    # the shape of a file
    "a field is missing": Break(
        ARTICLE, "next_step: Hỏi UBND xã.\n", "", "next_step", "Thiếu trường này"
    ),
    "an unknown field": Break(
        ARTICLE, "subject:", "colour: red\nsubject:", "colour", "Không có trườ"
    ),
    "a belief's sentence too long": Break(
        ARTICLE,
        "next_step: Hỏi UBND xã.\n",
        f"next_step: Hỏi UBND xã.\n{BELIEF.format('x' * 161, 'đủ 7 người')}",
        "beliefs.0.settles",
        "160 ký tự",
        below=2,
    ),
    "a belief's figure that no fact allows": Break(
        ARTICLE,
        "next_step: Hỏi UBND xã.\n",
        f"next_step: Hỏi UBND xã.\n{BELIEF.format('Nay là 9 người.', 'đủ 7 người')}",
        "body",
        "“9 người”",
        below=2,
    ),
    "a belief that its example does not lead to": Break(
        ARTICLE,
        "next_step: Hỏi UBND xã.\n",
        f"next_step: Hỏi UBND xã.\n{BELIEF.format('Nay là 05 thành viên.', 'đủ 8 người')}",
        "beliefs",
        "“đủ 8 người”",
        below=6,
    ),
    "a title too long": Break(ARTICLE, "title: Số", f"title: {'x' * 61} Số", "title", "60 ký tự"),
    "too few questions": Break(
        ARTICLE,
        "- Số thành viên để lập hợp tác xã câu hỏi số 9\n",
        "",
        "questions",
        "ít nhất 10",
        -9,
    ),
    "an unknown subject": Break(
        ARTICLE, "subject: registration", "subject: rice", "subject", "chỉ được ghi 'policy'"
    ),
    "an unknown reader": Break(ARTICLE, "- farmer", "- king", "readers.0", "'farmer'"),
    "a date that is none": Break(ARTICLE, "as_of: '2026-11-24'", "as_of: nay", "as_of", "Ngày"),
    "a sureness that is none": Break(
        ARTICLE, "verification: verified", "verification: recalled", "verification", "'secondary'"
    ),
    "an article that does not say where it holds": Break(
        ARTICLE,
        "verification: verified\nscope: national\n",
        "verification: verified\n",
        "scope",
        "Thiếu",
    ),
    "a scope that is none": Break(ARTICLE, "scope: national", "scope: hue", "scope", "'da-nang'"),
    "an empty next step": Break(
        ARTICLE, "next_step: Hỏi UBND xã.", "next_step: ''", "next_step", "để trống"
    ),
    "a list that is none": Break(
        ARTICLE, "related:\n- founding/ho-so", "related: founding/ho-so", "related", "danh sách"
    ),
    "a number without quotes": Break(ARTICLE, "- '2.1'", "- 2.1", "covers.0", "phải là chữ"),
    "no front matter": Break(ARTICLE, "---\ntitle", "title", "-", "Thiếu phần đầu"),
    "YAML that is none": Break(ARTICLE, "title: Số", "title: [Số", "-", "YAML sai", 1),
    # names
    "a citation of no document": Break(
        ARTICLE, "- source: luat-17-2023", "- source: luat-99", "citations", "văn bản luat-99"
    ),
    "related to nothing": Break(
        ARTICLE, "- founding/ho-so", "- founding/x", "related", "Không có bài founding/x"
    ),
    "an unknown procedure": Break(
        OTHER, "as_of:", "procedure: x\nas_of:", "procedure", "thủ tục x trong content/procedures"
    ),
    "an unknown placeholder": Break(ARTICLE, TOLD, "Mất {{ days }}.", "body", "days", -29),
    "a phone of no day": Break(
        OFFICES,
        "- id: lien-minh-htx",
        "- id: lien-minh-htx\n  phone: 1022 nhánh 3",
        "as_of",
        "ngày",
    ),
    "an office told of by nobody known": Break(
        OFFICES, "- id: lien-minh-htx", "- id: lien-minh-htx\n  source: so-x", "source", "so-x", 1
    ),
    "an unknown office": Break(PROCEDURE, "ask: lien-minh-htx", "ask: so-x", "ask", "cơ quan so-x"),
    "an unknown form": Break(
        PROCEDURE, "  name: Điều lệ", "  name: Điều lệ\n  form: ii-9", "papers", "ii-9", 1
    ),
    "a paper that nobody can tick": Break(
        PROCEDURE, "- id: dieu-le\n  name:", "- name:", "papers", "“Điều lệ” chưa có mã"
    ),
    "a step that nobody can tick": Break(
        PROCEDURE, "- id: nop\n  says: Nộp giấy.", "- Nộp giấy.", "steps", "chưa có mã"
    ),
    "an id twice": Break(PROCEDURE, "id: nop", "id: viet", "steps", "Mã viet có hai lần", 1),
    "an amendment by nothing": Break(
        LAW, "read: full", "amended_by: [luat-99]\nread: full", "amended_by", "văn bản luat-99"
    ),
    "a replacement by nothing": Break(
        OLD_LAW, "- luat-17-2023", "- luat-99", "replaced_by", "văn bản luat-99"
    ),
    "a fact of no document": Break(
        FACTS, "  source: luat-17-2023\n", "  source: luat-99\n", "clause", "luat-99", 1
    ),
    # clauses
    "an article that is not there": Break(
        ARTICLE, "  clause: Điều 4", "  clause: Điều 99", "citations", "không có Điều 99"
    ),
    "a clause that is not there": Break(
        ARTICLE, "  clause: Điều 4", "  clause: Điều 4 khoản 9", "citations", "Điều 4 khoản 9"
    ),
    "a point that is not there": Break(
        FACTS,
        "  clause: Điều 42 khoản 2 điểm a",
        "  clause: Điều 42 khoản 2 điểm đ",
        "clause",
        "điểm đ",
    ),
    "a clause that can't be read": Break(
        PROCEDURE, "  clause: Điều 42", "  clause: đâu đó", "citations", "Không đọc được “đâu đó”"
    ),
    "a place of an appendix that is not there": Break(
        FORMS, "  clause: Phụ lục II", "  clause: Phụ lục II mục 9", "clause", "mục 9"
    ),
    # what is covered
    "an unknown number": Break(OTHER, "covers:\n", "covers:\n- '9.9'\n", "covers", "hay mục 9.9"),
    "a trap that is not there": Break(
        OTHER, "covers:\n", "covers:\n- '15.99'\n", "covers", "hay mục 15.99"
    ),
    "a procedure of no fact": Break(
        PROCEDURE, "facts:\n", "facts:\n- '9.9'\n", "facts", "dữ kiện 9.9"
    ),
    "an article surer than its fact": Break(
        FACTS,
        "- 01 bộ\n  source: luat-17-2023\n  clause: Điều 42 khoản 2 điểm a\n  mark: verified",
        "- 01 bộ\n  source: luat-17-2023\n  clause: Điều 42 khoản 2 điểm a\n  mark: inferred",
        "verification",
        "dữ kiện 3.1 chỉ là inferred",
    ),
    "a fact without article": Break(
        FACTS, "- id: '2.1'", "- {id: '2.2', says: x, mark: verified}\n- id: '2.1'", "reason", "2.2"
    ),
    "two facts of one number": Break(
        FACTS,
        "- id: '2.1'",
        "- {id: '2.1', says: x, mark: verified}\n- id: '2.1'",
        "id",
        "số 2.1",
        1,
    ),
    "a procedure that nobody uses": Break(
        VARIED,
        "procedure: lap-htx\n---\nHồ sơ gồm **hai** loại giấy.\n\n{{ papers }}\n\n"
        "Nộp ở {{ place }}.\n\n## manager\nQuản lý ký {{ terms.so_bo }}.",
        "---\nHồ sơ.",
        "-",
        "thủ tục lap-htx",
    ),
    "a form that nobody uses": Break(PROCEDURE, "  form: ii-1\n", "", "id", "mẫu ii-1"),
    # figures
    "a figure of no fact": Break(ARTICLE, TOLD, "Cần 9 người.", "body", "Con số “9 người”"),
    "a figure in the next step": Break(
        ARTICLE, "Hỏi UBND xã.", "Chờ 05 ngày.", "body", "Con số “05 ngày”", 2
    ),
    "a fact whose words have another figure": Break(
        FACTS, "ít nhất 05 thành viên", "ít nhất 07 thành viên", "figures", "“07 thành viên”", 1
    ),
    "a procedure with another figure": Break(
        PROCEDURE,
        "time: 03 ngày làm việc",
        "time: 05 ngày làm việc",
        "figures",
        "“05 ngày làm việc”",
    ),
    "two facts that disagree": Break(
        FACTS,
        "- id: '3.1'",
        "- {id: '3.0', says: Trong 09 ngày làm việc., source: luat-17-2023, mark: verified,\n"
        "  clause: Điều 42 khoản 2 điểm a, figures: [09 ngày làm việc], reason: x}\n- id: '3.1'",
        "figures",
        "nói 3 ngày làm việc, dữ kiện 3.0 nói 9 ngày làm việc",
        4,
    ),
    # questions
    "a question twice": Break(
        ARTICLE,
        "hợp tác xã câu hỏi số 3",
        "hợp tác xã câu hỏi số 2",
        "questions",
        f"ở {MEMBERS}",
        -1,
    ),
    "a question of two articles": Break(
        ARTICLE,
        "- Số thành viên để lập hợp tác xã câu hỏi số 3",
        "- ho so dang ky hop tac xa CAU HOI so 3?",
        "questions",
        f"đã có ở {PAPERS}",
    ),
    "a title that is another's question": Break(
        ARTICLE,
        "title: Số thành viên để lập hợp tác xã",
        "title: Hồ sơ đăng ký hợp tác xã câu hỏi số 1",
        "title",
        f"câu hỏi mẫu của {PAPERS}",
    ),
    # what is read
    "no body": Break(OTHER, "OCOP có ba hạng sao.\n\nTừ 3 đến 5 sao.\n", "", "body", "nội dung", 0),
    "a short answer too long": Break(
        OTHER, "OCOP có", f"{'x' * 400}. OCOP có", "body", "ký tự (tối đa 400)"
    ),
    "a hard sentence": Break(ARTICLE, TOLD, "rất " * 46 + "dài.", "body", "47 tiếng, tối đa 45"),
    "an office that is gone": Break(
        ARTICLE, TOLD, "Nộp ở Sở Kế hoạch và Đầu tư.", "body", "“Sở Kế hoạch và Đầu tư” là tên"
    ),
    "a province that is gone": Break(
        ARTICLE, TOLD, "Tỉnh Quảng Nam có quỹ.", "body", "“Tỉnh Quảng Nam” là tên"
    ),
    "a link to no article": Break(
        ARTICLE, TOLD, "Xem [bài](/bai/founding/x).", "body", "“/bai/founding/x” hỏng"
    ),
    "a link that is not https": Break(
        ARTICLE, TOLD, "Xem http://vbpl.vn/x.", "body", "“http://vbpl.vn/x” hỏng"
    ),
    "an address that is none": Break(
        LAW, "url: https://vbpl.vn/luat", "url: https://vbpl", "url", "“https://vbpl” không dùng"
    ),
    # days
    "a day to come": Break(
        ARTICLE, "as_of: '2026-11-24'", "as_of: 2026-12-01", "as_of", "tương lai"
    ),
    "a procedure looked over tomorrow": Break(
        PROCEDURE, "as_of: '2026-11-24'", "as_of: 2026-12-01", "as_of", "01/12/2026 còn ở tương lai"
    ),
    "nothing cited is in force": Break(
        ARTICLE,
        "citations:\n- source: luat-17-2023\n  clause: Điều 4",
        "citations:\n- source: luat-23-2012\n  clause: toàn văn",
        "citations",
        "đã hết hiệu lực",
    ),
}
"""By what is broken."""

BY_OTHERS = {
    "an article surer than its fact": (VARIED, "verification:"),
    "a field is missing": (ARTICLE, "---"),
    "an unknown placeholder": (ARTICLE, "---"),
    "a procedure that nobody uses": (PROCEDURE, "title:"),
    "a form that nobody uses": (FORMS, "- id: ii-1"),
}
"""Where the finding stands when it is in another place than the change: file and line."""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return content that is sound."""
    return write_checked(write_content(tmp_path / "content"))


def found(root: Path, *guesses: Misfit) -> list[Finding]:
    """Return what the check finds."""
    return check(read_library(root), TODAY, guesses)


def test_sound_content_is_clean(sound: Path) -> None:
    """Nothing is found where nothing is wrong."""
    assert found(sound) == []


@pytest.mark.parametrize("name", BREAKS)
def test_each_break_is_found_and_nothing_else(sound: Path, name: str) -> None:
    """File, line, field and words of one finding tell what was broken; the remedy is a sentence."""
    case = BREAKS[name]
    line = edit(sound, case.file, case.old, case.new) + case.below
    file = case.file
    if name in BY_OTHERS:
        file, mark = BY_OTHERS[name]
        line = edit(sound, file, mark, mark)

    [finding] = found(sound)

    assert (finding.file, finding.line, finding.field) == (file, line, case.field)
    assert case.says in finding.what
    assert finding.remedy.endswith(".")


def test_article_for_the_whole_country_rests_on_more_than_local_documents(sound: Path) -> None:
    """What only the city's council decided holds nowhere else; said to be local it is sound."""
    edit(sound, LAW, "issuer: Quốc hội", "issuer: HĐND thành phố Đà Nẵng")

    articles = {finding.file for finding in found(sound) if finding.field == "scope"}
    for file in articles:
        edit(sound, file, "scope: national", "scope: da-nang")

    assert ARTICLE in articles
    assert found(sound) == []


def test_example_of_a_case_that_its_words_do_not_find_is_found(sound: Path) -> None:
    """Whoever writes a cue sees at once whether it hears its examples."""
    edit(sound, "phrases/cues.yml", "- Cho xin số điện thoại giám", "- Cho xin con giám")

    [finding] = found(sound)

    assert (finding.file, finding.field) == ("phrases/cues.yml", "particulars")


def test_question_that_surely_fits_another_article_is_found(sound: Path) -> None:
    """A misfit is a finding when the model is very sure, and none when it is not."""
    question = "Số thành viên để lập hợp tác xã câu hỏi số 4"
    sure = Misfit(article=MEMBERS, question=question, taken_for=STARS, confidence=0.99, own=0.0002)
    unsure = sure.model_copy(update={"own": 0.02})

    [finding] = found(sound, sure, unsure)

    assert (finding.file, finding.line) == (ARTICLE, 11)
    assert f"được hiểu là {STARS} (99%)" in finding.what


def test_article_that_contradicts_another_names_it(sound: Path) -> None:
    """A figure that no fact allows names the article that says another after the same words."""
    edit(sound, OTHER, "Từ 3 đến 5 sao.", "Hợp tác xã cần ít nhất 07 thành viên.")

    [finding] = found(sound)

    assert finding.file == OTHER
    assert f"Bài {MEMBERS} nói “05 thành viên" in finding.what


@pytest.mark.parametrize(
    "sentence",
    [
        "Trước đây nộp ở Sở Kế hoạch và Đầu tư.",
        "Tỉnh Quảng Nam cũ có quỹ.",
        "Cấp huyện không còn.",
        "Xem Nghị quyết 25/2021/NQ-HĐND tỉnh Quảng Nam.",
    ],
)
def test_old_name_may_be_told_as_old(sound: Path, sentence: str) -> None:
    """A sentence that says so, or that names a document, may hold an old name."""
    edit(sound, ARTICLE, TOLD, sentence)

    assert found(sound) == []


def test_what_people_tell_of_a_document_needs_no_clause(sound: Path) -> None:
    """Of a document known by the press any words do, unless they name an article."""
    edit(sound, LAW, "read: full", "read: secondary")
    edit(sound, ARTICLE, "clause: Điều 4", "clause: Số liệu cuối năm (theo báo)")
    assert found(sound) == []

    edit(sound, ARTICLE, "Số liệu cuối năm", "Số liệu ở Điều 4")
    assert "Không đọc được" in found(sound)[0].what
