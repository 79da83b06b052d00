"""Settings of the process in which Rasa runs; they must stand before it is imported."""

from __future__ import annotations

import gc
import os
import sys
import warnings

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def prepare() -> None:
    """Set what makes Rasa start quietly and quickly; call it before anything of Rasa is imported.

    Garbage collection is off until `settle`: the imports make objects that stay, and looking
    through them again and again costs two of eleven seconds.
    """
    os.environ.update(_ENVIRONMENT)
    warnings.filterwarnings("ignore")  # deprecations inside Rasa's pinned dependencies
    gc.disable()


def settle() -> None:
    """Leave what is loaded out of garbage collection and switch it on."""
    gc.collect()
    gc.freeze()
    gc.enable()


def say(sentence: str) -> None:
    """Tell people on stderr how it goes; the product passes lines of this form on."""
    sys.stderr.write(f"nlu: {sentence}\n")
    sys.stderr.flush()
