"""Quantities are read as people write them; what is not one value is not taken for one."""

from datetime import date
from decimal import Decimal

import pytest

from services.conversation.days import Period, write_month, write_period
from services.conversation.quantities import Term, read_quantities, write_number, write_sum

TODAY = date(2026, 11, 29)
MARCH = Period(date(2027, 3, 1), date(2027, 3, 31))


def read(text: str) -> list[object]:
    """Return the values that can be taken."""
    return [one.value for one in read_quantities(text, TODAY) if one.exact]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("vay 120tr", 120_000_000),
        ("1 tỷ 2", 1_200_000_000),
        ("1tỷ2", 1_200_000_000),
        ("một tỷ hai", 1_200_000_000),
        ("1 tỷ 250", 1_250_000_000),
        ("1 ty 2 tram trieu", 1_200_000_000),
        ("1,2 tỉ", 1_200_000_000),
        ("1.200 triệu", 1_200_000_000),
        ("900 triệu", 900_000_000),
        ("hai trăm triệu", 200_000_000),
        ("hai tram nam muoi trieu", 250_000_000),
        ("2 trăm triệu", 200_000_000),
        ("nửa tỷ", 500_000_000),
        ("tỷ rưỡi", 1_500_000_000),
        ("5 triệu rưỡi", 5_500_000),
        ("500.000.000", 500_000_000),
        ("500000 đồng", 500_000),
        ("30k", 30_000),
        ("vay 30 triệu 1 phân", 30_000_000),
        ("vay 30 trieu 2 phan", 30_000_000),
    ],
)
def test_sums_are_read(text: str, value: int) -> None:
    """In digits, in words, with the rest behind the unit, with and without diacritics."""
    assert read(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("đòi bỏ 350 triệu một mình", 350_000_000),
        ("doi bo 350 trieu mot minh", 350_000_000),
        ("hùn 2 triệu một lần", 2_000_000),
        ("góp 20 triệu hai vợ chồng", 20_000_000),
        ("vay 3 tỷ ba nhà chia nhau", 3_000_000_000),
        ("giữ 350 triệu 1 mình", 350_000_000),
        ("trả 2 triệu một kỳ", 2_000_000),
        ("hùn 2 triệu 1 lần", 2_000_000),
        ("lai 5 trieu mot vu", 5_000_000),
        ("mua 25 triệu 1 con", 25_000_000),
        ("mượn 30 triệu mốt tui trả", 30_000_000),
    ],
)
def test_word_of_how_many_behind_a_sum_is_no_rest_of_it(text: str, value: int) -> None:
    """“350 triệu một mình” are 350 million, and “mốt” may be the day after tomorrow."""
    assert read(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lãi 1 triệu mốt", 1_100_000),
        ("lãi 1 triệu hai", 1_200_000),
        ("vay 2 tỷ một được không", 2_100_000_000),
        ("vay 1 tỷ hai mình trả", 1_200_000_000),
        ("góp 2 triệu 500 lần đầu", 2_500_000),
        ("vay 1 tỷ 2 nhà tui có đất", 1_200_000_000),
        ("vốn 1 tỷ một  trăm triệu", 1_100_000_000),
        ("vay 1 tỷ 2 bên ngân hàng", 1_200_000_000),
        ("vay 1 tỷ 2 chị em ơi", 1_200_000_000),
        ("vay 1 tỷ 5 triệu bên quỹ", 1_005_000_000),
        ("vay 3 tỷ ba nhà nước cho", 3_300_000_000),
    ],
)
def test_rest_of_a_sum_is_read_whatever_stands_behind_it(text: str, value: int) -> None:
    """In words or digits; neither a bank nor whom one speaks to makes it another thing."""
    assert read(text) == [value]


def test_day_is_read_whoever_is_named_behind_it() -> None:
    """“20/12 bên em họp” is the twentieth."""
    (one,) = read_quantities("họp 20/12 bên em gửi giấy mời", TODAY)

    assert one.kind == "day"


@pytest.mark.parametrize(
    "text",
    [
        *("kỳ họp thứ hai ngày 10/3/2027", "ky hop thu hai 10/3/2027", "đợt thứ ba 10/3/2027"),
        *("cuộc họp thứ năm, ngày 10/3/2027", "phiên thứ hai là 10/3/2027"),
    ],
)
def test_second_of_several_is_no_monday(text: str) -> None:
    """What is counted stands before it: the day is read, whichever of its week it is."""
    assert read(text) == [Period(date(2027, 3, 10), date(2027, 3, 10))]


@pytest.mark.parametrize(
    "text",
    [
        *("3/2027", "tháng 3 năm 2027", "thang 3 nam 2027", "t3/2027", "tháng 3-2027"),
        *("tháng ba sang năm", "thang ba nam sau", "tháng 3 này", "tháng ba năm tới"),
    ],
)
def test_month_is_both_its_ends(text: str) -> None:
    """Where only the month is told, its first and its last day are."""
    assert read(text) == [MARCH]


@pytest.mark.parametrize(
    "text",
    [
        *("15-2-2027", "15/2/2027", "15.02.2027", "15/2/27", "2027-02-15"),
        *("ngày 15 tháng 2 năm 2027", "15 thang hai nam 2027", "15/2 sang năm"),
    ],
)
def test_days_are_read(text: str) -> None:
    """In every order and with every mark that people use."""
    assert read(text) == [Period.of(date(2027, 2, 15))]


def test_day_without_a_year_is_the_nearest_and_says_so() -> None:
    """Whoever needs the year can tell that it was not told."""
    assert read("ngày 20/11") == [Period.of(date(2026, 11, 20), dated=False)]


def test_other_quantities_are_read() -> None:
    """People, members, votes, terms, stars, points and percents."""
    assert read("mười hai người") == [12]
    assert read("25 thành viên, 20 người dự, 13 phiếu") == [25, 20, 13]
    assert read("36 tháng") == [Term(36, "month")]
    assert read("10 ngày làm việc") == [Term(10, "workday")]
    assert read("từ 3 lên 4 sao") == [3, 4]
    assert read("89,5 điểm") == [Decimal("89.5")]
    assert read("30 phần trăm") == [30]
    assert read("72/100 điểm") == [72]


def test_year_and_a_half_is_eighteen_months() -> None:
    """So is half a year six; a month and a half is no number of months."""
    assert read("một năm rưỡi") == [Term(18, "month")]
    assert read("nua nam") == [Term(6, "month")]
    assert read("tháng rưỡi, một tháng rưỡi") == []


def test_so_many_of_a_number_are_two_quantities() -> None:
    """The part, and the whole in its unit; a fraction is neither."""
    found = read_quantities("26/41 người, 12 trong số 20 phiếu, 2/3 thành viên", TODAY)

    assert [(one.kind, one.value) for one in found] == [
        *(("part", 26), ("people", 41), ("part", 12), ("votes", 20)),
    ]


def test_month_of_this_year_is_past_and_of_the_next_to_come() -> None:
    """“Tháng 2 này” is the next one; “năm nay” and “năm tới” tell the year."""
    february, december = date(TODAY.year, 2, 1), date(TODAY.year + 1, 12, 1)

    assert read("tháng 2 năm nay") == [Period(february, date(TODAY.year, 2, 28))]
    assert read("tháng 12 năm tới") == [Period(december, date(TODAY.year + 1, 12, 31))]


def test_day_that_is_no_fraction_needs_no_word_for_it() -> None:
    """`20/11` is a day, near enough; `1/3` may be a third, and a house has a number too."""
    assert read("thông báo 20/11") == [Period.of(date(2026, 11, 20), dated=False)]
    assert read("góp 1/3, nhà ở kiệt 20/11, quý 1/2027") == []


@pytest.mark.parametrize(
    "text",
    [
        *("khoảng 300 triệu", "hơn 300 triệu", "300 triệu mấy", "300-400 triệu", "1 tỷ 25"),
        *("300 triệu hoặc 400 triệu", "tháng 3/2027 hay tháng 5/2027", "10 đến 12 người"),
        *("hai ba người", "2, 3 người", "12 người trở lên", "trước ngày 22/5/2026"),
        *("31/2/2027", "13/2027", "năm 2027", "hằng năm thành viên", "một người"),
        *("Nghị quyết 07/2021", "Quyết định 26/2026", "Luật 17/2023/QH15", "1/3 thành viên"),
        *("3 điểm bán", "âm 5 triệu", "69 điểm rưỡi", "9" * 30 + " người", "9" * 30 + " tỷ"),
        *("mấy tháng sau khi cấp", "tháng 3 âm lịch sang năm", "bà triệu", "công ty 2"),
    ],
)
def test_what_is_not_one_value_is_not_taken(text: str) -> None:
    """About, more than, either of two, no day of the calendar, a document, a fraction, a word."""
    assert read(text) == []


def test_last_day_of_a_month_stays_the_last_where_the_other_has_no_such_day() -> None:
    """31/8 and six months is 28/2; 29/2 and three years is 28/2."""
    assert Period.of(date(2026, 8, 31)).shifted(months=6).last == date(2027, 2, 28)
    assert Period.of(date(2024, 2, 29)).shifted(months=36).last == date(2027, 2, 28)


def test_usage_are_written_as_people_do() -> None:
    """Round sums in words, others in full; days without noughts; both ends of a month."""
    sums = [write_sum(n) for n in (1_250_000_000, 300_000_000, 12_345_000, 300_000_001)]

    assert sums == ["1,25 tỷ đồng", "300 triệu đồng", "12.345.000 đồng", "300.000.001 đồng"]
    assert write_number(Decimal(100)) == "100"
    assert write_month(MARCH) == "tháng 3/2027"
    assert write_period(MARCH.shifted(days=-120)).startswith("ngày 1/11/2026 đến 1/12/2026")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Nay là 30/11, nộp từ ngày 5/11 chưa thấy gì", [date(2026, 11, 5)]),
        ("nop hom 24/11, hom nay 30/11 chua co giay", [date(2026, 11, 24), date(2026, 11, 30)]),
        ("nộp hôm 24/11, hôm nay 30/11.", [date(2026, 11, 24)]),
        ("hôm nay là ngày 30/11", []),
        ("hôm nay 30/11 nộp thì bữa mô có giấy", [date(2026, 11, 30)]),
        ("nộp hôm nay 30/11", [date(2026, 11, 30)]),
        ("nộp hôm nay", [TODAY]),
    ],
)
def test_day_that_is_only_told_to_be_today_is_none(text: str, days: list[date]) -> None:
    """Nothing happened on it; where something does, it is one."""
    found = [one.value for one in read_quantities(text, TODAY) if one.exact]

    assert [one.first for one in found if isinstance(one, Period)] == days
