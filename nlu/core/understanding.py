"""The whole understanding without Rasa: what its components are in a row, for measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.content import Example
from nlu.core.context import Context
from nlu.core.embedder import Cache, Embedder
from nlu.core.gate import Gate
from nlu.core.pairs import Material
from nlu.core.ranking import Guess, Ranking
from nlu.core.scorer import Scorer, Scores, by_example
from nlu.core.views import Vectors, Views
from nlu.text import Lexicon, fold, normalise


@dataclass(frozen=True)
class Reading:
    """What was made of a message: every intent, the likeliest first, and the gate."""

    ranking: list[Guess]
    in_scope: float


@dataclass(frozen=True)
class Understanding:
    """Vectors, scores, ranking, gate and context trained together."""

    views: Views
    scorer: Scorer
    ranking: Ranking
    gate: Gate
    context: Context

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        reading_matter: Sequence[str],
        lexicon: Lexicon,
        embedder: Embedder | None,
        cache: Cache,
    ) -> Understanding:
        """Learn from `examples` as the Rasa pipeline does, in the same order."""
        alone = [e for e in examples if not e.leans]
        views = Views.fit([e.text for e in alone], reading_matter, lexicon, embedder, cache)
        vectors, leans = _vectors(views, examples, cache), np.array([e.leans for e in examples])
        labels, groups = [e.intent for e in alone], [group_of(e, lexicon) for e in alone]
        scorer = Scorer.fit(vectors.take(~leans), labels, groups)
        held_out = iter(by_example(scorer.columns, scorer.held_out))
        leaning = iter(scorer.scores_by_every_view(vectors.take(leans)))
        scores = [next(leaning) if e.leans else next(held_out) for e in examples]
        asked = [at for at, e in enumerate(examples) if e.kind == "question"]
        own, own_labels = [scores[at] for at in asked], [examples[at].intent for at in asked]
        gate = Gate.fit(own, own_labels)
        context = Context.fit(_material(examples, vectors, scores, lexicon), gate)
        return cls(views, scorer, Ranking.fit(own, own_labels, gate), gate, context)

    def read(
        self,
        texts: Sequence[str],
        cache: Cache | None = None,
        opened: Sequence[str | None] | None = None,
    ) -> list[Reading]:
        """Return the reading of each message as it was typed, `opened` the article that is open."""
        vectors = self.views.of([normalise(text) for text in texts], cache)
        scores = self.scorer.scores(vectors)
        return list(map(self._reading, vectors.rows(), scores, opened or [None] * len(texts)))

    def _reading(self, vectors: Vectors, scores: Scores, opened: str | None) -> Reading:
        judgement = self.gate.judge(scores)
        if opened is None or not self.context.knows(opened):
            return Reading(self.ranking.rank(scores, judgement), float(judgement.article))
        ranking, judgement = self.context.read(vectors, scores, judgement, opened)
        return Reading(ranking, float(judgement.article))


def _vectors(views: Views, examples: Sequence[Example], cache: Cache) -> Vectors:
    """Return the vectors of `examples` in their order; as a whole an answer is like no message."""
    answers = np.array([e.is_answer for e in examples])
    order = np.argsort(answers, kind="stable")
    texts = [examples[at].text for at in order]
    asked = len(texts) - int(answers.sum())
    sorted_rows = [views.of(texts[:asked], cache), views.of_answers(texts[asked:])]
    return Vectors.stack(sorted_rows).take(np.argsort(order))


def _material(
    examples: Sequence[Example], vectors: Vectors, scores: Sequence[Scores], lexicon: Lexicon
) -> Material:
    labels, leans = [e.intent for e in examples], [e.leans for e in examples]
    return Material(vectors, labels, [group_of(e, lexicon) for e in examples], scores, leans)


def group_of(example: Example, lexicon: Lexicon) -> str | None:
    """Return what is held out together with `example`: its other spellings; None is never."""
    return None if example.is_answer else spelling(example.text, lexicon)


def spelling(text: str, lexicon: Lexicon) -> str:
    """Return what `text` and its other spellings have in common."""
    return fold(lexicon.expand(text)[0])
