"""Rules of the law, and beginnings of tools: what they name must be there, and be sure."""

from collections.abc import Iterator

from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.rules import LawRule

_SECOND_HAND = ("theo báo", "theo trang luật", "bản quét")
"""How the sentence of a rule tells that it rests on what was not read in the text itself."""
_FILE, _BEGINNINGS = "rules.yml", "beginnings.yml"


def rules(library: Library) -> Iterator[Finding]:
    """Yield each article, document and fact that a rule names and that is not there or not sure."""
    for rule in library.rules.rules:
        yield from _names(rule, library)
        yield from _facts(rule, library)


def beginnings(library: Library) -> Iterator[Finding]:
    """Yield each article under which a tool would be begun and that is not there."""
    own = library.beginnings.tools if _BEGINNINGS in library.texts else ()
    for tool in own:
        for article in tool.articles:
            if f"articles/{article}.md" not in library.texts:
                what = f"Công cụ {tool.tool}: không có bài {article}."
                remedy, causes = "Ghi mã của một bài đang có.", (f"articles/{article}.md",)
                line = library.line(_BEGINNINGS, f"tool: {tool.tool}", article)
                yield Finding(_BEGINNINGS, line, "articles", what, remedy, causes)


def _names(rule: LawRule, library: Library) -> Iterator[Finding]:
    for article in rule.articles:
        if f"articles/{article}.md" not in library.texts:
            what = f"Quy định {rule.id}: không có bài {article}."
            remedy, causes = "Ghi mã của một bài đang có.", (f"articles/{article}.md",)
            yield Finding(_FILE, _line(rule, library, article), "articles", what, remedy, causes)
    for source in (citation.source for citation in rule.citations):
        if source not in library.sources:
            what = f"Quy định {rule.id}: không có văn bản {source} trong content/sources."
            remedy, causes = "Sửa mã văn bản.", (f"sources/{source}.yml",)
            yield Finding(_FILE, _line(rule, library, source), "citations", what, remedy, causes)


def _facts(rule: LawRule, library: Library) -> Iterator[Finding]:
    """Yield the facts that a rule may not rest on.

    What was read in the text is worked out; what others tell of it, where the sentence says so.
    """
    told = any(words in rule.says for words in _SECOND_HAND)
    for name in rule.covers:
        fact = library.facts.get(name)
        if fact is None or not (fact.mark == "verified" or (told and fact.mark == "secondary")):
            what = f"Quy định {rule.id}: dữ kiện {name} không có, hoặc chưa đọc được nguyên văn."
            remedy = "Tính theo dữ kiện verified; secondary thì câu phải ghi “theo trang luật”."
            line = _line(rule, library, f'"{name}"')
            yield Finding(_FILE, line, "covers", what, remedy, ("facts.yml",))


def _line(rule: LawRule, library: Library, mark: str) -> int:
    return library.line_of_entry(_FILE, rule.id, mark)
