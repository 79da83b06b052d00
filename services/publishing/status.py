"""How publishing stands: what is served, what is being done, what was held back; kept in a file."""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from services.clock import utc_now
from services.settings import Settings

State = Literal["idle", "checking", "training", "swapping", "refused", "waiting"]
"""`refused`: nothing of the last change is served; `waiting`: the machine failed at it."""


_LONGEST_STEP = timedelta(hours=1)
"""No step of publishing takes so long: whoever began it is gone."""


class Record(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: State
    since: datetime
    edition: str
    """The fingerprint of the edition that is served."""
    served_since: datetime
    refused_at: datetime | None = None
    """When these findings were first made: a start, or another try, finds the same again."""
    findings: tuple[str, ...] = ()
    """Why something of the last change is not served; empty once all that was written is."""

    def is_at_work(self, now: datetime) -> bool:
        """Say whether the product is at work on a change; one that died at it is not for long."""
        at_work = self.state in {"checking", "training", "swapping"}
        return at_work and now - self.since < _LONGEST_STEP


def record_path(settings: Settings) -> Path:
    """Return where the record is kept."""
    return settings.data_dir / "publishing.json"


def read_record(path: Path) -> Record | None:
    """Return the record of the product that runs or ran last, if there is a readable one."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


@dataclass
class Publishing:
    """Keeps the record, in memory and in its file: what was held back outlives the process."""

    path: Path
    edition: str
    now: Callable[[], datetime] = utc_now
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        """Go on with the record of this edition; begin one where another was served."""
        now, known = self.now(), read_record(self.path)
        if known is None or known.edition != self.edition:
            known = Record(state="idle", since=now, edition=self.edition, served_since=now)
        self._keep(known)

    @property
    def refused(self) -> bool:
        """Whether something of the last change is held back."""
        return bool(self.record.findings)

    def age(self) -> float:
        """Return for how many seconds the edition is served."""
        return (self.now() - self.record.served_since).total_seconds()

    def enter(self, state: State) -> None:
        """Say what is being done now."""
        self._change(state=state)

    def serve(self, edition: str, findings: tuple[str, ...] = ()) -> None:
        """Say that an edition is served, and why something of the change is not in it."""
        now = self.now()
        since = now if edition != self.record.edition else self.record.served_since
        served = Record(state="idle", since=now, edition=edition, served_since=since)
        self._keep(served.model_copy(update=self._held(findings)))

    def refuse(self, findings: tuple[str, ...]) -> None:
        """Say why nothing of a change is served; what was served goes on."""
        self._change(state="refused", **self._held(findings))

    def wait(self, findings: tuple[str, ...]) -> None:
        """Say what of the machine keeps a change from being served; it is tried again."""
        self._change(state="waiting", **self._held(findings))

    def _held(self, findings: tuple[str, ...]) -> dict[str, Any]:
        at = self.record.refused_at if findings == self.record.findings else self.now()
        return {"findings": findings, "refused_at": at if findings else None}

    def _change(self, **values: Any) -> None:
        self._keep(self.record.model_copy(update={"since": self.now(), **values}))

    def _keep(self, record: Record) -> None:
        self.record = record
        with contextlib.suppress(OSError):  # a full disk must not stop the publishing that mends it
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, record.model_dump_json(indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write a file that others read meanwhile, whole or not at all.

    Raises:
        OSError: it can't be written.

    """
    with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
        draft = Path(folder, path.name)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
