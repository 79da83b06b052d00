"""`htx talk`: how the last turns were understood."""

import json

import pytest

from tests.doubles.commands import Keep, Run
from tests.doubles.log import turn


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


@pytest.mark.xfail(strict=True, reason="the open article is called “beside”")
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
