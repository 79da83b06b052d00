from datetime import date
from pathlib import Path

import pytest

from services.errors import ContentError
from services.knowledge.loader import load_library, read_library
from tests.doubles.content import ARTICLES, article_text, dump, head

NAME = "founding/so-thanh-vien"
TITLE, BODY = ARTICLES[NAME]


def rewrite(content: Path, text: str) -> Path:
    path = content / f"articles/{NAME}.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_sound_content_loads(content: Path) -> None:
    """Sound content has articles and no finding."""
    library = read_library(content)

    assert set(library.articles) == set(ARTICLES)
    assert library.findings == ()


BREAKS = {
    "unknown field": ({"colour": "red"}, "colour"),
    "title too long": ({"title": "x" * 61}, "title"),
    "too few questions": ({"questions": ["một câu"]}, "questions"),
    "unknown subject": ({"subject": "rice"}, "subject"),
    "no citation": ({"citations": []}, "citations"),
    "citation of no source": ({"citations": [{"source": "x", "clause": "Điều 1"}]}, "citations"),
    "date that is none": ({"as_of": "hôm nay"}, "as_of"),
    "unknown verification": ({"verification": "recalled"}, "verification"),
    "related to nothing": ({"related": ["founding/khong-co"]}, "related"),
    "related to itself": ({"related": [NAME]}, "related"),
    "the same question twice": ({"questions": ["câu này"] * 10}, "questions"),
}


@pytest.mark.parametrize(("change", "field"), BREAKS.values(), ids=BREAKS.keys())
def test_broken_head_is_found_by_file_line_and_field(
    content: Path, change: dict[str, object], field: str
) -> None:
    """Each way to break a head gives findings that name the file, the line and the field."""
    path = rewrite(content, article_text(head(NAME, TITLE) | change, BODY))

    findings = read_library(content).findings

    mine = [f for f in findings if f.file == f"articles/{NAME}.md" and f.field.startswith(field)]
    lines = path.read_text(encoding="utf-8").splitlines()
    near = [text for f in mine for text in lines[f.line - 1 : f.line + 1]]
    assert mine
    assert any(field in text or text.startswith(("- ", "  ")) for text in near)


@pytest.mark.parametrize("written", ["2026-11-24", "24/11/2026", "24.11.2026"])
def test_day_is_read_as_people_write_it(content: Path, written: str) -> None:
    """With any of the signs that an announcement's day may have."""
    rewrite(content, article_text(head(NAME, TITLE) | {"as_of": written}, BODY))

    assert load_library(content).articles[NAME].head.as_of == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("không có phần đầu", "Thiếu phần đầu"),
        ("---\ntitle: x\n", "không được đóng"),
        ("---\ntitle: [x\n---\nnội dung\n", "YAML sai"),
        (article_text(head(NAME, TITLE), ""), "không có nội dung"),
        (article_text(head(NAME, TITLE), "x" * 401), "401 ký tự"),
    ],
)
def test_broken_file_is_found(content: Path, text: str, what: str) -> None:
    """A file out of shape is a finding, never a traceback."""
    rewrite(content, text)

    assert any(what in finding.what for finding in read_library(content).findings)


def test_field_that_stands_twice_is_found(content: Path) -> None:
    """A field that stands twice in one place is named at its second line: one of them is lost."""
    text = article_text(head(NAME, TITLE), BODY).replace("title:", "title: Một\ntitle:", 1)
    second = text.splitlines().index("title: Một") + 2
    rewrite(content, text)

    [found] = read_library(content).findings

    assert "title" in found.what
    assert found.line == second


def test_file_that_is_not_utf8_is_found(content: Path) -> None:
    """A file in another encoding is named with the remedy."""
    (content / f"articles/{NAME}.md").write_bytes(b"---\ntitle: \xff\n---\n")

    assert any("UTF-8" in finding.what for finding in read_library(content).findings)


def test_question_in_two_articles_is_found(content: Path) -> None:
    """The same question in two articles, diacritics aside, is a finding."""
    twin = [*head(NAME, TITLE)["questions"], "ho so dang ky hop tac xa CAU HOI so 3?"]  # type: ignore[misc]  # because the head's questions are a list
    rewrite(content, article_text(head(NAME, TITLE) | {"questions": twin}, BODY))

    assert any("đã có ở" in finding.what for finding in read_library(content).findings)


def test_source_replaced_by_nothing_known_is_found(content: Path) -> None:
    """A source may only name sources that exist."""
    path = content / "sources/luat-23-2012.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("- luat-17-2023", "- luat-99"))

    assert any("luat-99" in finding.what for finding in read_library(content).findings)


def test_broken_phrase_is_found(content: Path) -> None:
    """A phrase whose template is broken is a finding, in the file that holds it."""
    for name in ("replies", "staff"):
        file = content / f"phrases/{name}.yml"
        file.write_text(dump({f"{name}_menu": "{{ oops"}), encoding="utf-8")
    found = {(finding.file, finding.field) for finding in read_library(content).findings}

    assert ("phrases/replies.yml", "replies_menu") in found
    assert ("phrases/staff.yml", "staff_menu") in found


def test_loading_broken_content_is_refused_with_every_place(content: Path) -> None:
    """Loading refuses broken content in one message that lists where and how to mend."""
    rewrite(content, "không có phần đầu")

    with pytest.raises(ContentError, match=rf"content/articles/{NAME}.md:1: .* → "):
        load_library(content)
