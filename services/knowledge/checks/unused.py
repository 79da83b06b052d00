"""Procedures and forms that nothing leads to."""

from collections.abc import Iterator

from services.knowledge.finding import Finding
from services.knowledge.holdings import Library


def unused(library: Library) -> Iterator[Finding]:
    """Yield procedures that no article names, and forms that neither paper nor article shows."""
    articles = library.articles.values()
    named = {article.head.procedure for article in articles}
    for name in library.procedures:
        if name not in named:
            what = f"Không bài nào dùng thủ tục {name}."
            remedy = "Ghi `procedure` ở một bài, hoặc xóa tệp này."
            causes = tuple(library.unread)
            yield Finding(f"procedures/{name}.yml", 1, "-", what, remedy, causes)
    if any("every_form" in article.raw for article in articles):
        return
    shown = {paper.form for procedure in library.procedures.values() for paper in procedure.papers}
    for form in library.forms:
        if form not in shown:
            what = f"Không thủ tục nào dùng mẫu {form}."
            remedy = "Ghi mã mẫu ở `form` của một giấy tờ, hoặc xóa mẫu này."
            line = library.line_of_entry("forms.yml", form)
            yield Finding("forms.yml", line, "id", what, remedy, tuple(library.unread))
