"""The trained model: named by the fingerprint of what it was trained on, and reused."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.errors import MachineError, ModelError
from services.settings import ROOT, Settings

Progress = Callable[[str], None]

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
_FREE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Model:
    """A trained model on disk."""

    path: Path
    fresh: bool
    """False when training failed and this is the last good one."""


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


def ensure_model(settings: Settings, progress: Progress) -> Model:
    """Return today's model, training it when there is none; the last good one when that fails.

    Raises:
        ModelError: training failed and no older model is there.
        MachineError: the NLU room is not installed, or the disk is full.

    """
    path = model_path(settings)
    if path.exists():
        return Model(path, fresh=True)
    last = newest_model(settings)
    progress("Huấn luyện máy hiểu câu hỏi (khoảng một phút)…")
    try:
        train(settings, path, progress)
    except ModelError as error:
        if last is None:
            raise
        progress(f"{error} Dùng tiếp mô hình cũ.")
        return Model(last, fresh=False)
    return Model(path, fresh=True)


def newest_model(settings: Settings) -> Path | None:
    """Return the model trained last, if any."""
    models = sorted(settings.model_dir.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def train(settings: Settings, path: Path, progress: Progress) -> None:
    """Train into `path`, whole or not at all.

    Raises:
        ModelError: training failed; the message holds its last line.
        MachineError: no room on the disk, or the NLU room is not installed.

    """
    draft = path.with_name(f"draft-{os.getpid()}-{path.name}")
    command = training_command(settings, draft)
    with subprocess.Popen(  # noqa: S603  # because the command is our own interpreter and module
        command,
        cwd=ROOT,
        env=nlu_environment(settings),
        stderr=subprocess.PIPE,
        text=True,
        stdout=subprocess.DEVNULL,
    ) as process:
        last = _follow(process, progress)
    if process.returncode or not draft.exists():
        draft.unlink(missing_ok=True)
        misfits_path(draft).unlink(missing_ok=True)
        msg = f"Huấn luyện không xong: {last}"
        raise ModelError(msg)
    if misfits_path(draft).exists():
        misfits_path(draft).replace(misfits_path(path))
    draft.replace(path)


def training_command(settings: Settings, out: Path) -> list[str]:
    """Return the command that trains into `out`, once there is room for what it writes.

    Raises:
        MachineError: no room on the disk, or the NLU room is not installed.

    """
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.model_dir).free < _FREE_BYTES:
        msg = f"Ổ đĩa gần đầy, cần 200 MB trống ở {settings.model_dir}; xóa bớt rồi chạy lại."
        raise MachineError(msg)
    return [str(nlu_python()), "-m", "nlu.train", "--out", str(out)]


def _follow(process: subprocess.Popen[str], progress: Progress) -> str:
    """Pass the training's progress on; return its last line."""
    last = ""
    for line in process.stderr or ():
        last = line.strip() or last
        if line.startswith("nlu: "):
            progress(line.removeprefix("nlu: ").strip())
    return last


def _inputs(settings: Settings) -> Iterator[tuple[Path, Path]]:
    yield from _matching(settings.content_dir, _TRAINED_ON)
    yield from _matching(ROOT, _NLU_FILES)


def _matching(root: Path, patterns: tuple[str, ...]) -> Iterator[tuple[Path, Path]]:
    for pattern in patterns:
        yield from ((root, path) for path in sorted(root.glob(pattern)) if path.is_file())
