"""The report of an evaluation: a page for those who write the answers, a table for the docs."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.insight.evaluation import Evaluation
from services.knowledge.library import Library

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Made:
    """When an evaluation was made, and of which state of the project."""

    at: datetime
    commit: str


def page(evaluation: Evaluation, library: Library, made: Made) -> str:
    """Return one HTML file with its pictures inside; nothing in it runs or is fetched."""
    return _render("evaluation.html", evaluation, library, made)


def table(evaluation: Evaluation, library: Library, made: Made) -> str:
    """Return the summary as Markdown."""
    return _render("evaluation.md", evaluation, library, made).strip()


def _render(name: str, evaluation: Evaluation, library: Library, made: Made) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "article": _article}
    template = environment.get_template(name)
    return template.render(e=evaluation, library=library, made=made)


def _percent(share: float) -> str:
    """Return a share as people here write it: 93,5 %."""
    return f"{share * 100:.1f} %".replace(".", ",")


def _article(intent: str) -> str:
    """Return the article that an intent stands for; Rasa keeps "/" for itself."""
    return intent.replace(".", "/", 1)
