"""How well like questions are put together: `python -m tests.bench.grouping`, from the root.

Of 200 questions of 48 kinds every second kind chose the bars of `services/insight/placing.py`, the
others measure. Of two questions that were put into one gap, precision is the share that are of one
kind; of two that are of one kind, recall is the share in one gap. The mean over some orders in
which they may come. Last, the same once staff have put into each gap those that are offered to be
put into it and are of its kind: what somebody who reads them reaches.
"""

import asyncio
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import yaml

from services.insight.gap_list import LIKE
from services.insight.gaps import Weights
from services.insight.placing import Places, likest
from services.knowledge.loader import read_content
from services.settings import ROOT, load_settings
from services.understanding.meaning import Meaning, meanings

GROUPS = ROOT / "tests/services/insight/gap_groups.yml"
ORDERS = 20
Asked = tuple[int, str, Meaning | None]
"""A kind, a question of it, what it means."""


def questions() -> list[tuple[int, str]]:
    """Return every question with the number of its kind."""
    kinds = yaml.safe_load(GROUPS.read_text(encoding="utf-8"))
    return [(kind, text) for kind, texts in enumerate(kinds) for text in texts]


def weights(content: Path) -> Weights:
    """Return how words weigh in a content's own questions."""
    articles = read_content(content).articles.values()
    return Weights.of(question for article in articles for question in article.questions)


def measured(
    asked: Sequence[Asked], weighed: Weights, orders: int = ORDERS, *, gathered: bool = False
) -> tuple[float, float]:
    """Return precision and recall over the kinds that measure, beside all the others.

    They are those of what is placed alone, or also `gathered` by staff from what is offered.
    """
    together = right = alike = 0
    for seed in range(orders):
        shuffled = list(asked)
        random.Random(seed).shuffle(shuffled)  # noqa: S311  # because the order is to be the same again
        placed = _placed(shuffled, weighed)
        placed = _gathered(shuffled, placed) if gathered else placed
        for one, other in combinations(placed, 2):
            (kind, gap), (kind_of_other, gap_of_other) = one, other
            if not (kind % 2 or kind_of_other % 2):
                continue
            same = kind == kind_of_other
            together += gap == gap_of_other
            right += same and gap == gap_of_other
            alike += same
    return right / together, right / alike


def _placed(asked: Sequence[Asked], weighed: Weights) -> list[tuple[int, int]]:
    """Return kind and gap of each question, as they come."""
    places, found = Places(weighed), list[tuple[int, int]]()
    for kind, text, meaning in asked:
        gap = places.find(text, meaning)
        gap = len(found) if gap is None else gap
        places.add(gap, text, meaning)
        found.append((kind, gap))
    return found


def _gathered(asked: Sequence[Asked], placed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return kind and gap once staff have put into each gap what is offered and of its kind."""
    kinds, meant = defaultdict[int, Counter[int]](Counter), defaultdict[int, list[Meaning]](list)
    for (_, _, meaning), (kind, gap) in zip(asked, placed, strict=True):
        kinds[gap][kind] += 1
        meant[gap] += [meaning] if meaning is not None else []
    of = {gap: counted.most_common(1)[0][0] for gap, counted in kinds.items()}
    into = {gap: gap for gap in of}
    for gap, own in meant.items():
        others = {other: means[0] for other, means in meant.items() if other != gap}
        for other in likest(own, others, LIKE):
            if of[other] == of[gap]:
                left, stays = into[other], into[gap]
                into |= {one: stays for one, held in into.items() if held == left}
    return [(kind, into[gap]) for kind, gap in placed]


def main() -> None:
    """Print the figures, by words alone and with what the newest model says of meaning."""
    settings, asked = load_settings(), questions()
    weighed = weights(settings.content_dir)
    meant = asyncio.run(meanings(settings, [text for _, text in asked]))
    for name, vectors in (("words", [None] * len(asked)), ("words and meaning", meant)):
        rows = [(*one, vector) for one, vector in zip(asked, vectors, strict=True)]
        precision, recall = measured(rows, weighed)
        sys.stdout.write(f"{name}: precision {precision:.3f}, recall {recall:.3f}\n")
        if name != "words":
            precision, recall = measured(rows, weighed, gathered=True)
            sys.stdout.write(f"and put together: precision {precision:.3f}, recall {recall:.3f}\n")


if __name__ == "__main__":
    main()
