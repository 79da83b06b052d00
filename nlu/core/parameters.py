"""What `nlu/config.yml` says of the understanding: the same for Rasa, evaluation and bench."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

CONFIG_PATH = Path(__file__).parents[1] / "config.yml"


class Parameters(NamedTuple):
    """The numbers under `understanding`, where each is explained."""

    penalty: float
    sparse_sharpness: float
    dense_sharpness: float
    dense_weight: float
    exact: int
    landmarks: int
    topic_landmarks: int
    held_out: int
    paired: int


PARAMETERS = Parameters(**yaml.safe_load(CONFIG_PATH.read_text(encoding="utf-8"))["understanding"])
