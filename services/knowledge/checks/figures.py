"""Figures: read out of Vietnamese sentences, and those that no fact allows or that disagree.

A figure is a quantity with a unit, read so that it can be compared: `02 năm`, `2 năm`, `02 (hai)
năm` and `hai năm` are one figure, as are `2 tỷ` and `2.000 triệu`. In `70 đến dưới 90 điểm` and
`3, 4 và 5 sao` every number has the unit. Dates, years, the numbers of documents, and the places of
a document (`Điều 4 khoản 2`) are no figures.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from services.knowledge.article import Article
from services.knowledge.checks.citations import read_clause
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.schema import Fact, Procedure

_NAMES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_DIGITS = {name: digit for digit, name in enumerate(_NAMES, start=1)}
_DIGITS |= {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7}
_ONE = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_UNIT_AFTER_TEN = "một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín"
_NUMERAL = (
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


_BLANK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
"""What a rule's sentence fills in, which is no figure of its own."""
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

_UNITS = (
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
    "năm(?! (?:19|20)[0-9]{2})" if unit == "năm" else unit for unit in sorted(_UNITS, key=len)[::-1]
)
_AMOUNT = rf"(?:{_NUMBER}|{_NUMERAL})"
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
def read_figures(text: str) -> tuple[StatedFigure, ...]:
    """Return the figures of a text in order.

    Of numbers in words those of measures alone; `một` by itself counts nothing, it is an article.
    """
    return tuple(_read(_plain(text)))


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
    return {stated.figure for text in texts for stated in read_figures(text)}


def _plain(text: str) -> str:
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


_REMEDY = "Sửa số cho đúng, hoặc thêm vào `figures` của dữ kiện, kèm căn cứ."


def figures(library: Library) -> Iterator[Finding]:
    """Yield every figure that no fact allows.

    An article may state the figures of the facts it covers and of its procedure, a procedure and a
    rule those of their facts, a fact's words those that it lists.
    """
    for article in library.articles.values():
        yield from _of_article(article, library)
    for name, procedure in library.procedures.items():
        file, allowed = f"procedures/{name}.yml", _of_facts(procedure.facts, library)
        for stated in _beyond(_told(procedure), allowed):
            what = f"Con số “{stated.text}” không có trong dữ kiện của thủ tục."
            line = library.line(file, stated.text)
            yield Finding(file, line, "figures", what, _REMEDY, ("facts.yml",))
    for rule in library.rules.rules:
        told = _BLANK.sub(" … ", rule.says)
        for stated in _beyond((told,), _of_facts(rule.covers, library)):
            what = f"Quy định {rule.id}: con số “{stated.text}” không có trong dữ kiện của nó."
            line = library.line_of_entry("rules.yml", rule.id, stated.text)
            yield Finding("rules.yml", line, "says", what, _REMEDY, ("facts.yml",))
    for fact in library.facts.values():
        for stated in _beyond((fact.says,), figures_of(*fact.figures)):
            what = f"Dữ kiện {fact.id} nói “{stated.text}” mà `figures` không có."
            line = library.line_of_entry("facts.yml", fact.id, "figures:")
            yield Finding("facts.yml", line, "figures", what, "Ghi thêm số, hoặc sửa lời.")


def _of_article(article: Article, library: Library) -> Iterator[Finding]:
    allowed = _of_facts(article.head.covers, library)
    procedure = library.procedures.get(article.head.procedure or "")
    if procedure:
        allowed |= figures_of(*_told(procedure))
    causes = ("facts.yml", f"procedures/{article.head.procedure}.yml")
    for stated in _beyond(article.texts, allowed):
        what = f"Con số “{stated.text}” không có trong dữ kiện mà bài nêu ở `covers`."
        rival = _rival(stated, article, library)
        yield on(article, "body", stated.text, f"{what}{rival}", _REMEDY, causes=causes)


def _rival(stated: StatedFigure, article: Article, library: Library) -> str:
    """Name another article on one of its facts that says another figure after the same words."""
    own = set(article.head.covers)
    for other in library.articles.values():
        if other is article or not own & set(other.head.covers):
            continue
        for told in (told for text in other.texts for told in read_figures(text)):
            if (told.before, told.figure.unit) == (stated.before, stated.figure.unit):
                return f" Bài {other.id} nói “{told.text}”." if told.figure != stated.figure else ""
    return ""


def _told(procedure: Procedure) -> list[str]:
    papers = [f"{paper.name}. {paper.note or ''}" for paper in procedure.papers]
    known = [text for text in (procedure.place, procedure.time, procedure.fee) if text]
    steps = [step.says for step in procedure.steps]
    return [*steps, *papers, *procedure.ways, *known, *procedure.terms.values()]


def _of_facts(names: Iterable[str], library: Library) -> set[Figure]:
    known = [library.facts[name] for name in names if name in library.facts]
    return figures_of(*(figure for fact in known for figure in fact.figures))


def _beyond(texts: Iterable[str], allowed: set[Figure]) -> Iterator[StatedFigure]:
    seen: set[Figure] = set()
    for stated in (stated for text in texts for stated in read_figures(text)):
        if stated.figure not in allowed | seen:
            yield stated
        seen.add(stated.figure)


def disagreement(library: Library) -> Iterator[Finding]:
    """Yield pairs of facts that contradict each other.

    Two facts do when both rest on exactly the same place of a document (article, clause, point),
    each states one single figure of a unit, and these differ. An article that states a figure which
    its facts do not allow is found by the check of figures, which names the article it contradicts.
    """
    for facts in _alike(library):
        for (first, one), (second, other) in combinations(facts, 2):
            if one != other:
                what = (
                    f"Dữ kiện {second.id} nói {other}, dữ kiện {first.id} nói {one}, cùng ở "
                    f"{second.source} {second.clause}{_articles(library, first, second)}."
                )
                line = library.line_of_entry("facts.yml", second.id, "figures:")
                yield Finding("facts.yml", line, "figures", what, "Xem văn bản, sửa chỗ sai.")


def _alike(library: Library) -> list[list[tuple[Fact, Figure]]]:
    """Return facts with their one figure, together when place and unit are the same."""
    groups: dict[tuple[str, str, str], list[tuple[Fact, Figure]]] = defaultdict(list)
    for fact in library.facts.values():
        places = read_clause(fact.clause or "") or []
        if fact.source and len(places) == 1:
            for figure in _single(figures_of(*fact.figures)):
                groups[fact.source, str(places[0]), figure.unit].append((fact, figure))
    return list(groups.values())


def _single(figures: set[Figure]) -> Iterator[Figure]:
    units = [figure.unit for figure in figures]
    yield from (figure for figure in figures if units.count(figure.unit) == 1)


def _articles(library: Library, *facts: Fact) -> str:
    names = [
        article.id
        for article in library.articles.values()
        if {fact.id for fact in facts} & set(article.head.covers)
    ]
    return f" (bài {', '.join(names)})" if names else ""
