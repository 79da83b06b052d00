import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.checks.figures import figures_of, read_figures, read_numeral


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("02 năm", "2 năm"),
        ("05 (năm) ngày làm việc", "5 ngày làm việc"),
        ("2 tỷ đồng", "2 tỷ"),
        ("2.000 triệu đồng", "2 tỉ đồng"),
        ("35%", "35 phần trăm"),
        ("ba mươi sáu tháng", "36 tháng"),
        ("**36** tháng", "36 tháng"),
        ("1,5 triệu thành viên", "1.500.000 thành viên"),
        ("26 bộ sản phẩm", "26 bộ"),
    ],
)
def test_one_figure_has_many_spellings(one: str, other: str) -> None:
    """Noughts, words, marks and scales do not make another figure."""
    assert figures_of(one) == figures_of(other) != set()


@pytest.mark.parametrize(
    ("one", "other"), [("5 ngày", "5 ngày làm việc"), ("5 năm", "5 tháng"), ("3 sao", "3 điểm")]
)
def test_units_are_told_apart(one: str, other: str) -> None:
    """A day is no working day."""
    assert figures_of(one).isdisjoint(figures_of(other))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("từ 70 đến dưới 90 điểm", ["70 điểm", "90 điểm"]),
        ("3, 4 và 5 sao", ["3 sao", "4 sao", "5 sao"]),
        ("10–15 ngày", ["10 ngày", "15 ngày"]),
        ("ít nhất 2/3 tổng số thành viên", ["0.6666666666666666666666666667 tổng số"]),
        ("ngày 15 tháng 7 năm 2025", []),
        ("giai đoạn 2021–2025, năm 2024", []),
        ("Điều 4 khoản 2 điểm a, khoản 3 điểm b", []),
        ("Nghị định 45/2021/NĐ-CP, Mẫu 01", []),
        ("1. Nộp hồ sơ", []),
        ("một người, một lần", []),
    ],
)
def test_usage_of_a_sentence(text: str, read: list[str]) -> None:
    """Ranges and lists share their unit; dates, clauses and numbers of documents are no figures."""
    assert [str(each.figure) for each in read_figures(text)] == read


@given(st.integers(1, 999_999), st.sampled_from(["ngày", "tháng", "đồng", "%", "thành viên"]))
def test_digits_are_read_as_written(number: int, unit: str) -> None:
    """With or without dots between thousands, a number is itself."""
    if 1900 <= number < 2100:
        return
    dotted = f"{number:,}".replace(",", ".")
    assert figures_of(f"{dotted} {unit}") == figures_of(f"{number} {unit}") != set()


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever is written, reading ends."""
    assert isinstance(read_figures(text), tuple)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("năm", 5),
        ("mười", 10),
        ("mười lăm", 15),
        ("hai mươi", 20),
        ("hai mươi mốt", 21),
        ("chín mươi chín", 99),
        ("một trăm lẻ năm", 105),
        ("một trăm hai mươi", 120),
    ],
)
def test_numbers_in_words(words: str, number: int) -> None:
    """The turns of Vietnamese numbers are known."""
    assert read_numeral(words) == number
