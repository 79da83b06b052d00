"""A draft is tried: on everybody, and nothing is sent; on its author's own chat."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements.drafts import Rehearsal
from services.announcements.quiet import Quiet
from services.errors import AnnouncementError, StaffError
from services.storage.models import Announcement, Delivery
from tests.conftest import NOON
from tests.doubles.broadcast import APPROVER
from tests.doubles.scene import PDF, Scene

NIGHT = Quiet.read("21:00-06:00")


async def played(scene: Scene, announcement: Announcement, rate: float = 24) -> Rehearsal:
    """Rehearse."""
    announcer = replace(scene.announcer, rate=rate, quiet=NIGHT)
    return await announcer.rehearse(scene.session, announcement.id)


async def draft(scene: Scene, body: str = "Mời {{ name }}.", **head: Any) -> Announcement:
    """Keep a draft with two attachments, so that a letter is three messages."""
    for name in ("a.pdf", "b.pdf"):
        (scene.folder / name).write_bytes(PDF + name.encode())
    return await scene.drafted(body, attachments=["a.pdf", "b.pdf"], **head)


async def test_messages_people_and_time_are_counted(scene: Scene) -> None:
    """As they would be sent now; the same numbers as the count's."""
    await scene.settle(11, agreed=False)
    announcement = await draft(scene)
    found = await played(scene, announcement, rate=3)

    assert (found.total, found.parts, found.seconds) == (3, 9, 3.0)
    assert (found.starts_at, found.ends_at) == (NOON, NOON + timedelta(seconds=3))
    assert found.left_out == {"no_consent": 1}
    assert (found.faults, found.held, found.late, found.approved) == ((), False, False, False)


async def test_nothing_is_sent(scene: Scene) -> None:
    """No delivery is made, and the state stays."""
    announcement = await draft(scene)
    await played(scene, announcement)

    assert announcement.state == "draft"
    assert (await scene.session.scalars(select(Delivery))).all() == []


async def test_unpaced_takes_no_time(scene: Scene) -> None:
    """A rate of nought is unpaced."""
    found = await played(scene, await draft(scene), rate=0)

    assert (found.seconds, found.ends_at) == (0.0, NOON)


async def test_quiet_hours_are_counted(scene: Scene) -> None:
    """At night it begins in the morning."""
    scene.clock.pass_(hours=11)
    found = await played(scene, await draft(scene), rate=1)
    written = found.as_json()

    assert found.held
    assert written["starts_at"] == "2026-11-25T06:00:00+07:00"
    assert written["ends_at"] == "2026-11-25T06:00:09+07:00"


async def test_what_ends_after_the_last_day_is_told(scene: Scene) -> None:
    """The night lies between."""
    scene.clock.pass_(hours=8, minutes=59, seconds=58)
    found = await played(scene, await draft(scene, valid_until="2026-11-24"), rate=1)

    assert (found.late, found.held) == (True, False)


async def test_approval_of_exactly_this_is_told(scene: Scene) -> None:
    """Of another text it does not count; its hash is what an approver names."""
    announcement = await draft(scene)
    await scene.announcer.approve(
        scene.session, announcement.id, APPROVER, (await played(scene, announcement)).hash
    )

    assert (await played(scene, announcement)).approved
    announcement.body = "Khác."
    assert not (await played(scene, announcement)).approved


async def test_faults_are_told_in_place_of_letters(scene: Scene) -> None:
    """Nothing is written of what can't be."""
    found = await played(scene, await draft(scene, "{{ phone }}"))

    assert (found.total, found.parts) == (3, 0)
    assert "{{ phone }}" in str(found.faults[0])


async def test_audience_of_nobody_is_a_fault(scene: Scene) -> None:
    """With what to do."""
    found = await played(scene, await draft(scene, audience={"roles": "officer"}))

    assert "Không ai nhận được" in str(found.faults[0])


async def test_rehearsal_is_one_object_for_a_machine(scene: Scene) -> None:
    """With every number that is printed."""
    written = (await played(scene, await draft(scene))).as_json()

    assert {"total", "parts", "left_out", "seconds", "faults", "approved", "hash"} <= written.keys()
    assert written["faults"] == []


async def test_letter_is_for_whoever_is_met_in_the_linked_chat(scene: Scene) -> None:
    """The member of staff reads it as the person they are there."""
    await scene.hire("Hoa", "author", chat="77")
    await scene.settle(77, name="Chị Hoa", agreed=False)
    announcement = await scene.drafted("Chào {{ name }}.")
    chat, letter = await scene.announcer.trial(scene.session, announcement.id, " Hoa ")

    assert chat == "77"
    assert letter.values == {"name": "Chị Hoa"}


async def test_who_is_not_linked_gets_no_trial(scene: Scene) -> None:
    """By name."""
    announcement = await scene.drafted()
    with pytest.raises(AnnouncementError, match="“Lan” chưa nối Telegram"):
        await scene.announcer.trial(scene.session, announcement.id, "Lan")


async def test_who_writes_no_announcements_gets_no_trial(scene: Scene) -> None:
    """The roles of those who draft."""
    await scene.hire("Hoa", "content", chat="77")
    announcement = await scene.drafted()
    with pytest.raises(StaffError, match="vai trò content"):
        await scene.announcer.trial(scene.session, announcement.id, "Hoa")


async def test_what_telegram_would_refuse_is_not_tried(scene: Scene) -> None:
    """Its fault is told in its place."""
    await scene.hire("Hoa", "author", chat="77")
    announcement = await scene.drafted("a" * 5000)
    with pytest.raises(AnnouncementError, match="Telegram chỉ nhận 4096"):
        await scene.announcer.trial(scene.session, announcement.id, "Hoa")
