"""What stands beside an announcement file: all that it names is sought in its own folder alone."""

import unicodedata
from pathlib import Path

from services.errors import AnnouncementError


def beside(folder: Path, name: str) -> Path:
    """Return the file of that name in a folder or below it, however its letters are composed.

    Raises:
        AnnouncementError: there is none, or it lies outside of the folder.

    """
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            msg = (
                f"Tệp “{name}” nằm ngoài thư mục của tệp thông báo; chép nó vào cạnh tệp thông báo."
            )
            raise AnnouncementError(msg)
        found = path if path.is_file() else _composed(path)
    except (OSError, ValueError):
        found = None
    if found is None:
        msg = f"Không thấy tệp “{name}” bên cạnh tệp thông báo; xem lại tên tệp."
        raise AnnouncementError(msg)
    return found


def _composed(path: Path) -> Path | None:
    """Return the file whose name reads the same: macOS writes Vietnamese letters in pieces."""
    wanted = unicodedata.normalize("NFC", path.name)
    for other in path.parent.iterdir():
        if unicodedata.normalize("NFC", other.name) == wanted and other.is_file():
            return other
    return None
