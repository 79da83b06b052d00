"""An article: one Markdown file that answers one need.

Its body as written has placeholders and parts for one kind of reader. A placeholder (`{{ time }}`,
`{{ papers }}`, `{{ terms.bo_sung }}`) is filled from the article's procedure. A part that replaces
the detail for one reader opens with a line `## manager`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError

from services.knowledge.phrases import Phrases
from services.knowledge.schema import ArticleHead, Form, Office, Procedure, Reader

_PART = re.compile(r"^## (farmer|manager|officer)\s*$", re.MULTILINE)
_BODIES = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701  # because a body is Markdown, escaped by the renderer of each channel


@dataclass(frozen=True)
class Article:
    """One need, answered: the head as checked, the body as Markdown."""

    id: str
    """Path below `content/articles` without the ending, e.g. `founding/ho-so`."""
    head: ArticleHead
    body: str
    """What everybody is told; placeholders are filled."""
    variants: Mapping[Reader, str] = field(default_factory=dict)
    """What replaces the detail for one kind of reader."""
    raw: str = field(default="", repr=False)
    """The whole file, to say on which line something stands."""

    def line_of(self, text: str) -> int:
        """Return the first line of the file that holds `text`, or 1."""
        before, found, _ = self.raw.partition(text or "---")
        return before.count("\n") + 1 if found else 1

    @property
    def topic(self) -> str:
        """The folder: articles of one topic lean on each other in follow-ups."""
        return self.id.partition("/")[0]

    @property
    def short(self) -> str:
        """The first paragraph: the answer itself."""
        return self.body.partition("\n\n")[0]

    @property
    def detail(self) -> str:
        """All that follows the short answer; may be empty."""
        return self.body.partition("\n\n")[2].strip()

    def settles(self, belief: int) -> str:
        """Return the sentence of the belief at a place from 1; empty where there is none."""
        return self.head.beliefs[belief - 1].settles if 0 < belief <= len(self.head.beliefs) else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that it tells its reader."""
        settled = (belief.settles for belief in self.head.beliefs)
        return (self.head.title, self.body, *self.variants.values(), self.head.next_step, *settled)

    @cached_property
    def hash(self) -> str:
        """Sixteen hex digits that change with anything the reader is told."""
        told = [self.head.title, self.body, self.head.next_step]
        told += [f"{c.source} {c.clause}" for c in self.head.citations]
        told += [f"{reader} {text}" for reader, text in sorted(self.variants.items())]
        told += [belief.settles for belief in self.head.beliefs]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


class PlaceholderError(ValueError):
    """A body has a placeholder that nothing fills, or one that is written wrongly."""


@dataclass(frozen=True)
class Filler:
    """Writes procedures out, in the words of `content/phrases/procedures.yml`."""

    procedures: Mapping[str, Procedure]
    forms: Mapping[str, Form]
    offices: tuple[Office, ...]
    phrases: Phrases

    def fill(self, body: str, procedure: str | None) -> str:
        """Return the body with every placeholder filled.

        Raises:
            PlaceholderError: a placeholder is not known; the message names it.

        """
        if "{{" not in body:
            return body
        try:
            return _BODIES.from_string(body).render(self._values(procedure))
        except TemplateError as error:
            raise PlaceholderError(error.message or "?") from None

    def checklist(self, procedure: Procedure) -> str:
        """Return papers to tick, place, ways, time and fee as Markdown."""
        procedure = self._without_unknown_forms(procedure)
        values = self._parts(procedure) | {"papers": procedure.papers, "numbers": self.forms}
        return self._say("checklist", **values)

    def forms_of(self, procedure: Procedure) -> str:
        """Return its forms and where to get each as Markdown; empty where it has none."""
        forms = [form for p in procedure.papers if (form := self.forms.get(p.form or ""))]
        return self._say("forms", forms=forms)

    def _values(self, name: str | None) -> dict[str, Any]:
        every = {"every_form": self._say("forms", forms=self.forms.values())}
        known = self.procedures.get(name or "")
        return every if known is None else every | self._parts(known)

    def _without_unknown_forms(self, procedure: Procedure) -> Procedure:
        """Leave out forms that there are not: the check names them, the papers are still told."""
        papers = [
            paper if paper.form in self.forms else paper.model_copy(update={"form": None})
            for paper in procedure.papers
        ]
        return procedure.model_copy(update={"papers": tuple(papers)})

    def _parts(self, known: Procedure) -> dict[str, Any]:
        known = self._without_unknown_forms(known)
        ask = next((office.name for office in self.offices if office.id == known.ask), known.ask)
        written = {
            part: self._say(part, value=getattr(known, part), forms=self.forms, ask=ask)
            for part in ("steps", "papers", "place", "ways", "time", "fee")
        }
        return written | {"terms": known.terms, "forms": self.forms_of(known)}

    def _say(self, name: str, **values: Any) -> str:
        return self.phrases.say(f"procedure_{name}", **values)


def parts(body: str) -> tuple[str, dict[Reader, str]]:
    """Return what everybody reads, and what replaces its detail for each kind of reader."""
    common, *rest = _PART.split(body)
    readers: list[Any] = rest[::2]
    return common.strip(), dict(zip(readers, (text.strip() for text in rest[1::2]), strict=True))
