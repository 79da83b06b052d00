"""Figures: quantities with a unit, read out of Vietnamese sentences so that they can be compared.

`02 năm`, `2 năm`, `02 (hai) năm` and `hai năm` are one figure, as are `2 tỷ` and `2.000 triệu`.
In `70 đến dưới 90 điểm` and `3, 4 và 5 sao` every number has the unit. Dates, years, the numbers of
documents, and the places of a document (`Điều 4 khoản 2`) are no figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_NAMES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_DIGITS = {name: digit for digit, name in enumerate(_NAMES, start=1)}
_DIGITS |= {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7}
_ONE = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_UNIT_AFTER_TEN = "một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín"
NUMERAL = (
    rf"\b(?:(?:{_ONE}) trăm(?: (?:linh|lẻ) (?:{_ONE})| (?:{_ONE}) mươi(?: (?:{_UNIT_AFTER_TEN}))?)?"
    rf"|(?:{_ONE}) mươi(?: (?:{_UNIT_AFTER_TEN})\b)?"
    rf"|mười(?: (?:{_UNIT_AFTER_TEN})\b)?|(?:{_ONE}))\b"
)
"""A pattern that finds such a number."""


def read_numeral(words: str) -> int:
    """Return the number that the words say."""
    total = 0
    for word in words.lower().split():
        if word == "trăm":
            total *= 100
        elif word == "mươi":
            total = total - total % 10 + total % 10 * 10
        elif word == "mười":
            total += 10
        else:
            total += _DIGITS.get(word, 0)
    return total


_MONEY = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_SAME = {
    "phần trăm": "%",
    "ngày đêm": "ngày",
    "thành viên chính thức": "thành viên",
    "đại biểu thành viên": "đại biểu",
    "bộ hồ sơ": "bộ",
    "bộ sản phẩm": "bộ",
    "bản sao": "bản",
    "tỉ": "tỷ",
}
"""Units that are stated in several ways, and the way in which they are compared."""

UNITS = (
    *("ngày làm việc", "ngày", "tuần", "tháng", "năm", "quý", "giờ", "phút", "tuổi"),
    *("%", "phần trăm", "điểm", "sao", "hạng", "lần", "phiếu", "đồng"),
    *("người", "thành viên chính thức", "thành viên", "đại biểu thành viên", "đại biểu", "hộ"),
    *("liên hiệp hợp tác xã", "tổ hợp tác", "hợp tác xã", "tổ chức", "đại lý", "chủ thể", "quỹ"),
    *("bộ sản phẩm", "bộ hồ sơ", "bộ", "bản sao", "bản", "sản phẩm", "chữ số", "ha", "m2"),
    *("đơn vị", "phường", "xã", "đặc khu", "đợt", "nguyên tắc", "điều kiện", "ngành hàng"),
    *("mục", "nhóm", "loại", "cách", "cấp", "phần", "chính sách", "hoạt động", "kiểu", "tổng số"),
)
_IN_WORDS = frozenset(
    ("ngày làm việc", "ngày", "tuần", "tháng", "năm", "giờ", "tuổi", "%", "đồng", "thành viên")
)
"""Units whose numbers in words count; `hai xã` and `một phần` are mostly no figures."""
_NUMBER = r"(?!(?:19|20)\d\d\b)(?:\d+/\d+(?= tổng số)|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
_JOIN = r"\s*(?:, |đến dưới |đến |tới |và |hoặc |hay |[–-]\s*)"
_SCALE = "|".join(_MONEY)
_UNIT = "|".join(
    "năm(?! (?:19|20)[0-9]{2})" if unit == "năm" else unit for unit in sorted(UNITS, key=len)[::-1]
)
_AMOUNT = rf"(?:{_NUMBER}|{NUMERAL})"
_FIGURE = re.compile(
    rf"(?<![\w/.,-])(?P<amounts>{_AMOUNT}(?:{_JOIN}{_AMOUNT})*)(?:\s*\([^()\d]*\))?\s*"
    rf"(?:(?P<scale>{_SCALE})\b(?:\s+(?P<scaled>{_UNIT})(?!\w))?|(?P<unit>{_UNIT})(?!\w))",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(
    r"(?:ngày|tháng|quý|năm)\s+\d+(?:\s*[/–-]\s*\d+)*(?:\s+(?:tháng|năm)\s+\d+)*(?![,\d])"
    r"|(?:Điều|[Kk]hoản|[Mm]ục|Phụ lục|Chương|[Mm]ẫu(?: số)?|[Bb]ộ|[Ss]ố|đợt|khóa)\s+\d[\w.,-]*"
    r"(?:(?:, | và | đến )\d[\w.]*)*"
    r"|(?!\d+/\d+ tổng số)\d+/[\w./-]+|^\s*\d+\.\s",
    re.MULTILINE,
)
_MARKS = re.compile(r"\*\*|__|`")


@dataclass(frozen=True)
class Figure:
    """A quantity of a unit; equal when they say the same."""

    amount: Decimal
    unit: str

    def __str__(self) -> str:
        """Return the figure as a finding names it."""
        return f"{self.amount.normalize():f} {self.unit}"


@dataclass(frozen=True)
class StatedFigure:
    """A figure and where a text says it."""

    figure: Figure
    text: str
    before: str
    """The two words before it: what it is stated of."""


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[StatedFigure, ...]:
    """Return the figures of a text in order.

    Of numbers in words those of measures alone; `một` by itself counts nothing, it is an article.
    """
    return tuple(_read(bare(text)))


def _read(plain: str) -> Iterator[StatedFigure]:
    for match in _FIGURE.finditer(plain):
        for part in re.split(_JOIN, match["amounts"]):
            figure = _figure(part, match)
            if figure:
                yield StatedFigure(
                    figure, " ".join(match[0].split()), _before(plain[: match.start()])
                )


def figures_of(*texts: str) -> set[Figure]:
    """Return all figures of some texts."""
    return {stated.figure for text in texts for stated in figures(text)}


def bare(text: str) -> str:
    """Return a text without Markdown's marks, and noughts in place of what is no figure."""
    return _NO_FIGURE.sub(lambda found: "\0" * len(found[0]), _MARKS.sub("", text))


def _figure(part: str, match: re.Match[str]) -> Figure | None:
    named = (match["unit"] or match["scaled"] or "đồng").lower()
    unit = _SAME.get(named, named)
    scale = _MONEY.get((match["scale"] or "").lower(), 1)
    if part[:1].isdigit():
        return Figure(_decimal(part) * scale, unit)
    if unit not in _IN_WORDS or part.lower() == "một":
        return None
    return Figure(Decimal(read_numeral(part) * scale), unit)


def _decimal(digits: str) -> Decimal:
    above, _, below = digits.replace(".", "").replace(",", ".").partition("/")
    return Decimal(above) / Decimal(below or 1)


def _before(text: str) -> str:
    return " ".join(re.findall(r"\w+", text[-40:].lower())[-2:])
