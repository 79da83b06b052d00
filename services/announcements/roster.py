"""A roster: a CSV beside the announcement file that names single chats."""

import re
from pathlib import Path

from services.errors import AnnouncementError
from services.people.people_csv import Row, read_csv
from services.people.person import TELEGRAM

_CHANNEL, _CHAT = "channel", "chat_id"
_NUMBER = re.compile(r"-?[0-9]{1,19}")


def read_roster(path: Path) -> tuple[str, ...]:
    """Return the chats of a file with a column `chat_id`, as `channel:id`, each once.

    Without a column `channel` all are in Telegram.

    Raises:
        PeopleError: it can't be read, is not UTF-8, or lacks the column.
        AnnouncementError: a row names no chat, or there is no row.

    """
    table = read_csv(path, (_CHANNEL, _CHAT), (_CHAT,))
    found = tuple(dict.fromkeys(_chat(path, row) for row in table.rows()))
    if not found:
        msg = f"{path.name} không có ai; ghi mỗi người một dòng dưới cột {_CHAT}."
        raise AnnouncementError(msg)
    return found


def _chat(path: Path, row: Row) -> str:
    channel = row.cells.get(_CHANNEL, "").lower() or TELEGRAM
    chat = row.cells[_CHAT].lstrip("'")
    if not chat or (channel == TELEGRAM and not _NUMBER.fullmatch(chat)):
        msg = f"{path.name} dòng {row.line}: {_CHAT} “{chat}” không phải số; sửa dòng đó."
        raise AnnouncementError(msg)
    return f"{channel}:{chat}"
