"""The whole understanding: what Rasa serves, `htx nlu evaluate` measures and the bench races."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nlu.content import Example
from nlu.core.context import Context
from nlu.core.embedder import Cache, Embedder
from nlu.core.gate import Gate
from nlu.core.misfits import misfits, write_misfits
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
    opened: bool = False
    """Whether it was read beside the open article."""


@dataclass(frozen=True)
class MeaningModel:
    """Scores, gate, ranking and context trained together: from vectors to readings."""

    scorer: Scorer
    gate: Gate
    ranking: Ranking
    context: Context
    misfits: Sequence[dict[str, Any]] = field(default=())
    """What training found; it is kept in a file of its own and not loaded again."""

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Vectors, lexicon: Lexicon) -> MeaningModel:
        """Learn what `examples` mean, each with its vectors.

        What leans is not learned from as a message by itself, and scored as it is; all else learns
        gate, ranking and context from the scores it gets while it is held out.
        """
        leans = np.array([e.leans for e in examples])
        alone = [e for e in examples if not e.leans]
        groups = [group_of(e, lexicon) for e in alone]
        known = vectors.take(~leans)
        scorer = Scorer.fit(known, [e.intent for e in alone], groups)
        held_out = iter(by_example(scorer.columns, scorer.held_out, known))
        leaning = iter(scorer.scores_by_every_view(vectors.take(leans)) if leans.any() else [])
        scores = [next(leaning) if e.leans else next(held_out) for e in examples]
        asked = [at for at, e in enumerate(examples) if e.kind == "question"]
        own, questions = [scores[at] for at in asked], [examples[at] for at in asked]
        labels = [e.intent for e in questions]
        gate = Gate.fit(own, labels)
        ranking = Ranking.fit(own, labels, gate)
        context = Context.fit(_material(examples, vectors, scores, lexicon), gate)
        found = tuple(misfits(ranking, gate, own, questions))
        return cls(scorer, gate, ranking, context, found)

    def read(self, vectors: Vectors, opened: Sequence[str | None]) -> list[Reading]:
        """Return the reading of each row, `opened` the intent of the article that is open."""
        return list(map(self._reading, vectors.rows(), self.scorer.scores(vectors), opened))

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, each part into a folder of its own."""
        scorer, gate, ranking, context = folders = _folders(folder)
        for own in folders:
            own.mkdir()
        self.scorer.save(scorer)
        self.gate.save(gate)
        self.ranking.save(ranking)
        self.context.save(context)
        write_misfits(self.misfits, folder)

    @classmethod
    def load(cls, folder: Path) -> MeaningModel:
        """Read what `save` wrote, but for the misfits."""
        scorer, gate, ranking, context = _folders(folder)
        parts = Scorer.load(scorer), Gate.load(gate), Ranking.load(ranking), Context.load(context)
        return cls(*parts)

    def _reading(self, vectors: Vectors, scores: Scores, opened: str | None) -> Reading:
        judgement = self.gate.judge(scores)
        if opened is None or not self.context.knows(opened):
            return Reading(self.ranking.rank(scores, judgement), float(judgement.article))
        ranking, judgement = self.context.read(vectors, scores, judgement, opened)
        return Reading(ranking, float(judgement.article), opened=True)


@dataclass(frozen=True)
class Understanding:
    """The same without Rasa: what its components are in a row, for measuring."""

    views: Views
    meaning: MeaningModel

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
        alone = [e.text for e in examples if not e.leans]
        views = Views.fit(alone, reading_matter, lexicon, embedder, cache)
        return cls(views, MeaningModel.fit(examples, _vectors(views, examples, cache), lexicon))

    def read(
        self,
        texts: Sequence[str],
        cache: Cache | None = None,
        opened: Sequence[str | None] | None = None,
    ) -> list[Reading]:
        """Return the reading of each message as it was typed, `opened` the article that is open."""
        vectors = self.views.of([normalise(text) for text in texts], cache)
        return self.meaning.read(vectors, opened or [None] * len(texts))


def _folders(folder: Path) -> list[Path]:
    return [folder / name for name in ("scorer", "gate", "ranking", "context")]


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
