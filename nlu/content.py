"""What the content folder holds to learn from, and nothing else of it.

content/articles/<topic>/<slug>.md   title, `questions` and `followups` of the front matter, and
                                     those of each of its `parts`
content/phrases/smalltalk.yml        a list of {id, questions, reply}
content/phrases/handoff.yml          {questions}
content/phrases/out_of_scope.yml     {far: [...], near: [...]}
content/phrases/distress-examples.yml  a list of {family, level, danger, texts}
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from nlu.text import normalise, sentences

FOLLOWUP = "followup"
HANDOFF = "handoff"
OUT_OF_SCOPE = "out_of_scope"
SMALLTALK = "smalltalk"
CONTENT_DIR_VARIABLE = "HTX_CONTENT_DIR"
"""Environment variable that names another content folder."""

_FENCE = "---"
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{#[a-z0-9-]+\}")
"""What is filled in, and the id of a part behind its name: neither teaches anything."""
_HEADING = re.compile(r"^## (.+?) \{#([a-z0-9-]+)\}\s*$", re.MULTILINE)
"""Opens a part of an article: its name and its id."""
_PHRASES = (
    (HANDOFF, "handoff.yml", ("questions",)),
    (FOLLOWUP, "followups.yml", ("questions",)),
    (OUT_OF_SCOPE, "out_of_scope.yml", ("far", "near")),
)
"""Intents that are no articles, the file of each and the lists in it."""
Kind = Literal["question", "answer", "leaning"]
_TALK = (FOLLOWUP, HANDOFF, SMALLTALK)
Level = Literal["none", "doubtful", "clear"]
LEVELS: tuple[Level, ...] = ("none", "doubtful", "clear")
"""How sure it is that somebody may be in danger, from the least on."""
DANGERS = ("self", "other", "child", "violence", "emergency")
"""Who may be in danger: who writes, or somebody else, by their own hand; a child; who is beaten; or
whoever is in water, fire, illness or hunger."""


class ExamplesError(Exception):
    """A content file cannot be learned from; the message names it and says what to do."""


@dataclass(frozen=True)
class Example:
    """A text and the intent it stands for: a question as someone would write it, or an answer.

    A question that leans on what was asked before ("bao lâu?") stands for its article only while
    another of the same topic is open.

    An article's short answer is an example too: it has the words that the questions may lack. But
    nobody writes like it, so nothing is measured or calibrated on answers.
    """

    text: str
    intent: str
    kind: Kind = "question"
    part: str = ""
    """The part of the article that it asks for; empty where it asks for what that says first."""

    @property
    def is_answer(self) -> bool:
        """Tell whether it is an article's answer."""
        return self.kind == "answer"

    @property
    def leans(self) -> bool:
        """Tell whether it leans on what was asked before: learned only with an article open."""
        return self.kind == "leaning"


@dataclass(frozen=True)
class DistressExample:
    """A message as somebody in distress may write it, or one that only sounds so."""

    text: str
    level: Level
    danger: str
    """One of DANGERS; empty where there is none."""
    family: str
    """The family of wordings that it is of: they are left out together."""


class Content(NamedTuple):
    """All that is learned from."""

    examples: Sequence[Example]
    """Each once."""
    matter: Sequence[str] = ()
    """The sentences of every article: what correct spelling is learned from."""
    parts: Sequence[Example] = ()
    """The name and the text of every part of every article. Nobody asks with them, but like what a
    part is asked with they tell which part of its article a message is after."""
    distress: Sequence[DistressExample] = ()
    """What distress is learned from, which changes no reading of a question."""


def content_dir() -> Path:
    """Return the content folder: the environment's, or `content` below the working folder."""
    return Path(os.environ.get(CONTENT_DIR_VARIABLE) or "content")


def intent_of(article_id: str) -> str:
    """Return the intent of an article; Rasa keeps "/" for itself, so it becomes "."."""
    return article_id.replace("/", ".")


def article_of(intent: str) -> str:
    """Return the article that an intent stands for."""
    return intent.replace(".", "/", 1)


def topic_of(intent: str) -> str:
    """Return the topic of an article's intent: its folder."""
    return intent.partition(".")[0]


@lru_cache(maxsize=4096)
def is_talk(intent: str) -> bool:
    """Tell whether `intent` is a courtesy, a follow-up or a wish for a person."""
    return intent.partition(".")[0] in _TALK


@lru_cache(maxsize=4096)
def is_article(intent: str) -> bool:
    """Tell whether `intent` stands for an article."""
    return intent != OUT_OF_SCOPE and not is_talk(intent)


def read_content(folder: Path) -> Content:
    """Read all below `folder` that is learned from, normalised, in a stable order.

    Raises ExamplesError when there is no article or a file cannot be read.
    """
    articles = [_article(folder / "articles", p) for p in sorted(folder.glob("articles/**/*.md"))]
    if not articles:
        msg = f"No article in {folder / 'articles'}: add <topic>/<slug>.md files."
        raise ExamplesError(msg)
    examples = [*chain.from_iterable(map(_asked, articles)), *_phrases(folder / "phrases")]
    return Content(
        list(dict.fromkeys(replace(e, text=normalise(e.text)) for e in examples)),
        [one for article in articles for one in _sentences_of(article)],
        [part for article in articles for part in _told(article)],
        _distress(folder / "phrases/distress-examples.yml"),
    )


class _Article(NamedTuple):
    """One article's file; in its body parts open with a heading that bears their id."""

    path: Path
    intent: str
    head: dict[str, Any]
    body: str


def _article(folder: Path, path: Path) -> _Article:
    before, opened, rest = path.read_text(encoding="utf-8").partition(_FENCE)
    matter, closed, body = rest.partition(f"\n{_FENCE}")
    head = _parse(path, _PLACEHOLDER.sub("", matter))
    if before.strip() or not (opened and closed and isinstance(head, dict)):
        msg = f"{path}: start the file with front matter between two --- lines."
        raise ExamplesError(msg)
    name = path.relative_to(folder).with_suffix("").as_posix()
    return _Article(path, intent_of(name), head, body)


def _asked(article: _Article) -> Iterator[Example]:
    """Yield what an article and each of its parts are asked with, and its short answer."""
    path, intent, head, body = article
    parts = head.get("parts") or {}
    if not isinstance(parts, dict) or not all(isinstance(part, dict) for part in parts.values()):
        msg = f"{path}: write each of the parts as `id:` with its fields below."
        raise ExamplesError(msg)
    heads = {"": head, **parts}
    yield from _examples(path, [head.get("title")], intent)
    for part, own in heads.items():
        yield from _examples(path, own.get("questions"), intent, "question", part)
    answer = _PLACEHOLDER.sub("", body).strip().partition("\n\n")[0].replace("*", "")
    if answer:
        yield Example(answer, intent, "answer")
    for part, own in heads.items():
        yield from _examples(path, own.get("followups"), intent, "leaning", part)


def _sentences_of(article: _Article) -> Iterator[str]:
    for line in _PLACEHOLDER.sub("", article.body).splitlines():
        yield from sentences(normalise(line))


def _told(article: _Article) -> Iterator[Example]:
    """Yield the name and the text of each part of an article."""
    _, *found = _HEADING.split(article.body)
    for name, part, rest in zip(found[::3], found[1::3], found[2::3], strict=True):
        for text in (name, rest.partition("\n## ")[0]):
            if told := normalise(_PLACEHOLDER.sub("", text).replace("*", "")):
                yield Example(told, article.intent, "answer", part)


def _phrases(folder: Path) -> Iterator[Example]:
    path = folder / "smalltalk.yml"
    for entry in _read(path) or []:
        yield from _examples(path, entry.get("questions"), f"{SMALLTALK}.{entry.get('id')}")
    for intent, name, keys in _PHRASES:
        listed = _read(folder / name) or {}
        for key in keys:
            yield from _examples(folder / name, listed.get(key), intent)


def _distress(path: Path) -> list[DistressExample]:
    """Return what distress is learned from, each message as it stands; none without the file."""
    found: dict[str, DistressExample] = {}
    for entry in _read(path) or []:
        level, danger, family = (entry.get(key) for key in ("level", "danger", "family"))
        if level not in LEVELS or (danger in DANGERS) == (level == "none") or not family:
            msg = f"{path}: give each family a name, one of {LEVELS}, and one of {DANGERS}."
            raise ExamplesError(msg)
        for text in map(normalise, _texts(path, entry.get("texts"))):
            found.setdefault(text, DistressExample(text, level, danger or "", family))
    return list(found.values())


def _examples(
    path: Path, texts: Any, intent: str, kind: Kind = "question", part: str = ""
) -> Iterator[Example]:
    yield from (Example(text, intent, kind, part) for text in _texts(path, texts))


def _texts(path: Path, values: Any) -> list[str]:
    if all(isinstance(value, str) and value.strip() for value in values or ()):
        return values or []
    msg = f"{path}: title and questions must be text; put quotes around each."
    raise ExamplesError(msg)


def _read(path: Path) -> Any:
    return _parse(path, path.read_text(encoding="utf-8")) if path.exists() else None


def _parse(path: Path, text: str) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  # a SafeLoader, the C one if built
    except yaml.YAMLError as error:
        msg = f"{path}: the YAML cannot be read, correct it: {error}"
        raise ExamplesError(msg) from error


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
