"""An article: one Markdown file that answers one need."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.knowledge.schema import ArticleHead, Reader


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

    @cached_property
    def hash(self) -> str:
        """Sixteen hex digits that change with anything the reader is told."""
        told = [self.head.title, self.body, self.head.next_step]
        told += [f"{c.source} {c.clause}" for c in self.head.citations]
        told += [f"{reader} {text}" for reader, text in sorted(self.variants.items())]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
