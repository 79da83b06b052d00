"""What an author and an approver are warned of; nothing of it keeps a text from being sent."""

from datetime import date

import pytest

from services.announcements import warnings
from services.announcements.draft_file import Draft
from services.storage.models import Announcement
from tests.doubles.broadcast import APPROVER, AUTHOR
from tests.doubles.scene import Scene

TODAY = date(2026, 11, 24)


async def warned(scene: Scene, announcement: Announcement) -> str:
    """Return what is told of an announcement beside its faults."""
    found = await scene.announcer.inspect(scene.session, announcement)
    assert not found.faults
    return "\n".join(found.notices)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Họp lúc 8 giờ ngày mai.", ["ngày mai"]),
        ("Sáng  mai, tối nay và tuần sau.", ["sáng mai", "tối nay", "tuần sau"]),
        ("Nghỉ từ hôm nay; hôm nay họp.", ["hôm nay"]),
        ("Thứ Năm tới họp.", ["thứ năm tới"]),
        ("Ngày mai, 25/11/2026, họp.", []),
        ("Ngày mai (25 tháng 11) họp.", []),
        ("Mời dự lớp ngày 25/11/2026.", []),
        ("Kế hoạch năm 2027 của xã.", []),
        ("Ngày mãi nhớ.", []),
    ],
)
def test_days_told_from_today(text: str, found: list[str]) -> None:
    """A date behind them says which day is meant."""
    assert warnings.relative_days(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thứ bảy, ngày 05/12/2026", []),
        ("Thứ 7 (5/12)", []),
        ("thứ sáu ngày 5/12", [("thứ sáu 5/12", date(2026, 12, 5))]),
        ("05/12/2026 (Chủ nhật)", [("Chủ nhật 05/12/2026", date(2026, 12, 5))]),
        ("chủ nhật 6 tháng 12 năm 2026", []),
        ("thứ hai, 31/11/2026", [("thứ hai 31/11/2026", None)]),
        ("thứ ba 2026-12-01", []),
        ("Lần thứ hai, 5 hộ", []),
    ],
)
def test_weekday_against_date(text: str, found: list[tuple[str, date | None]]) -> None:
    """Before the date or behind it, in words or numbers."""
    assert list(warnings.wrong_weekdays(text, TODAY)) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("[htx.vn](https://www.htx.vn/a)", []),
        ("[https://danang.gov.vn](https://gia-mao.com/x)", ["https://danang.gov.vn"]),
        ("[danang.gov.vn/tin](https://danang.gov.vn.gia.com)", ["danang.gov.vn/tin"]),
        ("[xem ở đây](https://htx.vn)", []),
        ("[v.v.](https://htx.vn)", []),
    ],
)
def test_link_that_looks_like_another(body: str, found: list[str]) -> None:
    """The words of a link may say anything; an address among them must be the true one."""
    assert [words for words, _ in warnings.misleading_links(body)] == found


async def test_all_of_them_are_told(scene: Scene) -> None:
    """In sentences, beside the count; the draft can be approved all the same."""
    announcement = await scene.drafted(
        "Sáng mai họp, thứ hai ngày 05/12/2026: [htx.vn](https://khac.vn), [x](https://bit.ly/1)."
    )

    told = await warned(scene, announcement)

    assert "Tin viết “sáng mai”" in told
    assert "ngày 05/12/2026 là thứ bảy" in told
    assert "“htx.vn” lại mở ra https://khac.vn" in told
    assert "bit.ly giấu địa chỉ thật" in told
    await scene.announcer.approve(scene.session, announcement.id, APPROVER)


async def test_name_that_fills_nothing(scene: Scene) -> None:
    """Counted among those who would get it alone."""
    await scene.settle(4, name="Hoa")
    await scene.settle(5, agreed=False)
    announcement = await scene.drafted("Kính gửi {{ name }} ở {{ place }}.")

    told = await warned(scene, announcement)

    assert "3 trong 4 người nhận chưa có tên: chỗ {{ name }} của họ sẽ là “bà con”" in told
    assert "4 trong 4 người nhận chưa có nơi ở" in told
    assert "vai trò" not in told


async def test_twin_is_told_before_anybody_approves(scene: Scene) -> None:
    """Also of what is being written and has no number yet."""
    first = await scene.sent()
    second = await scene.drafted()
    copied = Draft(scene.read().form).form
    unkept = Announcement(**copied.columns(), author=AUTHOR, created_at=scene.clock())

    for one in (second, unkept):
        assert f"Giống hệt thông báo {first.id}" in await warned(scene, one)
    assert "Giống hệt" not in await warned(scene, first)
