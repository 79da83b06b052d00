"""The states of an announcement: in words, and which of them allow what."""

from collections.abc import Collection

from services.errors import AnnouncementError
from services.storage.models import Announcement

STATES = {
    "draft": "còn là bản nháp",
    "approved": "đã duyệt",
    "queued": "đang chờ gửi",
    "sending": "đang gửi",
    "paused": "đang tạm dừng",
    "done": "đã gửi xong",
    "cancelled": "đã hủy",
    "failed": "đã dừng vì lỗi",
}
"""States, in words."""
BEFORE = ("draft", "approved")
"""States in which the text may still change."""
GOING = ("queued", "sending")
"""States in which it is on its way."""
UNENDED = ("draft", "approved", "queued", "sending", "paused", "failed")
"""States in which something may still be given up."""


def require(announcement: Announcement, states: Collection[str], verb: str) -> None:
    """Refuse what a state does not allow.

    Raises:
        AnnouncementError: the announcement is in none of these states.

    """
    if announcement.state not in states:
        now = STATES.get(announcement.state, announcement.state)
        msg = f"Thông báo {announcement.id} {now} nên không {verb} được."
        raise AnnouncementError(msg)
