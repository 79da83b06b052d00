"""Reads the content folder: the library as a whole, with every finding."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import TypeAdapter

from services.errors import ContentError
from services.knowledge.act_words import Acts
from services.knowledge.article import Article, Filler, PlaceholderError, read_body
from services.knowledge.beginnings import Beginnings
from services.knowledge.check_rules import Check, GoldenCases
from services.knowledge.checks.suite import broken
from services.knowledge.deadlines import DaysOff, Deadlines, Reminding
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.distress_cues import DistressCues, DistressFamily
from services.knowledge.files import ContentReader
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.papers import PaperSpec
from services.knowledge.phrases import Phrases, needed
from services.knowledge.place_names import Communes, Office, PlaceNames
from services.knowledge.rules import LawRules
from services.knowledge.schema import (
    ArticleHead,
    Fact,
    Form,
    MenuGroup,
    Procedure,
    ShortId,
    SmallTalk,
    Source,
    Text,
    Topic,
)
from services.knowledge.tool_forms import ToolForm
from services.knowledge.wishes import Wishes
from services.settings import ROOT

T = TypeVar("T")

_SHOWN = 20
_NEWER = ("errors", "distress", "tickets", "papers", "tools", "checks")
"""Files of phrases that content of the first releases does not have."""
_CUES_OF_DISTRESS = "phrases/distress-cues.yml"
_HEAD = TypeAdapter(ArticleHead)
_SOURCE = TypeAdapter(Source)
_TOPICS = TypeAdapter(dict[str, Topic])
_OFFICES = TypeAdapter(tuple[Office, ...])
_SMALLTALK = TypeAdapter(tuple[SmallTalk, ...])
_CUES = TypeAdapter(DiscourseCues)
_ACTS = TypeAdapter(Acts)
_DISTRESS = TypeAdapter(DistressCues)
_FAMILIES = TypeAdapter(tuple[DistressFamily, ...])
_FOREIGN = TypeAdapter(dict[Literal["far", "near"], tuple[Text, ...]])
_WISHES = TypeAdapter(Wishes)
_MENU = TypeAdapter(dict[str, dict[ShortId, MenuGroup]])
_PLACES = TypeAdapter(PlaceNames)
_RULES = TypeAdapter(LawRules)
_BEGINNINGS = TypeAdapter(Beginnings)
_REPLIES = TypeAdapter(Mapping[str, str])
_ACTS_FILE = "phrases/acts.yml"
_RULES_FILE = "rules.yml"
_BEGINNINGS_FILE = "beginnings.yml"
_FACTS = TypeAdapter(tuple[Fact, ...])
_PROCEDURE = TypeAdapter(Procedure)
_PAPER = TypeAdapter(PaperSpec)
_FORMS = TypeAdapter(tuple[Form, ...])
_TOOL = TypeAdapter(ToolForm)
_DEADLINES = TypeAdapter(Deadlines)
_DAYS_OFF = TypeAdapter(DaysOff)
_REMINDING = TypeAdapter(Reminding)
_COMMUNES = TypeAdapter(Communes)
_CHECK = TypeAdapter(Check)
_GOLDEN = TypeAdapter(GoldenCases)


def read_library(root: Path) -> Library:
    """Read all content below `root` with every finding, however broken it is."""
    reader = ContentReader(root)
    acts = reader.optional(root / _ACTS_FILE, _ACTS) or Acts()
    rules = reader.optional(root / _RULES_FILE, _RULES) or LawRules()
    phrases, misworded = _phrases(reader, acts, rules)
    offices = reader.yaml(root / "places/contacts.yml", _OFFICES) or ()
    procedures = _each(reader, "procedures/*.yml", _PROCEDURE)
    forms = {form.id: form for form in reader.optional(root / "forms.yml", _FORMS) or ()}
    filler = Filler(procedures, forms, offices, phrases)
    articles, unfilled = read_articles(reader, filler)
    sources = _each(reader, "sources/*.yml", _SOURCE)
    topics = reader.yaml(root / "topics.yml", _TOPICS) or {}
    smalltalk = reader.yaml(root / "phrases/smalltalk.yml", _SMALLTALK) or ()
    facts = reader.optional(root / "facts.yml", _FACTS) or ()
    foreign = reader.optional(root / "phrases/out_of_scope.yml", _FOREIGN) or {}
    reader.optional(root / "phrases/distress-examples.yml", _FAMILIES)  # for its findings alone
    for sheet in reader.paths("ocop/*.yml"):
        reader.text(sheet)  # read when somebody scores by it: all take a third of a second
    library = Library(
        articles=articles,
        sources=sources,
        topics=topics,
        offices=offices,
        smalltalk={talk.id: talk.reply.strip() for talk in smalltalk},
        phrases=phrases,
        foreign=tuple(chain.from_iterable(foreign.values())),
        cues=reader.yaml(root / "phrases/cues.yml", _CUES) or DiscourseCues(),
        acts=acts,
        wishes=reader.optional(root / "wishes.yml", _WISHES) or Wishes(),
        menu=reader.optional(root / "menu.yml", _MENU) or {},
        distress=_distress(reader),
        places=reader.optional(root / "places/names.yml", _PLACES) or PlaceNames(),
        rules=rules,
        beginnings=reader.optional(root / _BEGINNINGS_FILE, _BEGINNINGS) or _shipped_beginnings(),
        facts={fact.id: fact for fact in facts},
        procedures=procedures,
        forms=forms,
        papers=_each(reader, "papers/*.yml", _PAPER),
        tools={**_shipped_tools(), **_tools(reader)},
        deadlines=_each(reader, "deadlines/*.yml", _DEADLINES),
        days_off=reader.optional(root / "calendar.yml", _DAYS_OFF) or DaysOff(),
        reminding=reader.optional(root / "reminders.yml", _REMINDING) or Reminding(),
        checks=_each(reader, "checks/*.yml", _CHECK),
        golden=_each(reader, "checks/cases/*.yml", _GOLDEN),
        communes=reader.optional(root / "places/communes.yml", _COMMUNES) or Communes(),
        texts=reader.texts,
        unread=reader.unread,
    )
    found = [*reader.findings, *misworded, *unfilled, *_doubles(library, facts), *broken(library)]
    return replace(library, findings=tuple(sorted(set(found))))


def read_content(root: Path) -> Library:
    """Read the content of a folder that somebody named, however broken it is.

    Raises:
        ContentError: there is no content at all, so it is another folder that is meant.

    """
    library = read_library(root)
    if not library.texts:
        raise ContentError("content_absent", folder=root)
    return library


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


def _phrases(reader: ContentReader, acts: Acts, rules: LawRules) -> tuple[Phrases, list[Finding]]:
    """Return what the product says; the sentences of errors, which stand apart, are checked too."""
    talked, broken_acts = Phrases.compile(acts.sentences())
    ruled, broken_rules = Phrases.compile(rules.sentences())
    phrases = Phrases({**talked.templates, **ruled.templates})
    misworded = [*_misworded(_ACTS_FILE, broken_acts), *_misworded(_RULES_FILE, broken_rules)]
    for name, names in needed().items():
        file = f"phrases/{name}.yml"
        apart, newer = name == "errors", name in _NEWER
        texts = (reader.optional if newer else reader.yaml)(reader.root / file, _REPLIES)
        if apart and texts is None:
            continue
        own, broken = Phrases.compile(texts or {})
        lacks = not names <= own.templates.keys()
        whole = own.completed(names, _shipped(file, _REPLIES) or {}) if lacks else own
        phrases = Phrases(
            {**phrases.templates, **({} if apart else whole.templates)},
            phrases.borrowed | whole.borrowed - broken.keys(),
            phrases.missing | whole.missing - broken.keys(),
        )
        misworded += _misworded(file, broken)
    return phrases, misworded


def _misworded(file: str, broken: Mapping[str, str]) -> list[Finding]:
    return [
        Finding(file, 1, phrase, f"Mẫu câu sai: {what}.", "Sửa mẫu câu này.")
        for phrase, what in broken.items()
    ]


def _distress(reader: ContentReader) -> DistressCues:
    """Return by which words distress is heard: those that came with the code where none are here.

    Content is older than the code after an upgrade; whoever is in danger must be heard then too.
    """
    own = reader.optional(reader.root / _CUES_OF_DISTRESS, _DISTRESS)
    return own or _shipped_distress()


@cache
def _shipped_distress() -> DistressCues:
    return _shipped(_CUES_OF_DISTRESS, _DISTRESS) or DistressCues()


def _tools(reader: ContentReader) -> dict[str, ToolForm]:
    read = _each(reader, "tools/*.yml", _TOOL)
    return {name: form.model_copy(update={"name": name}) for name, form in read.items()}


@cache
def _shipped_beginnings() -> Beginnings:
    return _shipped(_BEGINNINGS_FILE, _BEGINNINGS) or Beginnings()


@cache
def _shipped_tools() -> dict[str, ToolForm]:
    """Return the forms that came with the code: its tools read their answers."""
    return _tools(ContentReader(ROOT / "content"))


def _shipped(file: str, shape: TypeAdapter[T]) -> T | None:
    """Return what a file holds as it came with the code; None where it can't be read."""
    root = ROOT / "content"
    return ContentReader(root).optional(root / file, shape)


def read_articles(
    reader: ContentReader, filler: Filler
) -> tuple[dict[str, Article], list[Finding]]:
    """Read every article below a reader's folder; return with them what can't be filled in."""
    folder, found, broken = reader.root / "articles", {}, []
    for path in reader.paths("articles/**/*.md"):
        read = reader.markdown(path, _HEAD)
        if read is None:
            continue
        name, (head, body) = path.relative_to(folder).with_suffix("").as_posix(), read
        try:
            told = read_body(filler.fill(body, head.procedure))
            head = _filled(head, filler)
        except PlaceholderError as error:
            broken.append(_unfilled(name, head.procedure, str(error)))
            told = read_body(body)
        raw = path.read_text(encoding="utf-8")
        found[name] = Article(name, head, told.common, told.parts, told.variants, raw)
    return found, broken


def _filled(head: ArticleHead, filler: Filler) -> ArticleHead:
    """Fill the placeholders of what the front matter tells.

    Raises:
        PlaceholderError: one of them is not known.

    """
    told = {"condition": head.condition, "plain": head.plain}
    filled = {name: filler.fill(text, head.procedure) for name, text in told.items() if text}
    return head.model_copy(update=filled)


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
