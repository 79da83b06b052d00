"""Holding back: a broken file stays as it was, and so does what leans on it; the rest goes on.

The folder begins as somebody wrote it. Each round every finding is laid to files that changed since
the edition before; these are put back as they stood there, or taken out where they are new. A round
holds at least one file more, and with all of them held nothing has changed: so it ends.
"""

import filecmp
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from services.errors import ContentError, MachineError
from services.knowledge.finding import Finding
from services.knowledge.loader import refusal
from services.processes import run_low_priority
from services.settings import Settings

Check = Callable[[Path], list[Finding]]
"""Returns what is wrong in a content folder so that it may not be served."""

REFUSED = 3
"""The exit code of a check that leaves nothing to be served."""
_MAY_BE_MISSING = ("articles/", "sources/", "procedures/", "announcements/")
"""Where a file that is broken and new can be left out; nothing is said without the others."""


def hold_back(folder: Path, before: Path | None, check: Check) -> list[Finding]:
    """Put back in `folder` what is broken, as it stands in `before`; return what was found.

    `before` is content that is served, None where there is none yet. What is wrong already in a
    file that did not change (a check may be newer than it) holds nothing back.

    Where there is none, an article that leads to one that was left out stays: it leads there again
    once that one is mended.

    Raises:
        ContentError: there is none before, and nothing is left that could be served.

    """
    changed, told, left_out = changes(folder, before), set[Finding](), set[str]()
    known: set[tuple[str, str, str]] | None = None
    while changed and (found := check(folder)):
        if before and known is None and any(one.file not in changed for one in found):
            known = {_mark(finding) for finding in check(before)}  # slow, and seldom wanted
        found = [finding for finding in found if _mark(finding) not in (known or ())]
        found = [finding for finding in found if left_out.isdisjoint(finding.causes)]
        if not found:
            break
        told.update(found)
        held = _blamed(found, changed, before) or set(changed)
        if before is None and not all(file.startswith(_MAY_BE_MISSING) for file in held):
            raise ContentError(refusal(sorted(told)))
        for file in held:
            _put_back(folder, before, file)
            del changed[file]
        left_out |= set() if before else set(filter(_is_article, held))
    return sorted(told)


def changes(folder: Path, before: Path | None) -> dict[str, bool]:
    """Return the files that differ from `before`, each with whether it is new; all without one."""
    now = _files(folder)
    if before is None:
        return dict.fromkeys(now, True)
    then = _files(before)
    return {
        file: file not in then
        for file in now | then
        if not (file in now and file in then and _same(folder / file, before / file))
    }


def _blamed(found: Iterable[Finding], changed: dict[str, bool], before: Path | None) -> set[str]:
    """Return the changed files that the findings are laid to.

    Of two articles that clash the new one yields; else a file answers for what is found in it, and
    where it did not change, the files that it leans on do.
    """
    blamed: set[str] = set()
    for finding in found:
        new = {file for file in finding.causes if changed.get(file) and _is_article(file)}
        own = {finding.file} & changed.keys()
        blamed |= (new if before else set()) or own or set(finding.causes) & changed.keys()
    return blamed


def _is_article(file: str) -> bool:
    return file.startswith("articles/")


def _put_back(folder: Path, before: Path | None, file: str) -> None:
    (folder / file).unlink(missing_ok=True)
    if before and (before / file).exists():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(before / file, folder / file)


def _files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _same(one: Path, other: Path) -> bool:
    return filecmp.cmp(one, other, shallow=False)


def _mark(finding: Finding) -> tuple[str, str, str]:
    """Return what tells findings apart though a file has grown by some lines."""
    return finding.file, finding.field, finding.what


async def sift(settings: Settings, folder: Path, before: Path | None) -> tuple[str, ...]:
    """Hold back in `folder` whatever the check finds, as `hold_back` does; return the findings.

    Raises:
        ContentError: as `hold_back` does.
        MachineError: the check itself did not come to its end.

    """
    htx = str(Path(sys.executable).with_name("htx"))
    command = [htx, "content", "hold-back", str(folder)]
    command += ["--before", str(before)] if before else []
    done = await run_low_priority(command, os.environ | {"HTX_DATA_DIR": str(settings.data_dir)})
    if done.code == REFUSED:
        raise ContentError(done.problem)
    if done.code:
        msg = f"Không kiểm tra xong nội dung: {done.last_line}"
        raise MachineError(msg)
    return tuple(json.loads(done.output))
