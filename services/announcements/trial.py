"""A trial: the letter of an announcement as one member of staff would get it."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.inspector import Inspector
from services.announcements.letter import Letter, Reader
from services.errors import AnnouncementError
from services.people import person as people
from services.people.person import TELEGRAM
from services.staff import account, audit
from services.storage.models import Announcement


async def letter_to(
    session: AsyncSession, inspector: Inspector, said: Announcement, name: str
) -> tuple[str, Letter]:
    """Return the chat that an account is linked to, and the letter for whoever is met there.

    Raises:
        AnnouncementError: the account is not linked, or the letter can't be sent as it is.
        StaffError: the account is unknown, disabled, or writes no announcements.

    """
    staff = await account.require(session, name, account.WRITERS)
    if staff.chat is None:
        msg = (
            f"“{staff.name}” chưa nối Telegram nên không gửi thử được; chạy "
            f"htx staff link '{staff.name}' rồi mở liên kết trên điện thoại."
        )
        raise AnnouncementError(msg)
    faults = inspector.faults(said)
    if faults:
        raise AnnouncementError(faults[0])
    met = await people.find(session, TELEGRAM, staff.chat)
    reader = Reader(met.name, met.place, met.role) if met else Reader()
    return staff.chat, inspector.writer(said).letter(reader)


def note(session: AsyncSession, inspector: Inspector, said: Announcement, name: str) -> None:
    """Note that somebody was sent a trial."""
    by = account.plain_name(name)
    audit.note(session, inspector.now(), by, "announce.test", f"announcement {said.id}")
