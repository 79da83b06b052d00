"""Clauses that can't be read, or that the document does not have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from services.knowledge.clause import names_place, outside, read_clause
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library
from services.knowledge.schema import Citation, Source

_UNREADABLE = "Ghi như “Điều 4 khoản 2 điểm a”, nhiều chỗ thì cách nhau dấu phẩy, hoặc “toàn văn”."
_OUTSIDE = "Mở văn bản xem lại số điều, khoản, điểm."


@dataclass(frozen=True)
class Cited:
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


def _missing(cited: Cited) -> tuple[str, str]:
    """Say that a fact names no document; of others the check of references says so."""
    if cited.file != "facts.yml":
        return "", ""
    what = f"Không có văn bản {cited.source} trong content/sources."
    return what, "Thêm tệp của văn bản vào content/sources, hoặc sửa mã."


def clause_fault(clause: str, source: Source) -> tuple[str, str]:
    """Return what is wrong with a clause of a document and how to mend it; both empty for none."""
    places = read_clause(clause)
    if places is None:
        lenient = source.read == "secondary" and not names_place(clause)
        return ("", "") if lenient else (f"Không đọc được “{clause}”.", _UNREADABLE)
    absent = list(outside(places, source.outline)) if source.outline else []
    if not absent:
        return "", ""
    listed = ", ".join(map(str, absent))
    return f"{source.title} không có {listed}.", _OUTSIDE


def _of_heads(library: Library) -> Iterator[Cited]:
    heads: dict[str, tuple[Citation, ...]] = {
        f"articles/{article.id}.md": article.head.citations for article in library.articles.values()
    }
    heads |= {f"procedures/{n}.yml": p.citations for n, p in library.procedures.items()}
    for file, cited in heads.items():
        for citation in cited:
            marks = ("citations:", f"source: {citation.source}", "clause:")
            line = partial(library.line, file, *marks)
            yield Cited(file, line, "citations", citation.source, citation.clause)


def _of_facts(library: Library) -> Iterator[Cited]:
    file = "facts.yml"
    for fact in library.facts.values():
        if fact.source:
            line = partial(library.line_of_entry, file, fact.id, "clause:")
            yield Cited(file, line, "clause", fact.source, fact.clause or "")
        for citation in fact.also:
            line = partial(library.line_of_entry, file, fact.id, "also:", citation.clause)
            yield Cited(file, line, "also", citation.source, citation.clause)


def _of_forms(library: Library) -> Iterator[Cited]:
    for form in library.forms.values():
        line = partial(library.line_of_entry, "forms.yml", form.id, "clause:")
        yield Cited("forms.yml", line, "clause", form.source, form.clause)
