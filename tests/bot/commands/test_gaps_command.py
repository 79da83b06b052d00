"""`htx gaps`, and an article begun from a gap."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.clock import utc_now
from services.errors import ContentError
from services.knowledge.loader import read_library
from tests.bot.commands.test_new import SLUG, draft_of, options
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


def test_days_leave_out_what_is_older(run: Run, keep: Keep) -> None:
    """A question of last month is no gap of this week; an old one asked again counts once."""
    now = utc_now()
    keep(
        turn("giá vàng", start=now - timedelta(days=30)),
        turn("nuôi chim yến", start=now - timedelta(days=30)),
        turn("nuôi chim yến", start=now - timedelta(days=1)),
    )

    [week] = json.loads(run("gaps", "--json", "--days", "7").stdout)

    assert (week["samples"], week["count"]) == (["nuôi chim yến"], 1)
    assert len(json.loads(run("gaps", "--json", "--days", "40").stdout)) == 2


def test_gap_of_the_last_days_may_be_written_from(run: Run, keep: Keep) -> None:
    """It bears the id that it has over all days, whoever asked it first and in which words."""
    now = utc_now()
    keep(
        turn("nuôi chim yến cần giấy gì", start=now - timedelta(days=30)),
        turn("muốn nuôi chim yến cần giấy gì", start=now - timedelta(days=1)),
    )

    [week] = json.loads(run("gaps", "--json", "--days", "7").stdout)

    assert run("content", "new", *options(covers=""), "--from-gap", week["id"]).exit_code == 0


@pytest.mark.parametrize("text", ["[/b] cho hoi", "[b]bam[/b]"])
def test_question_that_looks_like_markup_is_shown_as_it_is(run: Run, keep: Keep, text: str) -> None:
    """A citizen neither ends the list nor makes links in it."""
    keep(turn(text))

    assert text in run("gaps").stdout.replace("\n", " ")


def test_what_was_tried_in_the_terminal_is_no_gap(run: Run, keep: Keep) -> None:
    """Neither a question declined there nor an answer judged there."""
    keep(turn("giá vàng hôm nay", channel="terminal"))

    assert json.loads(run("gaps", "--json").stdout) == []


def test_article_is_begun_with_the_questions_of_a_gap(run: Run, gap: str, content: Path) -> None:
    """Wordings become example questions; one with a masked number does not."""
    done = run("content", "new", *options(covers=""), "--from-gap", gap)
    article = draft_of(content).read_text(encoding="utf-8")

    assert done.exit_code == 0
    assert f"  - {ASKED[0]}\n" in article
    assert "đã ẩn" not in article
    assert SLUG not in read_library(content).articles  # too few questions to be read yet


def test_unknown_gap_is_refused(run: Run) -> None:
    """An id that is no gap's says where ids are found."""
    error = run("content", "new", "--from-gap", "khong").exception

    assert isinstance(error, ContentError)
    assert "“htx gaps”" in str(error)
