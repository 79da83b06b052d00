"""A rule that figures are put into names only what there is, and states only what is sure."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.knowledge.checks.suite import check
from services.knowledge.finding import Finding
from services.knowledge.loader import read_library
from services.knowledge.rules import LawRules
from tests.doubles.checked_content import write_checked
from tests.doubles.content import dump, write_content

RULE: dict[str, Any] = {
    "id": "du_nguoi",
    "articles": ["founding/so-thanh-vien"],
    "arithmetic": "least_count",
    "figures": {"least": 5},
    "takes": {"count": {"says": ["có .. <people>"]}},
    "says": "{{ count }} người, cần ít nhất 05 thành viên.",
    "citations": [{"source": "luat-17-2023", "clause": "Điều 4 khoản 7"}],
    "covers": ["2.1"],
}


def found(root: Path, **changed: Any) -> list[Finding]:
    """Return what is found of sound content with this rule in it."""
    write_checked(write_content(root))
    rules = dump({"rules": [RULE | changed]})
    (root / "rules.yml").write_text(rules, encoding="utf-8")
    return check(read_library(root), date(2026, 11, 25))


def test_sound_rule_is_no_finding(tmp_path: Path) -> None:
    """Its sentence is one of the phrases."""
    assert found(tmp_path) == []
    assert "rule_du_nguoi" in read_library(tmp_path).phrases.templates


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"articles": ["founding/khong-co"]}, "articles", "không có bài founding/khong-co"),
        ({"citations": [{"source": "x", "clause": "Điều 4"}]}, "citations", "không có văn bản x"),
        ({"covers": ["2.1", "9.99"]}, "covers", "dữ kiện 9.99 không có"),
        ({"says": "{{ count }} người, cần 7 thành viên."}, "says", "7 thành viên"),
        ({"says": "{{ count"}, "rule_du_nguoi", "Mẫu câu sai"),
        ({"figures": {"most": 5}}, "rules.0", "không nhận tên most"),
        ({"takes": {"term": RULE["takes"]["count"]}}, "rules.0", "không nhận tên term"),
        ({"unless": "(có"}, "-", "Mẫu từ “(có”"),
    ],
)
def test_what_is_wrong_with_a_rule_is_found(
    tmp_path: Path, changed: dict[str, Any], field: str, says: str
) -> None:
    """An article, a document, a fact, a figure, a name or a pattern that is not there."""
    [finding] = found(tmp_path, **changed)

    assert (finding.file, finding.field) == ("rules.yml", field)
    assert says in finding.what


@pytest.mark.parametrize(("words", "lacks"), [("", ["covers"]), (" (theo trang luật)", [])])
def test_what_others_tell_of_the_law_is_worked_out_where_the_sentence_says_so(
    tmp_path: Path, words: str, lacks: list[str]
) -> None:
    """A fact that was not read in the text itself is told as such."""
    found(tmp_path, says=RULE["says"].removesuffix(".") + f"{words}.")
    facts = tmp_path / "facts.yml"
    facts.write_text(facts.read_text("utf-8").replace("mark: verified", "mark: secondary"), "utf-8")
    findings = check(read_library(tmp_path), date(2026, 11, 25))

    assert [one.field for one in findings if one.file == "rules.yml"] == lacks


def test_number_or_day_is_known_for_some_turns() -> None:
    """A term is counted from a day that nobody knows any more."""
    with pytest.raises(ValidationError, match="unknown names"):
        LawRules.model_validate({"known": {"hạn": {"says": ["vay .. <term>"]}}})
