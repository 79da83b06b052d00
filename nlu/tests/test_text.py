"""The shared leaf: normalising, folding, the lexicon."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import (
    MAX_CHARS,
    Lexicon,
    WordReading,
    fold,
    has_diacritics,
    normalise,
    read_lexicon,
    sentences,
    tokens,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("tóan", "toán"),
        ("gía", "giá"),
        ("qúy", "quý"),
        ("HOÀ", "HÒA"),
        ("giấy", "giấy"),
        ("thuở", "thuở"),
        ("2651/UBND-KTN", "2651/UBND-KTN"),
    ],
)
def test_tone_marks_have_one_place(written: str, expected: str) -> None:
    """A tone mark stands where the common spelling has it."""
    assert expected == normalise(written)


def test_decomposed_letters_are_composed() -> None:
    """What a Mac types in NFD becomes NFC."""
    decomposed = unicodedata.normalize("NFD", "hợp tác xã")

    assert normalise(decomposed) == "hợp tác xã"


def test_invisible_characters_go() -> None:
    """Zero-width, bidirectional and control characters leave no trace, breaks become spaces."""
    assert normalise("h\u200btx\u202e  là\x00\n\n\tgì\ufeff") == "htx là gì"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Normalised text is left alone."""
    once = normalise(text)

    assert once == normalise(once)


@given(st.text())
def test_nothing_is_too_strange(text: str) -> None:
    """Any string at all can be folded, split and expanded."""
    lexicon = Lexicon({"ko": "không"}, {"mo": "đâu"})

    assert fold(text) == fold(fold(text))
    assert all(tokens(text))
    assert len(normalise(text)) <= MAX_CHARS
    assert all(isinstance(part, str) for part in lexicon.expand(text))


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301" * 100_000,
        "\u05b0\u0591" * 50_000,
        "\n" * 10_000,
        "mô " * 40_000,
        "x" * 100_000,
        "😀" * 25_000,
        "(((" * 30_000,
    ],
    ids=["accents", "points", "breaks", "words", "one word", "emoji", "brackets"],
)
def test_hostile_length_costs_little(text: str, lexicon: Lexicon) -> None:
    """Of a hundred thousand characters no more are read than a question may have."""
    kept = normalise(text)

    assert len(kept) <= MAX_CHARS
    assert len(lexicon.read(kept)) <= MAX_CHARS


def test_folding_takes_d_too() -> None:
    """Folding removes every diacritic, and đ becomes d."""
    assert fold("Đăng ký HỢP TÁC XÃ") == "dang ky hop tac xa"


def test_diacritics_are_seen() -> None:
    """đ alone counts as a diacritic; plain letters do not."""
    assert has_diacritics("đi")
    assert not has_diacritics("Hop tac xa")


def test_drawn_out_letters_are_shortened() -> None:
    """People draw words out; numbers keep their digits."""
    assert tokens("khônggggg 1000") == ["không", "1000"]


def test_sentences_end_at_stops() -> None:
    """A story is split at its full stops and question marks."""
    assert sentences("Nhà tôi 5 người. Lập được không?") == ["Nhà tôi 5 người.", "Lập được không?"]


def test_a_sure_form_is_replaced_and_a_doubtful_one_kept_as_well() -> None:
    """The form ko is không; mo may be mô (đâu) or a word of its own."""
    lexicon = Lexicon({"ko": "không"}, {"mo": "đâu"})

    assert (WordReading("mo", ("đâu",)), WordReading("không")) == lexicon.read("mo ko")
    assert lexicon.expand("mo ko") == ("mo không", "đâu không")


def test_the_longest_form_wins(lexicon: Lexicon) -> None:
    """tổ hợp tác is not a tổ and a hợp tác xã."""
    assert lexicon.expand("tổ hợp tác")[0] == "tổ hợp tác"
    assert lexicon.expand("hợp tác")[0] == "hợp tác xã"


def test_dialect_and_teencode_are_understood(lexicon: Lexicon) -> None:
    """A sentence in Quảng dialect and one in teencode read as common Vietnamese."""
    assert lexicon.expand("nộp giấy ở mô rứa")[0] == "nộp giấy ở đâu vậy"
    assert lexicon.expand("k bik lm j z")[0] == "không biết làm gì vậy"


def test_the_lexicon_is_large_and_says_where_it_is_from(lexicon: Lexicon) -> None:
    """At least three hundred pairs of our own, and the file says so."""
    path = Path(__file__).parent.parent / "data" / "lexicon.tsv"

    assert len(lexicon.sure) >= 300
    assert "own work" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("line", ["no tab here", "ko\tkhông\nko\tkhông"])
def test_a_broken_lexicon_is_refused(line: str, tmp_path: Path) -> None:
    """A line without a tab and a form that stands twice are named."""
    path = tmp_path / "lexicon.tsv"
    path.write_text(line, encoding="utf-8")

    with pytest.raises(ValueError, match="Lexicon line"):
        read_lexicon(path)
