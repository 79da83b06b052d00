"""Example questions that the trained model takes for another article's."""

from collections.abc import Iterable, Iterator

from services.knowledge.checks.places import on
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library
from services.knowledge.misfit import Misfit


def misfits(library: Library, guesses: Iterable[Misfit]) -> Iterator[Finding]:
    """Yield the questions that surely stand in the wrong article; review lists the others."""
    for guess in guesses:
        article = library.articles.get(guess.article)
        if article and guess.is_sure:
            what = (
                f"Câu “{guess.question}” được hiểu là {guess.taken_for} ({guess.confidence:.0%})."
            )
            remedy = "Chuyển câu sang bài kia, hoặc viết rõ hơn."
            yield on(article, "questions", guess.question, what, remedy)
