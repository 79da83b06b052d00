"""What is wrong with the papers of a content folder: names, templates, and what the law asks for.

Nothing that the law asks for may be lost unseen. Each clause and point of an article that a paper
has to hold whole stands among its `contents`, each of these is held by a field or by the template's
own words, and each field is printed by the template.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from services.errors import ToolError, why_of
from services.knowledge.checks.citations import clause_fault, places_of, read_clause
from services.knowledge.files import ContentReader
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.papers import PaperContent, PaperField, PaperSpec
from services.knowledge.tool_forms import RESERVED
from services.tools.papers.figures import FIGURES
from services.tools.papers.filling import NOTE, sources_out_of_force, template_path
from services.tools.papers.word_file import WordTemplate, read_template

_GUIDE = "xem docs/cong-cu.md"
_LIST_ID = 30
"""Letters of a list's id at most: a chat keeps it with the column that is asked."""
_LAPSED = "Tìm văn bản đang có hiệu lực rồi sửa."


def paper_findings(root: Path, library: Library) -> list[Finding]:
    """Return what is wrong with the papers of a library that was read from `root`."""
    found = [*_left_alone(root, library), *_unknown(library)]
    for name, spec in library.papers.items():
        found += _Paper(name, spec, template_path(root, name), library).findings()
    return found


def paper_lapses(library: Library, today: date) -> list[Finding]:
    """Return what papers rest on and is not in force that day; it holds no change back."""
    found = []
    for name, spec in library.papers.items():
        for source in sources_out_of_force(spec, library, today):
            what = f"{library.sources[source].title} không còn hiệu lực, hoặc chưa có hiệu lực."
            file, causes = f"papers/{name}.yml", (f"sources/{source}.yml",)
            line = library.line(file, source)
            found.append(Finding(file, line, "contents", what, _LAPSED, causes))
    return found


def _unknown(library: Library) -> Iterator[Finding]:
    """Yield the papers that a message would begin and that are none."""
    answers = (
        answer
        for tool in library.beginnings.tools
        if tool.tool == "paper"
        for name in tool.names
        for answer in name.answers
    )
    for answer in answers:
        if library.papers and f"papers/{answer.value}.yml" not in library.texts:
            what = f"Không có giấy tờ {answer.value} trong content/papers."
            line = library.line("beginnings.yml", f"value: {answer.value}")
            yield Finding("beginnings.yml", line, "tools", what, "Sửa tên giấy tờ.")


def _left_alone(root: Path, library: Library) -> Iterator[Finding]:
    for path in ContentReader(root).paths("papers/*.docx"):
        if f"papers/{path.stem}.yml" not in library.texts:
            what = f"Không có tệp mô tả {path.stem}.yml cho mẫu này."
            yield Finding(f"papers/{path.name}", 1, "-", what, f"Viết tệp đó; {_GUIDE}.")


@dataclass(frozen=True)
class _Paper:
    """One paper that is looked over."""

    name: str
    spec: PaperSpec
    template: Path
    library: Library

    def findings(self) -> Iterator[Finding]:
        """Yield all that is wrong with it."""
        yield from self._shapes()
        yield from self._examples()
        yield from self._sources()
        yield from self._contents()
        yield from self._whole_articles()
        try:
            template = read_template(self.template.read_bytes())
        except OSError as error:
            yield self._of_template(f"Không đọc được mẫu ({why_of(error)}).", "Đặt lại tệp mẫu.")
        except ToolError as error:
            yield self._of_template(str(error), "Mở bằng Word, sửa chỗ điền rồi lưu dạng .docx.")
        else:
            yield from self._printed(template)

    @cached_property
    def _names(self) -> frozenset[str]:
        """All names that a template of it may print."""
        own = {name for field in self.spec.fields for name in field.names}
        given = FIGURES[self.spec.figures].names if self.spec.figures else ()
        return frozenset({*own, *given, NOTE})

    def _shapes(self) -> Iterator[Finding]:
        for field in self.spec.fields:
            for one in (field, *field.columns):
                if (one.kind == "choice") is not bool(one.choices):
                    what = f"Trường {one.id}: kind: choice thì có choices, kind khác thì không."
                    yield self._on(one.id, "fields", what, "Sửa kind hoặc choices.")
                nested = one is not field and one.kind == "list"
                if nested or (one.kind == "list") is not bool(one.columns):
                    what = f"Trường {one.id}: kind: list thì có columns, kind khác thì không."
                    yield self._on(one.id, "fields", what, "Sửa kind hoặc columns.")
        ids = [field.id for field in self.spec.fields]
        for field in self.spec.fields:
            if field.before and field.before not in ids:
                what = f"Trường {field.id}: before nói trường {field.before}, không có."
                yield self._on(field.id, "fields", what, "Sửa mã ở before.")
        for name in dict.fromkeys(one for one in ids if ids.count(one) > 1 or one in RESERVED):
            what = f"Mã trường {name} dùng hai lần, hoặc là từ dành riêng."
            yield self._on(name, "fields", what, "Đặt mã khác cho trường đó.")
        needs = FIGURES[self.spec.figures].needs if self.spec.figures else ()
        for name in needs:
            if name not in self._names:
                what = f"Phép tính {self.spec.figures} cần trường {name}, ở đây không có."
                yield self._on("figures:", "figures", what, "Thêm trường đó, hoặc bỏ figures.")

    def _examples(self) -> Iterator[Finding]:
        for field in self.spec.fields:
            if field.columns and len(field.id) > _LIST_ID:
                what = f"Trường {field.id}: mã của danh sách dài quá {_LIST_ID} chữ."
                yield self._on(field.id, "fields", what, "Đặt mã ngắn hơn.")
            if field.columns and not field.example:
                what = f"Trường {field.id}: danh sách chưa có example, một dòng mẫu."
                yield self._on(field.id, "fields", what, "Ghi example, các cột cách nhau dấu ;.")

    def _sources(self) -> Iterator[Finding]:
        cited = [(one.source, one.clause) for one in self.spec.whole]
        cited += [(one.source, one.clause) for one in self.spec.contents]
        for name, clause in dict.fromkeys(cited):
            source = self.library.sources.get(name)
            if source is None:
                what = f"Không có văn bản {name} trong content/sources."
                remedy = "Thêm tệp của văn bản vào content/sources, hoặc sửa mã."
                yield self._on(name, "contents", what, remedy, (f"sources/{name}.yml",))
                continue
            what, remedy = clause_fault(clause, source)
            if what:
                yield self._on(clause, "contents", what, remedy, (f"sources/{name}.yml",))

    def _contents(self) -> Iterator[Finding]:
        fields = {name for field in self.spec.fields for name in field.names}
        for content in self.spec.contents:
            where = f"{content.clause} ({content.text})"
            if not content.fields and not content.words:
                what = f"Không trường hay câu chữ nào của mẫu giữ điều luật đòi: {where}."
                yield self._on(content.text, "contents", what, "Thêm fields hoặc words.")
            for name in content.fields:
                if name not in fields:
                    what = f"Thiếu trường {name} mà luật đòi: {where}."
                    yield self._on(name, "contents", what, "Thêm trường đó vào fields và vào mẫu.")

    def _whole_articles(self) -> Iterator[Finding]:
        for citation in self.spec.whole:
            held = {
                place
                for content in self.spec.contents
                if content.source == citation.source
                for place in read_clause(content.clause) or ()
            }
            source = self.library.sources.get(citation.source)
            asked = places_of(citation.clause, source.outline) if source and source.outline else ()
            for place in asked:
                if place not in held:
                    what = f"Luật đòi nội dung ở {place}, ở đây chưa có."
                    yield self._on("contents:", "contents", what, f"Thêm vào contents; {_GUIDE}.")

    def _printed(self, template: WordTemplate) -> Iterator[Finding]:
        for name in sorted(template.names - self._names):
            what = f"Mẫu có chỗ điền {{{{ {name} }}}} mà không trường nào tên như vậy."
            yield self._of_template(what, "Sửa tên trong mẫu, hoặc thêm trường vào tệp mô tả.")
        for field in self.spec.fields:
            yield from self._unprinted(field, template)
        for content in self.spec.contents:
            for words in content.words:
                if words not in template.words:
                    what = f"Mẫu thiếu “{words}” mà {content.clause} đòi ({content.text})."
                    yield self._of_template(what, "Viết lại câu đó vào mẫu, hoặc sửa words.")
        if NOTE not in template.names:
            what = "Mẫu không in {{ note }}: bản thảo, ai khai, căn cứ nào."
            yield self._of_template(what, "Thêm {{ note }} vào cuối mẫu hoặc chân trang.")

    def _unprinted(self, field: PaperField, template: WordTemplate) -> Iterator[Finding]:
        inner = [f"{field.id}.{column.id}" for column in field.columns]
        for name in inner or [field.id]:
            if not template.names & {name, f"{name}_id", f"{name}_words"}:
                asking = ", ".join(dict.fromkeys(one.clause for one in self._asking(name)))
                law = f", là điều luật đòi ({asking})" if asking else ""
                what = f"Mẫu không in trường {name}{law}."
                yield self._of_template(what, f"Thêm {{{{ {name} }}}} vào mẫu, hoặc bỏ trường.")

    def _asking(self, name: str) -> Iterator[PaperContent]:
        for content in self.spec.contents:
            if name in content.fields or name.partition(".")[0] in content.fields:
                yield content

    def _on(
        self, mark: str, field: str, what: str, remedy: str, causes: tuple[str, ...] = ()
    ) -> Finding:
        file = f"papers/{self.name}.yml"
        return Finding(file, self.library.line(file, mark), field, what, remedy, causes)

    def _of_template(self, what: str, remedy: str) -> Finding:
        return Finding(f"papers/{self.template.name}", 1, "-", what, remedy)
