"""Urgent announcements, and topics beside the articles': who is told, and when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements.announcement import AnnouncementForm
from services.announcements.draft_file import Draft
from services.clock import VIETNAM
from services.errors import AnnouncementError
from services.knowledge.schema import Topic
from services.storage.models import Announcement, Delivery
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import Scene

NIGHT = datetime(2026, 11, 24, 23, tzinfo=VIETNAM)


async def drafted(scene: Scene, **fields: Any) -> Announcement:
    """Keep a draft to everybody."""
    form = AnnouncementForm(**{"title": "Bão", "topic": "ocop", "body": "Ở nhà.", **fields})
    return await scene.announcer.draft(scene.session, Draft(form.with_(audience={})), AUTHOR)


async def test_two_people_say_that_it_is_urgent(scene: Scene) -> None:
    """The author writes so; a yes without saying so is none."""
    announcement = await drafted(scene, urgent=True)

    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    assert refused.value.code == "approval_urgent_untold"
    await scene.announcer.approve(scene.session, announcement.id, APPROVER, urgent=True)
    assert announcement.state == "approved"


async def test_urgent_added_after_the_yes_is_another_announcement(scene: Scene) -> None:
    """What was approved as plain never goes at night; what was before stays approved."""
    announcement = await drafted(scene)
    await scene.announcer.approve(scene.session, announcement.id, APPROVER)
    announcement.urgent = True

    with pytest.raises(AnnouncementError) as refused:
        await scene.announcer.send(scene.session, announcement.id, AUTHOR)
    assert refused.value.code == "approval_outdated"


async def test_rehearsed_at_night(scene: Scene) -> None:
    """What is urgent begins at once; all else waits for the morning."""
    scene.clock.moment = NIGHT
    urgent, plain = await drafted(scene, urgent=True), await drafted(scene)

    now = await scene.announcer.rehearse(scene.session, urgent.id)
    later = await scene.announcer.rehearse(scene.session, plain.id)

    assert (now.held, now.starts_at) == (False, NIGHT)
    assert (later.held, later.starts_at) == (True, NIGHT + timedelta(hours=7))


async def test_who_turned_the_topic_off_is_told_what_is_urgent(scene: Scene) -> None:
    """And nobody who did not agree, or whom nothing reaches."""
    (off,) = await scene.settle(11)
    await scene.settle(12, agreed=False)
    await scene.choose(off, "ocop", wanted=False)

    plain = await scene.announcer.count(scene.session, await drafted(scene))
    announcement = await drafted(scene, urgent=True)
    urgent = await scene.announcer.count(scene.session, announcement)
    await scene.announcer.approve(scene.session, announcement.id, APPROVER, urgent=True)
    await scene.announcer.send(scene.session, announcement.id, AUTHOR)

    assert (plain.total, plain.left_out) == (3, {"no_consent": 1, "topic_off": 1})
    assert (urgent.total, urgent.left_out) == (4, {"no_consent": 1})
    told = await scene.session.scalars(select(Delivery.person_id))
    assert off.id in set(told)


async def test_topic_without_articles_is_told_to_who_chose_it(scene: Scene) -> None:
    """Who agreed to announcements before agreed to other matters; what is urgent reaches all."""
    topics = {**scene.library.topics, "weather": Topic(label="thời tiết")}
    scene.library = replace(scene.library, topics=topics)
    (chose,) = await scene.settle(11)
    await scene.choose(chose, "weather", wanted=True)

    plain = await scene.announcer.count(scene.session, await drafted(scene, topic="weather"))
    urgent = await scene.announcer.count(
        scene.session, await drafted(scene, topic="weather", urgent=True)
    )

    assert (plain.total, plain.left_out) == (1, {"topic_unchosen": 3})
    assert urgent.total == 4


async def test_copy_is_urgent_no_more(scene: Scene) -> None:
    """That was of another hour."""
    announcement = await drafted(scene, urgent=True)

    copied = await scene.announcer.copy(scene.session, announcement.id, AUTHOR)

    assert not copied.urgent


@pytest.mark.parametrize(("written", "read"), [("có", True), (True, True), ("không", False)])
async def test_file_says_so(scene: Scene, written: Any, read: bool) -> None:
    """In words or as YAML has it."""
    assert scene.read(urgent=written).form.urgent is read


async def test_file_says_something_else(scene: Scene) -> None:
    """What is neither is told, not guessed."""
    with pytest.raises(AnnouncementError, match="urgent phải là có hoặc không"):
        scene.read(urgent="chắc vậy")
