"""The library: all content, read once, checked, and unchangeable afterwards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from jinja2 import Template
from pydantic import TypeAdapter

from services.errors import ContentError
from services.knowledge.article import Article
from services.knowledge.body import Filler, PlaceholderError, parts
from services.knowledge.checks import broken
from services.knowledge.files import ContentReader
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library
from services.knowledge.phrases import Phrases
from services.knowledge.schema import (
    ArticleHead,
    DiscourseCues,
    Fact,
    Form,
    Office,
    Procedure,
    SmallTalk,
    Source,
    Topic,
)

__all__ = ["Library", "load_library", "read_library"]

T = TypeVar("T")

_SHOWN = 20
_HEAD = TypeAdapter(ArticleHead)
_SOURCE = TypeAdapter(Source)
_TOPICS = TypeAdapter(dict[str, Topic])
_OFFICES = TypeAdapter(tuple[Office, ...])
_SMALLTALK = TypeAdapter(tuple[SmallTalk, ...])
_CUES = TypeAdapter(DiscourseCues)
_REPLIES = TypeAdapter(dict[str, str])
_FACTS = TypeAdapter(tuple[Fact, ...])
_PROCEDURE = TypeAdapter(Procedure)
_FORMS = TypeAdapter(tuple[Form, ...])


def read_library(root: Path) -> Library:
    """Read all content below `root` with every finding, however broken it is."""
    reader = ContentReader(root)
    phrases, misworded = _phrases(reader)
    offices = reader.yaml(root / "places/contacts.yml", _OFFICES) or ()
    procedures = _each(reader, "procedures/*.yml", _PROCEDURE)
    forms = {form.id: form for form in reader.optional(root / "forms.yml", _FORMS) or ()}
    filler = Filler(procedures, forms, offices, phrases)
    articles, unfilled = _articles(reader, filler)
    sources = _each(reader, "sources/*.yml", _SOURCE)
    topics = reader.yaml(root / "topics.yml", _TOPICS) or {}
    smalltalk = reader.yaml(root / "phrases/smalltalk.yml", _SMALLTALK) or ()
    facts = reader.optional(root / "facts.yml", _FACTS) or ()
    library = Library(
        articles=articles,
        sources=sources,
        topics=topics,
        offices=offices,
        smalltalk={talk.id: talk.reply.strip() for talk in smalltalk},
        phrases=phrases,
        cues=reader.yaml(root / "phrases/cues.yml", _CUES) or DiscourseCues(),
        facts={fact.id: fact for fact in facts},
        procedures=procedures,
        forms=forms,
        texts=reader.texts,
        unread=reader.unread,
    )
    found = [*reader.findings, *misworded, *unfilled, *_doubles(library, facts), *broken(library)]
    return replace(library, findings=tuple(sorted(set(found))))


def load_library(root: Path) -> Library:
    """Read all content and refuse any fault.

    Raises:
        ContentError: something is broken; its message lists each finding.

    """
    library = read_library(root)
    if library.findings:
        raise ContentError(refusal(library.findings))
    return library


def refusal(found: Sequence[Finding]) -> str:
    """Say that content can't be used, and why: the first findings, and how many more there are."""
    shown = [str(finding) for finding in found[:_SHOWN]]
    rest = len(found) - len(shown)
    tail = [f"… và {rest} chỗ nữa."] if rest else []
    return "\n".join(["Nội dung có lỗi, chưa dùng được:", *shown, *tail])


def _phrases(reader: ContentReader) -> tuple[Phrases, list[Finding]]:
    templates: dict[str, Template] = {}
    misworded: list[Finding] = []
    for name in ("replies", "procedures", "people", "announcements", "staff"):
        file = f"phrases/{name}.yml"
        texts: dict[str, str] | None = reader.yaml(reader.root / file, _REPLIES)
        phrases, found = Phrases.compile(texts or {}, file)
        templates |= phrases.templates
        misworded += found
    file = "phrases/errors.yml"
    errors = reader.optional(reader.root / file, _REPLIES) or {}
    return Phrases(templates), [*misworded, *Phrases.compile(errors, file)[1]]


def _articles(reader: ContentReader, filler: Filler) -> tuple[dict[str, Article], list[Finding]]:
    folder, found, broken = reader.root / "articles", {}, []
    for path in reader.paths("articles/**/*.md"):
        read = reader.markdown(path, _HEAD)
        if read is None:
            continue
        name, (head, body) = path.relative_to(folder).with_suffix("").as_posix(), read
        try:
            common, variants = parts(filler.fill(body, head.procedure))
        except PlaceholderError as error:
            broken.append(_unfilled(name, head.procedure, str(error)))
            common, variants = parts(body)
        raw = path.read_text(encoding="utf-8")
        found[name] = Article(name, head, common, variants, raw)
    return found, broken


def _unfilled(name: str, procedure: str | None, what: str) -> Finding:
    told = f"Chỗ điền {{{{ … }}}} không hiểu được: {what}."
    remedy = "Sửa tên chỗ điền, hoặc ghi đúng procedure ở phần đầu bài."
    causes = (f"procedures/{procedure}.yml",)
    return Finding(f"articles/{name}.md", 1, "body", told, remedy, causes)


def _doubles(library: Library, facts: tuple[Fact, ...]) -> Iterator[Finding]:
    """Yield the numbers that stand for two facts: one fact would hide the other."""
    for name, times in Counter(fact.id for fact in facts).items():
        if times > 1:
            line = library.line_of_entry("facts.yml", name)
            what = f"Có {times} dữ kiện mang số {name}."
            yield Finding("facts.yml", line, "id", what, "Một số chỉ dùng cho một điều: đổi số.")


def _each(reader: ContentReader, pattern: str, shape: TypeAdapter[T]) -> dict[str, T]:
    read = {path.stem: reader.yaml(path, shape) for path in reader.paths(pattern)}
    return {name: value for name, value in read.items() if value is not None}
