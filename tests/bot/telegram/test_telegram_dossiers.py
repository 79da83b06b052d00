"""Dossiers in a Telegram chat: begun, ticked by buttons, dated, taken along, shared, given away."""

import re
import secrets
from pathlib import Path

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.storage.models import Dossier, DossierMark
from tests.doubles.bot_api_chats import Sent
from tests.doubles.phone import Phone
from tests.doubles.procedure import write_deadlines
from tests.doubles.telegram import ASKED, LONG, Start

OTHER = 8
NAME = "HTX *Rau* Đại Hiệp"


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content, with deadlines of its procedure."""
    write_deadlines(content, "dang-ky-thanh-lap")
    return content


async def told(phone: Phone, text: str, count: int = 1) -> list[Sent]:
    """Write, and return so many messages that come back."""
    before = len(phone.api.chats.sent.get(phone.chat, []))
    phone.api.say(phone.chat, text)
    return (await phone.api.replies(phone.chat, before + count))[before:]


async def pressed(phone: Phone, message: Sent, label: str, count: int = 1) -> list[Sent]:
    """Press a button, and return so many messages that come then."""
    before = len(phone.api.chats.sent.get(phone.chat, []))
    phone.api.press(phone.chat, message, message.buttons[label])
    return (await phone.api.replies(phone.chat, before + count))[before:]


async def begun(phone: Phone) -> Sent:
    """Begin a dossier from the list, and return how it is shown."""
    [listed] = await told(phone, "/hoso")
    await phone.tap(listed, "Lập hồ sơ mới")
    await pressed(phone, listed, "1")
    [shown] = await told(phone, NAME)
    return shown


async def marks(services: Services) -> set[str]:
    """Return what is marked."""
    async with services.sessions() as session:
        return set(await session.scalars(select(DossierMark.item)))


async def test_a_dossier_is_begun_and_ticked_across_a_restart(
    phone: Phone, start: Start, services: Services
) -> None:
    """Ticks change the message in place; a button pressed twice or late does no harm."""
    async with start():
        shown = await begun(phone)
    async with start():
        await phone.tap(shown, "Giấy tờ")
        listed = shown.text
        late = shown.buttons["☐ 2"]
        await phone.tap(shown, "☐ 2")
        ticked = shown.text
        phone.api.press(phone.chat, shown, late)
        await phone.settle()
        back = await phone.tap(shown, "↩ Hồ sơ này")

    assert "1. ☐ Giấy đề nghị" in listed
    assert "2. ☐ Điều lệ" in listed
    assert "2. ☑ Điều lệ" in ticked
    assert "HTX *Rau* Đại Hiệp" in back
    assert "Giấy tờ 1/2 · Bước 0/2" in back
    assert await marks(services) == {"p.dieu-le"}


@pytest.mark.usefixtures("bot")
async def test_who_asks_for_them_by_name_opens_them(phone: Phone) -> None:
    """A button of the reply lists them."""
    [told_so] = await told(phone, "hồ sơ của tôi")
    listed = await phone.tap(told_so, "Hồ sơ của tôi")

    assert "chưa có hồ sơ nào" in listed


@pytest.mark.usefixtures("bot")
async def test_it_is_begun_below_a_list_of_papers(phone: Phone) -> None:
    """The answer stays; who asks something instead of telling a name is answered."""
    phone.api.press(phone.chat, (await told(phone, "/hoso"))[0], f"c:{LONG}")
    papers = (await phone.api.replies(phone.chat, 2))[-1]
    [asks] = await pressed(phone, papers, "Lưu thành hồ sơ của tôi")
    [answer] = await told(phone, ASKED)
    [later] = await told(phone, NAME)
    [begins] = await pressed(phone, asks, "Bỏ qua, không ghi tên")

    assert "Đăng ký lập hợp tác xã" in asks.text
    assert "05 thành viên" in answer.text
    assert "Giấy tờ 0/2" not in later.text
    assert "Giấy tờ 0/2" in begins.text


@pytest.mark.usefixtures("bot")
async def test_a_deadline_counts_from_the_day_that_is_told(
    phone: Phone, services: Services
) -> None:
    """What is no day is asked again; the calendar and the print come as files."""
    shown = await begun(phone)
    days = (await pressed(phone, shown, "Hạn", 2))[-1]
    [asks] = await pressed(phone, days, "2")
    [wrong] = await told(phone, "hôm nọ")
    [counted] = await told(phone, "1/12")
    [reminds] = await pressed(phone, counted, "🔔 Nhắc tôi")
    [opened] = await pressed(phone, counted, "↩ Hồ sơ này")
    [calendar] = await pressed(phone, opened, "Lịch (.ics)")
    [printed] = await pressed(phone, opened, "Bản in (PDF)")

    assert "60 ngày kể từ ngày" in asks.text
    assert "Ghi một ngày có thật" in wrong.text
    assert "30/1/2027, tính từ 1/12/2026" in counted.text
    assert "1/2/2027" in counted.text
    assert "30/1/2027" in reminds.text
    assert "30/1/2027: Nộp lại hồ sơ" in opened.text
    assert (calendar.file, printed.file) == ("ho-so.ics", "ho-so.pdf")
    assert await marks(services) == {"d.bo-sung"}


@pytest.mark.usefixtures("bot")
async def test_it_is_shared_and_given_away(
    phone: Phone, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link to look by comes with a picture; the other takes it by the bot's link, once.

    A secret's signs are no marks of the text in which it stands.
    """
    made = secrets.token_urlsafe
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: f"_{made(size)[2:]}_")
    shown, other = await begun(phone), Phone(phone.api, OTHER)
    [asks] = await pressed(phone, shown, "Chia sẻ để xem")
    link, picture = await pressed(phone, asks, "Chia sẻ để xem", 2)
    [opened] = await pressed(phone, link, "↩ Hồ sơ này")
    [ended] = await pressed(phone, opened, "Ngừng chia sẻ")
    [warned] = await pressed(phone, shown, "Giao cho người khác")
    [given] = await pressed(phone, warned, "Giao cho người khác")
    secret = given.text.partition("?start=nhan-")[2].split()[0]
    [offer] = await told(other, f"/start nhan-{secret}")
    [taken] = await pressed(other, offer, "Nhận hồ sơ này")
    [again] = await told(other, f"/hoso {secret}")
    [gone] = await pressed(phone, shown, "Xóa")
    [theirs] = await told(other, "/hoso")

    assert re.search(r"/hoso/xem/_[\w-]{30}_\s", link.text)
    assert re.search(r"/hoso/nhan/_[\w-]{30}_\s", given.text)
    assert picture.file == "ma-qr.png"
    assert "Đã ngừng chia sẻ" in ended.text
    assert "↩ Hồ sơ này" in ended.buttons
    assert "bên anh/chị không còn" in warned.text
    assert "nay là của anh/chị" in taken.text
    assert "đã ngừng, đã hết hạn" in again.text
    assert "không còn ở đây" in gone.text
    assert "HTX *Rau* Đại Hiệp" in theirs.text
    async with services.sessions() as session:
        row = (await session.scalars(select(Dossier))).one()
    assert (row.key, row.given_hash, row.shown_hash) == (str(OTHER), None, None)


@pytest.mark.usefixtures("bot")
async def test_it_is_erased_once_that_was_asked(phone: Phone, services: Services) -> None:
    """Nothing is left of it, and an old button says so."""
    shown = await begun(phone)
    await phone.tap(shown, "Các bước")
    await phone.tap(shown, "☐ 1")
    await phone.tap(shown, "↩ Hồ sơ này")
    [asks] = await pressed(phone, shown, "Xóa")
    [erased] = await pressed(phone, asks, "Xóa hồ sơ này")
    [late] = await pressed(phone, shown, "Giao cho người khác")

    assert "mất hẳn" in asks.text
    assert "Đã xóa hồ sơ" in erased.text
    assert "không còn ở đây" in late.text
    assert await marks(services) == set()
