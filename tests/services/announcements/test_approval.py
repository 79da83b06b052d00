"""An approval is of one exact text, by another person, for about so many people."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements import approval
from services.errors import AnnouncementError, StaffError
from services.knowledge.phrases import Phrases
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import Scene

CHANGES: dict[str, Callable[[Announcement], Any]] = {
    "title": lambda announcement: setattr(announcement, "title", "Lớp khác"),
    "topic": lambda announcement: setattr(announcement, "topic", "fund"),
    "body": lambda announcement: setattr(announcement, "body", announcement.body + " "),
    "audience": lambda announcement: setattr(announcement, "audience", {"roles": ["manager"]}),
    "valid_until": lambda announcement: setattr(announcement, "valid_until", date(2027, 1, 1)),
    "source": lambda announcement: setattr(announcement, "source", "Quyết định 1"),
    "contact": lambda announcement: setattr(announcement, "contact", "Chị Lan"),
    "attachments": lambda announcement: setattr(announcement, "attachments", [{"sha256": "0"}]),
}


@pytest.mark.parametrize("field", CHANGES)
async def test_any_change_is_another_announcement(scene: Scene, field: str) -> None:
    """Text, audience rule and attachments are all in the hash."""
    announcement = await scene.approved()
    CHANGES[field](announcement)

    with pytest.raises(AnnouncementError, match="đã đổi sau khi duyệt nên phải duyệt lại"):
        await approval.require(scene.session, announcement, 3, NOON)


async def test_field_that_came_later_takes_no_approval_away(scene: Scene) -> None:
    """What says nothing in it has the hash that it had before there was such a field."""
    drafted = await scene.drafted()
    first = ("title", "topic", "body", "audience", "source", "attachments")
    fields = {name: getattr(drafted, name) for name in first} | {"valid_until": ""}
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)

    assert approval.fingerprint(drafted) == hashlib.sha256(text.encode()).hexdigest()


async def test_hash_of_an_audience_covers_every_chat(scene: Scene) -> None:
    """One chat more in a CSV is another audience."""
    (scene.folder / "people.csv").write_text("chat_id\n1\n2\n", encoding="utf-8")
    one = await scene.drafted(audience={"csv": "people.csv"})
    (scene.folder / "people.csv").write_text("chat_id\n1\n2\n3\n", encoding="utf-8")
    other = await scene.drafted(audience={"csv": "people.csv"})

    assert approval.fingerprint(one) != approval.fingerprint(other)


async def test_without_an_approval_nothing_is_sent(scene: Scene) -> None:
    """The sentence says whom to ask."""
    announcement = await scene.drafted()
    with pytest.raises(AnnouncementError, match="chưa được duyệt; nhờ người khác"):
        await scene.announcer.send(scene.session, announcement.id, AUTHOR)


@pytest.mark.parametrize(
    ("approved", "now"), [(100, 105), (100, 95), (20, 21), (60, 63), (140, 147), (7, 7), (199, 208)]
)
async def test_number_may_move_by_five_percent(scene: Scene, approved: int, now: int) -> None:
    """The border itself, both ways, is within."""
    announcement = await scene.drafted()
    approval.approve(scene.session, announcement, APPROVER, approved, NOON)

    assert await approval.require(scene.session, announcement, now, NOON)


@pytest.mark.parametrize(
    ("approved", "now"), [(100, 106), (100, 94), (20, 22), (19, 20), (19, 18), (140, 148), (7, 8)]
)
async def test_number_that_moved_further_needs_a_new_approval(
    scene: Scene, approved: int, now: int
) -> None:
    """Both numbers are told."""
    announcement = await scene.drafted()
    approval.approve(scene.session, announcement, APPROVER, approved, NOON)

    with pytest.raises(AnnouncementError, match=f"có {approved} người nhận, bây giờ {now}"):
        await approval.require(scene.session, announcement, now, NOON)


async def test_last_approval_counts(scene: Scene) -> None:
    """After more people came a second approval is for them."""
    announcement = await scene.drafted()
    approval.approve(scene.session, announcement, APPROVER, 10, NOON)
    approval.approve(scene.session, announcement, APPROVER, 100, NOON)

    assert (await approval.require(scene.session, announcement, 100, NOON)).count == 100
    assert [row.count for row in await approval.every(scene.session, announcement)] == [10, 100]


@pytest.mark.parametrize("role", ["author", "approver", "admin"])
@pytest.mark.parametrize(
    ("writes", "approves"), [("Hoa", "Hoa"), ("Hoa", " Hoa "), ("Hoa\t", "Hoa")]
)
async def test_nobody_approves_their_own(
    scene: Scene, role: str, writes: str, approves: str
) -> None:
    """Whatever role they have, however their name is typed."""
    await scene.hire("Hoa", role)
    announcement = await scene.announcer.draft(scene.session, scene.read(), writes)

    with pytest.raises(AnnouncementError, match="người soạn thông báo này nên không tự duyệt"):
        await scene.announcer.approve(scene.session, announcement.id, approves)


@pytest.mark.parametrize(
    ("name", "says"),
    [("Hoa", "vai trò author"), ("Nobody", "Chưa có cán bộ"), ("system", "Chưa có cán bộ")],
)
async def test_who_may_not_approve_is_refused(scene: Scene, name: str, says: str) -> None:
    """Another author, somebody unknown, the system."""
    await scene.hire("Hoa", "author")
    announcement = await scene.drafted()
    with pytest.raises(StaffError, match=says):
        await scene.announcer.approve(scene.session, announcement.id, name)

    assert (announcement.state, await approval.every(scene.session, announcement)) == ("draft", [])


async def test_second_account_of_the_author_approves_nothing(scene: Scene) -> None:
    """The first release let one name stand twice, in small letters and in capitals."""
    await scene.hire(AUTHOR.lower(), "approver")
    drafted = await scene.drafted()

    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.approve(scene.session, drafted.id, AUTHOR.lower())

    assert refused.value.code == "approval_own"


async def test_approval_of_what_was_seen(scene: Scene) -> None:
    """The beginning of its hash will do; of another text it is refused."""
    announcement = await scene.drafted()
    shown = scene.announcer.shown(announcement)[:12]
    announcement.body = "Lời khác."
    with pytest.raises(AnnouncementError, match="không còn như bản đã xem"):
        await scene.announcer.approve(scene.session, announcement.id, APPROVER, shown)
    announcement.body = "Mời bà con dự lớp."

    assert (await scene.announcer.approve(scene.session, announcement.id, APPROVER, shown)).state


async def test_approval_outlives_a_change_of_the_frame(scene: Scene) -> None:
    """What was approved goes out as it was shown, out of its edition: nobody need say yes again."""
    announcement = await scene.approved("Chào {{ role }}.")
    shown = scene.announcer.shown(announcement)
    changed, _ = Phrases.compile({"role_farmer": "chủ ruộng"})
    phrases = Phrases({**scene.library.phrases.templates, **changed.templates})
    scene.library = replace(scene.library, phrases=phrases)

    assert scene.announcer.shown(announcement) != shown
    assert await approval.require(scene.session, announcement, 3, NOON)
    with pytest.raises(AnnouncementError, match="không còn như bản đã xem"):
        await scene.announcer.approve(scene.session, announcement.id, APPROVER, shown)


async def test_edition_of_what_is_approved_is_kept_until_it_has_ended(scene: Scene) -> None:
    """What is sent looks as it was approved, so that nobody may delete the edition meanwhile."""
    scene.library = replace(scene.library, edition="a" * 16)
    written = await scene.drafted()
    await scene.announcer.approve(scene.session, written.id, APPROVER)
    approved = await approval.editions(scene.session)
    written.finished_at = scene.announcer.now()
    await scene.session.flush()

    assert approved == {"a" * 16} == {written.edition}
    assert await approval.editions(scene.session) == frozenset()


@pytest.mark.parametrize("ended", ["cancelled", "failed"])
async def test_copy_of_what_reached_some_before_it_ended_is_a_twin(
    scene: Scene, ended: str
) -> None:
    """These would get it twice; one that reached nobody is no twin."""
    first = await scene.sent()
    first.state = ended
    copied = await scene.announcer.copy(scene.session, first.id, AUTHOR)
    await approval.require_no_twin(scene.session, copied)
    reached = select(Delivery).where(Delivery.announcement_id == first.id).limit(1)
    delivery = (await scene.session.scalars(reached)).one()
    delivery.state = "uncertain"

    with pytest.raises(AnnouncementError, match="giống hệt thông báo 1"):
        await scene.announcer.approve(scene.session, copied.id, APPROVER)
