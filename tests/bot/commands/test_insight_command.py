"""`htx gaps | talk`, `htx content affected | show`: what was asked and told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.clock import utc_now
from services.errors import ContentError
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from tests.bot.commands.test_new import SLUG, draft_of, options
from tests.doubles.commands import Keep, Run
from tests.doubles.log import turn

ASKED = ["nuôi chim yến cần giấy gì", "nuoi chim yen can giay gi", "nuôi chim yến giấy [đã ẩn]"]
NAME = "ocop/hang-sao"
OTHER = "founding/ho-so"


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
    assert "bỏ tên người" in done.stderr
    assert SLUG not in read_library(content).articles  # too few questions to be read yet


def test_unknown_gap_is_refused(run: Run) -> None:
    """An id that is no gap's says where ids are found."""
    error = run("content", "new", "--from-gap", "khong").exception

    assert isinstance(error, ContentError)
    assert "“htx gaps”" in str(error)


def test_nothing_said_is_no_talk(run: Run) -> None:
    """An empty data folder says so."""
    assert run("talk").stdout == "Chưa có lượt nào.\n"


def test_last_turns_are_shown_with_their_readings(run: Run, keep: Keep) -> None:
    """The oldest of the last turns first, each with what it was taken for."""
    keep(turn("một"), turn("hai"), turn("ba"))

    shown = json.loads(run("talk", "--json", "--last", "2").stdout)

    assert [one["text"] for one in shown] == ["hai", "ba"]
    assert {one["outcome"] for one in shown} == {"declined"}
    assert "không trả lời" in run("talk").stdout


def test_question_can_be_read_on_a_narrow_terminal(
    run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eighty columns are what a terminal opens with: a question stands in words, not in letters."""
    monkeypatch.setenv("COLUMNS", "80")
    keep(turn("lập hợp tác xã cần mấy người", article="founding/so-thanh-vien"))

    shown = run("talk").stdout

    assert shown.splitlines()[0].endswith("┓")
    assert "lập hợp tác xã" in shown
    assert "founding/so-thanh-vien" in shown


def test_open_article_goes_by_its_name(run: Run, keep: Keep) -> None:
    """A program reads it under the word that is used for it everywhere."""
    keep(turn("còn hồ sơ?"))

    [shown] = json.loads(run("talk", "--json").stdout)

    assert "open_article" in shown


def test_one_conversation_is_shown_alone(run: Run, keep: Keep) -> None:
    """A conversation's id leaves out all others."""
    keep(turn("của tôi"))

    assert run("talk", "người-khác").stdout == "Chưa có lượt nào.\n"


def test_words_of_a_citizen_are_shown_as_written(run: Run, keep: Keep) -> None:
    """Brackets in a message, a button or a conversation's name are no markup."""
    keep(turn("in [/b] ra [red]đỏ[/red]", key="[/i]"), turn("", payload="[/x]", key="[/i]"))

    shown = run("talk")

    assert shown.exit_code == 0
    assert "[/b]" in shown.stdout
    assert "[/x]" in shown.stdout


@pytest.fixture
def version(keep: Keep, library: Library) -> str:
    """Return the hash of an article that answered one turn."""
    name = library.articles[NAME].hash
    keep(turn(article=NAME, version=name))
    return name


def test_affected_works_on_an_empty_data_folder(run: Run) -> None:
    """Nobody was told anything yet."""
    shown = run("content", "affected", "luat-23-2012").stdout

    assert "không còn hiệu lực; thay bằng: Luật Hợp tác xã 17/2023/QH15." in shown
    assert "chưa nói với ai" in shown


@pytest.mark.usefixtures("version")
def test_affected_names_articles_and_counts_people(run: Run) -> None:
    """In sentences for people, as JSON for programs."""
    shown = run("content", "affected", "luat-17-2023").stdout
    shown_json = json.loads(run("content", "affected", "luat-17-2023", "--json").stdout)

    assert NAME in shown
    assert "trên web: 1 lượt, 1 cuộc trò chuyện, từ 24/11/2026 đến 24/11/2026." in shown
    assert (shown_json["in_force"], shown_json["told"][0]["turns"]) == (True, 1)
    assert {article["id"] for article in shown_json["articles"]} >= {NAME}
    assert shown_json["counted"] == {"turns": 0, "first": None, "last": None}


def test_unknown_document_is_refused_with_near_names(run: Run) -> None:
    """Whoever gives a number is told the id."""
    error = run("content", "affected", "17/2023").exception

    assert isinstance(error, ContentError)
    assert "Có phải: luat-17-2023 = Luật Hợp tác xã 17/2023/QH15?" in str(error)


def test_show_prints_a_version(run: Run, version: str) -> None:
    """The version as plain text, since when, and how many turns it answered."""
    shown = run("content", "show", version).stdout
    shown_json = json.loads(run("content", "show", version, "--json").stdout)

    assert shown.startswith(f"{NAME} ({version}), phục vụ từ 12:00 24/11/2026\n")
    assert "Đã trả lời 1 lượt" in shown
    assert "Từ 3 đến 5 sao.\n\nNguồn: Luật Hợp tác xã 17/2023/QH15, Điều 4." in shown
    assert (shown_json["article"], shown_json["turns"], shown_json["title"]) == (
        NAME,
        1,
        "Hạng sao OCOP",
    )


def test_unknown_version_is_refused(run: Run) -> None:
    """A hash that never was is one sentence."""
    assert "dấu vết abc" in str(run("content", "show", "abc").exception)


def test_every_article_of_a_reply_was_told(run: Run, keep: Keep, library: Library) -> None:
    """A reply to several questions counts for the version of each, once for the document."""
    first, second = (library.articles[name].hash for name in (OTHER, NAME))
    keep(
        turn(article=OTHER, version=first, also=[(NAME, second)]),
        turn(article="gone/away", version="never", also=[(NAME, second)]),
    )

    told = json.loads(run("content", "affected", "luat-17-2023", "--json").stdout)["told"]

    assert [(on["channel"], on["turns"]) for on in told] == [("web", 2)]
    assert json.loads(run("content", "show", second, "--json").stdout)["turns"] == 2


@pytest.mark.usefixtures("version")
def test_nobody_is_told_in_the_terminal(run: Run, keep: Keep, library: Library) -> None:
    """What staff and measurements ask there reaches no citizen."""
    keep(turn(article=NAME, version=library.articles[NAME].hash, channel="terminal"))

    told = json.loads(run("content", "affected", "luat-17-2023", "--json").stdout)["told"]

    assert [on["channel"] for on in told] == ["web"]
