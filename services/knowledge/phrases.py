"""The sentences a citizen reads that are no article: Jinja2 templates kept in `content/phrases`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Template, TemplateSyntaxError

from services.sandbox import Sandbox

_ENVIRONMENT = Sandbox(trim_blocks=True)


@dataclass(frozen=True)
class Keeper:
    """Who answers for what people tell, whom to ask about it, and for how many days it is kept.

    Personal Data Protection Law 91/2025/QH15, article 9 (what one who agrees has to know). What
    the office has not filled in is empty, and is told to be unknown.
    """

    name: str = ""
    contact: str = ""
    server: str = ""
    """Where the machine stands that keeps it."""
    turns: int = 90
    people: int = 730
    records: int = 730
    backups: int = 30


@dataclass(frozen=True)
class Phrases:
    """Phrases by name; a name or a placeholder that does not exist is an error, never a gap."""

    templates: Mapping[str, Template]
    borrowed: frozenset[str] = frozenset()
    """What the content lacks, and is said in the words that came with the code."""
    missing: frozenset[str] = frozenset()
    """What the content lacks and nothing came with the code for: a name alone stands for it."""
    keeper: Keeper = Keeper()
    """What each of them may name as `keeper`: it is the office's, not the content's."""

    @classmethod
    def compile(cls, texts: Mapping[str, str]) -> tuple["Phrases", dict[str, str]]:
        """Compile phrases; of each whose template is broken, return what is wrong by its name."""
        templates, broken = {}, {}
        for name, text in texts.items():
            try:
                templates[name] = _template(text)
            except TemplateSyntaxError as error:
                broken[name] = error.message or "?"
        return cls(templates), broken

    def completed(self, needed: frozenset[str], shipped: Mapping[str, str]) -> "Phrases":
        """Return these with every needed one, as it came with the code where there is none here."""
        lacking = needed - self.templates.keys()
        lent, _ = self.compile({name: shipped[name] for name in lacking & shipped.keys()})
        unsaid = lacking - lent.templates.keys()
        stand_ins = {name: _template(f"[{name}]") for name in unsaid}
        templates = {**self.templates, **lent.templates, **stand_ins}
        return Phrases(templates, frozenset(lent.templates), unsaid)

    def of(self, keeper: Keeper) -> "Phrases":
        """Return them as one keeper says them."""
        return replace(self, keeper=keeper)

    def say(self, name: str, /, **values: Any) -> str:
        """Render the phrase of that name; it may also name the keeper.

        Raises:
            KeyError: no such phrase.
            jinja2.UndefinedError: the phrase uses a value that was not given.

        """
        if values:
            return self.templates[name].render(**{"keeper": self.keeper, **values}).strip()
        return _constant(self.templates[name], self.keeper)


@lru_cache(maxsize=1)
def needed() -> Mapping[str, frozenset[str]]:
    """Return the names of all phrases that the code says, by the file that holds them.

    Content is older than the code after an upgrade, and anybody may delete a line of it.
    """
    names = yaml.safe_load(Path(__file__).with_name("needed_phrases.yml").read_text("utf-8"))
    return {file: frozenset(those) for file, those in names.items()}


@lru_cache(maxsize=2048)
def _constant(template: Template, keeper: Keeper) -> str:
    """Render a phrase that is given nothing: most labels of buttons are such."""
    return template.render(keeper=keeper).strip()


@lru_cache(maxsize=2048)
def _template(text: str) -> Template:
    """Compile a phrase; what no edition changed is compiled once: all take a quarter second."""
    return _ENVIRONMENT.from_string(text)
