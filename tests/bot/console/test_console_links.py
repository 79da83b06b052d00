"""Links into others' accounts: who hears of them, and what a session that rests on one can't do."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.errors import StaffError
from services.staff import account, audit, link, link_makers, sign_in
from services.storage.models import (
    Announcement,
    Notice,
    Passkey,
    Proposal,
    ProposalText,
    Staff,
    StaffPassword,
    StaffSession,
)
from tests.bot.console.conftest import SignIn
from tests.conftest import NOON
from tests.doubles.console import press
from tests.doubles.web import words

Browser = Callable[[], httpx.AsyncClient]
_HOUR = timedelta(hours=1)


async def entered(admin: httpx.AsyncClient, other: httpx.AsyncClient, number: int) -> None:
    """Sign a browser in by the link that an administrator makes into an account."""
    shown = await press(admin, f"/console/system/staff/{number}/link")
    link = re.search(r"/console/sign-in/[\w-]+", shown.text)
    assert link
    await other.get(link[0])


async def test_a_link_is_told_and_approves_nothing_of_its_maker(
    services: Services, signed_in: SignIn, browser_of: Browser
) -> None:
    """The account and other administrators hear of it; what the maker wrote waits for another."""
    lan, ha = await signed_in("admin", name="Lan"), await signed_in("admin", name="Hà")
    await press(lan, "/console/system/staff", name="Minh", role="approver")
    async with services.sessions.begin() as session:
        for name, chat in (("Lan", "71"), ("Hà", "72"), ("Minh", "73")):
            await session.execute(update(Staff).where(Staff.name == name).values(chat=chat))
        minh = await session.scalar(select(Staff.id).where(Staff.name == "Minh"))
        draft = Proposal(
            article="ocop/ho-so",
            base="",
            text="x",
            hash="a" * 64,
            begun_by="Lan",
            begun_at=NOON,
            changed_at=NOON,
        )
        session.add(draft)
        await session.flush()
        session.add(ProposalText(proposal_id=draft.id, by="Lan", at=NOON, text="x"))
        announcement = Announcement(
            title="Họp", topic="", body="Mời.", audience={}, author="Lan", created_at=NOON
        )
        session.add(announcement)
    browser = browser_of()
    await entered(lan, browser, minh or 0)
    home = words((await browser.get("/console")).text)
    article = await press(browser, "/console/content/drafts/1/approve", seen="a" * 64)
    sent = await press(browser, "/console/announcements/1/approve", seen="a" * 64)

    why = "vào bằng liên kết do Lan làm"
    assert why in words(article.text)
    assert why in words(sent.text)
    assert "Lan làm liên kết vào tài khoản của anh/chị lúc" in home
    assert "Lan làm liên kết vào tài khoản Minh lúc" in words((await ha.get("/console")).text)
    assert "làm liên kết" not in words((await lan.get("/console")).text)
    async with services.sessions() as session:
        notices = list(await session.scalars(select(Notice).order_by(Notice.key)))
    assert [one.key for one in notices] == ["72", "73"]
    assert "**Lan** vừa làm một liên kết" in notices[0].text


async def test_a_link_made_at_a_shell_stands_on_the_first_page(
    services: Services, signed_in: SignIn
) -> None:
    """By whose login, also where no name was given; a link that ties Telegram as well."""
    minh, admin = await signed_in("approver", name="Minh"), await signed_in("admin", name="Hà")
    with audit.from_shell_of("root"):
        async with services.sessions.begin() as session:
            await sign_in.make_link(session, "Minh", services.now(), audit.SYSTEM)
            await link.make(session, "Minh", services.now())
    told = words((await minh.get("/console")).text)

    shell = "Người giữ máy chủ (tài khoản máy root) làm liên kết"
    assert f"{shell} vào tài khoản của anh/chị lúc" in told
    assert f"{shell} nối Telegram với tài khoản của anh/chị lúc" in told
    assert f"{shell} vào tài khoản Minh lúc" in words((await admin.get("/console")).text)


@pytest.fixture
async def signed(session: AsyncSession) -> StaffSession:
    """Return a session of an approver that began by a link which an administrator made at noon."""
    for name, role in (("Lan", "admin"), ("Minh", "approver")):
        await account.add(session, name, role, NOON, "system")
    await session.flush()
    await sign_in.make_link(session, "Minh", NOON, "Lan")
    minh = await account.require(session, "Minh", account.APPROVERS)
    token = await sign_in.begin(session, minh, "link", "", NOON)
    found = await sign_in.find(session, token, NOON)
    assert found is not None
    return found


async def is_refused(
    session: AsyncSession, signed: StaffSession, writer: str = "LAN", later: timedelta = _HOUR
) -> bool:
    """Say whether the session's yes to what somebody wrote is refused a while after noon."""
    try:
        await link_makers.require_another(session, signed, [writer], NOON + later)
    except StaffError as error:
        return error.code == "approval_by_link"
    return False


async def test_the_rule_is_for_a_day_and_for_the_maker_alone(
    session: AsyncSession, signed: StaffSession
) -> None:
    """What others wrote is approved as ever, and after a day everything is."""
    assert await is_refused(session, signed)
    assert not await is_refused(session, signed, "Thảo")
    assert not await is_refused(session, signed, later=25 * _HOUR)


@pytest.mark.parametrize(("age", "refused"), [(-_HOUR, False), (_HOUR / 2, True)])
async def test_what_the_account_had_before_proves_it(
    session: AsyncSession, signed: StaffSession, age: timedelta, refused: bool
) -> None:
    """A password or a passkey set up by the link itself proves nothing of its person."""
    mine, at, proved = signed.staff_id, NOON + age, NOON + _HOUR
    session.add(StaffPassword(staff_id=mine, hash="x", set_at=at, secret="s"))
    key = Passkey(
        staff_id=mine,
        credential="c",
        public_key=b"k",
        counter=0,
        label="máy",
        added_at=at,
        used_at=proved,
    )
    session.add(key)
    for how in ("password", "passkey"):
        await sign_in.renew(session, signed, how, proved)
        assert await is_refused(session, signed) is refused
    key.used_at = NOON - 2 * _HOUR

    assert await is_refused(session, signed), "another passkey gave the proof"
