"""The example questions of the content folder, and nothing else of it.

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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

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


def read_examples(folder: Path) -> list[Example]:
    """Return every example below `folder`, normalised, in a stable order, each once.

    Raises ExamplesError when there is no article or a file cannot be read.
    """
    articles = list(_articles(folder / "articles"))
    if not articles:
        msg = f"No article in {folder / 'articles'}: add <topic>/<slug>.md files."
        raise ExamplesError(msg)
    found = [*articles, *_phrases(folder / "phrases")]
    return list(dict.fromkeys(replace(e, text=normalise(e.text)) for e in found))


def reading_matter(folder: Path) -> list[str]:
    """Return the sentences of every article, normalised: what correct spelling is learned from."""
    paths = sorted((folder / "articles").rglob("*.md"))
    lines = (line for path in paths for line in _split(path)[1].splitlines())
    return [sentence for line in lines for sentence in sentences(normalise(line))]


def read_distress(folder: Path) -> list[DistressExample]:
    """Return what distress is learned from: each message as it stands.

    None where the content has no such examples. Raises ExamplesError when they cannot be read.
    """
    path = folder / "phrases/distress-examples.yml"
    found: dict[str, DistressExample] = {}
    for entry in _read(path) or []:
        level, danger, family = (entry.get(key) for key in ("level", "danger", "family"))
        if level not in LEVELS or (danger in DANGERS) == (level == "none") or not family:
            msg = f"{path}: give each family a name, one of {LEVELS}, and one of {DANGERS}."
            raise ExamplesError(msg)
        for text in map(normalise, _texts(path, entry.get("texts") or [])):
            found.setdefault(text, DistressExample(text, level, danger or "", family))
    return list(found.values())


def texts_of_parts(folder: Path) -> list[Example]:
    """Return the name and the text of every part of every article: nobody asks with them.

    Like what a part is asked with they tell which part of its article a message is after.
    """
    told = (
        Example(normalise(_PLACEHOLDER.sub("", text).replace("*", "")), intent, "answer", part)
        for path in sorted((folder / "articles").rglob("*.md"))
        for intent in [_intent_at(folder / "articles", path)]
        for name, part, body in _parts_of(path)
        for text in (name, body)
    )
    return [one for one in told if one.text]


def _parts_of(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, id and text of each part of an article."""
    _, *found = _HEADING.split(path.read_text(encoding="utf-8"))
    for name, part, body in zip(found[::3], found[1::3], found[2::3], strict=True):
        yield name, part, body.partition("\n## ")[0]


def _intent_at(folder: Path, path: Path) -> str:
    return intent_of(path.relative_to(folder).with_suffix("").as_posix())


def _articles(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.rglob("*.md")):
        intent = _intent_at(folder, path)
        matter = _front_matter(path)
        yield from _asked(path, intent, {"": {"questions": [matter.get("title")]}}, "question")
        told = {"": matter, **_heads_of_parts(path, matter)}
        yield from _asked(path, intent, told, "question")
        answer = _short_answer(path)
        if answer:
            yield Example(answer, intent, "answer")
        yield from _asked(path, intent, told, "leaning")


def _asked(
    path: Path, intent: str, told: dict[str, dict[str, Any]], kind: Kind
) -> Iterator[Example]:
    """Yield what the article itself is asked with, and then each of its parts."""
    field = "followups" if kind == "leaning" else "questions"
    for part, matter in told.items():
        for text in _texts(path, matter.get(field) or []):
            yield Example(text, intent, kind, part)


def _heads_of_parts(path: Path, matter: dict[str, Any]) -> dict[str, dict[str, Any]]:
    parts = matter.get("parts") or {}
    if not isinstance(parts, dict) or not all(isinstance(part, dict) for part in parts.values()):
        msg = f"{path}: write each of the parts as `id:` with its fields below."
        raise ExamplesError(msg)
    return parts


def _short_answer(path: Path) -> str:
    """Return the first paragraph of an article's body, without its markup."""
    return _split(path)[1].strip().partition("\n\n")[0].replace("*", "")


def _phrases(folder: Path) -> Iterator[Example]:
    for entry in _read(folder / "smalltalk.yml") or []:
        intent = f"{SMALLTALK}.{entry.get('id')}"
        yield from _examples(folder / "smalltalk.yml", entry.get("questions"), intent)
    for name, intent in (("handoff.yml", HANDOFF), ("followups.yml", FOLLOWUP)):
        listed = _read(folder / name) or {}
        yield from _examples(folder / name, listed.get("questions"), intent)
    outside = _read(folder / "out_of_scope.yml") or {}
    for kind in ("far", "near"):
        yield from _examples(folder / "out_of_scope.yml", outside.get(kind), OUT_OF_SCOPE)


def _examples(path: Path, texts: Any, intent: str) -> Iterator[Example]:
    yield from (Example(text, intent) for text in _texts(path, texts or []))


def _texts(path: Path, values: list[Any]) -> list[str]:
    if all(isinstance(value, str) and value.strip() for value in values):
        return values
    msg = f"{path}: title and questions must be text; put quotes around each."
    raise ExamplesError(msg)


def _front_matter(path: Path) -> dict[str, Any]:
    text, _ = _split(path)
    matter = _parse(path, text)
    if not isinstance(matter, dict):
        msg = f"{path}: start the file with front matter between two --- lines."
        raise ExamplesError(msg)
    return matter


def _split(path: Path) -> tuple[str, str]:
    """Return front matter and body; without front matter all is body.

    Placeholders are dropped: what fills them (days, fees, papers) teaches no need.
    """
    text = _PLACEHOLDER.sub("", path.read_text(encoding="utf-8"))
    before, opened, rest = text.partition(_FENCE)
    matter, closed, body = rest.partition(f"\n{_FENCE}")
    return (matter, body) if opened and closed and not before.strip() else ("", text)


def _read(path: Path) -> Any:
    return _parse(path, path.read_text(encoding="utf-8")) if path.exists() else None


def _parse(path: Path, text: str) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  # a SafeLoader, the C one if built
    except yaml.YAMLError as error:
        msg = f"{path}: the YAML cannot be read, correct it: {error}"
        raise ExamplesError(msg) from error


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
