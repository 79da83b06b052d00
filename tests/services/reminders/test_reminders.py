"""Reminders: each time is told once, out of the content of that day; what is over is not told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM
from services.errors import ToolError
from services.knowledge.library import Library
from services.notices import notices
from services.reminders import reminders
from services.reminders.reminder_chat import ReminderChat
from services.staff import stops
from services.storage.models import Notice
from services.tools.due import DatedLine
from tests.conftest import NOON

CHAT, PAGE = ("telegram", "7"), ("web", "k" * 22)
YEARLY = DatedLine("nam", "cap-nhat", date(2026, 12, 15))
ONCE = DatedLine("dang-ky-thay-doi", "nop-ho-so", date(2026, 12, 3))
"""Due on Sunday 13/12, which may move to Monday."""


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: the test runs once on both."""
    return any_database


def at(month: int, day: int, hour: int = 8, year: int = 2026) -> datetime:
    """Return a moment in Việt Nam."""
    return datetime(year, month, day, hour, tzinfo=VIETNAM)


async def told(session: AsyncSession) -> Sequence[str]:
    """Return what is queued to be told, in order."""
    return (await session.scalars(select(Notice.text).order_by(Notice.id))).all()


async def look(session: AsyncSession, library: Library, *moments: datetime) -> list[int]:
    """Look for what is due at some moments; return how many were told at each."""
    return [await reminders.tell_due(session, library, moment) for moment in moments]


async def test_asked_twice_is_one_and_told_at_each_of_its_times_once(
    session: AsyncSession, whole: Library
) -> None:
    """Seven days and one day before, from eight on, however often it is looked."""
    for _ in range(2):
        await reminders.ask(session, CHAT, ONCE, whole, NOON)
    moments = [at(12, 6, 7), at(12, 6), at(12, 6, 9), at(12, 12), at(12, 13), at(12, 20)]
    counts = await look(session, whole, *moments)
    first, second = await told(session)

    assert counts == [0, 1, 0, 1, 0, 0]
    assert first == second
    assert "**Chủ nhật, ngày 13/12/2026**" in first
    assert "Theo Điều" in first
    assert "Luật Hợp tác xã" in first
    assert "hạn có thể dời sang ngày làm việc tiếp theo là 14/12/2026" in first


async def test_one_time_told_late_is_not_told_twice(session: AsyncSession, whole: Library) -> None:
    """A product that did not run for days tells it once, and that the day is over."""
    await reminders.ask(session, CHAT, ONCE, whole, NOON)
    counts = await look(session, whole, at(12, 15), at(12, 15, 9))

    assert counts == [1, 0]
    assert "đã qua" in (await told(session))[0]


async def test_as_the_person_picks(session: AsyncSession, whole: Library) -> None:
    """A later pick holds in the place of the one before."""
    await reminders.ask(session, CHAT, ONCE, whole, NOON)
    row = await reminders.ask(session, CHAT, ONCE, whole, NOON, (3,))

    assert row.due_at == at(12, 10)
    assert len(await reminders.of_chat(session, CHAT)) == 1


async def test_what_comes_each_year_comes_anew(session: AsyncSession, whole: Library) -> None:
    """Once its day is over; what comes once is gone then, and so is all of a page."""
    for chat, line in ((CHAT, YEARLY), (CHAT, ONCE), (PAGE, YEARLY)):
        await reminders.ask(session, chat, line, whole, NOON)
    await look(session, whole, at(12, 14), at(12, 15))
    await reminders.recount(session, whole, at(12, 15))
    before = [row.day for row in await reminders.of_chat(session, CHAT)]
    await reminders.recount(session, whole, at(12, 16))
    [row] = await reminders.of_chat(session, CHAT)

    assert before == [date(2026, 12, 15)]
    assert (row.event, row.due_at) == (date(2027, 12, 15), at(12, 8, year=2027))
    assert not await reminders.of_chat(session, PAGE)
    assert await look(session, whole, at(12, 8, year=2027)) == [1]


async def test_asked_anew_before_it_went_on_it_stays_one(
    session: AsyncSession, whole: Library
) -> None:
    """The next year's was asked for the day after: the old one goes."""
    await reminders.ask(session, CHAT, YEARLY, whole, NOON)
    await look(session, whole, at(12, 14))
    next_year = replace(YEARLY, event=date(2027, 12, 15))
    await reminders.ask(session, CHAT, next_year, whole, at(12, 16))
    await reminders.recount(session, whole, at(12, 17))

    assert [row.event for row in await reminders.of_chat(session, CHAT)] == [date(2027, 12, 15)]


async def test_whoever_asks_late_is_told_what_is_left(
    session: AsyncSession, whole: Library
) -> None:
    """Seven days before are over; one day before is offered no second time."""
    noted = await ReminderChat(session, CHAT, whole, at(12, 7)).ask(ONCE)

    assert "nhắn ở đây trước 1 ngày, từ 8 giờ" in noted.lead
    assert not any("trước 1 ngày" in button.label for button in noted.buttons)


async def test_nothing_is_left_to_tell_of_what_is_over(
    session: AsyncSession, whole: Library
) -> None:
    """It is refused in words; what comes each year is told from the next year on."""
    with pytest.raises(ToolError, match="13/12/2026"):
        await reminders.ask(session, CHAT, ONCE, whole, at(12, 12, 9))
    row = await reminders.ask(session, CHAT, YEARLY, whole, at(12, 14, 9))

    assert row.due_at is None


async def test_who_ends_them_is_told_nothing_more(session: AsyncSession, whole: Library) -> None:
    """Not what is queued already; another chat's are its own; asked anew it is told again."""
    other = ("telegram", "8")
    for chat in (CHAT, other):
        await reminders.ask(session, chat, ONCE, whole, NOON)
        await reminders.ask(session, chat, YEARLY, whole, NOON)
    await look(session, whole, at(12, 8))
    await reminders.end(session, CHAT, ONCE)
    one_left = [row.key for row in await _pending(session)]
    await reminders.end_all(session, CHAT)
    none_left = [row.key for row in await _pending(session)]
    await reminders.ask(session, CHAT, YEARLY, whole, at(12, 7))

    assert sorted(one_left) == ["7", "8", "8"]
    assert none_left == ["8", "8"]
    assert await look(session, whole, at(12, 8, 9)) == [1]


async def _pending(session: AsyncSession) -> Sequence[Notice]:
    return await notices.due(session, "telegram", at(12, 30), quiet=False)


@pytest.mark.parametrize("what", stops.STOPPABLE)
async def test_nobody_is_told_while_staff_have_stopped_it(
    session: AsyncSession, whole: Library, what: stops.Stoppable
) -> None:
    """They are told when it goes on, in the words of then."""
    await reminders.ask(session, CHAT, ONCE, whole, NOON)
    await stops.stop(session, what, "Đang xem lại.", NOON, "Lan")
    stopped = await look(session, whole, at(12, 12))
    await stops.resume(session, what, NOON, "Lan")
    counts = [*stopped, *await look(session, whole, at(12, 14))]

    assert counts == [0, 1]
    assert "đã qua" in (await told(session))[0]


async def test_a_page_shows_what_is_near_until_it_is_over(
    session: AsyncSession, whole: Library
) -> None:
    """Nobody can be told there: nothing is queued for it."""
    await reminders.ask(session, PAGE, ONCE, whole, NOON)
    days = (at(12, 5), at(12, 6), at(12, 13), at(12, 14))
    shown = [len(await reminders.shown(session, PAGE, moment)) for moment in days]

    assert shown == [0, 1, 1, 0]
    assert await look(session, whole, at(12, 6)) == [0]


async def test_a_chat_has_so_many_at_most(session: AsyncSession, whole: Library) -> None:
    """One more is refused in words; one of them asked again is not."""
    lines = [replace(ONCE, event=ONCE.event + timedelta(n)) for n in range(reminders.MOST + 1)]
    for line in lines[:-1]:
        await reminders.ask(session, CHAT, line, whole, NOON)
    await reminders.ask(session, CHAT, lines[0], whole, NOON)
    with pytest.raises(ToolError, match=str(reminders.MOST)):
        await reminders.ask(session, CHAT, lines[-1], whole, NOON)


def test_a_line_is_read_as_it_was_written() -> None:
    """Of a button and of a link; anything else is none."""
    for parted in (".", "_"):
        assert DatedLine.read(YEARLY.written(parted), parted) == YEARLY
    days = ("nam.cap-nhat", "nam.cap-nhat.2026121", "nam.cap-nhat.20261315")
    for text in ("", "nam", *days, "a.b.c.d", "a\0b.c.20261215"):
        assert DatedLine.read(text) is None


def test_every_deadline_fits_a_button_and_a_link(whole: Library) -> None:
    """With the longest plan behind it."""
    plan = max(("-".join(map(str, plan)) for plan in whole.reminding.plans), key=len)
    for name, found in whole.deadlines.items():
        for one in found.deadlines:
            line = DatedLine(name, one.id, ONCE.event)
            assert len(f"e:{line.written()}.{plan}") <= 64
            assert len(f"nhac_{line.written('_')}") <= 64
