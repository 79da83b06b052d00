"""The trained model: named by the fingerprint of what it was trained on, and reused."""

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from services.errors import MachineError
from services.knowledge.files import is_content
from services.settings import ROOT, Settings

_PHRASES = ("smalltalk", "handoff", "out_of_scope", "followups")
_TRAINED_ON = ("articles/**/*.md", *(f"phrases/{name}.yml" for name in _PHRASES))
_NLU_FILES = (
    "nlu/*.py",
    "nlu/core/*.py",
    "nlu/components/*.py",
    "nlu/data/**/*",
    "nlu/*.yml",
    "nlu/uv.lock",
)


def nlu_python() -> Path:
    """Return the interpreter of the NLU room.

    Raises:
        MachineError: the room's environment is not installed.

    """
    python = ROOT / "nlu/.venv/bin/python"
    if not python.exists():
        msg = "Chưa cài môi trường của máy hiểu (nlu/.venv); chạy “make setup”."
        raise MachineError(msg)
    return python


def nlu_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the NLU's processes: quiet, two threads less, no telemetry."""
    return os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "HTX_CONTENT_DIR": str(settings.content_dir),
        "HTX_MODEL_DIR": str(settings.model_dir),
        "HTX_NLU_TOKEN": settings.nlu_token.get_secret_value(),
    }


def fingerprint(settings: Settings) -> str:
    """Return sixteen hex digits over every file that training reads."""
    digest = hashlib.sha256()
    for root, path in _inputs(settings):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Return where the model of today's content and NLU files is or would be."""
    return settings.model_dir / f"{fingerprint(settings)}.tar.gz"


def misfits_path(model: Path) -> Path:
    """Return the file beside a model that lists the example questions it takes for others'."""
    return model.with_name(f"{model.name.removesuffix('.tar.gz')}.misfits.json")


def is_readable(model: Path) -> bool:
    """Say whether a model can be read to its end; of a machine without power half may be left."""
    try:
        with tarfile.open(model) as packed:
            packed.getmembers()
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return False
    return True


def newest_model(settings: Settings) -> Path | None:
    """Return the model trained last, if any."""
    models = sorted(settings.model_dir.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def _inputs(settings: Settings) -> Iterator[tuple[Path, Path]]:
    yield from _matching(settings.content_dir, _TRAINED_ON)
    yield from _matching(ROOT, _NLU_FILES)


def _matching(root: Path, patterns: tuple[str, ...]) -> Iterator[tuple[Path, Path]]:
    for pattern in patterns:
        found = (path for path in sorted(root.glob(pattern)) if is_content(path.name))
        yield from ((root, path) for path in found if path.is_file())
