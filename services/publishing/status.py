"""How publishing stands: what is served, what is being done, what was refused; kept in a file."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from services.publishing.snapshot import Snapshot, editions_dir
from services.settings import Settings

State = Literal["idle", "checking", "training", "swapping", "refused"]


class Record(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: State
    since: datetime
    edition: str
    """The fingerprint of the content that is served."""
    served_since: datetime
    refused_at: datetime | None = None
    findings: tuple[str, ...] = ()
    """Why the last change was refused; empty once what is served is what was written."""


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def record_path(settings: Settings) -> Path:
    """Return where the record is kept."""
    return settings.data_dir / "publishing.json"


def read_record(path: Path) -> Record | None:
    """Return the record of the product that runs or ran last, if there is a readable one."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def last_served(settings: Settings) -> Snapshot | None:
    """Return the content that was served last, if its snapshot is still there."""
    record = read_record(record_path(settings))
    path = editions_dir(settings) / record.edition if record else None
    return Snapshot(path) if path and path.is_dir() else None


@dataclass
class Publishing:
    """Keeps the record, in memory and in its file."""

    path: Path
    edition: str
    now: Callable[[], datetime] = utc_now
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        """Write that the first edition is served."""
        now = self.now()
        self._keep(Record(state="idle", since=now, edition=self.edition, served_since=now))

    @property
    def refused(self) -> bool:
        """Whether the last change that was looked at is refused."""
        return bool(self.record.findings)

    def age(self) -> float:
        """Return for how many seconds the edition is served."""
        return (self.now() - self.record.served_since).total_seconds()

    def enter(self, state: State) -> None:
        """Say what is being done now."""
        self._change(state=state)

    def serve(self, edition: str) -> None:
        """Say that an edition is served; what was refused before is settled by it."""
        now = self.now()
        since = now if edition != self.record.edition else self.record.served_since
        self._keep(Record(state="idle", since=now, edition=edition, served_since=since))

    def refuse(self, findings: tuple[str, ...]) -> None:
        """Say why a change is not served; what was served goes on."""
        self._change(state="refused", refused_at=self.now(), findings=findings)

    def _change(self, **values: Any) -> None:
        self._keep(self.record.model_copy(update={"since": self.now(), **values}))

    def _keep(self, record: Record) -> None:
        self.record = record
        draft = self.path.with_suffix(".draft")
        with contextlib.suppress(OSError):  # a full disk must not stop the publishing that mends it
            draft.write_text(record.model_dump_json(indent=1), encoding="utf-8")
            draft.replace(self.path)
