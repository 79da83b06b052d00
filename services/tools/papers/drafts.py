"""Drafts of papers for whoever asks: blank, or filled in with what was typed; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from services.bootstrap import Services
from services.clock import day_of
from services.errors import ToolError
from services.knowledge.papers import PaperField
from services.publishing.snapshot import editions_dir
from services.tools.papers.filling import fill_paper, paper_of

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BETWEEN = ";"
_log = structlog.get_logger()


@dataclass(frozen=True)
class PaperDraft:
    """A draft as a Word file."""

    title: str
    content: bytes


def draft(app: Services, name: str) -> PaperDraft | None:
    """Return the draft of a paper; None where there is none, or its template can't be used.

    It takes a moment, and is for a thread of its own.
    """
    if name not in app.library.papers:
        return None
    try:
        return filled(app, name, {})
    except ToolError as error:
        _log.warning("paper.not_made", paper=name, reason=str(error))
        return None


def filled(app: Services, name: str, typed: Mapping[str, str]) -> PaperDraft:
    """Return a paper filled in with what was typed into plain fields.

    It takes a moment, and is for a thread of its own.

    Raises:
        ToolError: there is no such paper, its template can't be used, or what was typed is no
            entry of its field.

    """
    spec = paper_of(app.library, name)
    told = {field.id: _given(field, typed.get(field.id, "")) for field in spec.fields}
    today = day_of(app.now())
    made = fill_paper(_served(app), name, told, app.library, today)
    return PaperDraft(made.spec.title, made.word_file)


def _served(app: Services) -> Path:
    """Return the folder of the content that is served: what was saved since may be held back."""
    if not app.library.edition:
        return app.settings.content_dir
    return editions_dir(app.settings) / app.library.edition / "content"


def _given(field: PaperField, text: str) -> Any:
    """Return what a plain field tells: of a list each line is a row, its columns parted by `;`."""
    if field.kind == "yes_no":
        return bool(text) or None
    if field.kind != "list":
        return text
    columns = field.columns
    lines = (line.split(_BETWEEN, len(columns) - 1) for line in text.splitlines() if line.strip())
    return [{one.id: cell for one, cell in zip(columns, cells, strict=False)} for cells in lines]
