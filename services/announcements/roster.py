"""A roster: a CSV that names single chats, as Excel saves it."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from services.errors import AnnouncementError

_COLUMN, _CHANNEL = "chat_id", "channel"
_CHAT = re.compile(r"-?[0-9]{1,19}")
_TELEGRAM = "telegram"
_HOW = "trong Excel chọn Lưu thành (Save As), kiểu “CSV UTF-8”, rồi soạn lại"


def read_roster(path: Path) -> tuple[str, ...]:
    """Return the chats of a file with a column `chat_id`, as `channel:id`, each once.

    Cells are parted by commas or semicolons; without a column `channel` all are in Telegram.

    Raises:
        AnnouncementError: it can't be read, is not UTF-8, lacks the column, or a cell is no chat.

    """
    text = _text(path)
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        found = tuple(dict.fromkeys(_chats(path, rows)))
    except csv.Error:
        msg = f"{path.name} không đọc được như một bảng CSV; {_HOW}."
        raise AnnouncementError(msg) from None
    if not found:
        msg = f"{path.name} không có ai; ghi mỗi người một dòng dưới cột {_COLUMN}."
        raise AnnouncementError(msg)
    return found


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        msg = f"Không đọc được {path.name} ({error.strerror}); xem lại đường dẫn và quyền đọc."
        raise AnnouncementError(msg) from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        msg = f"{path.name} không phải chữ UTF-8; {_HOW}."
        raise AnnouncementError(msg)
    return text


def _chats(path: Path, rows: Iterator[list[str]]) -> Iterator[str]:
    columns = [name.strip().lower() for name in next(rows, [])]
    if _COLUMN not in columns:
        msg = f"{path.name} thiếu cột {_COLUMN}: dòng đầu phải là tên cột; {_HOW}."
        raise AnnouncementError(msg)
    for line, cells in enumerate(rows, 2):
        row = dict(zip(columns, (cell.strip().lstrip("'") for cell in cells), strict=False))
        chat, channel = row.get(_COLUMN, ""), row.get(_CHANNEL, "") or _TELEGRAM
        if not any(row.values()):
            continue
        if not chat or (channel == _TELEGRAM and not _CHAT.fullmatch(chat)):
            msg = f"{path.name} dòng {line}: {_COLUMN} “{chat}” không phải số; sửa dòng đó."
            raise AnnouncementError(msg)
        yield f"{channel}:{chat}"
