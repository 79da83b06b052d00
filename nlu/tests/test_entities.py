"""Entities found by rules."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from nlu.core.entities import Entity, aligned_fold, find, read_names

NAMES = read_names()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("vay 5 tỷ", "money", "5000000000"),
        ("vay 1,5 tỷ đồng", "money", "1500000000"),
        ("gop 2tr5", "money", "2500000"),
        ("100.000 đồng", "money", "100000"),
        ("500k", "money", "500000"),
        ("trong 36 tháng", "period", "36 month"),
        ("03 ngày làm việc", "period", "3 working_day"),
        ("hai năm", "period", "2 year"),
        ("5 người", "people", "5"),
        ("bay thanh vien", "people", "7"),
        ("ở Tam Kỳ", "place", "Tam Kỳ"),
        ("o thang binh", "place", "Thăng Bình"),
        ("bán mật ong", "product", "mật ong"),
        ("theo NĐ 92/2024", "document", "nghị định 92/2024"),
        ("văn bản 2651/UBND-KTN", "document", "văn bản 2651/UBND-KTN"),
        ("qd 26/2026", "document", "quyết định 26/2026"),
    ],
)
def test_each_kind_is_found(text: str, kind: str, value: str) -> None:
    """With and without diacritics, in figures and in words."""
    assert [(kind, value)] == [(e.kind, e.value) for e in find(text, NAMES)]


def test_a_word_with_other_diacritics_is_no_name() -> None:
    """gà is a product, ga (a station) with a mark of its own is not."""
    assert find("gã đó", NAMES) == []


def test_offsets_point_into_the_text() -> None:
    """Start and end cut out what was written."""
    text = "Nhà tôi có 5 người ở Đại Lộc"
    people, place = find(text, NAMES)

    assert text[people.start : people.end] == "5 người"
    assert Entity("place", 21, 28, "Đại Lộc", "old_district") == place


def test_nothing_overlaps() -> None:
    """A longer reading hides the shorter ones inside it."""
    spans = [(e.start, e.end) for e in find("3 ngày làm việc, 10 triệu đồng, sâm ngọc linh", NAMES)]

    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_folding_keeps_every_place() -> None:
    """Letter by letter, whatever the letters are."""
    text = "Đăng ký İ ß 😀"

    assert len(text) == len(aligned_fold(text))


def test_hostile_text_costs_little() -> None:
    """Digits and blanks without end do not make the patterns run away."""
    started = time.perf_counter()
    for text in ("1." * 1000, "1 " * 1000, "nghi dinh " * 200, "1/" * 1000, "a-" * 1000):
        find(text, NAMES)

    assert time.perf_counter() - started < 1
