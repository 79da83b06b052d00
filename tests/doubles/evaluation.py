"""What `htx nlu evaluate --json` prints, over the small content."""

import json
from typing import Any

ACCURACY = {"n": 40, "right": 0.8, "among_four": 0.95}
OUTCOMES = {
    "n": 40,
    "answered": 0.9,
    "offered": 0.05,
    "declined": 0.05,
    "talk": 0.0,
    "right": 0.825,
    "wrong": 0.075,
    "served": 0.85,
}
BARS = {"gate": 0.3, "answer": 0.4, "offer": 0.1}


def article(right: float, n: int = 10, **more: list[str]) -> dict[str, Any]:
    """Return the figures of an article."""
    return {"n": n, "right": right, "among_four": 1.0, "taken_for": [], "missed": []} | more


def confusion(first: str, second: str, *ways: int) -> dict[str, Any]:
    """Return a pair that is taken for one another so often in both ways."""
    questions = [{"text": "hồ sơ <gồm> gì", "intent": first}]
    return {"pair": [first, second], "n": sum(ways), "ways": ways, "questions": questions}


REPORT = {
    "in_scope": OUTCOMES,
    "out_of_scope": OUTCOMES | {"n": 20},
    "all": ACCURACY,
    "register": {"clean": ACCURACY, "nodiac": ACCURACY},
    "topic": {"founding": ACCURACY, "ocop": ACCURACY},
    "article": {
        "founding/ho-so": article(0.5, taken_for=["ocop.ho-so"], missed=["hồ sơ gồm gì"]),
        "founding/so-thanh-vien": article(0.9, 30),
        "ocop/ho-so": article(0.7),
        "ocop/hang-sao": article(0.0, 2),
    },
    "calibration_error": 0.021,
    "reliability": [{"n": 20, "confidence": share, "right": share} for share in (0.4, 0.9)],
    "risk_coverage": [
        {"bar": share, "coverage": 1 - share, "risk": share / 9} for share in (0.0, 0.5)
    ],
    "chosen": {"bar": 0.4, "coverage": 0.6, "risk": 0.04},
    "confusions": [confusion("founding.ho-so", "ocop.ho-so", 3, 2)],
    "outside_answered": [{"text": "giá vàng hôm nay", "article": "ocop/hang-sao"}],
}
EVALUATION = REPORT | {
    "thresholds": {"alone": BARS, "opened": BARS},
    "opened": REPORT,
}
TEXT = json.dumps(EVALUATION)
