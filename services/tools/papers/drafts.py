"""Drafts of papers for whoever asks: blank, or filled in with what a form was answered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from services.bootstrap import Services
from services.clock import day_of
from services.errors import ToolError
from services.publishing.snapshot import editions_dir
from services.tools.papers.filling import FilledPaper, fill_paper, paper_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

_log = structlog.get_logger()


def blank(app: Services, name: str) -> FilledPaper | None:
    """Return a paper with dots to write on; None where there is none, or its template is broken.

    It takes a moment, and is for a thread of its own.
    """
    if name not in app.library.papers:
        return None
    try:
        return filled(app, name, {})
    except ToolError as error:
        _log.warning("paper.not_made", paper=name, reason=str(error))
        return None


def filled(app: Services, name: str, given: Mapping[str, Any]) -> FilledPaper:
    """Return a paper filled in with what its fields are given.

    It takes a moment, and is for a thread of its own.

    Raises:
        ToolError: there is no such paper, its template can't be used, or what is given is wrong.

    """
    paper_of(app.library, name)
    return fill_paper(_served(app), name, dict(given), app.library, day_of(app.now()))


def _served(app: Services) -> Path:
    """Return the folder of the content that is served: what was saved since may be held back."""
    if not app.library.edition:
        return app.settings.content_dir
    return editions_dir(app.settings) / app.library.edition / "content"
