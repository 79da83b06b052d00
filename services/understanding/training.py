"""Training: the one way to a model, beside whatever runs; whole or not at all."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from services.errors import MachineError, ModelError
from services.low_priority import run_low_priority
from services.settings import Settings
from services.understanding.model import misfits_path, model_path, nlu_environment, nlu_python

Progress = Callable[[str], None]

_FREE_BYTES = 200 * 1024 * 1024
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_SAYS = "nlu: "
"""What opens the lines that tell a person how far the training is."""


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
    with TemporaryDirectory(prefix="draft-", dir=path.parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder, path.name)
