"""The report of an evaluation, for those who write the answers."""

import re

import pytest

from services.insight.evaluation import Made, page, read_evaluation, table
from services.knowledge.library import Library
from tests.conftest import NOON
from tests.doubles.evaluation import TEXT

MADE = Made(NOON, "abc1234")


@pytest.fixture
def html(library: Library) -> str:
    """Return the page over the small content."""
    return page(read_evaluation(TEXT), library, MADE)


def test_the_main_figures_stand_in_words(html: str) -> None:
    """With the day and the commit of the measurement."""
    assert "<strong>82,5 %</strong> được trả lời đúng bài" in html
    assert "24/11/2026" in html
    assert "abc1234" in html


def test_articles_have_their_titles(html: str) -> None:
    """A pair names both, the questions behind it and what to do."""
    assert "Hồ sơ đăng ký hợp tác xã <code>founding/ho-so</code>" in html
    assert "hồ sơ &lt;gồm&gt; gì" in html
    assert "Hai bài khác chủ đề" in html


def test_topics_have_their_names(html: str) -> None:
    """As in menus, at the start of a line."""
    assert '<th scope="row">Đăng ký sản phẩm OCOP</th>' in html


def test_the_page_stands_alone(html: str) -> None:
    """Its two pictures are inside, no address is fetched and no script runs."""
    assert html.count("<svg") == 2
    assert "<script" not in html
    assert set(re.findall(r"https?://[^\s\"<]+", html)) == {"http://www.w3.org/2000/svg"}


def test_the_chosen_bar_is_marked(html: str) -> None:
    """In the picture of what is answered and what wrong: six tenths along, two fifths up."""
    assert '<circle class="marked" cx="402.0" cy="206.0" r="8"/>' in html


def test_the_table_is_for_the_docs(library: Library) -> None:
    """A row each for questions and for messages from outside."""
    lines = table(read_evaluation(TEXT), library, MADE).splitlines()

    assert lines[0] == "Measured on 24/11/2026 at commit `abc1234`, 4 articles."
    assert "| out of scope | 20 | 0.900 | 0.050 | 0.050 |  | 0.075 |  |" in lines
