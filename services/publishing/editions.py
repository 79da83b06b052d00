"""Editions on disk: each state of the content as it was checked and served, opened as it stands.

    editions/<fingerprint>/content/        the files, never changed again
    editions/<fingerprint>/manifest.json   the model and the bars that belong to them

The fingerprint is taken over the files. A folder appears whole or not at all; which edition is
served stands in `publishing.json`, so whoever shares the data folder reads the same one.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from services.clock import day_of, utc_now
from services.edition import Edition
from services.errors import ContentError, EditionGone
from services.knowledge.checks.suite import faults
from services.knowledge.library import Library
from services.knowledge.loader import read_library, refusal
from services.knowledge.phrases import Keeper
from services.publishing.holding import hold_back
from services.publishing.snapshot import digest, editions_dir, taken
from services.publishing.status import Publishing, read_record, record_path, write_whole
from services.settings import Settings
from services.understanding.interpretation import Interpreter, Nlu
from services.understanding.model import model_path
from services.understanding.parts import PartIndex
from services.understanding.thresholds import Thresholds, load_thresholds
from services.understanding.words import WordReader

_KEPT = 3
"""Editions kept beside those in use: what was served an hour ago can still be looked at."""
_MANIFEST = "manifest.json"
_DAY = 24 * 60 * 60.0


class Manifest(BaseModel):
    """What belongs to the files of an edition."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    built_at: datetime
    thresholds: Thresholds
    model: str | None = None
    """The file of its model below the folder of models; None until one is trained."""
    whole: bool = False
    """Whether every check was made, those of the faces too, and its model is there."""


@dataclass(frozen=True)
class BuiltEdition:
    """An edition as it stands on disk, its content read."""

    path: Path
    manifest: Manifest
    library: Library

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits over every file of its content."""
        return self.path.name

    @property
    def content(self) -> Path:
        """The folder of its content."""
        return self.path / "content"

    def model(self, settings: Settings) -> Path | None:
        """Return its model, where it has one that is still there."""
        path = settings.model_dir / self.manifest.model if self.manifest.model else None
        return path if path and path.exists() else None


def recorded(settings: Settings) -> BuiltEdition:
    """Open the edition that is served, or was served last, without training or checks.

    Where none is recorded yet, the content folder is checked and recorded at once: what is broken
    in it is left out. Its model, and what only the faces can check, are added by `htx run`.

    Raises:
        ContentError: none is recorded, and nothing can be made of the content folder.

    """
    return last_recorded(settings) or _first(settings)


def last_recorded(settings: Settings) -> BuiltEdition | None:
    """Open the edition that is served, or was served last; None where none is recorded."""
    record = read_record(record_path(settings))
    if record is not None:
        with contextlib.suppress(EditionGone):  # left by an older release, or deleted by hand
            return open_edition(settings, record.edition)
    return None


def open_edition(settings: Settings, fingerprint: str) -> BuiltEdition:
    """Open an edition by its fingerprint, without training or checks.

    Raises:
        EditionGone: it is not there, or not whole, or lacks phrases that the code says.

    """
    path = editions_dir(settings) / fingerprint
    try:
        manifest = Manifest.model_validate_json((path / _MANIFEST).read_bytes())
        whole = _is_whole(path)
    except (OSError, ValidationError):
        whole = False
    if not whole:
        raise EditionGone("edition_gone", fingerprint=fingerprint)
    return _built(path, manifest)


def keep(
    settings: Settings, folder: Path, manifest: Manifest, known: BuiltEdition | None = None
) -> BuiltEdition:
    """Make an edition of a folder that nobody else writes to; the folder moves.

    An edition of equal content keeps its files and takes the manifest; one whose files were changed
    since gets them anew. If it is the one that is `known`, its content is not read again: that
    takes the interpreter from whoever asks for most of a second.

    Raises:
        EditionGone: it lacks phrases that the code says.
        OSError: the disk refuses it.

    """
    path = editions_dir(settings) / digest(folder)
    path.mkdir(exist_ok=True)
    if not _is_whole(path):
        shutil.rmtree(path / "content", ignore_errors=True)
        try:
            folder.rename(path / "content")
        except OSError:
            if not _is_whole(path):  # else another process has just put the same files there
                raise
    write_whole(path / _MANIFEST, manifest.model_dump_json(indent=1))
    if known is not None and known.path == path:
        return replace(known, manifest=manifest)
    return _built(path, manifest)


def _is_whole(path: Path) -> bool:
    """Say whether the files are those after which the edition is named.

    A machine without power may have lost some of them, a person may have changed one: what is no
    longer as it was checked is not served.
    """
    return digest(path / "content") == path.name


def _built(path: Path, manifest: Manifest) -> BuiltEdition:
    """Read the content of an edition; what is made with it can say out of which it was.

    Phrases that it lacks, for it is older than the code, are those that came with the code.

    Raises:
        EditionGone: it lacks phrases that came with no code: nothing can be said with it.

    """
    library = replace(read_library(path / "content"), edition=path.name)
    if unsaid := library.phrases.missing & library.phrases.templates.keys():
        names = ", ".join(sorted(unsaid))
        raise EditionGone("edition_unworded", fingerprint=path.name, phrases=names)
    return BuiltEdition(path, manifest, library)


def forget_old(settings: Settings, in_use: Collection[str]) -> None:
    """Delete editions that were not used lately, but for those in use, and models of none."""
    found = [path for path in editions_dir(settings).glob("[0-9a-f]*") if path.is_dir()]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    kept = {path for path in found if path.name in in_use} | set(found[:_KEPT])
    for path in set(found) - kept:
        shutil.rmtree(path, ignore_errors=True)
    _forget_models(settings, kept)
    _forget_drafts(settings)


def touch(built: BuiltEdition) -> None:
    """Count an edition as the one used last."""
    os.utime(built.path)


def _forget_models(settings: Settings, kept: Collection[Path]) -> None:
    """Keep the models of these editions and the newest others, each with what training found."""
    needed = {_model_of(path) for path in kept}
    models = sorted(settings.model_dir.glob(f"{'?' * 16}.tar.gz"), key=lambda p: p.stat().st_mtime)
    for path in models[:-_KEPT]:
        if path.name not in needed:
            path.unlink(missing_ok=True)
            path.with_name(path.name.replace(".tar.gz", ".misfits.json")).unlink(missing_ok=True)


def _forget_drafts(settings: Settings) -> None:
    """Delete copies, and halves of models, that a process left when it was killed."""
    left = (*editions_dir(settings).glob(".draft-*"), *settings.model_dir.glob("draft-*"))
    for path in left:
        if time.time() - path.stat().st_mtime > _DAY:
            shutil.rmtree(path, ignore_errors=True)


def _model_of(path: Path) -> str | None:
    try:
        return Manifest.model_validate_json((path / _MANIFEST).read_bytes()).model
    except (OSError, ValidationError):
        return None


def _first(settings: Settings) -> BuiltEdition:
    """Check the content folder and record it as the first edition."""
    today = day_of(utc_now())
    with taken(settings) as folder:
        found = hold_back(folder, None, lambda content: faults(read_library(content), today))
        model = model_path(settings.model_copy(update={"content_dir": folder}))
        manifest = Manifest(
            built_at=utc_now(),
            thresholds=load_thresholds(),
            model=model.name if model.exists() else None,
        )
        if not read_library(folder).articles:
            raise ContentError(refusal(found))
        built = keep(settings, folder, manifest)
    Publishing(record_path(settings), built.fingerprint).serve(
        built.fingerprint, tuple(map(str, found))
    )
    return built


def made_ready(
    settings: Settings, library: Library, nlu: Nlu, thresholds: Thresholds, fingerprint: str
) -> Edition:
    """Return an edition to be served: indexed, and naming the office of these settings."""
    interpreter = Interpreter(nlu, WordReader.of(library), thresholds)
    parts = PartIndex.of(library)
    library = replace(library, phrases=library.phrases.of(keeper_of(settings)))
    return Edition(library, interpreter, parts, fingerprint)


def keeper_of(settings: Settings) -> Keeper:
    """Return who answers for personal data, and how long it is kept, by the settings."""
    return Keeper(
        settings.office_name.strip(),
        settings.office_contact.strip(),
        settings.office_server.strip(),
        settings.keep_days,
        settings.people_days,
        settings.record_days,
        settings.backup_days,
    )
