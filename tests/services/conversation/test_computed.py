"""A person's own figures are put into the rule of the article that answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.text import fold
from services.conversation.computed import computed, led
from services.conversation.known import Known, background, in_words, known_after
from services.knowledge.library import Library
from services.settings import ROOT
from tests.doubles.content import read_content

TODAY = date(2026, 11, 29)
CASES: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("figures.yml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return read_content(ROOT / "content")


def told(library: Library, case: Mapping[str, Any], *, plain: bool = False) -> str:
    """Return what is worked out of a case, as it is written or without diacritics."""
    messages = [case[name] for name in ("text", "before") if name in case]
    written = [fold(message) if plain else message for message in messages]
    return computed(library, (case["article"],), written, TODAY).told


@pytest.mark.parametrize("plain", [False, True], ids=["written", "plain"])
@pytest.mark.parametrize("case", CASES["worked_out"], ids=lambda case: str(case["text"]))
def test_usage_are_worked_out_as_the_law_says(
    library: Library, case: Mapping[str, Any], *, plain: bool
) -> None:
    """Each table's line was made by hand: the sentence holds what stands there."""
    answer = told(library, case, plain=plain)

    assert answer
    assert [part for part in case["tells"] if part not in answer] == []


@pytest.mark.parametrize("plain", [False, True], ids=["written", "plain"])
@pytest.mark.parametrize(
    "case",
    [case for case in CASES["worked_out"] if case.get("leads")],
    ids=lambda case: str(case["text"]),
)
def test_words_and_figures_lead_to_the_article_of_a_rule(
    library: Library, case: Mapping[str, Any], *, plain: bool
) -> None:
    """What can only be asked of one rule needs no reading."""
    text = fold(case["text"]) if plain else case["text"]

    assert led(library, text, TODAY) == case["article"]


@pytest.mark.parametrize("plain", [False, True], ids=["written", "plain"])
@pytest.mark.parametrize("case", CASES["nothing"], ids=lambda case: str(case["text"]))
def test_colour_decides_nothing(library: Library, case: Mapping[str, Any], *, plain: bool) -> None:
    """Where a figure is colour, missing or ambiguous, the answer stands without a result."""
    assert told(library, case, plain=plain) == ""


@pytest.mark.parametrize("talk", CASES["known no more"], ids=lambda talk: str(talk["texts"][-1]))
def test_what_changed_or_is_of_something_else_judges_nothing(
    library: Library, talk: Mapping[str, Any]
) -> None:
    """A figure that a talk knew is no longer somebody's own: without it there is no result."""
    known: Known = {}
    before: list[str] = []
    answer = "none"
    for text in talk["texts"]:
        beside, asked = background(known, (), library.rules), (text, *before[:1])
        answer = computed(library, (talk["article"],), asked, TODAY, background=beside).told
        known = known_after(known, text, library.rules, TODAY, beside)
        before.insert(0, text)

    assert answer == ""


PIECES = (
    *("hết hạn", "cấp", "nộp", "vốn điều lệ", "góp", "vay", "dự", "đồng ý", "htx", "có", "còn"),
    *("ngày", "tháng", "năm", "tỷ", "triệu", "người", "thành viên", "phiếu", "sao", "điểm", "%"),
    *("0", "1", "29/2/2024", "3/2027", "31/12/2099", "99999999999999999999", "1.000", "1,5", "hai"),
    *(
        "mươi",
        "trăm",
        "rưỡi",
        "nửa",
        "sang năm",
        "hôm qua",
        "lên",
        "đại hội",
        "sửa điều lệ",
        ".",
        ",",
    ),
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_whatever_is_written_raises_nothing(library: Library, text: str) -> None:
    """Figures of any size, days of any year, in any order."""
    articles = {article for rule in library.rules.rules for article in rule.articles}

    for article in articles:
        assert "None" not in computed(library, (article,), (text,), TODAY).told


def test_what_is_known_is_told_in_words() -> None:
    """Who asks what is held of them reads a day, a month and a number, as people write them."""
    day, month = "2028-12-31/2028-12-31", "2027-03-01/2027-03-31"
    known = {"hạn": [day, 3], "hết hạn": [month, 2], "số thành viên": ["42", 1], "nợ": ["", 1]}

    told = ["hạn ngày 31/12/2028", "hết hạn tháng 3/2027", "số thành viên 42", "nợ"]
    assert in_words(known) == told


def test_sentence_that_can_not_be_read_takes_no_answer_away(library: Library) -> None:
    """Nothing is told of the figures then."""
    templates = {name: t for name, t in library.phrases.templates.items() if name != "rule_gop"}
    lacking = replace(library, phrases=replace(library.phrases, templates=templates))
    asked = ("vốn điều lệ 1 tỷ tôi góp 400 triệu",)

    assert computed(library, ("capital/gop-toi-da",), asked, TODAY)
    assert not computed(lacking, ("capital/gop-toi-da",), asked, TODAY)
