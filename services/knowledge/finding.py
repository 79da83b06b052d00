"""A finding: one thing that is wrong in the content, where it stands, and how to mend it."""

from dataclasses import dataclass

from services.knowledge.article import Article


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


_HEAD_ENDS = "\n---\n"


def on(  # noqa: PLR0913  # because a finding is what it says of itself
    article: Article,
    field: str,
    text: str,
    what: str,
    remedy: str,
    *,
    causes: tuple[str, ...] = (),
) -> Finding:
    """Return a finding in an article, on the first line that holds `text`.

    What is wrong in the body is sought there, then in the sentences that settle beliefs; where a
    placeholder brings it, the finding is on the first line of the body.
    """
    line = _in_body(article, text) if field == "body" else article.line_of(text)
    return Finding(f"articles/{article.id}.md", line, field, what, remedy, causes)


def _in_body(article: Article, text: str) -> int:
    head, opened, _ = article.raw.partition(_HEAD_ENDS)
    start = len(head) + len(opened)
    found = article.raw.find(text, start) if text else -1
    settled = [belief.settles for belief in article.head.beliefs if text and text in belief.settles]
    if found < 0 and settled:
        return article.line_of(settled[0])
    return article.raw.count("\n", 0, max(found, start)) + 1
