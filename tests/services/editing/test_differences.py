"""Differences: what changed is shown, what two people did apart is put together."""

import unicodedata

import pytest

from services.editing.differences import merged, rows

BASE = "một\nhai\nba\nbốn\nnăm\nsáu\nbảy\n"


def told(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines that differ, as they were and as they are."""
    return [
        ("".join(one.text for one in row.before), "".join(one.text for one in row.after))
        for row in rows(before, after)
        if row.changed
    ]


def test_a_word_in_a_line_is_marked_alone() -> None:
    """The rest of the line is the same on both sides."""
    [row] = [row for row in rows("Nộp một bộ giấy.", "Nộp hai bộ giấy.") if row.changed]

    assert [one.text for one in row.before if one.kind == "gone"] == ["một"]
    assert [one.text for one in row.after if one.kind == "new"] == ["hai"]


def test_lines_that_share_nothing_are_one_gone_and_one_new() -> None:
    """A line is not told to have become quite another."""
    assert told("a\nNộp ở xã.\nb\n", "a\nMất 36 tháng?\nb\n") == [
        ("Nộp ở xã.", ""),
        ("", "Mất 36 tháng?"),
    ]


def test_how_a_keyboard_puts_letters_together_is_no_difference() -> None:
    """The same letter, whole or with its mark apart."""
    assert told(unicodedata.normalize("NFD", "Đường tới xã"), "Đường tới xã") == []


def test_what_is_the_same_is_only_counted() -> None:
    """But for two lines before and after a change, here of one line into quite another."""
    shown = rows(f"{BASE}{BASE}", f"{BASE}{BASE}".replace("sáu", "tám", 1))

    assert [row.skipped for row in shown if row.skipped] == [3, 6]
    assert len([row for row in shown if not row.skipped]) == 6


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("hai -> HAI", "sáu -> SÁU", "một\nHAI\nba\nbốn\nnăm\nSÁU\nbảy\n"),
        ("hai -> HAI", "hai -> HAI", "một\nHAI\nba\nbốn\nnăm\nsáu\nbảy\n"),
        ("hai -> HAI", "hai -> hay", None),
        ("hai -> HAI", "ba -> BA", None),
        ("hai -> hai\nmới", "bảy -> ", "một\nhai\nmới\nba\nbốn\nnăm\nsáu\n\n"),
    ],
    ids=["apart", "the same", "both", "side by side", "added and dropped"],
)
def test_what_two_people_did_is_put_together(one: str, other: str, both: str | None) -> None:
    """Unless they touch: then a person decides."""
    pairs = (change.partition(" -> ") for change in (one, other))
    texts = [BASE.replace(old, new) for old, _, new in pairs]

    assert merged(BASE, *texts) == both
