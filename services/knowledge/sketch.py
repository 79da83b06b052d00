"""A sketch: what a writer has said of a new article, and the file that is written from it."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import yaml

from services.knowledge.checks.twins import bare
from services.knowledge.library import Library
from services.knowledge.schema import MIN_QUESTIONS, Verification


class SketchError(ValueError):
    """An answer can't be used; the message is a sentence that says why."""


@dataclass
class Sketch:
    """What is known of an article that is being written."""

    library: Library
    topic: str = ""
    title: str = ""
    slug: str = ""
    readers: list[str] = field(default_factory=list)
    answer: str = ""
    source: str = ""
    clause: str = ""
    covers: list[str] = field(default_factory=list)
    verification: str = ""
    next_step: str = ""
    related: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The article's id."""
        return f"{self.topic}/{self.slug}"

    @property
    def lacking(self) -> int:
        """How many example questions are still to be written."""
        return max(MIN_QUESTIONS - len(self.questions), 0)

    @property
    def surest(self) -> Verification:
        """How well it can be known: as the weakest of its source and the facts it covers."""
        facts = self.library.facts
        marks = {facts[name].mark for name in self.covers if name in facts}
        if "inferred" in marks or marks == {"missing"}:
            return "inferred"
        read = self.library.sources[self.source].read
        return "secondary" if "secondary" in {read, *marks} else "verified"

    def ask_also(self, question: str) -> None:
        """Take in an example question.

        Raises:
            SketchError: it stands in another article, or here already.

        """
        asked = one_line(question).removeprefix("- ")
        own = "chính bài này" if bare(asked) in map(bare, self.questions) else None
        place = own or self.place_of(asked)
        if place:
            message = f"Câu “{asked}” đã có ở {place}; viết câu khác."
            raise SketchError(message)
        self.questions.append(asked)

    def place_of(self, asked: str) -> str | None:
        """Return the article that has this title or example question, diacritics aside."""
        return self._places.get(bare(asked))

    def text(self, today: date) -> str:
        """Return the file of the article, looked over today."""
        subject = self.library.topics[self.topic].subject
        citation = {"source": self.source, "clause": self.clause}
        written = [
            _yaml({"title": self.title, "subject": subject}),
            _yaml({"readers": self.readers}, flow=None),
            _yaml({"questions": self.questions, "citations": [citation]}),
            _yaml({"covers": self.covers, "as_of": today}, flow=None),
            _yaml({"verification": self.verification, "related": self.related}, flow=None),
            _yaml({"next_step": self.next_step}),
        ]
        return f"---\n{''.join(written)}---\n{self.answer}\n"

    @cached_property
    def _places(self) -> dict[str, str]:
        return {
            bare(asked): article.id
            for article in self.library.articles.values()
            for asked in (article.head.title, *article.head.questions)
        }


def one_line(text: str) -> str:
    """Return what was typed on one line, its letters composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the articles do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # because PyYAML calls it so
        """Never leave a list at its key's own indent."""
        super().increase_indent(flow, indentless=False)


def _yaml(fields: dict[str, Any], *, flow: bool | None = False) -> str:
    dumped: str = yaml.dump(
        fields,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=flow,
    )
    return dumped
