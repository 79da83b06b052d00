"""Beliefs that what people say would not lead to."""

from collections.abc import Iterator

from services.knowledge.beliefs import belief_in
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library


def beliefs(library: Library) -> Iterator[Finding]:
    """Yield the examples of a belief that get no sentence, or that of a belief before it."""
    for article in library.articles.values():
        known = article.head.beliefs
        for place, belief in enumerate(known, start=1):
            for example in belief.examples:
                found = belief_in(known, example)
                if found != place:
                    instead = f"gọi ra câu “{known[found - 1].settles}”" if found else "không khớp"
                    what = f"Câu “{example}” {instead}, cần “{belief.settles}”."
                    remedy = "Sửa các nhóm chữ ở `when`, `unless`, hoặc đổi thứ tự."
                    yield on(article, "beliefs", example, what, remedy)
