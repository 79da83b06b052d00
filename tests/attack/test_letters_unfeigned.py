"""What is approved is what is sent and seen: files, links, signs that nobody sees; and counted."""

from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.telegram.carrier import TelegramCarrier
from services.announcements.attachments import Uploads
from services.announcements.carrier import Halted
from services.bootstrap import Services
from services.errors import PeopleError
from services.people.deeplink import Deeplink, encode
from services.storage.models import GroupMember, Press
from tests.doubles.people import deliver, someone_in
from tests.doubles.scene import PDF, Scene
from tests.doubles.staff_member import linked

TURNING = "\u202e\u2066\u200f\u200b\ufeff"
"""Signs that turn what follows around, or are not seen at all."""


class Phones:
    """A bot that takes whatever it is given."""

    id = 1

    def __init__(self) -> None:
        """Begin with nothing taken."""
        self.taken: list[object] = []

    async def send_document(self, _chat: str, content: object, **_more: object) -> object:
        """Take a file."""
        self.taken.append(content)
        raise AssertionError


async def test_file_that_was_swapped_is_not_sent(scene: Scene, services: Services) -> None:
    """It is kept by its hash, and looked at once more before it goes."""
    (scene.folder / "to.pdf").write_bytes(PDF)
    announcement = await scene.drafted(attachments=["to.pdf"])
    letter = await scene.announcer.preview(scene.session, announcement.id)
    file, folder = letter.attachments[0], scene.announcer.folder
    file.path(folder).write_bytes(b"%PDF-1.7 something else")
    bot = Phones()
    carrier = TelegramCarrier(cast("Any", bot), folder, Uploads(services.sessions, "telegram"))
    [part] = carrier.parts(letter)

    outcome = await carrier.carry("1", part)

    assert isinstance(outcome, Halted)
    assert "to.pdf" in str(outcome.problem)
    assert bot.taken == []


async def test_approver_is_shown_where_links_lead(scene: Scene) -> None:
    """Under whatever words they stand."""
    minh = await linked(scene, "Tâm", "approver", "1002")
    written = await scene.drafted("Xem [trang của Sở](https://so-nnmt.example.net/a?b=1) nhé.")
    await scene.announcer.ask(scene.session, written.id, "Lan")

    assert "https://so-nnmt.example.net/a?b=1" in await minh.send(f"b:open-{written.id}")


async def test_signs_that_nobody_sees_are_left_out(scene: Scene) -> None:
    """Of the text, of every line, of a file's name."""
    name = "to\u202efdp.pdf"
    (scene.folder / name).write_bytes(PDF)
    written = await scene.drafted(
        f"Mời{TURNING} bà con 👨‍👩‍👧.",
        title=f"{TURNING}Họp",
        contact=f"Lan{TURNING}",
        attachments=[name],
    )

    assert (written.body, written.title, written.contact) == ("Mời bà con 👨‍👩‍👧.", "Họp", "Lan")
    assert [file["name"] for file in written.attachments] == ["tofdp.pdf"]


async def test_press_of_who_got_nothing_is_not_counted(
    services: Services, session: AsyncSession
) -> None:
    """Anybody can send a bot what a button carries; whoever got the letter is counted."""
    other = await someone_in(services, session, "8")
    someone = await someone_in(services, session)
    sent = await deliver(session, someone.person, "sent", someone.now)
    await other.press_under(f"x:{sent.announcement_id}:0")
    await someone.press_under(f"x:{sent.announcement_id}:0")

    assert list(await session.scalars(select(Press.who))) == [someone.person.who]


def test_event_is_no_longer_than_what_is_kept_of_it() -> None:
    """Fifty-six signs: its group's name is longer by six."""
    assert encode(Deeplink(event="a" * 56))
    with pytest.raises(PeopleError, match="viết tên ngắn lại"):
        encode(Deeplink(event="a" * 57))


async def test_link_that_somebody_made_up_opens_no_group(
    services: Services, session: AsyncSession
) -> None:
    """Only staff make events: no audience of theirs grows by who pleases."""
    someone = await someone_in(services, session)
    await someone.begin(Deeplink(event="hop-xa-2611"))

    assert list(await session.scalars(select(GroupMember))) == []
