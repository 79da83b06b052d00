"""Lists to choose from are checked: they lead somewhere, leave nothing out, fit a page."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.clock import day_of
from services.knowledge.checks.suite import check
from services.knowledge.loader import read_library
from tests.conftest import NOON
from tests.doubles.content import dump, write_content

CHOICES = [
    {"label": "Hạng sao", "article": "ocop/hang-sao"},
    {"label": "Hồ sơ lập", "article": "founding/ho-so"},
]
WISH = {"id": "x", "label": "X", "words": "x", "choices": CHOICES, "examples": ["x", "xx"]}
GROUPS = {"sao": {"label": "Sao", "articles": ["ocop/hang-sao", "ocop/ho-so"]}}


def found(root: Path, file: str, value: Any) -> list[str]:
    """Return what the check says of a file that is written so."""
    apart = json.loads(json.dumps(value))  # else YAML writes the same value once, and names it
    (root / file).write_text(dump(apart), encoding="utf-8")
    return [
        f"{one.line} {one.what}"
        for one in check(read_library(root), day_of(NOON))
        if one.file == file
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({}, []),
        (
            {"choices": [*CHOICES, {"label": "Gì", "article": "ocop/gi"}]},
            ["11 Không có bài ocop/gi."],
        ),
        (
            {"choices": [*CHOICES, {"label": "Nữa", "article": "ocop/hang-sao"}]},
            ["2 Hai mục của nhu cầu x dẫn tới một bài."],
        ),
        ({"choices": CHOICES[:1]}, ["6 Có 1, cần ít nhất 2."]),
        ({"choices": CHOICES * 3}, ["6 Có 6, chỉ được tối đa 5."]),
        (
            {"choices": [{"label": "N" * 29, "article": "ocop/hang-sao"}, CHOICES[1]]},
            ["6 Có 1, cần ít nhất 2.", "6 Dài quá 28 ký tự."],
        ),
        (
            {"choices": [CHOICES[0], {"label": "Hồ sơ", "article": "ocop/ho-so"}]},
            ["1 Không nhu cầu nào dẫn tới chủ đề founding."],
        ),
    ],
)
def test_wishes_lead_to_articles_and_to_every_topic(
    root: Path, changes: dict[str, Any], what: list[str]
) -> None:
    """Every choice is an article with a short label; there are few; no topic is left out."""
    assert found(root, "wishes.yml", {"wishes": [WISH | changes]}) == what


def test_two_wishes_of_one_id_are_found(root: Path) -> None:
    """A button could lead to one of them alone."""
    assert found(root, "wishes.yml", {"wishes": [WISH, WISH]}) == ["2 Có 2 nhu cầu mang mã x."]


@pytest.mark.parametrize(
    ("menu", "what"),
    [
        ({"ocop": GROUPS}, []),
        (
            {"ocop": {"sao": GROUPS["sao"] | {"articles": ["ocop/hang-sao"]}}},
            ["1 Bài ocop/ho-so đứng ở 0 nhóm của menu.", "1 Nhóm “Sao” có 1 bài; cần từ 2 tới 8."],
        ),
        (
            {"ocop": GROUPS | {"hai": {"label": "Hai", "articles": ["ocop/ho-so", "ocop/gi"]}}},
            [
                "1 Bài ocop/ho-so đứng ở 2 nhóm của menu.",
                "1 Không có bài ocop/gi trong chủ đề ocop.",
            ],
        ),
        (
            {"gi": GROUPS},
            [
                "1 Không có bài ocop/hang-sao trong chủ đề gi.",
                "1 Không có bài ocop/ho-so trong chủ đề gi.",
                "1 Thư mục gi không có trong content/topics.yml.",
            ],
        ),
    ],
)
def test_groups_hold_every_article_of_their_topic_once(
    root: Path, menu: dict[str, Any], what: list[str]
) -> None:
    """No group is of one article, of one that is not there, or of another topic."""
    assert found(root, "menu.yml", menu) == what


def test_long_topic_needs_groups(root: Path) -> None:
    """Nine articles are no list."""
    text = (root / "articles/ocop/ho-so.md").read_text(encoding="utf-8")
    for number in range(7):
        (root / f"articles/ocop/bai-{number}.md").write_text(text, encoding="utf-8")

    assert found(root, "menu.yml", {}) == ["1 Chủ đề ocop có 9 bài mà chưa chia nhóm."]
