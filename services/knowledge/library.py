"""The library: all content, read once, checked, and unchangeable afterwards."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from services.errors import ContentError
from services.knowledge.article import Article
from services.knowledge.body import Filler, PlaceholderError, parts
from services.knowledge.files import Reader
from services.knowledge.finding import Finding
from services.knowledge.lint import check
from services.knowledge.phrases import Phrases
from services.knowledge.schema import (
    ArticleHead,
    Fact,
    Form,
    Office,
    Procedure,
    SmallTalk,
    Source,
    Subject,
    Topic,
)

T = TypeVar("T")

_SHOWN = 20
_HEAD = TypeAdapter(ArticleHead)
_SOURCE = TypeAdapter(Source)
_TOPICS = TypeAdapter(dict[str, Topic])
_OFFICES = TypeAdapter(tuple[Office, ...])
_SMALLTALK = TypeAdapter(tuple[SmallTalk, ...])
_REPLIES = TypeAdapter(dict[str, str])
_FACTS = TypeAdapter(tuple[Fact, ...])
_PROCEDURE = TypeAdapter(Procedure)
_FORMS = TypeAdapter(tuple[Form, ...])


@dataclass(frozen=True)
class Library:
    """Everything that can be said, and by which document."""

    articles: dict[str, Article]
    sources: dict[str, Source]
    topics: dict[str, Topic]
    offices: tuple[Office, ...]
    smalltalk: dict[str, str]
    """Reply by kind of small talk."""
    phrases: Phrases
    facts: dict[str, Fact] = field(default_factory=dict)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def filler(self) -> Filler:
        """What writes out procedures."""
        return Filler(self.procedures, self.forms, self.offices, self.phrases)

    def offices_for(self, subject: Subject | None) -> list[Office]:
        """List the offices to ask about a subject; without one, those that answer for all."""
        if subject is None:
            return [office for office in self.offices if len(office.subjects) == len(_SUBJECTS)]
        return [office for office in self.offices if subject in office.subjects]


_SUBJECTS: tuple[Subject, ...] = ("policy", "ocop", "credit", "registration")


def read_library(root: Path) -> Library:
    """Read all content below `root` with every finding, however broken it is."""
    reader = Reader(root)
    phrases, broken = _phrases(reader)
    offices = reader.yaml(root / "places/contacts.yml", _OFFICES) or ()
    procedures = _each(reader, "procedures/*.yml", _PROCEDURE)
    forms = {form.id: form for form in reader.optional(root / "forms.yml", _FORMS) or ()}
    filler = Filler(procedures, forms, offices, phrases)
    articles, unfilled = _articles(reader, filler)
    sources = _each(reader, "sources/*.yml", _SOURCE)
    topics = reader.yaml(root / "topics.yml", _TOPICS) or {}
    smalltalk = reader.yaml(root / "phrases/smalltalk.yml", _SMALLTALK) or ()
    facts = {fact.id: fact for fact in reader.optional(root / "facts.yml", _FACTS) or ()}
    found = [*reader.findings, *broken, *unfilled, *check(articles, sources, topics)]
    return Library(
        articles=articles,
        sources=sources,
        topics=topics,
        offices=offices,
        smalltalk={talk.id: talk.reply.strip() for talk in smalltalk},
        phrases=phrases,
        facts=facts,
        procedures=procedures,
        forms=forms,
        findings=tuple(sorted(found)),
    )


def load_library(root: Path) -> Library:
    """Read all content and refuse any fault.

    Raises:
        ContentError: something is broken; its message lists each finding.

    """
    library = read_library(root)
    if not library.findings:
        return library
    shown = [str(finding) for finding in library.findings[:_SHOWN]]
    rest = len(library.findings) - len(shown)
    tail = [f"… và {rest} chỗ nữa."] if rest else []
    msg = "\n".join(["Nội dung có lỗi, chưa dùng được:", *shown, *tail])
    raise ContentError(msg)


def _phrases(reader: Reader) -> tuple[Phrases, list[Finding]]:
    texts: dict[str, str] = {}
    for name in ("replies", "procedures"):
        read: dict[str, str] | None = reader.yaml(reader.root / f"phrases/{name}.yml", _REPLIES)
        texts.update(read or {})
    return Phrases.compile(texts)


def _articles(reader: Reader, filler: Filler) -> tuple[dict[str, Article], list[Finding]]:
    folder, found, broken = reader.root / "articles", {}, []
    for path in reader.paths("articles/**/*.md"):
        read = reader.markdown(path, _HEAD)
        if read is None:
            continue
        name, (head, body) = path.relative_to(folder).with_suffix("").as_posix(), read
        try:
            common, variants = parts(filler.fill(body, head.procedure))
        except PlaceholderError as error:
            broken.append(_unfilled(name, str(error)))
            common, variants = parts(body)
        raw = path.read_text(encoding="utf-8")
        found[name] = Article(name, head, common, variants, raw)
    return found, broken


def _unfilled(name: str, what: str) -> Finding:
    said = f"Chỗ điền {{{{ … }}}} không hiểu được: {what}."
    remedy = "Sửa tên chỗ điền, hoặc ghi đúng procedure ở phần đầu bài."
    return Finding(f"articles/{name}.md", 1, "body", said, remedy)


def _each(reader: Reader, pattern: str, shape: TypeAdapter[T]) -> dict[str, T]:
    read = {path.stem: reader.yaml(path, shape) for path in reader.paths(pattern)}
    return {name: value for name, value in read.items() if value is not None}
