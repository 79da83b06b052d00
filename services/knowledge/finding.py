"""A finding: one thing that is wrong in the content, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong at a place of the content."""

    file: str
    """Path below the content folder."""
    line: int
    """Counted from 1."""
    field: str
    """The field of the front matter, or `body`."""
    what: str
    """What is wrong, a sentence."""
    remedy: str
    """How to mend it, a sentence."""
    causes: tuple[str, ...] = ()
    """Other files that it may come from: what the file leans on, or clashes with."""

    def __str__(self) -> str:
        """One line for the person who mends it."""
        return f"content/{self.file}:{self.line}: [{self.field}] {self.what} → {self.remedy}"
