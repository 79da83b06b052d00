"""An audience: who is meant, who is left out and why, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements.audience import Audience, Count, TopicTerms, count, standing
from services.announcements.audience_words import Naming, read_audience
from services.announcements.describe import audience as in_words
from services.errors import AnnouncementError
from services.people.person import Identity
from services.people.profile import read_profile
from services.storage.models import Person
from tests.conftest import NOON
from tests.doubles.scene import HOA_TIEN, Scene

TELEGRAM = ("telegram",)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of the database: each test runs on SQLite and on PostgreSQL."""
    return any_database


async def counted(scene: Scene, **rule: Any) -> Count:
    """Count an audience for the topic OCOP, once it is kept; no list is everybody."""
    naming = Naming.of(scene.library, Identity(scene.settings.secret_key.get_secret_value()))
    audience = read_audience(rule or "all", scene.folder, naming)
    assert audience.fault == ""
    return await count(scene.session, audience, TopicTerms("ocop"), TELEGRAM, NOON)


async def total(scene: Scene, **rule: Any) -> int:
    """Count who is told."""
    return (await counted(scene, **rule)).total


async def test_rule_without_lists_is_everybody(scene: Scene) -> None:
    """Who agrees and can be reached."""
    assert await total(scene) == 3


async def test_each_list_that_is_given_must_fit(scene: Scene) -> None:
    """Within a list any word will do; between lists all must."""
    await scene.settle(11, role="manager", place=HOA_TIEN)
    await scene.settle(12, role="member", place=HOA_TIEN)

    assert await total(scene, roles=["farmer", "manager"]) == 4
    assert await total(scene, places=["Hòa Tiến"]) == 2
    assert await total(scene, roles=["farmer", "manager"], places=["Hòa Tiến"]) == 1


async def test_topics_are_those_that_people_chose(scene: Scene) -> None:
    """Whoever turned a topic off did not choose it."""
    one, other, _ = await scene.settle(11, 12, 13)
    await scene.choose(one, "ocop", wanted=True)
    await scene.choose(other, "ocop", wanted=False)

    assert await counted(scene, topics=["ocop"]) == Count(1, {})


async def test_groups_are_those_that_were_saved(scene: Scene) -> None:
    """Of two groups, who is in either, once."""
    one, other = await scene.settle(11, 12)
    await scene.group("tổ 1", one, other)
    await scene.group("tổ 2", one)

    assert await total(scene, groups=["tổ 1", "tổ 2"]) == 2


async def test_chats_are_those_of_their_channel(scene: Scene) -> None:
    """A chat without a channel is in Telegram; one that nobody is met in is told."""
    await scene.settle(1, channel="web")

    assert await counted(scene, chats=[1, 2, 99]) == Count(2, {"unknown": 1})
    assert await counted(scene, chats=["web:1"]) == Count(0, {"channel": 1})


async def test_many_chats_fit_into_one_rule(scene: Scene) -> None:
    """A list longer than a database takes parameters is counted all the same."""
    found = await counted(scene, chats=range(1, 70_001))

    assert found == Count(3, {"unknown": 69_997})


async def test_active_are_those_who_wrote_lately(scene: Scene) -> None:
    """Within so many days; who was only imported never wrote."""
    await scene.settle(11, seen_at=NOON - timedelta(days=7))
    await scene.settle(12, seen_at=NOON - timedelta(days=7, seconds=1))

    assert await total(scene, active_days=7) == 1


async def test_every_reason_to_be_left_out_is_counted(scene: Scene) -> None:
    """The first that fits: excluded, other channel, no consent, gone, topic off."""
    await scene.settle(11, place=HOA_TIEN, agreed=False)
    await scene.settle(12, channel="web", agreed=False)
    await scene.settle(13, 14, agreed=False)
    await scene.settle(15, stopped="blocked")
    (off,) = await scene.settle(16)
    await scene.choose(off, "ocop", wanted=False)
    left_out = {"excluded": 1, "channel": 1, "no_consent": 2, "stopped": 1, "topic_off": 1}

    assert await counted(scene, exclude={"places": ["Hòa Tiến"]}) == Count(3, left_out)


async def test_exclusion_is_any_of_its_lists(scene: Scene) -> None:
    """Who is named in one of them is left out, by role, chat or group."""
    (in_group,) = await scene.settle(11)
    await scene.settle(12, role="officer")
    await scene.group("bận", in_group)

    found = await counted(scene, exclude={"roles": ["officer"], "chats": [1], "groups": ["bận"]})
    assert found == Count(2, {"excluded": 3})


async def test_standing_is_never_recipient_without_consent(scene: Scene) -> None:
    """A yes that was taken back counts from that moment."""
    (person,) = await scene.settle(11)
    profile = await read_profile(scene.session, person)
    profile.answer(given=False, wording="thôi", now=NOON)
    await scene.session.flush()
    stands = select(standing(Audience(), TopicTerms("ocop"), TELEGRAM)).where(
        Person.id == person.id
    )

    assert await scene.session.scalar(stands) == "no_consent"


async def test_rule_with_a_fault_means_nobody(scene: Scene) -> None:
    """What could not be read must not become everybody."""
    audience = Audience(fault="Sai.")

    assert await count(scene.session, audience, TopicTerms("ocop"), TELEGRAM, NOON) == Count(0, {})


@pytest.mark.parametrize("rule", [None, {"roles": 5}, {"exclude": "x"}])
async def test_rule_that_cannot_be_read_means_nobody(scene: Scene, rule: Any) -> None:
    """Reading a row never raises."""
    audience = Audience.stored(rule)

    assert audience.fault
    assert await count(scene.session, audience, TopicTerms("ocop"), TELEGRAM, NOON) == Count(0, {})


def naming(scene: Scene) -> Naming:
    """Return the naming of the small content."""
    return Naming.of(scene.library, Identity("key"))


def kept(scene: Scene, written: Any) -> Audience:
    """Return an audience as it is kept."""
    return read_audience(written, scene.folder, naming(scene))


async def test_kept_rule_names_no_chat(scene: Scene) -> None:
    """An id would stand in the announcement after its person was erased."""
    rule = kept(scene, {"chats": [1, "web:2"], "exclude": [3]})
    identity = Identity("key")

    assert rule.who == (identity.of("telegram", "1"), identity.of("web", "2"))
    assert rule.exclude.who == (identity.of("telegram", "3"),)


async def test_erased_person_is_nobody_any_more(scene: Scene) -> None:
    """What is left of a named chat finds nobody."""
    await scene.erase(1)

    assert await counted(scene, chats=[1, 2]) == Count(1, {"unknown": 1})


@pytest.mark.parametrize("text", ["đăng ký sản phẩm OCOP", "DANG KY  SAN PHAM OCOP", "ocop"])
async def test_topic_may_be_named_by_its_label(scene: Scene, text: str) -> None:
    """As the menu shows it, written anyhow."""
    assert naming(scene).topic(text) == "ocop"
    assert kept(scene, {"topics": text}).topics == ("ocop",)


async def test_words_that_are_no_topic_are_refused(scene: Scene) -> None:
    """With the topics that there are; in an audience as its fault."""
    with pytest.raises(AnnouncementError, match=r"Không có chủ đề “Sản phẩm”.*founding, ocop"):
        naming(scene).topic("Sản phẩm")

    assert "Không có chủ đề" in kept(scene, {"topics": "Sản phẩm"}).fault


async def test_rule_is_told_in_words(scene: Scene) -> None:
    """With places by name, exclusions, and everybody as such."""
    written = {"roles": ["farmer", "member"], "places": "Hòa Tiến", "active_days": 30}
    rule = kept(scene, {**written, "exclude": {"groups": ["bận"], "chats": [8, 9]}})

    assert in_words(scene.library, rule) == [
        "Vai trò: nông dân, thành viên hợp tác xã",
        "Ở: Xã Hòa Tiến",
        "Có nhắn trợ lý trong 30 ngày qua",
        "Trừ: Trong nhóm: bận; 2 người nêu riêng",
    ]
    assert in_words(scene.library, Audience()) == ["Tất cả người đã đồng ý nhận tin"]
    assert in_words(scene.library, Audience(fault="Sai.")) == ["Sai."]
