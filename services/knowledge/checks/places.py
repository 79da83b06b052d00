"""Where a finding stands."""

from services.knowledge.article import Article
from services.knowledge.finding import Finding

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

    What is wrong in the body is sought there alone; where a placeholder brings it, the finding is
    on the first line of the body.
    """
    line = _in_body(article, text) if field == "body" else article.line_of(text)
    return Finding(f"articles/{article.id}.md", line, field, what, remedy, causes)


def _in_body(article: Article, text: str) -> int:
    head, opened, _ = article.raw.partition(_HEAD_ENDS)
    start = len(head) + len(opened)
    found = article.raw.find(text, start) if text else -1
    return article.raw.count("\n", 0, max(found, start)) + 1
