"""Training beside a product that runs: slow on purpose, and given up when it is cancelled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from services.errors import ModelError
from services.publishing.low_priority import run_low_priority
from services.settings import Settings
from services.understanding.model import nlu_environment, training_command

_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


async def train_beside(settings: Settings, path: Path) -> None:
    """Train into `path`, whole or not at all; cancelled, the training ends at once.

    Raises:
        ModelError: training failed; the message holds its last line.
        MachineError: no room on the disk, or the NLU room is not installed.

    """
    with _draft(path) as draft:
        environment = nlu_environment(settings) | _ONE_CORE
        done = await run_low_priority(training_command(settings, draft), environment)
        if not draft.exists():
            msg = f"Huấn luyện không xong: {_last_line(done.problem)}"
            raise ModelError(msg)
        draft.replace(path)


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give a file beside the model, in a folder that goes with all that training leaves in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="draft-", dir=path.parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder, path.name)


def _last_line(problem: str) -> str:
    return problem.rpartition("\n")[2].strip()
