"""An article's file in its place of the library, as if it were saved there already."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import ValidationError

from services.clock import day_of, utc_now
from services.errors import ContentError
from services.knowledge.article import Article, PlaceholderError, read_body
from services.knowledge.checks.suite import faults_of
from services.knowledge.files import ContentReader
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.loader import read_articles, read_library
from services.knowledge.schema import READERS, ArticleHead, PartHead

Cited = TypeVar("Cited", ArticleHead, PartHead)

_STAND_INS: dict[str, Any] = {
    "title": "(chưa có tên)",
    "subject": "policy",
    "readers": READERS,
    "questions": [str(number) for number in range(10)],
    "citations": [{"source": "-", "clause": "-"}],
    "as_of": date(1970, 1, 1),
    "verification": "verified",
    "scope": "national",
    "related": ["-"],
    "next_step": "(chưa có)",
}
"""What stands for a field that is wrong, so that the others can be shown."""


@dataclass(frozen=True)
class ArticleFile:
    """An article, and the library with it in its place."""

    article: Article
    library: Library
    findings: tuple[Finding, ...]
    """What is wrong with it, in its file or in another that it clashes with."""


def read_article_file(root: Path, path: Path) -> ArticleFile:
    """Read an article's file as if it stood in the content folder `root`.

    A file from elsewhere takes its folder's topic, or else the first topic that there is.

    Raises:
        ContentError: the file has no front matter that can be read; the message says where.

    """
    library = read_library(root)
    return in_place(library, _name(root, path, library), path.read_bytes(), day_of(utc_now()))


def in_place(library: Library, name: str, written: bytes, today: date) -> ArticleFile:
    """Read what is written of an article as if it stood in a library, new or instead of its file.

    What is wrong, so that it would be held back, is named by that place, also where it shows in
    another article's file.

    Raises:
        ContentError: it has no front matter that can be read; it bears the `findings`.

    """
    whole, unread = _with(library, name, written)
    faulty = faults_of(whole, name, today) if name in whole.articles else ()
    found = tuple(sorted({*unread, *faulty}))
    article = whole.articles.get(name) or _lenient(name, written, library, found)
    shown = replace(article, head=_with_known_sources(article.head, library))
    return ArticleFile(shown, replace(whole, articles={**whole.articles, name: shown}), found)


def _name(root: Path, path: Path, library: Library) -> str:
    folder = (root / "articles").resolve()
    if path.resolve().is_relative_to(folder):
        return path.resolve().relative_to(folder).with_suffix("").as_posix()
    topics, topic = list(library.topics), path.resolve().parent.name
    return f"{topic if topic in topics or not topics else topics[0]}/{path.stem}"


def _with(library: Library, name: str, written: bytes) -> tuple[Library, list[Finding]]:
    """Return a library with an article in its place, and why that can't be read."""
    file = f"articles/{name}.md"
    with TemporaryDirectory() as folder:
        path = Path(folder, file)
        path.parent.mkdir(parents=True)
        path.write_bytes(written)
        reader = ContentReader(Path(folder))
        read, unfilled = read_articles(reader, library.filler)
    others = {other: one for other, one in library.articles.items() if other != name}
    whole = replace(
        library,
        articles={**others, **read},
        texts={**library.texts, file: reader.texts.get(file, "")},
        unread=library.unread - {file} | reader.unread,
    )
    return whole, [*reader.findings, *unfilled]


def _with_known_sources(head: ArticleHead, library: Library) -> ArticleHead:
    """Leave out citations of documents that there are not, so that the rest can be shown."""
    parts = {name: _sourced(part, library) for name, part in head.parts.items()}
    return _sourced(head, library).model_copy(update={"parts": parts})


def _sourced(told: Cited, library: Library) -> Cited:
    known = tuple(cited for cited in told.citations if cited.source in library.sources)
    return told.model_copy(update={"citations": known})


def _lenient(name: str, written: bytes, library: Library, found: tuple[Finding, ...]) -> Article:
    try:
        text = written.decode()
        front, body = YAMLHandler().split(text)
        fields = yaml.safe_load(front)
    except (ValueError, yaml.YAMLError):
        raise ContentError("\n".join(map(str, found)), findings=found) from None
    head = _head(fields if isinstance(fields, dict) else {})
    try:
        told = read_body(library.filler.fill(body.strip(), head.procedure))
    except PlaceholderError:
        told = read_body(body.strip())
    return Article(name, head, told.common, told.parts, told.variants, text)


def _head(fields: dict[str, Any]) -> ArticleHead:
    try:
        return ArticleHead.model_validate(fields)
    except ValidationError as error:
        wrong = {fault["loc"][0] for fault in error.errors()}
    sound = {field: value for field, value in fields.items() if field not in wrong}
    return ArticleHead.model_validate(_STAND_INS | sound)
