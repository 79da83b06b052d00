"""An article's file read in its place: what is wrong with it is what the whole check says of it."""

from datetime import date
from pathlib import Path

import pytest

from services.errors import ContentError
from services.knowledge.article_file import in_place
from services.knowledge.checks.suite import faults
from services.knowledge.loader import read_library
from tests.doubles.checked_content import write_checked

ARTICLE, TODAY = "ocop/ho-so", date(2026, 11, 24)
FILE = f"articles/{ARTICLE}.md"
SPOILT = {
    "none": ("", ""),
    "unknown article": ("related:\n- ocop/hang-sao", "related:\n- ocop/khong-co"),
    "unknown fact": ("covers:\n", "covers:\n- '99.9'\n"),
    "unknown document": ("source: luat-17-2023", "source: luat-1"),
    "unknown clause": ("clause: Điều 4", "clause: Điều 999"),
    "long title": ("title: ", f"title: {'x' * 61}"),
    "unknown field": ("title: ", "xyz: 1\ntitle: "),
    "a day to come": ("2026-11-24", "2027-11-24"),
    "a figure of its own": ("Nộp một bộ giấy.", "Nộp 987 triệu đồng trong 55 ngày."),
    "a long sentence": ("Nộp một bộ giấy.", f"Nộp {'một bộ giấy và ' * 20}thôi."),
    "a heading of no part": ("Nộp một bộ giấy.", "## Nộp ở đâu\n\nỞ xã."),
    "a placeholder of nothing": ("Nộp một bộ giấy.", "{{ khong_co }}"),
    "a dead link": ("Nộp một bộ giấy.", "Xem [đây](/bai/khong-co) và [kia](http://x.vn)."),
    "another's question": ("questions:\n", "questions:\n- Hạng sao OCOP câu hỏi số 1\n"),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_it_is_found_as_in_the_whole(content: Path, spoilt: str) -> None:
    """Read alone or with everything else, the same findings."""
    write_checked(content)
    library = read_library(content)
    old, new = SPOILT[spoilt]
    text = (content / FILE).read_text("utf-8")
    assert old in text
    text = text.replace(old, new, 1)

    read = in_place(library, ARTICLE, text.encode(), TODAY)

    (content / FILE).write_text(text, "utf-8")
    whole = faults(read_library(content), TODAY)
    assert read.findings == tuple(f for f in whole if f.file == FILE or ARTICLE in f.what)
    assert bool(read.findings) == (spoilt != "none")
    assert ARTICLE in read.library.articles


def test_without_front_matter_it_is_no_article(content: Path) -> None:
    """The error bears the findings, for whoever keeps the text all the same."""
    with pytest.raises(ContentError) as refused:
        in_place(read_library(content), ARTICLE, b"Kh\xc3\xb4ng c\xc3\xb3 ph\xe1", TODAY)

    assert [one.file for one in refused.value.values["findings"]] == [FILE]
