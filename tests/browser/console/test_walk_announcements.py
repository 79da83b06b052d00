"""An announcement from draft to report, in a real Chromium, as each role, on both databases."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.person import Identity
from services.storage.models import Announcement, Delivery, Person
from tests.browser.console.conftest import SignedIn
from tests.doubles.console_house import WIDTHS, ConsoleHouse, enter, follow, press, step_to

AUTHOR, APPROVER = "Trần Thị Lan", "Lê Văn Minh"
DATABASE = "postgresql"


@pytest.fixture(scope="module")
def house_settings() -> dict[str, str]:
    """Return settings without quiet hours: what is sent here is on its way at any hour."""
    return {"HTX_QUIET_HOURS": ""}


@pytest.fixture
def people(house: ConsoleHouse) -> None:
    """Settle twelve farmers, two of whom never agreed."""
    names = ("Hoa", "Tâm", "Lý", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "", "Út")
    identity = Identity("key")
    rows = [
        {
            "channel": "telegram",
            "chat": str(number),
            "who": identity.of("telegram", str(number)),
            "name": name and f"Cô {name}",
            "role": "farmer",
            "place": "20332",
            "agreed": number <= 10,
            "created_at": datetime.now(UTC),
        }
        for number, name in enumerate(names, start=1)
    ]

    async def settle(session: AsyncSession) -> None:
        await session.execute(insert(Person), rows)

    house.keep(settle)


@pytest.mark.usefixtures("people")
def test_from_draft_to_report(house: ConsoleHouse, signed_in: SignedIn) -> None:
    """Written with its count beside it, approved on a phone, sent, followed and reported."""
    author = signed_in("author", name=AUTHOR)
    follow(author, author.get_by_role("link", name="Thông báo", exact=True))
    house.look(author, "announcements-empty")
    author.get_by_role("link", name="Soạn thông báo").click()
    write(author)
    expect(author.locator("#look")).to_contain_text("10 người sẽ nhận")
    expect(author.locator("#look")).to_contain_text("ngày 05/12/2026 là thứ bảy")
    house.look(author, "announcements-write")
    author.get_by_label("Nội dung").fill(TEXT.replace("thứ sáu", "thứ bảy"))
    follow(author, author.get_by_role("button", name="Giữ bản nháp"))
    expect(author.get_by_role("status").first).to_contain_text("Đã giữ bản nháp 1")
    house.look(author, "announcements-draft")
    follow(author, author.get_by_role("link", name="Diễn tập"))
    house.look(author, "announcements-rehearsal")
    author.get_by_role("link", name="Về thông báo 1").click()
    follow(author, author.get_by_role("button", name="Xin duyệt"))

    approver = signed_in("approver", name=APPROVER, viewport=WIDTHS["390"])
    follow(approver, approver.get_by_role("link", name="Duyệt thông báo 1"))
    house.look(approver, "announcements-approve")
    follow(approver, approver.get_by_role("button", name="Duyệt đúng bản này cho 10 người"))
    expect(approver.get_by_role("status").first).to_contain_text("Đã duyệt đúng bản này")

    author.reload()
    house.look(author, "announcements-send")
    follow(author, author.get_by_role("button", name="Gửi ngay cho 10 người"))
    house.keep(sending)
    expect(author.locator("#progress")).to_contain_text("Đã nhận: 4 / 10", timeout=10_000)
    house.look(author, "announcements-progress")
    house.keep(done)
    author.get_by_role("link", name="Xem báo cáo").click(timeout=10_000)
    expect(author.locator("main")).to_contain_text("Gửi cho 10 người: 8 đã nhận")
    house.look(author, "announcements-report")
    follow(author, author.get_by_role("link", name="Xem tên người không nhận được"))
    expect(author.locator("main")).to_contain_text("đã chặn bot")
    house.look(author, "announcements-names")
    author.goto(f"{house.url}/console/announcements/calendar")
    house.look(author, "announcements-calendar")
    author.goto(f"{house.url}/console/announcements")
    house.look(author, "announcements")


def test_by_keyboard_alone(signed_in: SignedIn) -> None:
    """Written, approved and sent; Enter in a field keeps the draft and sends nothing."""
    author = signed_in("author", name=AUTHOR)
    press(author, "Thông báo")
    press(author, "Soạn thông báo")
    enter(author, "title", "Mời họp xã viên")
    enter(author, "body", "Kính mời bà con dự **họp xã viên** cuối năm.")
    step_to(author, "topic")
    author.keyboard.press("ArrowDown")
    step_to(author, "Theo vai trò")
    author.keyboard.press("Enter")
    step_to(author, "roles")
    author.keyboard.press("Space")
    enter(author, "contact", "Chị Lan")
    with author.expect_navigation():
        author.keyboard.press("Enter")
    expect(author.get_by_role("status").first).to_contain_text("Đã giữ bản nháp")
    press(author, "Xin duyệt")
    approver = signed_in("approver", name=APPROVER)
    press(approver, f"Duyệt thông báo 2 của {AUTHOR}: Mời họp xã viên")
    press(approver, "Duyệt đúng bản này cho 10 người")
    author.reload()
    press(author, "Gửi ngay cho 10 người")
    expect(author.locator("#progress")).to_be_visible()


def test_without_scripts(signed_in: SignedIn) -> None:
    """Refused with a reason, approved after all, sent, cancelled; a copy is deleted."""
    author = signed_in("author", name=AUTHOR, java_script_enabled=False)
    author.goto(f"{author.url}/announcements/new")
    write(author)
    author.get_by_role("button", name="Xem trước, chưa giữ").click()
    expect(author.locator("#look")).to_contain_text("10 người sẽ nhận")
    follow(author, author.get_by_role("button", name="Giữ bản nháp"))
    address = author.url
    follow(author, author.get_by_role("button", name="Xin duyệt"))

    approver = signed_in("approver", name=APPROVER, java_script_enabled=False)
    approver.goto(address)
    approver.get_by_label("Không duyệt vì").fill("Sai thứ")
    follow(approver, approver.get_by_role("button", name="Không duyệt"))
    author.goto(address)
    expect(author.locator("main")).to_contain_text(f"{APPROVER} chưa duyệt: Sai thứ")
    follow(author, author.get_by_role("button", name="Xin duyệt"))
    approver.goto(address)
    follow(approver, approver.get_by_role("button", name="Duyệt đúng bản này"))
    author.goto(address)
    follow(author, author.get_by_role("button", name="Gửi ngay cho 10 người"))
    author.get_by_text("Hủy phần chưa gửi").click()
    follow(author, author.get_by_role("button", name="Hủy hẳn thông báo"))
    expect(author.get_by_role("status").first).to_contain_text("Đã hủy phần chưa gửi")
    follow(author, author.get_by_role("button", name="Soạn lại từ tin này"))
    follow(author, author.get_by_role("link", name="Thôi sửa"))
    author.get_by_text("Xóa bản nháp").click()
    follow(author, author.get_by_role("button", name="Xóa hẳn bản nháp"))
    expect(author.get_by_role("status").first).to_contain_text("Đã xóa bản nháp")


@pytest.mark.parametrize("role", ["agent", "content", "admin"])
def test_other_roles_look(house: ConsoleHouse, signed_in: SignedIn, role: str) -> None:
    """They see what went out and what stands in the calendar."""
    page = signed_in(role)
    page.goto(f"{house.url}/console/announcements/1")
    expect(page.locator("main")).to_contain_text("8 đã nhận")
    assert page.get_by_text("Xem tên người").count() == (1 if role == "admin" else 0)


TEXT = "Kính gửi {{ name }},\n\nMời dự **lớp OCOP** lúc 8 giờ, thứ sáu ngày 05/12/2026."


def write(page: Page) -> None:
    """Fill the form in."""
    page.get_by_label("Tiêu đề").fill("Mời dự lớp tập huấn OCOP")
    page.get_by_label("Nội dung").fill(TEXT)
    page.get_by_label("Chủ đề", exact=True).select_option("ocop")
    page.locator("summary", has_text="Theo vai trò").click()
    page.get_by_label("Nông dân").check()


async def sending(session: AsyncSession) -> None:
    """Have four of ten be told, as the worker does."""
    now = datetime.now(UTC)
    await session.execute(update(Announcement).values(state="sending"))
    first = update(Delivery).where(Delivery.person_id <= 4)
    await session.execute(first.values(state="sent", at=now))


async def done(session: AsyncSession) -> None:
    """Have it end: one has blocked the bot, of one nobody knows."""
    now = datetime.now(UTC)
    ends = {5: ("stopped", "blocked"), 6: ("uncertain", "interrupted")}
    await session.execute(update(Delivery).values(state="sent", at=now))
    for person, (state, reason) in ends.items():
        one = update(Delivery).where(Delivery.person_id == person)
        await session.execute(one.values(state=state, reason=reason))
    await session.execute(update(Announcement).values(state="done", finished_at=now))
