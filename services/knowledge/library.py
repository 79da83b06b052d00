"""The library: all that can be said, unchangeable once it was read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from services.knowledge.act_words import Acts
from services.knowledge.article import Article, Filler
from services.knowledge.beginnings import Beginnings
from services.knowledge.check_rules import Check, GoldenCases
from services.knowledge.deadlines import DaysOff, Deadlines, Reminding
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.distress_cues import DistressCues
from services.knowledge.finding import Finding
from services.knowledge.papers import PaperSpec
from services.knowledge.phrases import Phrases
from services.knowledge.place_names import Communes, Office, PlaceNames
from services.knowledge.rules import LawRules
from services.knowledge.schema import (
    DAY,
    PAPER,
    STEP,
    Fact,
    Form,
    MenuGroup,
    Procedure,
    Source,
    Subject,
    Topic,
)
from services.knowledge.tool_forms import ToolForm
from services.knowledge.wishes import Wishes
from services.masking.shadow import Printed, numbers_in

_SUBJECTS: tuple[Subject, ...] = ("policy", "ocop", "credit", "registration")


@dataclass(frozen=True, repr=False)
class Library:
    """Everything that can be said, and by which document."""

    articles: dict[str, Article]
    sources: dict[str, Source]
    topics: dict[str, Topic]
    offices: tuple[Office, ...]
    smalltalk: dict[str, str]
    """Reply by kind of small talk."""
    phrases: Phrases
    foreign: tuple[str, ...] = ()
    """Messages that no article answers, as people write them."""
    cues: DiscourseCues = field(default_factory=DiscourseCues)
    acts: Acts = field(default_factory=Acts)
    wishes: Wishes = field(default_factory=Wishes)
    menu: dict[str, dict[str, MenuGroup]] = field(default_factory=dict)
    """By topic its groups, by their ids, in their order; none where its articles stand together."""
    distress: DistressCues = field(default_factory=DistressCues)
    places: PlaceNames = field(default_factory=PlaceNames)
    rules: LawRules = field(default_factory=LawRules)
    beginnings: Beginnings = field(default_factory=Beginnings)
    """Which messages begin a tool."""
    facts: dict[str, Fact] = field(default_factory=dict)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    papers: dict[str, PaperSpec] = field(default_factory=dict)
    tools: dict[str, ToolForm] = field(default_factory=dict)
    """The forms of tools, by their names."""
    deadlines: dict[str, Deadlines] = field(default_factory=dict)
    """By procedure, and by the name of what else has some."""
    days_off: DaysOff = field(default_factory=DaysOff)
    reminding: Reminding = field(default_factory=Reminding)
    checks: dict[str, Check] = field(default_factory=dict)
    golden: dict[str, GoldenCases] = field(default_factory=dict)
    """What must come of checks, by their names."""
    communes: Communes = field(default_factory=Communes)
    findings: tuple[Finding, ...] = ()
    """What is wrong so that nothing of it may be served."""
    unread: frozenset[str] = frozenset()
    """The files that are there and can't be read."""
    texts: dict[str, str] = field(default_factory=dict)
    """Every file as it stands, by its path, to say on which line something is."""
    edition: str = field(default="", compare=False)
    """The fingerprint of the edition it was read from; empty where it was read from no edition."""
    _served: dict[date, "Library"] = field(default_factory=dict, init=False, compare=False)

    def __repr__(self) -> str:
        """Tell how much it holds: all of it is megabytes, which asyncio draws for a task."""
        return f"<Library of {len(self.articles)} articles>"

    @cached_property
    def printed(self) -> Printed:
        """The numbers and addresses that its articles and offices tell: they are nobody's own."""
        of_offices = (o for office in self.offices for o in (office.phone, office.address))
        of_articles = (text for article in self.articles.values() for text in article.texts)
        return numbers_in((*filter(None, of_offices), *of_articles, *self.smalltalk.values()))

    @property
    def filler(self) -> Filler:
        """What writes out procedures."""
        return Filler(self.procedures, self.forms, self.offices, self.phrases)

    def offices_for(self, subject: Subject | None) -> list[Office]:
        """List the offices to ask about a subject; without one, those that answer for all."""
        if subject is None:
            return [office for office in self.offices if len(office.subjects) == len(_SUBJECTS)]
        return [office for office in self.offices if subject in office.subjects]

    def name_of_office(self, office: str) -> str:
        """Return how an office is called; its id where there is none of it."""
        return next((one.name for one in self.offices if one.id == office), office)

    def marks_in(self, procedure: str) -> dict[str, str]:
        """Return in words what somebody can mark of a procedure, by what marks it.

        A deadline of each year counts from no day of anybody's own.
        """
        known, dated = self.procedures.get(procedure), self.deadlines.get(procedure)
        found: dict[str, str] = {}
        if known is not None:
            found |= {f"{PAPER}{one.id}": one.name for one in known.papers if one.id}
            found |= {f"{STEP}{one.id}": one.says for one in known.steps if one.id}
        if dated is not None:
            found |= {f"{DAY}{one.id}": one.what for one in dated.deadlines if not one.each}
        return found

    def short_of(self, source: str) -> str:
        """Return how a document is called in short; its id where there is none of it."""
        known = self.sources.get(source)
        return known.short if known else source

    def has_lapsed(self, article: Article, on: date) -> bool:
        """Say whether no document that an article cites is in force on that day, or still to come.

        Such an article is not served: what it says may no longer be so.
        """
        cited = [self.sources[c.source] for c in article.citations if c.source in self.sources]
        return not any(source.in_force(on) or source.is_coming(on) for source in cited)

    def lapsed(self, on: date) -> Iterator[Article]:
        """Yield the articles that may not be served any more on that day."""
        yield from (a for a in self.articles.values() if self.has_lapsed(a, on))

    def served(self, on: date) -> "Library":
        """Return the library with the articles alone that may be served on that day."""
        if on not in self._served:
            kept = {name: a for name, a in self.articles.items() if not self.has_lapsed(a, on)}
            self._served.clear()  # every question of a day asks for the same
            self._served[on] = replace(self, articles=kept)
        return self._served[on]

    def line(self, file: str, *marks: str) -> int:
        """Return the line of the last mark that a file has, each sought after the one before.

        A mark that is not there is passed over; without any it is the first line.
        """
        text, at = self.texts.get(file, ""), 0
        for mark in marks:
            found = text.find(mark, at)
            at = found if found >= 0 else at
        return text.count("\n", 0, at) + 1

    def line_of_entry(self, file: str, name: str, *marks: str) -> int:
        """Return a line of the entry with this id, in a file that lists entries by `id`."""
        pattern = rf"\bid: ['\"]?{re.escape(name)}['\"]?\n"
        return self.line(file, *re.findall(pattern, self.texts.get(file, ""))[:1], *marks)
