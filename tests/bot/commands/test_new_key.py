"""The key that hides who people are can be changed: they are found and moved to the new one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from bot.process import tidy
from services.announcements import approval
from services.bootstrap import Services
from services.people.person import Identity, meet
from services.people.personal_data import erase, lift_suppression
from services.settings import load_settings
from services.storage.models import (
    Announcement,
    Audit,
    Authoring,
    Delivery,
    Person,
    Press,
    Staff,
    Suppression,
)
from tests.doubles.commands import Run
from tests.doubles.lists import HEADER
from tests.doubles.people import announce, deliver, someone_in

NEW = "khóa mới"


async def test_people_and_what_was_sent_to_them_move(services: Services) -> None:
    """Person, delivery and press bear the hash of the new key: nothing is sent or counted twice."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        sent = await deliver(session, someone.person, "sent", services.now())
        of, who = sent.announcement_id, someone.person.who
        session.add(Press(announcement_id=of, who=who, button="1", at=services.now()))
    before = services.settings
    changed = load_settings(
        data_dir=before.data_dir,
        content_dir=before.content_dir,
        database_url=before.database_url,
        secret_key=NEW,
        former_keys=before.secret_key,
    )
    await tidy(replace(services, settings=changed))

    async with services.sessions() as session:
        kept = [
            *await session.scalars(select(Person.who)),
            *await session.scalars(select(Delivery.who)),
            *await session.scalars(select(Press.who)),
        ]
    assert kept == [Identity(NEW).of("telegram", "7")] * 3


async def test_audiences_that_name_single_chats_move(services: Services) -> None:
    """Whoever is named, or left out, is so under the new key; drafts that are half written too."""
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        made = await announce(session, services.now())
        rule = {"who": ["b" * 64], "exclude": {"who": [someone.person.who]}}
        staff = Staff(name="Lan", role="author", created_at=services.now())
        session.add(staff)
        await session.flush()
        made.audience = rule
        session.add(Authoring(staff_id=staff.id, fields={"audience": rule}))
    before = services.settings
    keys = {"secret_key": SecretStr(NEW), "former_keys": before.secret_key}
    await tidy(replace(services, settings=before.model_copy(update=keys)))

    new = Identity(NEW).of("telegram", "7")
    async with services.sessions() as session:
        kept = (await session.scalars(select(Announcement))).one().audience
        written = (await session.scalars(select(Authoring))).one().fields["audience"]
    assert kept == written == {"who": ["b" * 64], "exclude": {"who": [new]}}


@pytest.mark.parametrize("waits", [False, True], ids=["approved", "scheduled"])
async def test_what_names_single_chats_is_asked_about_anew(services: Services, waits: bool) -> None:
    """At once, not when its hour comes; what names nobody stays approved."""
    at = services.now() + timedelta(days=1) if waits else None
    async with services.sessions.begin() as session:
        someone = await someone_in(services, session)
        session.add(Staff(name="Minh", role="approver", created_at=services.now()))
        for rule in ({"who": [someone.person.who]}, {"roles": ["member"]}):
            made = await announce(session, services.now())
            made.audience, made.starts_at = rule, at
            made.state = "queued" if waits else "approved"
            approval.approve(session, made, "Minh", 1, services.now())
    keys = {"secret_key": SecretStr(NEW), "former_keys": services.settings.secret_key}
    await tidy(replace(services, settings=services.settings.model_copy(update=keys)))

    async with services.sessions() as session:
        named, others = await session.scalars(select(Announcement).order_by(Announcement.id))
        did = list(await session.scalars(select(Audit.did)))
        standing = await approval.standing(session, others, services.now())
    assert (named.state, named.starts_at) == ("draft", None)
    assert named.asked == approval.fingerprint(named)
    assert ("(đã hẹn" in named.reason, "duyệt lại" in named.reason) == (waits, True)
    assert (others.state, others.starts_at) == ("queued" if waits else "approved", at)
    assert standing is not None
    assert did == ["announce.hold"]


def test_who_was_erased_under_the_old_key_stays_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No list of the office brings them back, though a hash is all that is left of them."""
    rows = f"{HEADER}\ntelegram,8,Bà Tám,,,,\n"
    (tmp_path / "ds.csv").write_text(rows, encoding="utf-8")
    monkeypatch.setenv("HTX_SECRET_KEY", "khóa cũ")
    run("people", "import", "ds.csv")
    run("people", "erase", "8")
    monkeypatch.setenv("HTX_SECRET_KEY", NEW)
    monkeypatch.setenv("HTX_FORMER_KEYS", "khóa cũ")
    again = run("people", "import", "ds.csv")

    assert "1 người đã xóa dữ liệu" in again.output


async def test_who_starts_again_stands_in_lists_again(services: Services) -> None:
    """Whoever was erased under an old key and starts the bot anew is barred no longer."""
    identity, now = Identity(NEW, ("khóa cũ",)), services.now()
    async with services.sessions.begin() as session:
        await erase(session, Identity("khóa cũ"), "telegram", "8", now)
    async with services.sessions.begin() as session:
        person = await meet(session, identity, "telegram", "8", now)
        barred = list(await session.scalars(select(Suppression.who)))
        await lift_suppression(session, identity, "telegram", person.chat)

    async with services.sessions() as session:
        assert barred == [identity.erased("telegram", "8")[0]]
        assert not list(await session.scalars(select(Suppression)))


@pytest.mark.parametrize("table", [Delivery, Press])
async def test_what_was_sent_to_one_is_found_at_once(
    services: Services, table: type[Delivery | Press]
) -> None:
    """By the hash alone: it is looked for of each of all people, and everybody else waits."""
    async with services.sessions() as session:
        plan = await session.execute(
            text(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table.__tablename__} WHERE who = 'x'")  # noqa: S608  # because the names are ours
        )
        assert plan.one().detail.startswith("SEARCH")
