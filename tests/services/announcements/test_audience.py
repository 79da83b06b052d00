"""An audience: who is meant, who is left out and why, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.announcements.audience import Audience, Count, count, standing
from services.announcements.audience_words import Naming, read_audience
from services.announcements.describe import audience as in_words
from services.errors import AnnouncementError
from services.people.person import Identity
from services.people.profile import read_profile
from services.storage.models import Person
from tests.conftest import NOON
from tests.doubles.office import HOA_TIEN, Office

TELEGRAM = ("telegram",)


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of the database: each test runs on SQLite and on PostgreSQL."""
    return any_database


async def counted(office: Office, **rule: Any) -> Count:
    """Count an audience for the topic OCOP, once it is kept; no list is everybody."""
    naming = Naming.of(office.library, Identity(office.settings.secret_key.get_secret_value()))
    audience = read_audience(rule or "all", office.folder, naming)
    assert audience.fault == ""
    return await count(office.session, audience, "ocop", TELEGRAM, NOON)


async def total(office: Office, **rule: Any) -> int:
    """Count who is told."""
    return (await counted(office, **rule)).total


async def test_rule_without_lists_is_everybody(office: Office) -> None:
    """Who agrees and can be reached."""
    assert await total(office) == 3


async def test_each_list_that_is_given_must_fit(office: Office) -> None:
    """Within a list any word will do; between lists all must."""
    await office.settle(11, role="manager", place=HOA_TIEN)
    await office.settle(12, role="member", place=HOA_TIEN)

    assert await total(office, roles=["farmer", "manager"]) == 4
    assert await total(office, places=["Hòa Tiến"]) == 2
    assert await total(office, roles=["farmer", "manager"], places=["Hòa Tiến"]) == 1


async def test_topics_are_those_that_people_chose(office: Office) -> None:
    """Whoever turned a topic off did not choose it."""
    one, other, _ = await office.settle(11, 12, 13)
    await office.choose(one, "ocop", wanted=True)
    await office.choose(other, "ocop", wanted=False)

    assert await counted(office, topics=["ocop"]) == Count(1, {})


async def test_groups_are_those_that_were_saved(office: Office) -> None:
    """Of two groups, who is in either, once."""
    one, other = await office.settle(11, 12)
    await office.group("tổ 1", one, other)
    await office.group("tổ 2", one)

    assert await total(office, groups=["tổ 1", "tổ 2"]) == 2


async def test_chats_are_those_of_their_channel(office: Office) -> None:
    """A chat without a channel is in Telegram; one that nobody is met in is told."""
    await office.settle(1, channel="web")

    assert await counted(office, chats=[1, 2, 99]) == Count(2, {"unknown": 1})
    assert await counted(office, chats=["web:1"]) == Count(0, {"channel": 1})


async def test_many_chats_fit_into_one_rule(office: Office) -> None:
    """A list longer than a database takes parameters is counted all the same."""
    found = await counted(office, chats=range(1, 70_001))

    assert found == Count(3, {"unknown": 69_997})


async def test_active_are_those_who_wrote_lately(office: Office) -> None:
    """Within so many days; who was only imported never wrote."""
    await office.settle(11, seen_at=NOON - timedelta(days=7))
    await office.settle(12, seen_at=NOON - timedelta(days=7, seconds=1))

    assert await total(office, active_days=7) == 1


async def test_every_reason_to_be_left_out_is_counted(office: Office) -> None:
    """The first that fits: excluded, other channel, no consent, gone, topic off."""
    await office.settle(11, place=HOA_TIEN, agreed=False)
    await office.settle(12, channel="web", agreed=False)
    await office.settle(13, 14, agreed=False)
    await office.settle(15, stopped="blocked")
    (off,) = await office.settle(16)
    await office.choose(off, "ocop", wanted=False)
    left_out = {"excluded": 1, "channel": 1, "no_consent": 2, "stopped": 1, "topic_off": 1}

    assert await counted(office, exclude={"places": ["Hòa Tiến"]}) == Count(3, left_out)


async def test_exclusion_is_any_of_its_lists(office: Office) -> None:
    """Who is named in one of them is left out, by role, chat or group."""
    (in_group,) = await office.settle(11)
    await office.settle(12, role="officer")
    await office.group("bận", in_group)

    found = await counted(office, exclude={"roles": ["officer"], "chats": [1], "groups": ["bận"]})
    assert found == Count(2, {"excluded": 3})


async def test_standing_is_never_recipient_without_consent(office: Office) -> None:
    """A yes that was taken back counts from that moment."""
    (person,) = await office.settle(11)
    profile = await read_profile(office.session, person)
    profile.answer(given=False, wording="thôi", now=NOON)
    await office.session.flush()
    stands = select(standing(Audience(), "ocop", TELEGRAM)).where(Person.id == person.id)

    assert await office.session.scalar(stands) == "no_consent"


async def test_rule_with_a_fault_means_nobody(office: Office) -> None:
    """What could not be read must not become everybody."""
    audience = Audience(fault="Sai.")

    assert await count(office.session, audience, "ocop", TELEGRAM, NOON) == Count(0, {})


@pytest.mark.parametrize("rule", [None, {"roles": 5}, {"exclude": "x"}])
async def test_rule_that_cannot_be_read_means_nobody(office: Office, rule: Any) -> None:
    """Reading a row never raises."""
    audience = Audience.stored(rule)

    assert audience.fault
    assert await count(office.session, audience, "ocop", TELEGRAM, NOON) == Count(0, {})


def naming(office: Office) -> Naming:
    """Return the naming of the small content."""
    return Naming.of(office.library, Identity("key"))


def kept(office: Office, written: Any) -> Audience:
    """Return an audience as it is kept."""
    return read_audience(written, office.folder, naming(office))


async def test_kept_rule_names_no_chat(office: Office) -> None:
    """An id would stand in the announcement after its person was erased."""
    rule = kept(office, {"chats": [1, "web:2"], "exclude": [3]})
    identity = Identity("key")

    assert rule.who == (identity.of("telegram", "1"), identity.of("web", "2"))
    assert rule.exclude.who == (identity.of("telegram", "3"),)


async def test_erased_person_is_nobody_any_more(office: Office) -> None:
    """What is left of a named chat finds nobody."""
    await office.erase(1)

    assert await counted(office, chats=[1, 2]) == Count(1, {"unknown": 1})


@pytest.mark.parametrize("text", ["đăng ký sản phẩm OCOP", "DANG KY  SAN PHAM OCOP", "ocop"])
async def test_topic_may_be_named_by_its_label(office: Office, text: str) -> None:
    """As the menu shows it, written anyhow."""
    assert naming(office).topic(text) == "ocop"
    assert kept(office, {"topics": text}).topics == ("ocop",)


async def test_words_that_are_no_topic_are_refused(office: Office) -> None:
    """With the topics that there are; in an audience as its fault."""
    with pytest.raises(AnnouncementError, match=r"Không có chủ đề “Sản phẩm”.*founding, ocop"):
        naming(office).topic("Sản phẩm")

    assert "Không có chủ đề" in kept(office, {"topics": "Sản phẩm"}).fault


async def test_rule_is_told_in_words(office: Office) -> None:
    """With places by name, exclusions, and everybody as such."""
    written = {"roles": ["farmer", "member"], "places": "Hòa Tiến", "active_days": 30}
    rule = kept(office, {**written, "exclude": {"groups": ["bận"], "chats": [8, 9]}})

    assert in_words(office.library, rule) == [
        "Vai trò: nông dân, thành viên hợp tác xã",
        "Ở: Xã Hòa Tiến",
        "Có nhắn trợ lý trong 30 ngày qua",
        "Trừ: Trong nhóm: bận; 2 người nêu riêng",
    ]
    assert in_words(office.library, Audience()) == ["Tất cả người đã đồng ý nhận tin"]
    assert in_words(office.library, Audience(fault="Sai.")) == ["Sai."]
