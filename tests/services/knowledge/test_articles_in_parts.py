"""Articles in parts: how they are read, and each way in which their parts can disagree."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.knowledge.checks.suite import check
from services.knowledge.loader import load_library, read_library
from services.knowledge.schema import Citation
from tests.doubles.parted import COUNT, LACK, LEAD, OFFICER, PARTED, PARTS, write_parted
from tests.doubles.procedure import PROCEDURE, write_procedure


def test_article_has_its_parts_in_the_order_of_their_headings(content: Path) -> None:
    """Each with its name and its text; the whole shows them under their names."""
    write_parted(content, COUNT, LACK, OFFICER)

    article = load_library(content).articles[PARTED]

    assert [(part.id, part.name) for part in article.parts] == [
        ("dem", "Cách đếm"),
        ("thieu", "Thiếu người thì sao"),
    ]
    assert article.parts[1].text == "- Kết nạp thêm.\n- Sáp nhập."
    assert article.short == LEAD
    assert article.detail == (
        "**Cách đếm**: Một hộ tính là một thành viên. Cả nhà cũng vậy.\n\n"
        "**Thiếu người thì sao**:\n\n- Kết nạp thêm.\n- Sáp nhập."
    )
    assert "{#" not in article.body
    assert article.variants == {"officer": "Nhắc hợp tác xã."}


def test_article_has_the_questions_and_sources_of_its_parts(content: Path) -> None:
    """What people ask of a part they ask of the article; each place is cited once."""
    own = [{"source": "luat-17-2023", "clause": "Điều 4, Điều 30 khoản 1"}]
    write_parted(content, COUNT, LACK, citations=own, followups=["mấy người"])

    article = load_library(content).articles[PARTED]

    assert "Một hộ đếm là mấy người?" in article.questions
    assert article.followups == (
        "mấy người",
        "đếm răng",
        "mot ho tinh may",
        *PARTS["thieu"]["followups"],
    )
    assert article.citations == tuple(
        Citation(source="luat-17-2023", clause=clause)
        for clause in ("Điều 4, Điều 30 khoản 1", "Điều 103")
    )


def test_placeholders_stand_beside_the_ids_of_parts(content: Path) -> None:
    """What the front matter tells is filled as the body is."""
    text = "## Nộp mấy ngày {#lau}\n\n{{ time }}."
    write_procedure(content)
    write_parted(
        content, text, procedure=PROCEDURE, parts={"lau": {}}, plain="Xong trong {{ time }}."
    )

    article = load_library(content).articles[PARTED]

    assert article.parts[0].text == "03 ngày làm việc."
    assert article.head.plain == "Xong trong 03 ngày làm việc."


def test_questions_of_parts_count_as_the_article_s(content: Path) -> None:
    """An article is taught by all its questions, wherever they stand."""
    asked = [f"câu thứ {number}" for number in range(9)]
    write_parted(content, COUNT, LACK, questions=asked)
    enough = read_library(content).findings
    write_parted(content, COUNT, LACK, questions=asked[1:])
    few = read_library(content).findings

    assert enough == ()
    assert [(f.field, f.what) for f in few] == [("questions", "Có 9, cần ít nhất 10.")]


@pytest.mark.parametrize(
    ("texts", "changes", "says"),
    [
        ([COUNT], {}, "Phần thieu có 0 đề mục"),
        ([COUNT, LACK], {"parts": {"dem": PARTS["dem"]}}, "thieu có 1 đề mục trong bài, 0 mục"),
        ([COUNT, COUNT, LACK], {}, "Phần dem có 2 đề mục"),
        ([LACK, COUNT], {}, "Thứ tự các phần"),
        ([COUNT, LACK, "## Đừng lẫn\n\nTổ hợp tác."], {}, "Đề mục “## Đừng lẫn”"),
        ([COUNT.replace("đếm {", f"đếm {'x' * 20} {{"), LACK], {}, "tối đa 24"),
        ([COUNT, LACK.partition("\n")[0]], {}, "không có nội dung"),
        ([COUNT, LACK], {"parts": PARTS | {"thieu": {}}}, "Phần thieu không nêu căn cứ"),
        ([COUNT, LACK], {"plain": "Phải đủ 7 người."}, "có số 7"),
        ([COUNT, LACK], {"plain": "Một. Hai. Ba."}, "dài quá 2 câu"),
        ([COUNT, LACK], {"main": True}, "thiếu phần steps"),
    ],
)
def test_parts_that_disagree_are_found(
    content: Path, texts: list[str], changes: dict[str, Any], says: str
) -> None:
    """One finding, in the article's file, that says what to mend."""
    write_parted(content, *texts, **changes)

    found = [f for f in check(read_library(content), date(2026, 11, 25)) if says in f.what]

    assert [f.file for f in found] == [f"articles/{PARTED}.md"]
