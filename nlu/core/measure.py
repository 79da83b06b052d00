"""Figures from held-out readings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nlu.content import OUT_OF_SCOPE, article_of, is_article, topic_of
from nlu.core.held_out import HeldOut, register
from nlu.core.thresholds import MOST_OFFERED, OutcomeBars, outcome_shares

_BINS = 10
_MOST_PAIRS = 40
_MOST_QUESTIONS = 6  # behind a confusion
_MOST_MISSED = 4  # questions of an article


def report(held: Sequence[HeldOut], bars: OutcomeBars) -> dict[str, Any]:
    """Return every figure as plain data."""
    articles = [h for h in held if is_article(h.example.intent)]
    outside = [h for h in held if h.example.intent == OUT_OF_SCOPE]
    return {
        "in_scope": outcome_shares(articles, bars),
        "out_of_scope": outcome_shares(outside, bars),
        "all": accuracy(articles),
        "register": _by(articles, lambda h: register(h.example.text)),
        "topic": _by(articles, lambda h: topic_of(h.example.intent)),
        "article": by_article(articles),
        "calibration_error": calibration_error(articles),
        "reliability": reliability(articles),
        "risk_coverage": risk_coverage(articles, bars),
        "chosen": _answered(articles, bars),
        "confusions": confusions(articles),
        "outside_answered": [
            {"text": h.example.text, "article": article_of(h.articles[0].intent)}
            for h in outside
            if bars.outcome(h) == "answered"
        ],
    }


def accuracy(held: Sequence[HeldOut]) -> dict[str, float]:
    """Return how many there are, how often the first guess is right, or one of four articles."""
    n = max(len(held), 1)
    return {
        "n": len(held),
        "right": sum(h.right for h in held) / n,
        "among_four": sum(h.is_among(MOST_OFFERED) for h in held) / n,
    }


def by_article(held: Iterable[HeldOut]) -> dict[str, dict[str, Any]]:
    """Return how well each article is found, what it is taken for and questions that miss it."""
    grouped = _grouped(held, lambda h: article_of(h.example.intent))
    return {name: accuracy(group) | _missed(group) for name, group in grouped.items()}


def _missed(held: Sequence[HeldOut]) -> dict[str, list[str]]:
    missed = [h for h in held if not h.right]
    wrong = Counter(h.first.intent for h in missed)
    return {
        "taken_for": [intent for intent, _ in wrong.most_common(2)],
        "missed": [h.example.text for h in missed[:_MOST_MISSED]],
    }


def confusions(held: Iterable[HeldOut]) -> list[dict[str, Any]]:
    """Return the pairs of intents most often taken for one another, with questions behind them.

    `ways` tells how often the first was taken for the second, and the second for the first.
    """
    behind: dict[tuple[str, ...], list[HeldOut]] = defaultdict(list)
    for h in held:
        if not h.right:
            behind[tuple(sorted((h.example.intent, h.first.intent)))].append(h)
    pairs = sorted(behind.items(), key=lambda item: -len(item[1]))
    return [_confusion(pair, taken) for pair, taken in pairs[:_MOST_PAIRS]]


def _confusion(pair: tuple[str, ...], taken: Sequence[HeldOut]) -> dict[str, Any]:
    shown = taken[:_MOST_QUESTIONS]
    return {
        "pair": pair,
        "n": len(taken),
        "ways": [sum(h.example.intent == name for h in taken) for name in pair],
        "questions": [{"text": h.example.text, "intent": h.example.intent} for h in shown],
    }


def reliability(held: Sequence[HeldOut]) -> list[dict[str, float]]:
    """Return, for each tenth of confidence, how sure the first guess was and how often right."""
    bins: dict[int, list[HeldOut]] = defaultdict(list)
    for h in held:
        bins[min(int(h.first.confidence * _BINS), _BINS - 1)].append(h)
    return [
        {
            "n": len(group),
            "confidence": sum(h.first.confidence for h in group) / len(group),
            "right": sum(h.right for h in group) / len(group),
        }
        for _, group in sorted(bins.items())
    ]


def calibration_error(held: Sequence[HeldOut]) -> float:
    """Return the expected calibration error of the first guess."""
    bins = reliability(held)
    return sum(b["n"] * abs(b["confidence"] - b["right"]) for b in bins) / max(len(held), 1)


def risk_coverage(held: Sequence[HeldOut], bars: OutcomeBars) -> list[dict[str, float]]:
    """Return, as the answer's bar is raised, how many are answered and how many of these wrongly.

    The gate stays where `bars` has it.
    """
    steps = [round(float(bar), 2) for bar in np.arange(0, 1, 0.05)]
    return [_answered(held, replace(bars, answer=step, offer=0.0)) for step in steps]


def _answered(held: Sequence[HeldOut], bars: OutcomeBars) -> dict[str, float]:
    shares = outcome_shares(held, bars)
    risk = shares["wrong"] / (shares["answered"] or 1)
    return {"bar": bars.answer, "coverage": shares["answered"], "risk": risk}


def _by(held: Iterable[HeldOut], key: Callable[[HeldOut], str]) -> dict[str, dict[str, float]]:
    return {name: accuracy(group) for name, group in _grouped(held, key).items()}


def _grouped(held: Iterable[HeldOut], key: Callable[[HeldOut], str]) -> dict[str, list[HeldOut]]:
    grouped: dict[str, list[HeldOut]] = defaultdict(list)
    for h in held:
        grouped[key(h)].append(h)
    return dict(sorted(grouped.items()))
