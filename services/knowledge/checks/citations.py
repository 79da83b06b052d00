"""What the content rests on: clauses that documents have, documents in force, days that were.

Clauses are read into places of a document. Known are `Điều 6 khoản 2 và 3 điểm a`, `Điều 17 đến
28`, `Mục 2 gạch đầu dòng 1`, `Phụ lục II mục 1.1`, `Phụ lục III Mẫu 02`, several of them with
commas between, `toàn văn`, and the parts that bear no number. A remark in brackets at the end is
left aside.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.schema import SCOPES, Citation, Outline, Source

_POINTS = "abcdđeghiklmnopqrstuvxy"
"""The letters of points, in the order in which documents use them."""

_NUMBER, _LETTER = r"\d+(?:\.\d+)*[a-z]?", rf"[{_POINTS}](?!\w)"


def _several(one: str) -> str:
    return rf"{one}(?:(?:, | và | đến ){one})*"


_PLACE = re.compile(
    rf"Điều (?P<article>{_several(_NUMBER)})"
    rf"(?: khoản (?P<clause>{_several(_NUMBER)}))?(?: điểm (?P<point>{_several(_LETTER)}))?"
    rf"|Mục (?P<section>{_several(_NUMBER)})(?: gạch đầu dòng (?P<bullet>{_several(_NUMBER)}))?"
    r"|Phụ lục (?P<appendix>[IVX]+)"
    rf"(?: (?P<kind>mục|bộ|Mẫu)(?: số)? (?P<mark>{_several(_NUMBER)}))?"
)
_PART = r"(?:Phần |phần )?(?:[Cc]âu kết|Trích yếu|mở đầu|[Cc]ăn cứ|Kính gửi|Nơi nhận)"
_UNNUMBERED = re.compile(rf"toàn văn|toàn bài|{_PART}(?:(?:, | và ){_PART})*")
_REMARK = re.compile(r" \([^()]*\)$")


@dataclass(frozen=True)
class Passage:
    """One numbered place of a document; what is not named is empty."""

    kind: str
    """Điều, Mục or Phụ lục."""
    number: str
    clause: str = ""
    """The number of the khoản or of the bullet, or what stands in the appendix."""
    point: str = ""

    def __str__(self) -> str:
        """Return the place as people write it."""
        if self.kind == "Phụ lục":
            return f"Phụ lục {self.number} {self.clause}".strip()
        inner = "khoản" if self.kind == "Điều" else "gạch đầu dòng"
        clause = f" {inner} {self.clause}" if self.clause else ""
        return f"{self.kind} {self.number}{clause}" + (f" điểm {self.point}" if self.point else "")


def read_clause(text: str) -> list[Passage] | None:
    """Return the places that a clause names, none for the whole text; None if it can't be read."""
    named = _REMARK.sub("", text.strip())
    if _UNNUMBERED.fullmatch(named):
        return []
    found: list[Passage] = []
    at = 0
    while match := _PLACE.match(named, at):
        found += _places(match)
        if match.end() == len(named):
            return found
        if not named.startswith(", ", match.end()):
            return None
        at = match.end() + 2
    return None


def _names_place(text: str) -> bool:
    """Say whether a text speaks of numbered places at all."""
    return re.search(r"\b(?:[Đđ]iều|[Kk]hoản|[Đđ]iểm) \w{1,3}\b", text) is not None


def outside(places: list[Passage], outline: Outline) -> Iterator[Passage]:
    """Yield the places that a document of this outline does not have."""
    for place in places:
        if not _stands(place, outline):
            yield place


def places_of(clause: str, outline: Outline) -> Iterator[Passage]:
    """Yield the smallest places of the articles that a clause names: their points, or clauses."""
    for whole in read_clause(clause) or ():
        clauses = outline.articles.get(int(whole.number)) if whole.kind == "Điều" else None
        for number, points in enumerate(clauses or (), 1):
            if whole.clause in {"", str(number)}:
                inner = Passage("Điều", whole.number, str(number))
                named = [replace(inner, point=letter) for letter in _POINTS[:points]]
                yield from named or [inner]


def _stands(place: Passage, outline: Outline) -> bool:
    if place.kind == "Phụ lục":
        known = outline.appendices.get(place.number)
        return known is not None and place.clause in {"", *known}
    if not place.number.isdigit():
        return False
    if place.kind == "Mục":
        return _up_to(outline.sections.get(int(place.number)), place.clause)
    return int(place.number) in outline.articles and _holds(
        outline.articles[int(place.number)], place
    )


def _holds(clauses: tuple[int, ...] | None, place: Passage) -> bool:
    """Say whether an article of these clauses has the place; None are clauses not known."""
    if clauses is None:
        return True
    if not _up_to(len(clauses), place.clause):
        return False
    points = clauses[int(place.clause) - 1] if place.clause else 0
    return not place.point or _POINTS.index(place.point) < points


def _up_to(most: int | None, number: str) -> bool:
    if most is None:
        return False
    return not number or (number.isdigit() and 1 <= int(number) <= most)


def _places(match: re.Match[str]) -> Iterator[Passage]:
    if match["appendix"]:
        marks = [f"{match['kind']} {mark}" if mark else "" for mark in _spread(match["mark"])]
        yield from (Passage("Phụ lục", match["appendix"], mark) for mark in marks)
    for number in _spread(match["section"]) if match["section"] else ():
        yield from (Passage("Mục", number, bullet) for bullet in _spread(match["bullet"]))
    for number in _spread(match["article"]) if match["article"] else ():
        for clause in _spread(match["clause"]):
            yield from (Passage("Điều", number, clause, point) for point in _spread(match["point"]))


def _spread(listed: str | None) -> list[str]:
    """Return the names of a list, those between `đến` too; one empty name for no list."""
    found: list[str] = []
    for part in re.split(", | và ", listed or ""):
        first, _, last = part.partition(" đến ")
        found += _between(first, last) if last else [first]
    return found


def _between(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first), int(last) + 1)]
    if first in _POINTS and last in _POINTS:
        return list(_POINTS[_POINTS.index(first) : _POINTS.index(last) + 1])
    return [first, last]


_UNREADABLE = "Ghi như “Điều 4 khoản 2 điểm a”, nhiều chỗ thì cách nhau dấu phẩy, hoặc “toàn văn”."
_OUTSIDE = "Mở văn bản xem lại số điều, khoản, điểm."


@dataclass(frozen=True)
class _Cited:
    """A citation and where it stands."""

    file: str
    line: Callable[[], int]
    """Finds it in the file: slow, and only wanted of what is wrong."""
    field: str
    source: str
    clause: str


def citations(library: Library) -> Iterator[Finding]:
    """Yield what is wrong with the citations of articles, facts, procedures and forms.

    A document without an outline has only the wording of its clauses checked; of one that is known
    by what others tell, any words will do that name no article.
    """
    for cited in (*_of_heads(library), *_of_facts(library), *_of_forms(library)):
        source = library.sources.get(cited.source)
        what, remedy = clause_fault(cited.clause, source) if source else _missing(cited)
        if what:
            causes = (f"sources/{cited.source}.yml",)
            yield Finding(cited.file, cited.line(), cited.field, what, remedy, causes)


def _missing(cited: _Cited) -> tuple[str, str]:
    """Say that a fact names no document; of others the check of references says so."""
    if cited.file != "facts.yml":
        return "", ""
    what = f"Không có văn bản {cited.source} trong content/sources."
    return what, "Thêm tệp của văn bản vào content/sources, hoặc sửa mã."


def clause_fault(clause: str, source: Source) -> tuple[str, str]:
    """Return what is wrong with a clause of a document and how to mend it; both empty for none."""
    places = read_clause(clause)
    if places is None:
        lenient = source.read == "secondary" and not _names_place(clause)
        return ("", "") if lenient else (f"Không đọc được “{clause}”.", _UNREADABLE)
    absent = list(outside(places, source.outline)) if source.outline else []
    if not absent:
        return "", ""
    listed = ", ".join(map(str, absent))
    return f"{source.title} không có {listed}.", _OUTSIDE


def _of_heads(library: Library) -> Iterator[_Cited]:
    heads: dict[str, tuple[Citation, ...]] = {
        f"articles/{article.id}.md": article.citations for article in library.articles.values()
    }
    heads |= {f"procedures/{n}.yml": p.citations for n, p in library.procedures.items()}
    for file, cited in heads.items():
        for citation in cited:
            marks = ("citations:", f"source: {citation.source}", "clause:")
            line = partial(library.line, file, *marks)
            yield _Cited(file, line, "citations", citation.source, citation.clause)


def _of_facts(library: Library) -> Iterator[_Cited]:
    file = "facts.yml"
    for fact in library.facts.values():
        if fact.source:
            line = partial(library.line_of_entry, file, fact.id, "clause:")
            yield _Cited(file, line, "clause", fact.source, fact.clause or "")
        for citation in fact.also:
            line = partial(library.line_of_entry, file, fact.id, "also:", citation.clause)
            yield _Cited(file, line, "also", citation.source, citation.clause)


def _of_forms(library: Library) -> Iterator[_Cited]:
    for form in library.forms.values():
        line = partial(library.line_of_entry, "forms.yml", form.id, "clause:")
        yield _Cited("forms.yml", line, "clause", form.source, form.clause)


_FUTURE = "Sửa thành ngày đã đối chiếu với văn bản."


def days(library: Library, today: date) -> Iterator[Finding]:
    """Yield what was looked over after today."""
    for article in library.articles.values():
        if article.head.as_of > today:
            what = f"Ngày {article.head.as_of:%d/%m/%Y} còn ở tương lai."
            yield on(article, "as_of", "as_of:", what, _FUTURE)
    for name, procedure in library.procedures.items():
        if procedure.as_of > today:
            file, what = (
                f"procedures/{name}.yml",
                f"Ngày {procedure.as_of:%d/%m/%Y} còn ở tương lai.",
            )
            yield Finding(file, library.line(file, "\nas_of:", "as_of:"), "as_of", what, _FUTURE)


def scopes(library: Library) -> Iterator[Finding]:
    """Yield the articles that say nowhere where they hold, or more than their documents do.

    The field may be absent only to the reader: an edition from before it is still to be opened.
    """
    for article in library.articles.values():
        cited = [c.source for c in article.citations if c.source in library.sources]
        found = {library.sources[name].scope for name in cited}
        if article.head.scope is None:
            remedy = f"Thêm scope sau verification: một trong {', '.join(SCOPES)}; xem sổ tay."
            yield on(article, "scope", "verification:", "Thiếu trường này.", remedy)
        elif article.head.scope == "national" and found and "national" not in found:
            what = "Bài ghi national mà chỉ dựa vào văn bản của Đà Nẵng, Quảng Nam."
            remedy = f"Ghi scope: {min(found)}, hoặc thêm căn cứ của cả nước."
            yield on(article, "scope", "scope:", what, remedy)


def lapses(library: Library, today: date) -> Iterator[Finding]:
    """Yield the articles that rest on nothing in force: they are not served, the rest is."""
    for article in library.lapsed(today):
        if _is_cited_well(article, library):
            what = "Mọi căn cứ đã hết hiệu lực, bài này không được đem ra trả lời nữa."
            remedy = "Tìm văn bản thay thế, hoặc bỏ bài; xem mục 11 sổ tay."
            yield on(article, "citations", "citations:", what, remedy)


def _is_cited_well(article: Article, library: Library) -> bool:
    """Say whether every document cited is known; of others the check of references speaks."""
    return all(citation.source in library.sources for citation in article.citations)
