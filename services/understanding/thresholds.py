"""The bars that decide between answering, offering and declining; measured, never set by hand."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.errors import ModelError
from services.settings import ROOT

FILE = ROOT / "nlu/thresholds.json"


class _Measured(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Bars(_Measured):
    """What a reading must reach."""

    gate: float = Field(ge=0, le=1)
    """Below it nothing is answered or offered."""
    answer: float = Field(ge=0, le=1)
    """From it on the first article is the answer."""
    offer: float = Field(ge=0, le=1)
    """From it on an article is worth a button."""


class Thresholds(_Measured):
    """Written by `htx nlu evaluate` from held-out figures."""

    alone: Bars
    """For a message by itself."""
    opened: Bars
    """For a message that is read beside an open article."""


def load_thresholds(path: Path = FILE) -> Thresholds:
    """Read the file.

    Raises:
        ModelError: it is missing or broken.

    """
    try:
        return Thresholds.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        msg = f"Không đọc được ngưỡng ở {path}; chạy “htx nlu evaluate” để đo lại."
        raise ModelError(msg) from None
