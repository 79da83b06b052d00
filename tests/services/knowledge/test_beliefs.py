"""Beliefs are told by words alone: as people type them, and by nothing that only looks like it."""

from pathlib import Path

import pytest

from services.knowledge.beliefs import NEAR, belief_in, speaks_of
from services.knowledge.checks.questions import beliefs
from services.knowledge.loader import load_library
from services.knowledge.schema import Belief
from tests.doubles.content import edit_head, write_content

SEVEN = Belief(
    settles="Nay chỉ cần 05 thành viên, không phải 7.",
    when=("7 người | bảy người | 7 thành viên", "hợp tác xã | lập", "phải | cần"),
    unless="liên hiệp",
    examples=("Lập hợp tác xã phải đủ 7 người", "htx can 7 ng"),
)
TWENTY = Belief(
    settles="Nay được góp đến 30%.", when=("20 phần trăm", "góp"), examples=("góp 20%", "gop 20%")
)


@pytest.mark.parametrize(
    "message",
    [
        "Lập hợp tác xã phải đủ 7 người phải không?",
        "Lap hop tac xa phai du bay nguoi dung khong",
        "htx can 7 tv moi cho dk ha ad",
        "Mần hợp tác xã là phải gom 07 ngừi hỉ?",
        "Không còn cần 7 người mới lập hợp tác xã nữa phải không?",
    ],
)
def test_belief_is_told_however_it_is_typed(message: str) -> None:
    """Diacritics, short forms, dialect and noughts before a number make no difference."""
    assert speaks_of(SEVEN, message)


@pytest.mark.parametrize(
    "message",
    [
        "Lập hợp tác xã phải đủ 17 người phải không?",
        "Lập hợp tác xã phải có 70 người?",
        "Hợp tác xã cần mấy người?",
        "Có 7 người bạn hỏi thăm",
        "Liên hiệp phải có 7 người hay 7 hợp tác xã?",
        f"Nhà tôi 7 người. {'Chuyện vườn tược kể ra thì dài. ' * 4}Hợp tác xã phải họp khi nào?",
        "",
    ],
)
def test_what_only_looks_like_it_is_not_told(message: str) -> None:
    """Other numbers, a word that is excepted, and words far apart in a story do not count."""
    assert not speaks_of(SEVEN, message)


@pytest.mark.parametrize(
    ("message", "speaks"),
    [
        ("mua máy mới", True),
        ("mua may moi", True),
        ("mua may mới", True),
        ("mua mấy cái", False),
        ("mua mày", False),
        ("muốn nghĩ mua", True),
    ],
)
def test_marks_that_are_written_are_meant(message: str, *, speaks: bool) -> None:
    """“Mấy” is no “máy”; a mark that is lacking, or ngã for hỏi, is no other word."""
    machine = Belief(settles="Được.", when=("máy | nghỉ", "mua"), examples=("mua máy", "mua may"))

    assert speaks_of(machine, message) is speaks


def test_percent_is_read_as_a_word() -> None:
    """A sign and its words are one; the bare number is a sum of money as well."""
    assert speaks_of(TWENTY, "góp 20% được không")
    assert speaks_of(TWENTY, "gop hai muoi, a nham, 20 phan tram")
    assert not speaks_of(TWENTY, "góp 20 triệu được không")


def test_first_of_several_beliefs_is_told() -> None:
    """The order in which they are written is the order in which they count."""
    both = "hợp tác xã cần 7 người, mỗi người góp 20%"

    assert belief_in((SEVEN, TWENTY), both) == 1
    assert belief_in((TWENTY, SEVEN), both) == 1
    assert belief_in((SEVEN, TWENTY), "góp 20% được không") == 2
    assert belief_in((SEVEN, TWENTY), "hồ sơ gồm gì") == 0


def test_groups_stand_near_each_other() -> None:
    """Just within the reach counts, just beyond it does not."""
    near, far = (" ".join(["góp", *["ờ"] * gap, "20%"]) for gap in (NEAR - 3, NEAR))

    assert (speaks_of(TWENTY, near), speaks_of(TWENTY, far)) == (True, False)


def test_example_that_another_belief_takes_is_found(tmp_path: Path) -> None:
    """An example that gets no sentence is found, and one that gets the sentence of another."""
    root = write_content(tmp_path / "content")
    broad = {"settles": "Có.", "when": ["góp"], "examples": ["góp gì", "ai cũng vào được"]}
    edit_head(root, "founding/so-thanh-vien", beliefs=[broad, TWENTY.model_dump(mode="json")])

    first, *rest = beliefs(load_library(root))

    assert "“ai cũng vào được” không" in first.what
    assert ["gọi ra câu “Có.”" in finding.what for finding in rest] == [True, True]


def test_sentence_of_a_belief_is_part_of_what_is_told(tmp_path: Path) -> None:
    """An article's version changes with the sentence, not with how the belief is told."""
    root = write_content(tmp_path / "content")
    versions = []
    for changes in ({}, {"when": ("7 người",)}, {"settles": "Nay là 05 thành viên."}):
        belief = SEVEN.model_copy(update=changes)
        edit_head(root, "founding/so-thanh-vien", beliefs=[belief.model_dump(mode="json")])
        versions.append(load_library(root).articles["founding/so-thanh-vien"].hash)

    assert versions[0] == versions[1] != versions[2]
