"""What loans cost, as people tell it: rates by the month, by the year or neither, sums in `củ`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from services.conversation.quantities import read_number, write_number
from services.knowledge.beginnings import A_MONTH, A_YEAR

Time = Literal["month", "year"]
WORDS: Mapping[str, str] = {"month": "một tháng", "year": "một năm"}
"""How people say of what time a rate is, by the time."""
_EACH = r"(?:(?:1|một|mot|mỗi|moi|hằng|hàng|hang)\s+)"
_OF = r"(?:là|la|của|cua|theo)"
_HOW = r"(?:sao|răng|rang|thế nào|the nao|ra sao)(?!\w)"
_PAYING = (
    rf"(?!\s+(?:(?:thì|thi)(?!\s+{_HOW})"
    r"|phải|phai|trả|tra|góp|gop|đóng|dong|nhiêu|nhieu|hết|het)(?!\w))"
)
"""Behind `mỗi tháng` it is no time of a rate: `6% mỗi tháng trả …`, but `1% một tháng thì sao`."""
_TIMED = re.compile(
    r"(?:%|(?:phần trăm|phan tram)(?!\w))\s*(?P<over>/)?\s*"
    rf"{_EACH}?(?:(?P<year>năm|nam)|tháng|thang)(?!\w)(?(over)|{_PAYING})",
    re.IGNORECASE,
)
_ONES = "một|hai|ba|bốn|sáu|bảy|tám|chín|mot|bon|sau|bay|tam|chin"
_COUNTED = "ngày|ngay|tháng|thang|năm|nam|quý|quy|kỳ|ky|vụ|vu|lần|lan|vốn|von|%|phần|phan"
_PHAN = re.compile(
    rf"(?<![\w.,/-])(?:(?P<count>\d{{1,2}}(?:[.,]\d{{1,2}})?|{_ONES}|năm|nam|mười|muoi)\s*)?"
    r"(?:phân|phan)(?!\w)"
    r"(?:\s+(?P<half>rưỡi|rưởi|ruoi)"
    rf"|\s+(?P<tenths>[1-9]|mốt|tư|lăm|{_ONES})(?!\w|[.,]\d|\s*(?:{_COUNTED})))?(?!\w)"
    r"(?!\s+(?:trăm|tram|bón|bon|xưởng|xuong|hiệu|hieu|loại|loai|khu|đạm|dam|lân|chuồng|chuong"
    r"|năm|nam)(?!\w))"
    rf"(?P<year>(?=\s*(?:/\s*|{_EACH})(?:năm|nam)(?!\w)))?"
    rf"(?:\s*(?:/\s*)?{_EACH}?(?:tháng|thang)(?!\w){_PAYING})?",
    re.IGNORECASE,
)
"""`1 phan tram` and `3 phân xưởng` are other words; what `1 phân năm` means, nobody knows."""
_BEHIND_MONEY = (
    "rưỡi|ruoi|thôi|thoi|thì|thi|trong|lãi|lai|mỗi|moi|một|mot|trả|tra|với|voi|vay|có|co|được|duoc|dc|mà|ma"
    "|nữa|nua|đi|di|ạ|a|nhé|nhe|từ|tu|cho|để|de|kỳ|ky|là|la|không|khong|ko|k|hay|và|va|hết|het"
    r"|tiền|tien|vốn|von|\d+"
)
_MILLIONS = re.compile(
    r"(?<![\w.,/-])(?:(?P<count>[1-9]\d{0,4}(?:[.,]\d{1,2})?\s*)(?:củ|cu)"
    rf"|(?P<told>(?:(?:{_ONES}|năm|mười|mươi|chục|trăm|lăm|mốt|tư)\s+)+)củ)(?!\w)"
    rf"(?=\s*(?:$|[^\w\s]|(?:{_BEHIND_MONEY})(?!\w)))",
    re.IGNORECASE,
)
"""`40 củ` is money, `40 củ sâm` is none; `Quảng Nam cũ` loses its marks more often than its sum."""
_TIME = re.compile(
    rf"(?:\s+{_OF})?\s*/?\s*{_EACH}?(?:tháng|thang)(?!\w)"
    rf"|(?:\s*/\s*|(?:^|\s+){_OF}\s+{_EACH}?|\s*{_EACH}|(?<=%)\s*|(?<=trăm)\s+|(?<=tram)\s+)"
    r"(?P<year>năm|nam)(?!\w)",
    re.IGNORECASE,
)
"""Of what time a rate is that stands alone; a bare `năm` may be five."""
_TIME_ALONE = re.compile(rf"(?:{_OF}\s+)?{_EACH}?(?:tháng|thang|(?P<year>năm|nam))", re.IGNORECASE)


def marked(text: str) -> str:
    """Return a text with a mark behind each rate that tells of what time it is, sums in `triệu`."""
    told = in_percent(in_millions(text))
    return _TIMED.sub(lambda rate: f"% {A_YEAR if rate['year'] else A_MONTH} ", told)


def in_millions(text: str) -> str:
    """Write out sums told in `củ`, which are millions: `40 củ`, `hai củ rưỡi`."""
    return _MILLIONS.sub(lambda sum_: f"{sum_['count'] or sum_['told']}triệu", text)


def in_percent(text: str) -> str:
    """Write out rates told in `phân`, which are hundredths a month: `1 phân rưỡi`, `1 phân 2`."""
    return _PHAN.sub(_written_out, text)


def parted(told: str) -> tuple[str, Time | None]:
    """Part a rate from its time; None where it does not tell of what time it is."""
    text = in_percent(told)
    found = _TIME.search(text)
    if found is None:
        return text, None
    return _TIME.sub(" ", text).strip(), "year" if found["year"] else "month"


def time_alone(text: str) -> Time | None:
    """Return the time that a text tells and nothing else: `một tháng`, `theo năm`."""
    found = _TIME_ALONE.fullmatch(text.strip(" .!"))
    return found and ("year" if found["year"] else "month")


def _written_out(found: re.Match[str]) -> str:
    if not (found["count"] or found["half"]):
        return found[0]
    rate = read_number(found["count"]) if found["count"] else Decimal(1)
    if found["half"]:
        rate += Decimal("0.5")
    elif found["tenths"]:
        rate += read_number(found["tenths"]) / 10
    return f"{write_number(rate)}%{'' if found['year'] is not None else '/tháng'}"
