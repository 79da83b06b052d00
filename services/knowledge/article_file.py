"""An article's file as it stands, wherever that is and however much is wrong in it."""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import ValidationError

from services.clock import day_of, utc_now
from services.errors import ContentError
from services.knowledge.article import Article
from services.knowledge.body import PlaceholderError, parts
from services.knowledge.checks import faults
from services.knowledge.finding import Finding
from services.knowledge.library import Library, read_library
from services.knowledge.schema import READERS, ArticleHead

_STAND_INS: dict[str, Any] = {
    "title": "(chưa có tên)",
    "subject": "policy",
    "readers": READERS,
    "questions": [str(number) for number in range(10)],
    "citations": [{"source": "-", "clause": "-"}],
    "as_of": date(1970, 1, 1),
    "verification": "verified",
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

    What is wrong, so that it would be held back, is named by that place, also where it shows in
    another article's file.

    A file from elsewhere takes its folder's topic, or else the first topic that there is.

    Raises:
        ContentError: the file has no front matter that can be read; the message says where.

    """
    name, library = _placed(root, path)
    file = f"articles/{name}.md"
    faulty = faults(library, day_of(utc_now()))
    found = tuple(f for f in faulty if f.file == file or name in f.what)
    article = library.articles.get(name) or _lenient(name, path, library, found)
    known = tuple(c for c in article.head.citations if c.source in library.sources)
    shown = replace(article, head=article.head.model_copy(update={"citations": known}))
    return ArticleFile(shown, replace(library, articles={**library.articles, name: shown}), found)


def _placed(root: Path, path: Path) -> tuple[str, Library]:
    folder = (root / "articles").resolve()
    if path.resolve().is_relative_to(folder):
        name = path.resolve().relative_to(folder).with_suffix("").as_posix()
        return name, read_library(root)
    with TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(root, Path(temporary) / "content"))
        topics, topic = list(read_library(copy).topics), path.resolve().parent.name
        name = f"{topic if topic in topics or not topics else topics[0]}/{path.stem}"
        place = copy / f"articles/{name}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
        return name, read_library(copy)


def _lenient(name: str, path: Path, library: Library, found: tuple[Finding, ...]) -> Article:
    try:
        text = path.read_text(encoding="utf-8")
        front, body = YAMLHandler().split(text)
        fields = yaml.safe_load(front)
    except (ValueError, yaml.YAMLError):
        raise ContentError("\n".join(map(str, found))) from None
    head = _head(fields if isinstance(fields, dict) else {})
    try:
        filled = library.filler.fill(body.strip(), head.procedure)
    except PlaceholderError:
        filled = body.strip()
    common, variants = parts(filled)
    return Article(name, head, common, variants, text)


def _head(fields: dict[str, Any]) -> ArticleHead:
    try:
        return ArticleHead.model_validate(fields)
    except ValidationError as error:
        wrong = {fault["loc"][0] for fault in error.errors()}
    sound = {field: value for field, value in fields.items() if field not in wrong}
    return ArticleHead.model_validate(_STAND_INS | sound)
