"""Figures from held-out readings, and the thresholds that follow from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.content import OUT_OF_SCOPE, Example, is_article
from nlu.core.understanding import Reading
from nlu.text import Lexicon, fold, has_diacritics, tokens

LONG_WORDS = 25
MOST_OFFERED = 4
MOST_OUTSIDE_ANSWERED = 0.02
MOST_WRONG = 0.04
SERVED_GIVEN_UP = 0.003  # of what could be served, for fewer buttons

_DIALECT = frozenset("mô chi răng rứa ri ni nớ hỉ tui mần chừ chộ mi bây o hí mệ nờ nì".split())
_NOISY = frozenset("ko k j z dc đc bn ntn bik mún lm ng r đk hs tv vs cx bh hok ad bit trc".split())


@dataclass(frozen=True)
class Held:
    """An example and how it was read by a model that had not seen it."""

    example: Example
    reading: Reading

    @property
    def right(self) -> bool:
        """Tell whether the first guess is the example's intent."""
        return self.reading.ranking[0].intent == self.example.intent

    @property
    def confidence(self) -> float:
        """The confidence of the first guess."""
        return self.reading.ranking[0].confidence

    def among(self, most: int, least: float = 0.0) -> bool:
        """Tell whether the example's intent is among the first `most` of at least `least`."""
        guesses = self.reading.ranking[:most]
        return any(g.intent == self.example.intent and g.confidence >= least for g in guesses)


@dataclass(frozen=True)
class Thresholds:
    """From `gate` on something is said; from `answer` on it is the answer, else offers."""

    gate: float
    answer: float
    offer: float


def folds(examples: Sequence[Example], lexicon: Lexicon, count: int, seed: int) -> list[int]:
    """Return a fold for each example; the same question in another spelling shares its fold."""
    keys = [fold(lexicon.expand(e.text)[0]) for e in examples]
    order = np.random.default_rng(seed).permutation(len(set(keys)))
    place = {key: int(order[at]) % count for at, key in enumerate(sorted(set(keys)))}
    return [place[key] for key in keys]


def register(text: str) -> str:
    """Return how `text` is written: long, nodiac, noisy, dialect or clean."""
    words = set(tokens(text))
    if len(text.split()) >= LONG_WORDS:
        return "long"
    if words & _NOISY:
        return "noisy"
    if not has_diacritics(text):
        return "nodiac"
    return "dialect" if words & _DIALECT else "clean"


def shares(held: Iterable[Held], key: Callable[[Held], str]) -> dict[str, dict[str, float]]:
    """Return, for each value of `key`, how many there are and how often the guess is right."""
    grouped: dict[str, list[Held]] = defaultdict(list)
    for each in held:
        grouped[key(each)].append(each)
    return {name: _accuracy(group) for name, group in sorted(grouped.items())}


def confusions(held: Iterable[Held], most: int = 30) -> list[dict[str, str | int]]:
    """Return the pairs of intents that are taken for one another most often."""
    pairs = Counter(
        tuple(sorted((h.example.intent, h.reading.ranking[0].intent))) for h in held if not h.right
    )
    return [{"one": one, "other": other, "n": n} for (one, other), n in pairs.most_common(most)]


def calibration_error(held: Sequence[Held], bins: int = 10) -> float:
    """Return the expected calibration error of the first guess's confidence."""
    confidence = np.array([h.confidence for h in held])
    right = np.array([h.right for h in held], dtype=float)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = (abs((right - confidence)[place == at].sum()) for at in range(bins))
    return float(sum(gaps) / len(held))


def risk_coverage(held: Sequence[Held], steps: int = 20) -> list[dict[str, float]]:
    """Return how many are answered and how many of those wrongly as the bar is raised."""
    bars = np.linspace(0, 0.95, steps)
    return [_at_bar(held, float(bar)) for bar in bars]


def choose(held: Sequence[Held]) -> Thresholds:
    """Return the thresholds that serve best within the limits on wrong answers."""
    inside = [h for h in held if is_article(h.example.intent)]
    outside = [h for h in held if h.example.intent == OUT_OF_SCOPE]
    gate = min(_bars(), key=lambda bar: _misjudged(inside, outside, bar))
    answer = next((b for b in _bars() if _is_safe(inside, outside, gate, b)), 1.0)
    return Thresholds(gate, answer, _offer(inside, gate, answer))


def outcome_shares(held: Sequence[Held], bars: Thresholds) -> dict[str, float]:
    """Return what shares of `held` is answered, right, wrong, offered, served and declined."""
    answered = [h for h in held if _is_answered(h, bars.gate, bars.answer)]
    right = sum(h.right for h in answered)
    passed = [h for h in held if h.reading.in_scope >= bars.gate]
    served = right + sum(
        h.among(MOST_OFFERED, bars.offer)
        for h in passed
        if not _is_answered(h, bars.gate, bars.answer)
    )
    counts = {
        "answered": len(answered),
        "right": right,
        "wrong": len(answered) - right,
        "served": served,
        "declined": len(held) - len(passed),
    }
    return {name: n / max(len(held), 1) for name, n in counts.items()}


def _accuracy(group: Sequence[Held]) -> dict[str, float]:
    return {
        "n": len(group),
        "right": sum(h.right for h in group) / len(group),
        "among_four": sum(h.among(MOST_OFFERED) for h in group) / len(group),
    }


def _at_bar(held: Sequence[Held], bar: float) -> dict[str, float]:
    answered = [h for h in held if h.confidence >= bar]
    wrong = sum(not h.right for h in answered)
    return {"bar": bar, "coverage": len(answered) / len(held), "risk": wrong / max(len(answered), 1)}


def _bars() -> list[float]:
    return [round(float(bar), 3) for bar in np.arange(0.01, 1.0, 0.01)]


def _misjudged(inside: Sequence[Held], outside: Sequence[Held], bar: float) -> float:
    declined = sum(h.reading.in_scope < bar for h in inside) / max(len(inside), 1)
    passed = sum(h.reading.in_scope >= bar for h in outside) / max(len(outside), 1)
    return declined + passed / 2


def _is_answered(held: Held, gate: float, answer: float) -> bool:
    return (
        held.reading.in_scope >= gate
        and held.confidence >= answer
        and is_article(held.reading.ranking[0].intent)
    )


def _is_safe(inside: Sequence[Held], outside: Sequence[Held], gate: float, answer: float) -> bool:
    wrong = sum(_is_answered(h, gate, answer) and not h.right for h in inside)
    loose = sum(_is_answered(h, gate, answer) for h in outside)
    return wrong <= MOST_WRONG * len(inside) and loose <= MOST_OUTSIDE_ANSWERED * len(outside)


def _offer(inside: Sequence[Held], gate: float, answer: float) -> float:
    def served(offer: float) -> float:
        return outcome_shares(inside, Thresholds(gate, answer, offer))["served"]

    enough = served(0.0) - SERVED_GIVEN_UP
    return max((bar for bar in _bars() if bar < answer and served(bar) >= enough), default=0.01)
