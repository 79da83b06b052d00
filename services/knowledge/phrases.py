"""The sentences a citizen reads that are no article: Jinja2 templates kept in `content/phrases`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError

_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701  # because phrases are plain text, escaped by the renderer of each channel


@dataclass(frozen=True)
class Phrases:
    """Phrases by name; a name or a placeholder that does not exist is an error, never a gap."""

    templates: Mapping[str, Template]

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

    def say(self, name: str, /, **values: Any) -> str:
        """Render the phrase of that name.

        Raises:
            KeyError: no such phrase.
            jinja2.UndefinedError: the phrase uses a value that was not given.

        """
        return self.templates[name].render(**values).strip()


@lru_cache(maxsize=2048)
def _template(text: str) -> Template:
    """Compile a phrase; what no edition changed is compiled once: all take a quarter second."""
    return _ENVIRONMENT.from_string(text)
