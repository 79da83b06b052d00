"""An evaluation: the figures that `htx nlu evaluate` measures, what follows from them, their page.

The page is for those who write the answers, the table for the docs.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, ValidationError

from services.conversation.quantities import write_share
from services.errors import ModelError
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.schema import READERS, Reader
from services.understanding.thresholds import Thresholds

_SURE = 1.96
"""Standard errors on both sides that hold the truth 95 times of a hundred."""
_FEW = 5
"""An article with fewer questions tells too little."""
_ONE_SIDED = 0.75
_OUTSIDE = "out_of_scope"
_TEMPLATES = Path(__file__).parent / "templates"


class _FromJson(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Outcomes(_FromJson):
    """What becomes of messages: how many, and the share of each outcome."""

    n: int
    answered: float
    offered: float
    declined: float
    talk: float
    right: float
    wrong: float
    served: float
    """Answered rightly, or the right article is among the buttons."""


class Accuracy(_FromJson):
    """How often the first guess is right, and how often one of four articles is."""

    n: int
    right: float
    among_four: float

    @property
    def interval(self) -> tuple[float, float]:
        """Between what the true share lies, 95 times of a hundred (Wilson 1927)."""
        if not self.n:
            return 0.0, 1.0
        spread = _SURE**2 / self.n
        middle = (self.right + spread / 2) / (1 + spread)
        half = _SURE * sqrt(self.right * (1 - self.right) / self.n + spread / 4 / self.n)
        return max(middle - half / (1 + spread), 0.0), min(middle + half / (1 + spread), 1.0)


class ArticleFigures(Accuracy):
    """How well one article is found."""

    taken_for: tuple[str, ...]
    """The intents that its questions were mostly taken for."""
    missed: tuple[str, ...]


class Bin(_FromJson):
    """A tenth of confidence: how sure the first guess was, how often right."""

    n: int
    confidence: float
    right: float

    @property
    def place(self) -> tuple[float, float]:
        """Where it stands in a drawing."""
        return self.confidence, self.right


class Point(_FromJson):
    """With a bar: how many questions are answered, how many of these wrongly."""

    bar: float
    coverage: float
    risk: float

    @property
    def place(self) -> tuple[float, float]:
        """Where it stands in a drawing."""
        return self.coverage, self.risk


class Taken(_FromJson):
    """A question that was taken for another's, and the intent where it stands."""

    text: str
    intent: str


class Confusion(_FromJson):
    """Two intents that are taken for one another."""

    pair: tuple[str, str]
    n: int
    ways: tuple[int, int]
    """The first taken for the second, and the second for the first."""
    questions: tuple[Taken, ...]

    @property
    def advice(self) -> str:
        """Name what is to be done: `outside`, `words`, `move`, `merge` or `subject`."""
        if _OUTSIDE in self.pair:
            return "outside"
        if not all(map(_is_article, self.pair)):
            return "words"
        if max(self.ways) >= _ONE_SIDED * self.n:
            return "move"
        one, other = map(_topic, self.pair)
        return "merge" if one == other else "subject"


class Answered(_FromJson):
    """A message from outside and the article that would be said."""

    text: str
    article: str


class Figures(_FromJson):
    """Everything that was measured of messages, alone or beside an open article."""

    in_scope: Outcomes
    out_of_scope: Outcomes
    all: Accuracy
    register_: Mapping[str, Accuracy]
    topic: Mapping[str, Accuracy]
    article: Mapping[str, ArticleFigures]
    calibration_error: float
    reliability: tuple[Bin, ...]
    risk_coverage: tuple[Point, ...]
    chosen: Point
    """The bar that was chosen."""
    confusions: tuple[Confusion, ...]
    outside_answered: tuple[Answered, ...]

    model_config = ConfigDict(alias_generator=lambda name: name.rstrip("_"))

    @property
    def most_risk(self) -> float:
        """The end of an axis that holds every risk: the next tenth above it."""
        worst = max(point.risk for point in (*self.risk_coverage, self.chosen))
        return (int(worst * 10) + 1) / 10

    def by_reader(self, articles: Mapping[str, Article]) -> dict[Reader, Accuracy]:
        """Return the figures by whom the articles are for; one for several counts for each."""
        groups: dict[Reader, list[Accuracy]] = defaultdict(list)
        for name, figures in self.article.items():
            for reader in articles[name].head.readers if name in articles else ():
                groups[reader].append(figures)
        return {reader: _together(groups[reader]) for reader in READERS if reader in groups}

    def weakest(self, most: int) -> list[tuple[str, ArticleFigures]]:
        """Return the articles that are found least often, the weakest first."""
        told = [(name, figures) for name, figures in self.article.items() if figures.n >= _FEW]
        below = [(name, figures) for name, figures in told if figures.right < self.all.right]
        return sorted(below, key=lambda row: row[1].right)[:most]


class Evaluation(Figures):
    """One run of `htx nlu evaluate`."""

    thresholds: Thresholds
    opened: Figures
    """The same, read beside an open article."""


@dataclass(frozen=True)
class Made:
    """When an evaluation was made, and of which state of the project."""

    at: datetime
    commit: str


def read_evaluation(text: str) -> Evaluation:
    """Read the JSON of `htx nlu evaluate --json`.

    Raises:
        ModelError: it is no evaluation.

    """
    try:
        return Evaluation.model_validate_json(text)
    except ValidationError as error:
        msg = f"Máy hiểu không đưa ra số đo đọc được, chạy lại “htx nlu evaluate”: {error}"
        raise ModelError(msg) from error


def page(evaluation: Evaluation, library: Library, made: Made) -> str:
    """Return one HTML file with its pictures inside; nothing in it runs or is fetched."""
    return _render("evaluation.html", evaluation, library, made)


def table(evaluation: Evaluation, library: Library, made: Made) -> str:
    """Return the summary as Markdown."""
    return _render("evaluation.md", evaluation, library, made).strip()


def _together(groups: list[Accuracy]) -> Accuracy:
    n = sum(group.n for group in groups)
    right = sum(group.right * group.n for group in groups) / max(n, 1)
    among = sum(group.among_four * group.n for group in groups) / max(n, 1)
    return Accuracy(n=n, right=right, among_four=among)


def _topic(intent: str) -> str:
    return intent.partition(".")[0]


def _is_article(intent: str) -> bool:
    return _topic(intent) not in {"followup", "handoff", _OUTSIDE, "smalltalk"}


def _render(name: str, evaluation: Evaluation, library: Library, made: Made) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": write_share, "article": _article}
    template = environment.get_template(name)
    return template.render(e=evaluation, library=library, made=made)


def _article(intent: str) -> str:
    """Return the article that an intent stands for; Rasa keeps "/" for itself."""
    return intent.replace(".", "/", 1)
