"""The bars between answering, offering and declining, chosen from held-out readings.

The rules are those of the conversation: small talk is met as such; below the gate, or without an
article worth offering, the message is declined; the first article is the answer when it is sure
enough; otherwise up to four articles are offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.content import OUT_OF_SCOPE, is_article
from nlu.core.held_out import HeldOut

MOST_OFFERED = 4
MOST_OUTSIDE_ANSWERED = 0.07
"""Of messages out of scope, of which more than half name our field; real ones seldom do."""
MOST_WRONG = 0.09
"""Of articles' questions, by label: a neighbour article that says the same counts as wrong.

On questions judged by what the reply says, less than a fifth of these are wrong replies.
"""
_OUTSIDE_PASSED = 1 / 3
"""How bad it is that the gate lets a message pass, against declining one that has an answer.

Most of the messages out of scope were written to look like ours; those that come are mostly not.
"""
SERVED_GIVEN_UP = 0.003  # of what could be served, for fewer buttons

_STEPS = [round(float(bar), 2) for bar in np.arange(0.01, 1.0, 0.01)]


@dataclass(frozen=True)
class OutcomeBars:
    """From `gate` on something is said; from `answer` on it is the answer, from `offer` offered."""

    gate: float
    answer: float
    offer: float

    def outcome(self, held: HeldOut) -> str:
        """Return what becomes of a message: talk, answered, offered or declined."""
        if held.is_talk:
            return "talk"
        near = held.articles[0].confidence if held.articles else 0.0
        if held.reading.in_scope < self.gate or near < self.offer:
            return "declined"
        return "answered" if near >= self.answer else "offered"


def choose(held: Sequence[HeldOut]) -> OutcomeBars:
    """Return the bars that serve most within the limits on wrong answers."""
    inside = [h for h in held if is_article(h.example.intent)]
    outside = [h for h in held if h.example.intent == OUT_OF_SCOPE]
    gate = min(_STEPS, key=lambda bar: _misjudged(inside, outside, bar))
    answer = next((a for a in _STEPS if _is_safe(inside, outside, OutcomeBars(gate, a, 0.0))), 1.0)
    return OutcomeBars(gate, answer, _offer(inside, gate, answer))


def outcome_shares(held: Sequence[HeldOut], bars: OutcomeBars) -> dict[str, float]:
    """Return how many there are and which share comes to each outcome.

    Right, wrong and served (right or offered) are told too.
    """
    outcomes = [bars.outcome(h) for h in held]
    right = sum(o == "answered" and h.is_among(1) for o, h in zip(outcomes, held, strict=True))
    offered = sum(
        o == "offered" and h.is_among(MOST_OFFERED, bars.offer)
        for o, h in zip(outcomes, held, strict=True)
    )
    counts = {name: outcomes.count(name) for name in ("answered", "offered", "declined", "talk")}
    counts |= {"right": right, "wrong": counts["answered"] - right, "served": right + offered}
    return {"n": len(held)} | {name: n / max(len(held), 1) for name, n in counts.items()}


def _misjudged(inside: Sequence[HeldOut], outside: Sequence[HeldOut], bar: float) -> float:
    declined = sum(h.reading.in_scope < bar for h in inside) / max(len(inside), 1)
    passed = sum(h.reading.in_scope >= bar for h in outside) / max(len(outside), 1)
    return declined + passed * _OUTSIDE_PASSED


def _is_safe(inside: Sequence[HeldOut], outside: Sequence[HeldOut], bars: OutcomeBars) -> bool:
    wrong, loose = outcome_shares(inside, bars)["wrong"], outcome_shares(outside, bars)["answered"]
    return wrong <= MOST_WRONG and loose <= MOST_OUTSIDE_ANSWERED


def _offer(inside: Sequence[HeldOut], gate: float, answer: float) -> float:
    def _served(offer: float) -> float:
        return outcome_shares(inside, OutcomeBars(gate, answer, offer))["served"]

    enough = _served(0.0) - SERVED_GIVEN_UP
    return max((bar for bar in _STEPS if bar < answer and _served(bar) >= enough), default=0.01)
