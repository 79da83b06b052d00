"""Quantities of a message: sums, days, terms, numbers of people, votes, stars, points, percents.

Read by form alone, nothing guessed: `120tr`, `1 tỷ 2`, `hai trăm triệu`, `3/2027`, `tháng ba sang
năm`, `12 người`, `36 tháng`. What is about, between, or either of two is read and marked inexact,
so that nothing is worked out from it. The numbers of documents and fractions are no quantities;
`26/41 người` are two: the part, and the whole that it is of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Literal

from nlu.text import fold, has_diacritics
from services.conversation.days import MET_TODAY, WEEKDAY, Period, read_period

Kind = Literal[
    "sum",
    "day",
    "term",
    "members",
    "people",
    "workers",
    "region",
    "votes",
    "delegates",
    "part",
    "star",
    "points",
    "products",
    "percent",
]
Unit = Literal["day", "workday", "month", "year"]


@dataclass(frozen=True)
class Term:
    """A length of time."""

    count: int
    unit: Unit

    @property
    def months(self) -> int | None:
        """Its months, where it is counted in months or years."""
        return {"month": self.count, "year": 12 * self.count}.get(self.unit)


@dataclass(frozen=True)
class Quantity:
    """One quantity of a text, and where it stands there."""

    kind: Kind
    value: int | Decimal | Term | Period
    start: int
    end: int
    exact: bool = True
    """Whether it is one value: not `khoảng`, `hơn`, nor either of two."""


_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7}
_WORDS |= {"tám": 8, "chín": 9}
_AFTER_TEN = _WORDS | {"mốt": 1, "tư": 4, "lăm": 5, "rưỡi": 5}
_VALUES = {fold(word): value for word, value in _AFTER_TEN.items()}
_VALUES |= {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SCALES = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6}
_SCALES |= {"nghin": 10**3, "ngan": 10**3, "k": 10**3}
_DIGITS = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?)(?!\d)"
_LETTER = r"[^\W\d_]"
_HUNDREDS = 3
_MOST_MONEY, _MOST_OTHERS = 10**14, 10**5
"""What is more was not meant: a hundred thousand billion đồng, a hundred thousand members."""
_LEAST_WHOLE = 10
"""`2/3 thành viên` is a fraction, `8/12 thành viên` are eight of twelve."""
_PLACE = r"(?:bán|ban|trường|truong|du lịch|du lich|giao|thu|dừng|dung|trưng|trung|đến|den)"
"""What makes `điểm` a place: `3 điểm bán`."""
_UNITS: dict[Kind, tuple[str, ...]] = {
    "members": ("bà con thành viên", "bà con xã viên", "thành viên", "xã viên", "tv"),
    "people": ("người", "ng", "bà con", "chữ ký"),
    "workers": ("lao động", "kỹ sư", "cử nhân", "công nhân", "nhân viên", "bạn trẻ", "bạn", "đứa"),
    "votes": ("phiếu",),
    "delegates": ("đại biểu",),
    "star": ("sao",),
    "points": (
        rf"(?:(?:/|trên|tren)\s*100\s*)?(?:điểm|diem)(?!\s*{_PLACE})",
        r"/\s*100(?!\d)",
    ),
    "products": ("sản phẩm", "món", "sp"),
    "percent": ("%", "phần trăm"),
}
_HEADS: tuple[Kind, ...] = ("members", "people", "votes", "delegates")
_TERMS: dict[str, Unit] = {"ngày làm việc": "workday", "ngay lam viec": "workday"}
_TERMS |= {"ngày": "day", "ngay": "day", "tháng": "month", "thang": "month"}
_TERMS |= {"năm": "year", "nam": "year"}
_HALF = r"(?:rưỡi|rưởi|ruoi)"
_COUNTED = "|".join((*_TERMS, "sao", "%", "phần", "phan", "phân", "người", "nguoi", "thành viên"))
_COUNTED += "|thanh vien|xã viên|xa vien|phiếu|phieu|điểm|diem|đại biểu|dai bieu|tv|hộ|ho|tổ|htx"
"""What follows a number that is no rest of a sum, nor a day: `1 tỷ 12 người`, `30 triệu 1 phân`."""
_APART = "vợ chồng|(?:anh|chị) em(?! ơi)|đứa|nhà(?! nước| tui| tôi| em| có)|lần(?! đầu)|vụ|đợt|con"
_APART_PLAIN = "vo chong|lan(?! dau)|vu"
"""What follows a number that is none either, and the same as it is typed plainly."""
_VAGUE_BEFORE = re.compile(
    r"(?:khoảng|khoang|cỡ|tầm|chừng|chung|gần|gan|hơn|hon|dưới|duoi|trên|tren|quá"
    r"|(?<!thông )(?<!thong )qua|tối đa|toi da"
    r"|tối thiểu|toi thieu|ít nhất|it nhat|nhiều nhất|nhieu nhat|không phải|khong phai"
    r"|(?<!lần )(?<!lan )(?<!hôm )(?<!bữa )(?<!năm )trước|(?<!lan )(?<!nam )truoc|sau"
    r"|(?:một|hai|mot)\s+(?:phần|phan)"
    r"|chưa tới|chưa đến|chua toi|chua den|mấy|vài|âm|trừ|mỗi năm|hằng năm|hàng năm|hang nam"
    r"|(?<![\d/])\d{1,2}\s*,|\d\s*(?:-|–|đến|den|tới|toi|hoặc|hoac|hay)|(?<!\w)[x×*])\s*(?:là\s*|la\s*)?$",
    re.IGNORECASE,
)
_VAGUE_AFTER = re.compile(
    r"\s*(?:rưỡi|rưởi|ruoi|mùng|mồng|mung|(?:trước|truoc)(?!\s*(?:ngày|ngay|khi|tháng))"
    r"|hơn|trở lên|tro len|trở xuống|tro xuong|đổ lại|do lai|lẻ|âm lịch"
    r"|am lich|âm(?!\w)|gì đó|gi do|\+)",
    re.IGNORECASE,
)
_SOME_MORE = re.compile(r"\s*mấy(?! người| thành)")
"""Behind a sum that is not told to the end: `300 triệu mấy`; elsewhere it asks."""
_OUT_OF = re.compile(r"\s*(?:trên|tren)\s*(?:tổng số|tong so|tổng|tong)?\s*")
"""Between two quantities: `300 triệu trên 1 tỷ` is no more than a milliard."""
_EITHER = re.compile(
    r"\s*(?P<joined>,|và|va)?(?:-|–|hay|hay là|hay la|hoặc|hoac|hoặc là|đến|den|tới|toi)?\s*"
    r"(?:ngày|ngay|tháng|thang|là|la)?\s*",
    re.IGNORECASE,
)
_FIRST_OF = re.compile(r"\s*(?:đầu|dau)(?!\w)", re.IGNORECASE)
"""Behind a term that is a part of another: `30 tháng, 6 tháng đầu …`."""
_HOW_MANY = re.compile(r"(?:bao nhiêu|bao nhieu|mấy|may|vài|vai)\s*$")
"""Before `tháng sau`, which is no month then: `mấy tháng sau khi …`."""
_ONE = {"một", "mot"}
_UP_TO = re.compile(r"(?:đến|den|tới|toi)")
_EACH = re.compile(r"(?:hằng|hàng|hang|mỗi|moi|từng|tung|cuối|cuoi|đầu|dau|trong|cả|ca)\s*$")
"""Before `năm`, which is a year then: `hằng năm thành viên …`."""


def read_quantities(text: str, today: date) -> list[Quantity]:
    """Return the quantities of a text, in their order; today tells which month `tháng sau` is."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form is two: in no Vietnamese word
        return []
    plain = not has_diacritics(text)
    found = [one for match in _pattern(plain=plain).finditer(lowered) for one in _of(match, today)]
    ends = [0, *(one.end for one in found)]
    judged = [_judged(one, lowered, end) for one, end in zip(found, ends, strict=False)]
    return _without_alternatives(judged, lowered)


def write_sum(value: int) -> str:
    """Write a sum of money as people do: 1,2 tỷ đồng, 300 triệu đồng, 12.345.000 đồng."""
    for scale, name, step in ((10**9, "tỷ", 10**7), (10**6, "triệu", 10**5)):
        if value >= scale and value % step == 0:
            return f"{write_number(Decimal(value) / scale)} {name} đồng"
    return f"{grouped(value)} đồng"


def grouped(value: int) -> str:
    """Write a whole number in groups of three, as people do: 1.234."""
    return f"{value:,}".replace(",", ".")


def write_number(value: int | Decimal) -> str:
    """Write a number with the comma and without noughts at its end."""
    return f"{Decimal(value).normalize():f}".replace(".", ",")


def write_share(share: float) -> str:
    """Write a share of one as people here do: 93,5 %."""
    return f"{share * 100:.1f} %".replace(".", ",")


def read_number(words: str) -> Decimal:
    """Return the number that digits or words say: `1.200`, `1,5`, `hai mươi lăm`, `2 trăm`."""
    if re.fullmatch(_DIGITS, words):
        grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", words)
        return Decimal((words.replace(".", "") if grouped else words).replace(",", "."))
    total = 0
    for word in fold(words).split():
        if word == "tram":
            total *= 100
        elif word in {"muoi", "chuc"}:
            total += 9 * (total % 10) or 10
        elif word.isdecimal():
            total += int(word)
        else:
            total += _VALUES.get(word, 0)
    return Decimal(total)


@cache
def _pattern(*, plain: bool) -> re.Pattern[str]:
    """Return what finds a quantity; words without diacritics are numbers in no other message."""
    number = f"(?:{_DIGITS}|{_numeral(plain=plain)})"
    scale = rf"(?:tỷ|tỉ|triệu|trieu|tr|nghìn|nghin|ngàn|ngan|k|ty|ti)(?!{_LETTER})"
    # “8 triệu một sản phẩm” has no rest, and “mốt” may be the day after tomorrow.
    alone = rf"\s*(?:[.,;:?!]|$|trăm|tram|được|duoc|không|khong|thì|ạ|nha|{scale})"
    rest = rf"(?!1\s*(?:mình|minh))(?!(?:một|mot)(?!{alone}))(?:(?>{number})|mốt(?={alone}))"
    rest += rf"(?!\s*(?:{_APART_PLAIN if plain else _APART})(?!{_LETTER}))"
    tail = rf"(?:{_HALF}|{rest}(?:\s*(?:trăm|tram))?+(?:\s*{scale})?+)"
    ended = rf"(?!\s*(?:{_COUNTED})(?!{_LETTER})|[/.,-]?\d|{_LETTER})"
    money = (
        rf"\s*(?:đồng|dong|đ|vnđ|vnd)(?!{_LETTER}|\s+(?:ý|y|tình|tinh|thuận|thuan)(?!{_LETTER}))"
    )
    units = "|".join(
        rf"(?P<{kind}>{number})\s*(?:{_either(names)})(?!{_LETTER})"
        for kind, names in _UNITS.items()
    )
    heads = "|".join(_either(_UNITS[kind]) for kind in _HEADS)
    out_of = r"\s*(?:/|(?:trên|tren|trong)(?:\s+(?:tổng\s+số|tong so|số|so))?)\s*"
    return re.compile(
        rf"(?P<day>{_days(number)})"
        rf"|(?<![\w.,/-])(?P<part>\d{{1,5}}){out_of}"
        rf"(?P<whole_of>(?P<of>\d{{1,5}})\s*(?:{heads})(?!{_LETTER}))"
        rf"|(?<![\w.,/-])(?:(?P<amount>{number}|nửa|nua)\s*(?P<scale>{scale})"
        rf"(?:\s*(?P<tail>{tail}){ended})?(?:{money})?"
        rf"|(?P<half>(?:tỷ|tỉ|ty))\s+{_HALF}(?!{_LETTER})"
        rf"|(?P<whole>\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d+0{{6}})(?![\d.,]\d)(?:{money})?"
        rf"|(?P<small>{_DIGITS}){money}"
        rf"|(?P<lower>[1-5])(?=\s*(?:lên|len)\s*(?:hạng\s*)?[1-5]\s*sao)"
        rf"|(?:vùng|vung)\s+(?P<region>i{{1,3}}|iv|[1-4]|một|hai|ba|bốn|mot|bon)(?!\w|[.,/]\d)"
        rf"|{units}"
        rf"|(?P<term>{number})\s*(?P<unit>{'|'.join(_TERMS)})(?!{_LETTER}|\s*\d)"
        rf"(?P<and_half>\s+{_HALF}(?!{_LETTER}))?"
        rf"|(?P<half_year>nửa|nua)\s+(?:năm|nam)(?!{_LETTER}))",
        re.IGNORECASE,
    )


def _days(number: str) -> str:
    """Return what finds a day or a month, as `days.read_period` reads it."""
    year = r"(?:(?:19|20)\d\d)(?!\d|/\w)"
    turn = (
        r"(?:(?:năm|nam)\s+(?:nay|ni|sau|tới|toi|ngoái|ngoai|trước|truoc|rồi|roi)"
        r"|(?:sang|qua)\s+(?:năm|nam))"
    )
    month = rf"(?:tháng|thang|thg|t)\s*(?:\d{{1,2}}(?!\d)|{number})"
    behind = rf"(?:\s*[/.,-]?\s*(?:(?:năm|nam)\s*)?{year}|\s*,?\s*{turn})"
    return (
        rf"(?<![\w.,/-])(?:{WEEKDAY})?(?:"
        rf"(?:19|20)\d\d-\d{{1,2}}-\d{{1,2}}(?!\d)"
        rf"|(?:(?:ngày|ngay|mùng|mung)\s*)?\d{{1,2}}\s*[/.-]\s*\d{{1,2}}\s*[/.-]\s*"
        rf"(?:{year}|\d\d(?![\d/]))"
        rf"|(?:(?:ngày|ngay|mùng|mung)\s*)?\d{{1,2}}\s*[/.-]\s*\d{{1,2}}(?!\d)\s+{turn}"
        rf"|(?:(?:ngày|ngay|mùng|mung)\s*)?\d{{1,2}}\s*{month}{behind}?"
        rf"|(?:ngày|ngay|hôm|hom)\s*\d{{1,2}}\s*[/.-]\s*\d{{1,2}}(?![\d/])"
        rf"|(?:(?:tháng|thang|thg|t)\s*)?\d{{1,2}}\s*[/.-]\s*{year}"
        rf"|{month}{behind}"
        rf"|{month}\s+(?:này|nay|tới|toi)(?!{_LETTER})"
        rf"|(?:tháng|thang)\s+(?:này|nay|sau(?!\s+khi)|tới|toi|trước|truoc|rồi|roi)(?!{_LETTER})"
        rf"|(?:(?:hôm|hom)\s+(?:nay|qua)|{MET_TODAY})(?!{_LETTER})"
        rf"|\d{{1,2}}/\d{{1,2}}(?![\d/]|\s*(?:{_COUNTED})(?!{_LETTER})))"
    )


def _numeral(*, plain: bool) -> str:
    ones, after = ((_WORDS, _AFTER_TEN), (map(fold, _WORDS), map(fold, _AFTER_TEN)))[plain]
    one, unit = f"(?:{'|'.join(ones)}|[1-9])", f"(?:{'|'.join(after)})"
    hundred, ten, tens, odd = "trăm", "mười", "(?:mươi|chục)", "(?:linh|lẻ)"
    if plain:
        hundred, ten, tens, odd = map(fold, (hundred, ten, tens, odd))
    teens = rf"{ten}(?:\s+{unit})?"
    small = rf"{one}\s+{tens}(?:\s+{unit})?|{teens}"
    large = rf"{one}\s+{hundred}(?:\s+{odd}\s+{one}|\s+(?:{small}))?"
    return rf"(?:{large}|{small}|{one})(?!{_LETTER})"


def _either(names: tuple[str, ...]) -> str:
    return "|".join(dict.fromkeys(form for name in names for form in (name, fold(name))))


def _of(match: re.Match[str], today: date) -> Iterator[Quantity]:
    """Yield the quantity that was found, unless it only looks like one."""
    start, end = match.span()
    if match["day"]:
        before = match.string[:start]
        period = read_period(match["day"], before, today, match.string[end:])
        if period is not None and not _HOW_MANY.search(before):
            yield Quantity("day", period, start, end)
    elif match["part"]:
        yield from _part_of_whole(match)
    elif match["region"]:
        yield Quantity("region", int(read_number(match["region"])), start, end)
    elif match["term"] or match["half_year"]:
        yield _term(match)
    elif (kind := _unit_of(match)) and kind in {"members", "people"} and match[kind] in _ONE:
        return  # `một người` is somebody
    elif kind:
        value = read_number(match["lower" if match["lower"] else kind])
        whole = kind in {"points", "percent"} or value == int(value)
        yield Quantity(
            kind, value if kind in {"points", "percent"} else int(value), start, end, whole
        )
    else:
        yield _sum(match, start, end)


def _part_of_whole(match: re.Match[str]) -> Iterator[Quantity]:
    """Yield the part and the whole of `26/41 người`; nothing of what may be a fraction."""
    part, whole = int(match["part"]), int(match["of"])
    if _LEAST_WHOLE <= whole >= part:
        unit = match["whole_of"].removeprefix(match["of"]).strip()
        heads = next(kind for kind in _HEADS if re.fullmatch(_either(_UNITS[kind]), unit))
        yield Quantity("part", part, *match.span("part"))
        yield Quantity(heads, whole, *match.span("whole_of"))


def _term(match: re.Match[str]) -> Quantity:
    """Return a length of time; a year and a half are eighteen months."""
    if match["half_year"]:
        return Quantity("term", Term(6, "month"), *match.span())
    count, unit = read_number(match["term"]), _TERMS[" ".join(match["unit"].split())]
    exact = count == int(count)
    if not match["and_half"]:
        return Quantity("term", Term(int(count), unit), *match.span(), exact)
    halved = Term(12 * int(count) + 6, "month")
    return Quantity("term", halved, *match.span(), exact and unit == "year")


def _unit_of(match: re.Match[str]) -> Kind | None:
    if match["lower"]:
        return "star"
    return next((kind for kind in _UNITS if match[kind]), None)


def _sum(match: re.Match[str], start: int, end: int) -> Quantity:
    """Return a sum of money; the rest behind its scale counts in that scale: `1 tỷ 2`."""
    if match["half"]:
        return Quantity("sum", 15 * 10**8, start, end)
    if whole := match["whole"] or match["small"]:
        return Quantity("sum", int(read_number(whole)), start, end)
    scale = _SCALES[fold(match["scale"])]
    halved = fold(match["amount"]) == "nua"
    amount = (Decimal("0.5") if halved else read_number(match["amount"])) * scale
    tail, exact = _tail(match["tail"] or "", scale)
    return Quantity("sum", int(amount + tail), start, end, exact)


def _tail(tail: str, scale: int) -> tuple[Decimal, bool]:
    """Return what the rest of a sum adds, and whether it can mean that alone."""
    folded = fold(tail).strip()
    if not folded or folded == "ruoi":
        return Decimal(scale) / 2 if folded else Decimal(0), True
    own = next((name for name in _SCALES if folded.endswith(name)), None)
    if own and not folded.removesuffix(own).endswith(tuple("abcdefghijklmnopqrstuvwxyz")):
        return read_number(folded.removesuffix(own).strip()) * _SCALES[own], _SCALES[own] < scale
    number = read_number(folded)
    if folded.endswith("tram"):
        return number * scale / 1000, True
    digits = len(folded) if folded.isdecimal() else 1
    return number * scale / 10**digits, digits in {1, _HUNDREDS}


def _judged(one: Quantity, text: str, previous: int) -> Quantity:
    """Return a quantity marked inexact where it or the words around it make it so.

    `previous` is where the quantity before it ends.
    """
    before, after = text[max(previous, one.start - 24) : one.start], text[one.end : one.end + 12]
    told = text[one.start : one.end]
    year = fold(told).startswith("nam ") and _EACH.search(before)
    words = _WORDS if has_diacritics(text) else map(fold, _WORDS)
    number = rf"(?:^|(?<!lần)(?<!lan)(?<!thứ)(?<!thu)\s)(?:{'|'.join(words)})\s+$"
    adjacent = re.search(number, before) and not told[0].isdigit()
    over = _VAGUE_BEFORE.search(before) and not (
        previous and _OUT_OF.fullmatch(text, previous, one.start)
    )
    some = one.kind == "sum" and _SOME_MORE.match(after)
    most = _MOST_MONEY if one.kind == "sum" else _MOST_OTHERS
    much = isinstance(one.value, int | Decimal) and one.value > most
    vague = over or some or much or _VAGUE_AFTER.match(after) or year or adjacent
    return replace(one, exact=False) if vague else one


def _is_either(kind: Kind, between: str) -> bool:
    """Say whether what stands between two of a kind leaves open which is meant.

    `25 thành viên, 20 người dự` are two different things, as are `9 người 5 người đồng ý`, and
    `từ 3 sao tới 4 sao` is a way.
    """
    found = _EITHER.fullmatch(between)
    if found is None or (kind in _HEADS and (found["joined"] or not between.strip())):
        return False
    return kind != "star" or not _UP_TO.search(between)


def _without_alternatives(found: list[Quantity], text: str) -> list[Quantity]:
    """Mark those that stand for either of two, or for what lies between: nobody knows which."""
    vague = {
        at
        for at, (first, second) in enumerate(pairwise(found))
        if first.kind == second.kind
        and _is_either(first.kind, text[first.end : second.start])
        and not _FIRST_OF.match(text, second.end)
    }
    unsure = vague | {at + 1 for at in vague}
    return [replace(one, exact=one.exact and at not in unsure) for at, one in enumerate(found)]
