"""`htx gaps`, and an article begun from a gap."""

import json
from pathlib import Path

import pytest

from services.errors import ContentError
from services.knowledge.library import read_library
from tests.bot.commands.test_new import SLUG, options
from tests.doubles.commands import Keep, Run
from tests.doubles.log import turn

ASKED = ["nuôi chim yến cần giấy gì", "nuoi chim yen can giay gi", "nuôi chim yến giấy [đã ẩn]"]


@pytest.fixture
def gap(run: Run, keep: Keep) -> str:
    """Return the id of a gap with three questions."""
    keep(*(turn(text) for text in ASKED), turn("giá vàng hôm nay"))
    [largest, _] = json.loads(run("gaps", "--json").stdout)
    return str(largest["id"])


def test_nothing_asked_is_no_gap(run: Run) -> None:
    """An empty data folder has no gaps."""
    assert run("gaps").stdout == "Chưa có câu nào bị bỏ sót.\n"
    assert json.loads(run("gaps", "--json").stdout) == []


@pytest.mark.usefixtures("gap")
def test_gaps_are_listed_largest_first(run: Run) -> None:
    """For people a table and what to do, for programs JSON."""
    shown = run("gaps").stdout
    largest, other = json.loads(run("gaps", "--json").stdout)

    assert "2 nhóm, 4 câu." in shown
    assert "content new --from-gap" in shown
    assert (largest["count"], largest["kinds"], other["count"]) == (3, {"declined": 3}, 1)
    assert set(largest["samples"]) == set(ASKED)


@pytest.mark.usefixtures("gap")
def test_days_leave_out_what_is_older(run: Run) -> None:
    """A turn of years ago is no gap of today."""
    assert len(json.loads(run("gaps", "--json", "--days", "30000").stdout)) == 2


def test_article_is_begun_with_the_questions_of_a_gap(run: Run, gap: str, content: Path) -> None:
    """Wordings become example questions; one with a masked number does not."""
    done = run("content", "new", *options(covers=""), "--from-gap", gap)
    article = (content / f"articles/{SLUG}.md").read_text(encoding="utf-8")

    assert done.exit_code == 0
    assert f"  - {ASKED[0]}\n" in article
    assert "đã ẩn" not in article
    assert SLUG not in read_library(content).articles  # too few questions to be read yet


def test_unknown_gap_is_refused(run: Run) -> None:
    """An id that is no gap's says where ids are found."""
    error = run("content", "new", "--from-gap", "khong").exception

    assert isinstance(error, ContentError)
    assert "“htx gaps”" in str(error)
