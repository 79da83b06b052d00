"""An article: one Markdown file that answers one need.

Its body as written begins with the lead, the short answer. Then come its parts, each under a
heading with its id, `## Cách đếm {#dem}`, and at the end what replaces the detail for one kind of
reader, under a line `## manager`. A placeholder (`{{ time }}`, `{{ papers }}`,
`{{ terms.bo_sung }}`) is filled from the article's procedure.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jinja2 import TemplateError

from services.knowledge.phrases import Phrases
from services.knowledge.place_names import Office
from services.knowledge.schema import ArticleHead, Citation, Form, Procedure, Reader
from services.sandbox import Sandbox

_READER = re.compile(r"^## (farmer|manager|officer)\s*$", re.MULTILINE)
_PART = re.compile(r"^## (?P<name>.+?) \{#(?P<id>[a-z0-9][a-z0-9-]*)\}[ \t]*$", re.MULTILINE)
_LIST = re.compile(r"[-*] |\d+[.)] ")
_NEXT_PLACE = re.compile(r", (?=Điều |Mục |Phụ lục )")
"""Between two places of a document that a clause names."""
_BODIES = Sandbox(asks=False, comment_start_string="{#-")  # `{#dem}` is the id of a part


@dataclass(frozen=True)
class Part:
    """A part of an article: what answers one question about it."""

    id: str
    name: str
    """At most 24 characters; it stands on a button, and above the text."""
    text: str


@dataclass(frozen=True)
class Article:
    """One need, answered: the head as checked, the body as Markdown."""

    id: str
    """Path below `content/articles` without the ending, e.g. `founding/ho-so`."""
    head: ArticleHead
    body: str
    """What everybody is told, the lead and each part under its name; placeholders are filled."""
    parts: tuple[Part, ...] = ()
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
    def label(self) -> str:
        """What it is called on a button and before the name of a part."""
        return self.head.label or self.head.title

    @property
    def short(self) -> str:
        """The first paragraph: the answer itself."""
        return self.body.partition("\n\n")[0]

    @property
    def detail(self) -> str:
        """All that follows the short answer; may be empty."""
        return self.body.partition("\n\n")[2].strip()

    def part(self, name: str) -> Part | None:
        """Return the part with this id, or None."""
        return next((part for part in self.parts if part.id == name), None)

    def told(self, name: str) -> str:
        """Return the text of the part with this id, or the short answer where there is none."""
        part = self.part(name)
        return part.text if part else self.short

    def is_one_matter_with(self, other: "Article") -> bool:
        """Say whether both are of one procedure; of one topic, unless they are of two."""
        procedures = self.head.procedure, other.head.procedure
        return procedures[0] == procedures[1] if all(procedures) else self.topic == other.topic

    @property
    def questions(self) -> tuple[str, ...]:
        """Its example questions, those of its parts among them."""
        return (*self.head.questions, *(q for p in self.head.parts.values() for q in p.questions))

    @property
    def followups(self) -> tuple[str, ...]:
        """How people ask for it or for a part of it while an article of its topic is open."""
        return (*self.head.followups, *(f for p in self.head.parts.values() for f in p.followups))

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """What stands behind all of it: behind the lead first, then what parts name beside that."""
        own = {(c.source, place) for c in self.head.citations for place in places_of(c.clause)}
        of_parts = (c for part in self.head.parts.values() for c in part.citations)
        others = (
            Citation(source=cited.source, clause=place)
            for cited in of_parts
            for place in places_of(cited.clause)
            if (cited.source, place) not in own
        )
        return (*self.head.citations, *joined(others))

    def settles(self, belief: int) -> str:
        """Return the sentence of the belief at a place from 1; empty where there is none."""
        return self.head.beliefs[belief - 1].settles if 0 < belief <= len(self.head.beliefs) else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that it tells its reader."""
        settled = (belief.settles for belief in self.head.beliefs)
        short = filter(None, (self.head.condition, self.head.plain))
        every = (self.body, *self.variants.values(), self.head.next_step, *settled, *short)
        return (self.head.title, *every)

    @cached_property
    def hash(self) -> str:
        """Sixteen hex digits that change with anything the reader is told."""
        told = [self.head.title, self.body, self.head.next_step]
        told += [f"{c.source} {c.clause}" for c in self.citations]
        told += [f"{reader} {text}" for reader, text in sorted(self.variants.items())]
        told += [belief.settles for belief in self.head.beliefs]
        told += filter(None, (self.head.condition, self.head.plain))
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def places_of(clause: str) -> list[str]:
    """Return the places of a document that a clause names."""
    return _NEXT_PLACE.split(clause)


def joined(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return citations with each source once, and every place that is named in it once."""
    places: dict[str, dict[str, None]] = {}
    for cited in citations:
        places.setdefault(cited.source, {}).update(dict.fromkeys(places_of(cited.clause)))
    return tuple(Citation(source=s, clause=", ".join(named)) for s, named in places.items())


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
            for part in ("papers", "place", "ways", "time", "fee")
        }
        steps = self._say("steps", value=[step.says for step in known.steps])
        return written | {"steps": steps, "terms": known.terms, "forms": self.forms_of(known)}

    def _say(self, name: str, **values: Any) -> str:
        return self.phrases.say(f"procedure_{name}", **values)


@dataclass(frozen=True)
class Body:
    """A body, taken apart."""

    common: str
    """What everybody reads: the lead, and each part under its name."""
    parts: tuple[Part, ...]
    variants: Mapping[Reader, str]


def read_body(text: str) -> Body:
    """Take a body apart whose placeholders are filled."""
    common, *rest = _READER.split(text)
    readers: list[Any] = rest[::2]
    variants = dict(zip(readers, (part.strip() for part in rest[1::2]), strict=True))
    lead, *found = _PART.split(common)
    parts = tuple(map(Part, found[1::3], found[::3], (told.strip() for told in found[2::3])))
    return Body("\n\n".join((lead.strip(), *map(_under_name, parts))), parts, variants)


def _under_name(part: Part) -> str:
    between = "\n\n" if _LIST.match(part.text) else " "
    return f"**{part.name}**:{between}{part.text}"
