"""An edition: one state of the content, whole: what is said, and how questions are understood."""

from dataclasses import dataclass
from typing import Any

from services.knowledge.library import Library
from services.understanding.interpreter import Interpreter


@dataclass(frozen=True)
class Edition:
    """What one state of the content answers with; a question is answered out of one alone."""

    library: Library
    interpreter: Interpreter


@dataclass
class CurrentEdition:
    """Holds the edition that is served now; another takes its place whole."""

    edition: Edition

    @property
    def library(self) -> Library:
        """The content served now."""
        return self.edition.library

    def say(self, name: str, /, **values: Any) -> str:
        """Render a phrase of the content served now, as `Phrases.say` does."""
        return self.library.phrases.say(name, **values)
