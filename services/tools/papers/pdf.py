"""A Word file as PDF, by LibreOffice where the machine has it."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Semaphore

from services.errors import ToolError

_OFFICES = ("soffice", "libreoffice")
_SECONDS = 120
_WAIT_SECONDS = 30
_ONE = Semaphore()
"""One at a time: each takes a processor and some hundred megabytes for seconds."""


def office() -> str | None:
    """Return the path of LibreOffice; None where it is not installed."""
    return next(filter(None, map(shutil.which, _OFFICES)), None)


def to_pdf(word_file: bytes) -> bytes:
    """Convert a Word file.

    It has a profile of its own, since a second LibreOffice on one profile does nothing and says so
    to nobody.

    Raises:
        ToolError: LibreOffice is not installed, is busy for others, or made nothing of the file.

    """
    program = office()
    if program is None:
        raise ToolError("paper_no_office")
    if not _ONE.acquire(timeout=_WAIT_SECONDS):
        raise ToolError("paper_busy")
    try:
        return _converted(program, word_file)
    finally:
        _ONE.release()


def _converted(program: str, word_file: bytes) -> bytes:
    with TemporaryDirectory(prefix="htx-paper-") as folder:
        source, made = Path(folder, "paper.docx"), Path(folder, "paper.pdf")
        source.write_bytes(word_file)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        words = (program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder)
        try:
            subprocess.run(  # noqa: S603  # because the program is LibreOffice, the file our own
                (*words, str(source)), check=True, capture_output=True, timeout=_SECONDS
            )
            return made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise ToolError("paper_pdf", why=type(error).__name__) from None
