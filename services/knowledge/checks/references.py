"""Names that lead nowhere, and what nothing leads to: articles, documents, procedures, forms."""

from collections.abc import Iterator

from services.knowledge.article import Article
from services.knowledge.finding import Finding, on
from services.knowledge.holdings import Library

_NO_SOURCE = "Thêm tệp của văn bản vào content/sources, hoặc sửa mã."


def references(library: Library) -> Iterator[Finding]:
    """Yield each name that nothing in the content bears."""
    for article in library.articles.values():
        yield from _of_article(article, library)
    yield from _of_sources(library)
    yield from _of_procedures(library)
    yield from _of_forms(library)


def _of_article(article: Article, library: Library) -> Iterator[Finding]:
    for source in (citation.source for citation in article.head.citations):
        if source not in library.sources:
            what = f"Không có văn bản {source} trong content/sources."
            causes = (f"sources/{source}.yml",)
            yield on(article, "citations", f"source: {source}", what, _NO_SOURCE, causes=causes)
    for other in article.head.related:
        if f"articles/{other}.md" not in library.texts or other == article.id:
            what = f"Không có bài {other} (hoặc là chính bài này)."
            remedy, causes = "Ghi mã của một bài khác đang có.", (f"articles/{other}.md",)
            yield on(article, "related", other, what, remedy, causes=causes)
    if article.topic not in library.topics:
        what = f"Thư mục {article.topic} không có trong content/topics.yml."
        remedy = "Chuyển bài sang thư mục đã có hoặc khai báo thư mục mới."
        yield on(article, "-", "", what, remedy, causes=("topics.yml",))
    procedure = article.head.procedure
    if procedure and procedure not in library.procedures:
        what = f"Không có thủ tục {procedure} trong content/procedures."
        remedy, causes = "Sửa tên thủ tục; xem mục 7 sổ tay.", (f"procedures/{procedure}.yml",)
        yield on(article, "procedure", "procedure:", what, remedy, causes=causes)


def _of_sources(library: Library) -> Iterator[Finding]:
    for name, source in library.sources.items():
        file = f"sources/{name}.yml"
        for field, others in (
            ("amended_by", source.amended_by),
            ("replaced_by", source.replaced_by),
        ):
            for other in others:
                if other not in library.sources:
                    line = library.line(file, field, other)
                    what = f"Không có văn bản {other} trong content/sources."
                    yield Finding(file, line, field, what, _NO_SOURCE, (f"sources/{other}.yml",))


def _of_procedures(library: Library) -> Iterator[Finding]:
    offices = {office.id for office in library.offices}
    for name, procedure in library.procedures.items():
        file = f"procedures/{name}.yml"
        if procedure.ask not in offices:
            what = f"Không có cơ quan {procedure.ask} trong content/places/contacts.yml."
            line = library.line(file, "\nask:", "ask:")
            remedy = "Ghi mã của một cơ quan đang có."
            yield Finding(file, line, "ask", what, remedy, ("places/contacts.yml",))
        for source in (citation.source for citation in procedure.citations):
            if source not in library.sources:
                what = f"Không có văn bản {source} trong content/sources."
                line = library.line(file, f"source: {source}")
                causes = (f"sources/{source}.yml",)
                yield Finding(file, line, "citations", what, _NO_SOURCE, causes)
        for form in (paper.form for paper in procedure.papers):
            if form and form not in library.forms:
                what = f"Không có mẫu {form} trong content/forms.yml."
                line = library.line(file, f"form: {form}")
                remedy = "Sửa mã mẫu, hoặc thêm mẫu."
                yield Finding(file, line, "papers", what, remedy, ("forms.yml",))


def _of_forms(library: Library) -> Iterator[Finding]:
    for form in library.forms.values():
        if form.source not in library.sources:
            what = f"Không có văn bản {form.source} trong content/sources."
            line = library.line_of_entry("forms.yml", form.id, "source:")
            causes = (f"sources/{form.source}.yml",)
            yield Finding("forms.yml", line, "source", what, _NO_SOURCE, causes)


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
