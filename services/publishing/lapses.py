"""Lapses: that a document is over is served at once, whatever else is found in the same change."""

import shutil
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from services.knowledge.schema import Day, Source

_DAY, _SOURCE = TypeAdapter(Day), TypeAdapter(Source)


def carry_lapses(written: Path, content: Path) -> bool:
    """Write into `content` which documents end by what was `written`; say whether any does.

    Only the end is taken over: `in_force_to` and `replaced_by`. The rest of a document's file, and
    a day that was taken back, wait for the check with everything else.
    """
    carried = False
    for path in sorted((content / "sources").glob("*.yml")):
        told, known = _read(written / "sources" / path.name), _read(path)
        ends = _ends(told, known, written, content)
        if ends and _is_source({**known, **ends}):
            text = yaml.safe_dump({**known, **ends}, allow_unicode=True, sort_keys=False)
            path.write_text(text, encoding="utf-8")
            carried = True
    return carried


def _ends(
    told: dict[str, Any], known: dict[str, Any], written: Path, content: Path
) -> dict[str, Any]:
    """Return the fields by which a document ends sooner than is known."""
    ends: dict[str, Any] = {}
    last, before = _day(told.get("in_force_to")), _day(known.get("in_force_to"))
    if last and (before is None or last < before):
        ends["in_force_to"] = last
    heirs = [name for name in _names(told) if _has(name, written, content)]
    if heirs and not _names(known):
        ends["replaced_by"] = heirs
    return ends


def _has(name: str, written: Path, content: Path) -> bool:
    """Say whether a document is there; a new one that can be read comes along."""
    new, place = written / f"sources/{name}.yml", content / f"sources/{name}.yml"
    if not place.exists() and _is_source(_read(new)):
        shutil.copy2(new, place)
    return place.exists()


def _read(path: Path) -> dict[str, Any]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return read if isinstance(read, dict) else {}


def _day(value: object) -> Any:
    try:
        return _DAY.validate_python(value)
    except ValidationError:
        return None


def _names(source: dict[str, Any]) -> list[str]:
    named = source.get("replaced_by")
    return [str(name) for name in named] if isinstance(named, list) else []


def _is_source(value: dict[str, Any]) -> bool:
    try:
        _SOURCE.validate_python(value)
    except ValidationError:
        return False
    return True
