"""The whole understanding: what Rasa serves, `htx nlu evaluate` measures and the bench races."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from nlu.content import Content, Example
from nlu.core import storage
from nlu.core.context import Context
from nlu.core.distress import MOST_ORDINARY, DistressModel
from nlu.core.embedder import Cache, Embedder
from nlu.core.gate import Gate
from nlu.core.misfits import misfits
from nlu.core.pairs import Material
from nlu.core.parameters import PARAMETERS
from nlu.core.parts import PartScorer
from nlu.core.ranking import Guess, Ranking
from nlu.core.scorer import Scorer, Scores, parts_of
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
    misfits: Sequence[dict[str, Any]]
    """What training found."""

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Vectors, lexicon: Lexicon) -> MeaningModel:
        """Learn what `examples` mean, each with its vectors.

        What leans is not learned from as a message by itself, and scored as it is; all else learns
        gate, ranking and context from the scores it gets while it is held out.
        """
        leans = np.array([e.leans for e in examples])
        parts = parts_of([group_of(e, lexicon) for e in examples])
        held, labels = parts >= 0, [e.intent for e in examples]
        own = [e.intent for e in examples if not e.leans]
        most = len(own) if len(own) <= PARAMETERS.exact else PARAMETERS.landmarks
        scorer, held_out = Scorer.fit(vectors.take(~leans), own, parts[~leans], most)
        questions = [examples[at] for at in np.flatnonzero(held & ~leans)]
        asked = [e.intent for e in questions]
        gate = Gate.fit(held_out, asked)
        ranking = Ranking.fit(held_out, asked, gate)
        found = tuple(misfits(ranking, gate, held_out, questions))
        values = np.empty((held.sum(), len(scorer.columns)), dtype=np.float32)
        values[~leans[held]] = held_out.values
        values[leans[held]] = scorer.scores(vectors.take(held & leans)).values
        scores = Scores(scorer.columns, values, vectors.lengths[held])
        context = Context.fit(Material(vectors, labels, parts, leans, scores), gate)
        return cls(scorer, gate, ranking, context, found)

    def read(self, vectors: Vectors, opened: Sequence[str | None]) -> list[Reading]:
        """Return the reading of each row, `opened` the intent of the article that is open."""
        scores = self.scorer.scores(vectors).rows()
        return list(map(self._reading, vectors.rows(), scores, opened))

    def _reading(self, vectors: Vectors, scores: Scores, opened: str | None) -> Reading:
        judgement = self.gate.judge(scores)
        if opened is None or not self.context.knows(opened):
            return Reading(self.ranking.rank(scores, judgement), float(judgement.article))
        ranking, judgement = self.context.read(vectors, scores, judgement, opened)
        return Reading(ranking, float(judgement.article), opened=True)


@dataclass(frozen=True)
class Understanding:
    """All that is learned: what Rasa serves, and what is measured without it."""

    views: Views
    meaning: MeaningModel
    parts: PartScorer
    distress: DistressModel

    @classmethod
    def fit(
        cls, content: Content, lexicon: Lexicon, embedder: Embedder, cache: Cache
    ) -> Understanding:
        """Learn from the content."""
        examples, told, alarming = content.examples, content.parts, content.distress
        views, vectors = vectors_of(content, lexicon, embedder, cache)
        rows = np.arange(vectors.sparse.shape[0])
        own, of_told, of_alarming = np.split(rows, np.cumsum([len(examples), len(told)]))
        parted = {e.intent for e in told}
        asked = [at for at, e in enumerate(examples) if e.intent in parted and not e.is_answer]
        texts_of_parts = [*(examples[at] for at in asked), *told]
        parts = PartScorer.fit(vectors.take([*asked, *of_told]), texts_of_parts)
        ordinary = _ordinary(examples, {one.text for one in alarming})
        distress = DistressModel.fit(alarming, vectors.take([*of_alarming, *ordinary]))
        vectors = vectors.take(own)  # and the others are let go: the next step takes most memory
        return cls(views, MeaningModel.fit(examples, vectors, lexicon), parts, distress)

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, what is learned of each in a folder of its own."""
        for name, learned in vars(self).items():
            storage.save(folder / name, learned)

    @classmethod
    def load(cls, folder: Path) -> Understanding:
        """Read what `save` wrote. Raises OSError or ValueError when that is not whole."""
        kinds = get_type_hints(cls)
        return cls(**{name: storage.load(folder / name, kind) for name, kind in kinds.items()})

    def read(
        self,
        texts: Sequence[str],
        cache: Cache | None = None,
        opened: Sequence[str | None] | None = None,
    ) -> list[Reading]:
        """Return the reading of each message as it was typed, `opened` the article that is open."""
        texts = [normalise(text) for text in texts]
        vectors = self.views.with_endings(texts, self.views.of(texts, cache), cache)
        return self.meaning.read(vectors, opened or [None] * len(texts))


def vectors_of(
    content: Content, lexicon: Lexicon, embedder: Embedder, cache: Cache
) -> tuple[Views, Vectors]:
    """Return how messages become vectors, and those of all examples, parts and distress."""
    examples, told, alarming = content.examples, content.parts, content.distress
    alone = [e.text for e in examples if not e.leans]
    views = Views.fit(alone, content.matter, lexicon, embedder, cache)
    texts = [e.text for e in (*examples, *told)] + [one.text for one in alarming]
    return views, views.of(texts, cache, [at for at, e in enumerate(examples) if e.is_answer])


def _ordinary(examples: Sequence[Example], alarming: set[str]) -> list[int]:
    """Return the rows of some questions that tell of no distress."""
    asked = [at for at, e in enumerate(examples) if not e.is_answer and e.text not in alarming]
    return asked[:: len(asked) // MOST_ORDINARY + 1]


def group_of(example: Example, lexicon: Lexicon) -> str | None:
    """Return what is held out together with `example`: its other spellings; None is never."""
    return None if example.is_answer else spelling(example.text, lexicon)


def spelling(text: str, lexicon: Lexicon) -> str:
    """Return what `text` and its other spellings have in common."""
    return fold(lexicon.expand(text)[0])
