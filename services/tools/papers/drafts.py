"""Papers that nobody has filled in yet: drafts with dots where something is to be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from services.bootstrap import Services
from services.clock import day_of
from services.errors import ToolError
from services.tools.papers.filling import fill_paper
from services.tools.papers.paper import PaperSpec, paper_names, read_paper

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_log = structlog.get_logger()


@dataclass(frozen=True)
class PaperDraft:
    """A draft as a Word file."""

    title: str
    content: bytes


def drafts(root: Path) -> Mapping[str, PaperSpec]:
    """Return the papers of a content folder that can be read, by their names."""
    found: dict[str, PaperSpec] = {}
    for name in paper_names(root):
        try:
            found[name] = read_paper(root, name)
        except ToolError as error:  # a finding tells of it
            _log.warning("paper.unread", paper=name, reason=str(error))
    return found


def draft(app: Services, name: str) -> PaperDraft | None:
    """Return the draft of a paper; None where there is none, or its template can't be used.

    It takes a moment, and is for a thread of its own.
    """
    root = app.settings.content_dir
    if name not in paper_names(root):
        return None
    try:
        made = fill_paper(root, name, {}, app.library, day_of(app.now()))
    except ToolError as error:
        _log.warning("paper.not_made", paper=name, reason=str(error))
        return None
    return PaperDraft(made.spec.title, made.word_file)
