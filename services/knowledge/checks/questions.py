"""What people say: questions twice or another article's, beliefs and cases that nothing finds."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from nlu.text import fold
from services.knowledge.article import Article
from services.knowledge.beliefs import belief_in, speaks_of
from services.knowledge.finding import Finding, on
from services.knowledge.library import Library
from services.knowledge.schema import Strict

_SURE, _OUT_OF_SIGHT = 0.98, 0.0005
_KEEP_ONE = "Giữ ở một bài, viết câu khác cho bài kia."


def twins(library: Library) -> Iterator[Finding]:
    """Yield example questions that stand twice, diacritics aside; a title may be its own."""
    places: dict[str, Article] = {}
    for article in library.articles.values():
        own: set[str] = set()
        for question in article.questions:
            asked = bare(question)
            first = article if asked in own else places.setdefault(asked, article)
            if asked in own or first is not article:
                what = f"Câu “{question}” đã có ở {first.id}."
                remedy, causes = _KEEP_ONE, (f"articles/{first.id}.md",)
                yield on(article, "questions", question, what, remedy, causes=causes)
            own.add(asked)
    yield from _titles(library.articles, places)


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


def particulars(library: Library) -> Iterator[Finding]:
    """Yield the examples of what is asked of one case that its words do not find."""
    file = "phrases/cues.yml"
    for particular in library.cues.particulars:
        for example in particular.examples:
            if not speaks_of(particular, example):
                what = f"Câu “{example}” không khớp nhóm chữ của {particular.about}."
                remedy = "Sửa các nhóm chữ ở `when`, `unless`."
                yield Finding(file, library.line(file, example), "particulars", what, remedy)


def _titles(articles: Mapping[str, Article], places: Mapping[str, Article]) -> Iterator[Finding]:
    for article in articles.values():
        other = places.get(bare(article.head.title), article)
        if other is not article:
            what = f"Tên bài này là câu hỏi mẫu của {other.id}."
            remedy, place = "Đổi tên bài hoặc câu mẫu kia.", f"articles/{other.id}.md"
            yield on(article, "title", article.head.title, what, remedy, causes=(place,))


@lru_cache(maxsize=1 << 17)
def bare(question: str) -> str:
    """Return a question as nobody tells it from its twin: without diacritics, case and end mark."""
    return fold(question).strip(" ?.!")


class Misfit(Strict):
    """A question of an article, the article it was taken for, and how surely."""

    article: str
    question: str
    taken_for: str
    confidence: float
    own: float
    """The confidence in the article where it stands."""

    @property
    def is_sure(self) -> bool:
        """Say whether the question surely stands in the wrong article.

        Measured on the content: held out, one question in a hundred has a wrong article at 0.95 or
        more, and most of these name a neighbour; which ones do moves with each training. Where the
        guess is surer still and the own article out of sight, the question was misplaced or told
        too little. The others are for `htx content review`.
        """
        return self.confidence >= _SURE and self.own < _OUT_OF_SIGHT


_MISFITS = TypeAdapter(tuple[Misfit, ...])


def read_misfits(path: Path) -> tuple[Misfit, ...] | None:
    """Read what training wrote beside the model, the surest first; None where it can't be read."""
    try:
        found = _MISFITS.validate_json(path.read_bytes())
    except (OSError, ValidationError):  # not trained yet, or by another version
        return None
    return tuple(sorted(found, key=lambda misfit: -misfit.confidence))


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
