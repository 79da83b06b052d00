import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.checks.citations import outside, read_clause
from services.knowledge.schema import Outline

OUTLINE = Outline(
    articles={4: (0, 3), 5: (), 6: None},
    sections={1: 2},
    appendices={"II": ("mục 1.1", "bộ 2"), "III": ("Mẫu 02",)},
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Điều 4 khoản 3 điểm a", ["Điều 4 khoản 3 điểm a"]),
        ("Điều 6 khoản 2, Điều 7 khoản 2", ["Điều 6 khoản 2", "Điều 7 khoản 2"]),
        ("Điều 10 khoản 1, 2 và 4, Điều 15a", [*(f"Điều 10 khoản {n}" for n in "124"), "Điều 15a"]),
        ("Điều 17 đến 19", ["Điều 17", "Điều 18", "Điều 19"]),
        ("Điều 4 khoản 2 đến 3", ["Điều 4 khoản 2", "Điều 4 khoản 3"]),
        ("Điều 1 khoản 1 điểm c đến đ", [f"Điều 1 khoản 1 điểm {p}" for p in "cdđ"]),
        ("Mục 2", ["Mục 2"]),
        ("Mục 1 gạch đầu dòng 3", ["Mục 1 gạch đầu dòng 3"]),
        ("Phụ lục II mục 1.1 và 3.2", ["Phụ lục II mục 1.1", "Phụ lục II mục 3.2"]),
        ("Phụ lục III Mẫu số 02, Phụ lục I", ["Phụ lục III Mẫu 02", "Phụ lục I"]),
        ("Điều 8 (theo trang luật)", ["Điều 8"]),
        ("toàn văn", []),
        ("Phần Kính gửi, Nơi nhận và câu kết", []),
    ],
)
def test_clause_is_read(text: str, places: list[str]) -> None:
    """Every form that citations have is read into its places."""
    assert list(map(str, read_clause(text) or ())) == places


@pytest.mark.parametrize(
    "text",
    ["", "Điều", "Điều 4 khoản", "khoản 2 Điều 4", "Điều 4,", "Điều 4 khoản 2 điểm w", "Điều 4; 5"],
)
def test_what_is_no_clause_is_not_read(text: str) -> None:
    """A clause that is cut short or turned about can't be read."""
    assert read_clause(text) is None


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Điều 4 khoản 2 điểm c", []),
        ("Điều 4 khoản 2 điểm d", ["Điều 4 khoản 2 điểm d"]),
        ("Điều 4 khoản 1 điểm a", ["Điều 4 khoản 1 điểm a"]),
        ("Điều 4 khoản 0, Điều 4 khoản 3", ["Điều 4 khoản 0", "Điều 4 khoản 3"]),
        ("Điều 5 khoản 1", ["Điều 5 khoản 1"]),
        ("Điều 6 khoản 99 điểm y", []),
        ("Điều 7, Điều 4a", ["Điều 7", "Điều 4a"]),
        ("Mục 1 gạch đầu dòng 2, Mục 2", ["Mục 2"]),
        ("Phụ lục II bộ 2, Phụ lục III Mẫu 03, Phụ lục IV", ["Phụ lục III Mẫu 03", "Phụ lục IV"]),
    ],
)
def test_places_outside_the_outline_are_named(text: str, absent: list[str]) -> None:
    """The last clause and point are inside, the next is not; unknown clauses may be anything."""
    assert list(map(str, outside(read_clause(text) or [], OUTLINE))) == absent


@given(st.text(alphabet="Điều khoản mục 0123456789,.avàđến()", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is written, the reader ends without an error, and so does the outline."""
    places = read_clause(text)

    assert places is None or len(list(outside(places, OUTLINE))) <= len(places)
