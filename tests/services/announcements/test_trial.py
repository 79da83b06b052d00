"""A trial: whose chat it goes to, and who may have none."""

import pytest

from services.errors import AnnouncementError, StaffError
from tests.doubles.scene import Scene


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
