"""What is held of a person, told to them."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.plain import plain_markdown
from services.people.consent import Said, say
from services.people.deeplink import Deeplink
from services.people.enrolment import begin
from services.people.places import require_place
from services.people.told import Kept, tell
from services.storage.models import Staff
from tests.doubles.citizen import Citizen
from tests.doubles.people import deliver, meeting_of, tap

KEPT = Kept(turns=90, backups=30)
HAI_CHAU = require_place("Hải Châu")


async def test_stranger_is_told_that_nothing_is_known(
    services: Services, session: AsyncSession
) -> None:
    """Of someone just met there is little to tell; how to change and erase it stands below."""
    meeting = await meeting_of(services, session)
    told = plain_markdown((await tell(meeting, KEPT)).lead)

    assert "Bà con là: chưa ghi" in told
    assert "Nhận tin: chưa chọn" in told
    assert "Lượt hỏi còn giữ: 0; mỗi lượt giữ 90 ngày" in told
    assert "Bản sao lưu tự hết sau 30 ngày." in told
    assert told.endswith("Sửa: nhắn /start. Dừng nhận tin: /dungtin. Xóa hết: /xoa.")


async def test_everything_held_is_told(services: Services, session: AsyncSession) -> None:
    """Name, role, place, groups, account, questions, announcements: each has its line."""
    meeting = await meeting_of(services, session)
    meeting.person.name = "Nguyễn *Văn* A"
    session.add(Staff(name="Lan", role="author", created_at=meeting.now, chat="7"))
    await deliver(session, meeting.person, "sent", meeting.now)
    await deliver(session, meeting.person, "failed", meeting.now)
    await begin(meeting, Deeplink(place=HAI_CHAU.code, event="hop-xa"))
    await tap(meeting, "role-farmer")
    await session.commit()
    await Citizen(services, "7", "telegram").say("chào")
    told = plain_markdown((await tell(meeting, KEPT)).lead)

    assert "Tên: Nguyễn *Văn* A" in told
    assert "Bà con là: nông dân" in told
    assert "Nơi ở: phường Hải Châu" in told
    assert "Có trong danh sách: event-hop-xa" in told
    assert "Tài khoản cán bộ: Lan" in told
    assert "Nhắn lần cuối: ngày 24/11/2026" in told
    assert "Lượt hỏi còn giữ: 1" in told
    assert "Tin đã gửi tới bà con: 1" in told


async def test_ledger_is_told_with_its_words(services: Services, session: AsyncSession) -> None:
    """Each yes and no has its day and its words, and whether staff noted it."""
    meeting = await meeting_of(services, session)
    imported = Said(given=True, wording="Danh sách của xã.", source="import")
    await say(session, meeting.person, imported, meeting.now)
    await tap(meeting, "yes", "no")
    told = plain_markdown((await tell(meeting, KEPT)).lead)
    asked = meeting.say("consent_announcements")

    assert "24/11/2026, đồng ý (cán bộ ghi): “Danh sách của xã.”" in told
    assert f"24/11/2026, đồng ý: “{asked}”" in told
    assert f"24/11/2026, không: “{asked}”" in told
