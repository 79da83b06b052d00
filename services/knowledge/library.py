"""The library: all content, read once, checked, and unchangeable afterwards."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from services.errors import ContentError
from services.knowledge.article import Article
from services.knowledge.files import Reader
from services.knowledge.finding import Finding
from services.knowledge.lint import check
from services.knowledge.phrases import Phrases
from services.knowledge.schema import ArticleHead, Office, SmallTalk, Source, Subject, Topic

_SHOWN = 20
_HEAD = TypeAdapter(ArticleHead)
_SOURCE = TypeAdapter(Source)
_TOPICS = TypeAdapter(dict[str, Topic])
_OFFICES = TypeAdapter(tuple[Office, ...])
_SMALLTALK = TypeAdapter(tuple[SmallTalk, ...])
_REPLIES = TypeAdapter(dict[str, str])


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
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    def offices_for(self, subject: Subject | None) -> list[Office]:
        """List the offices to ask about a subject; without one, those that answer for all."""
        if subject is None:
            return [office for office in self.offices if len(office.subjects) == len(_SUBJECTS)]
        return [office for office in self.offices if subject in office.subjects]


_SUBJECTS: tuple[Subject, ...] = ("policy", "ocop", "credit", "registration")


def read_library(root: Path) -> Library:
    """Read all content below `root` with every finding, however broken it is."""
    reader = Reader(root)
    articles = _articles(reader)
    sources = _sources(reader)
    topics = reader.yaml(root / "topics.yml", _TOPICS) or {}
    offices = reader.yaml(root / "places/contacts.yml", _OFFICES) or ()
    smalltalk = reader.yaml(root / "phrases/smalltalk.yml", _SMALLTALK) or ()
    replies = reader.yaml(root / "phrases/replies.yml", _REPLIES) or {}
    phrases, broken = Phrases.compile(replies)
    found = [*reader.findings, *broken, *check(articles, sources, topics)]
    return Library(
        articles=articles,
        sources=sources,
        topics=topics,
        offices=offices,
        smalltalk={talk.id: talk.reply.strip() for talk in smalltalk},
        phrases=phrases,
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


def _articles(reader: Reader) -> dict[str, Article]:
    folder = reader.root / "articles"
    found = {}
    for path in reader.paths("articles/**/*.md"):
        read = reader.markdown(path, _HEAD)
        if read is not None:
            name = path.relative_to(folder).with_suffix("").as_posix()
            found[name] = Article(name, *read, raw=path.read_text(encoding="utf-8"))
    return found


def _sources(reader: Reader) -> dict[str, Source]:
    read = {path.stem: reader.yaml(path, _SOURCE) for path in reader.paths("sources/*.yml")}
    return {name: source for name, source in read.items() if source is not None}
