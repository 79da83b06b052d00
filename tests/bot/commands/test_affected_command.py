"""`htx content affected | show`: who was told what, by which document."""

import json

import pytest

from services.errors import ContentError
from services.knowledge.library import Library
from tests.doubles.commands import Keep, Run
from tests.doubles.log import turn

NAME = "ocop/hang-sao"
OTHER = "founding/ho-so"


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
