"""Reminders of what the content corrects, puts off or drops: told as it is now, and at once."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import ToolError
from services.knowledge.library import Library
from services.reminders import reminders
from services.reminders.reminder_chat import ReminderChat
from services.reminders.words import line_of
from tests.conftest import NOON
from tests.services.reminders.test_reminders import CHAT, ONCE, PAGE, YEARLY, at, look, told


def lasting(library: Library, source: str, until: date) -> Library:
    """Return a library whose document is over after a day."""
    over = library.sources[source].model_copy(update={"in_force_to": until})
    return replace(library, sources={**library.sources, source: over})


def put_off(library: Library) -> Library:
    """Return a library that has the yearly update five days later, in other words."""
    year = library.deadlines["nam"]
    first = year.deadlines[0].model_copy(update={"days": 5, "what": "Nộp số liệu năm"})
    changed = year.model_copy(update={"deadlines": (first, *year.deadlines[1:])})
    return replace(library, deadlines={**library.deadlines, "nam": changed})


def each(library: Library, day: str) -> Library:
    """Return a library that has the yearly update by another day of the calendar."""
    year = library.deadlines["nam"]
    first = year.deadlines[0].model_copy(update={"each": day})
    changed = year.model_copy(update={"deadlines": (first, *year.deadlines[1:])})
    return replace(library, deadlines={**library.deadlines, "nam": changed})


def sooner(library: Library, days: int) -> Library:
    """Return a library that has the handing in of a change within so many days."""
    found = library.deadlines[ONCE.name]
    first = found.deadlines[0].model_copy(update={"days": days})
    changed = found.model_copy(update={"deadlines": (first, *found.deadlines[1:])})
    return replace(library, deadlines={**library.deadlines, ONCE.name: changed})


async def test_a_corrected_content_tells_the_corrected_text_and_day(
    session: AsyncSession, whole: Library
) -> None:
    """Nothing is told at the time that held before."""
    await reminders.ask(session, CHAT, YEARLY, whole, NOON)
    moved = await look(session, put_off(whole), at(12, 8))
    later = await look(session, put_off(whole), at(12, 13))

    assert (moved, later) == ([0], [1])
    assert "Nộp số liệu năm" in (await told(session))[0]
    assert "20/12/2026" in (await told(session))[0]


async def test_a_corrected_day_of_the_calendar_holds_at_once(
    session: AsyncSession, whole: Library
) -> None:
    """It is told, offered no second time, and one that had it already stays one."""
    earlier, corrected = each(whole, "12-10"), replace(YEARLY, event=date(2026, 12, 10))
    for chat in (CHAT, PAGE):
        await reminders.ask(session, chat, YEARLY, whole, NOON)
    await reminders.ask(session, CHAT, YEARLY, earlier, NOON)
    for _ in range(2):
        await reminders.recount(session, earlier, at(12, 1))
    lines = [
        line_of(row) for chat in (CHAT, PAGE) for row in await reminders.of_chat(session, chat)
    ]
    counts = await look(session, earlier, at(12, 2), at(12, 3), at(12, 8), at(12, 9))

    assert lines == [corrected, corrected]
    assert counts == [0, 1, 0, 1]
    assert "ngày 10/12/2026" in (await told(session))[0]


async def test_a_button_of_before_a_correction_ends_what_goes_on(
    session: AsyncSession, whole: Library
) -> None:
    """Its message is still in the chat; another time picked under it makes no second one."""
    await reminders.ask(session, CHAT, YEARLY, whole, NOON)
    earlier = each(whole, "12-10")
    await reminders.recount(session, earlier, at(12, 1))
    chat = ReminderChat(session, CHAT, earlier, at(12, 1))
    await chat.press(f"{YEARLY.written()}.3")
    picked = [row.before for row in await reminders.of_chat(session, CHAT)]
    await chat.press(f"{YEARLY.written()}.off")

    assert picked == [[3]]
    assert not await reminders.of_chat(session, CHAT)


@pytest.mark.parametrize(("days", "says"), [(6, "đã qua"), (9, "ngày 12/12/2026")])
async def test_a_day_corrected_to_an_earlier_one_is_told_at_once(
    session: AsyncSession, whole: Library, days: int, says: str
) -> None:
    """Its times were over before anybody knew of them; told once, it goes as any other."""
    await reminders.ask(session, CHAT, ONCE, whole, NOON)
    await reminders.ask(session, PAGE, ONCE, whole, NOON)
    earlier, moment = sooner(whole, days), at(12, 11, 12)
    await look(session, whole, at(12, 6))
    for _ in range(2):
        await reminders.recount(session, earlier, moment)
        await look(session, earlier, moment)
    texts = await told(session)

    assert len(texts) == 2
    assert says in texts[1]
    assert len(await reminders.shown(session, PAGE, moment)) == (days == 9)


async def test_what_is_not_yet_in_force_is_told_later(
    session: AsyncSession, whole: Library
) -> None:
    """Nobody reads that it is over; the next time tells it, once it is in force."""
    await reminders.ask(session, CHAT, YEARLY, whole, NOON)
    coming = whole.sources["tt-09-2024"].model_copy(update={"in_force_from": date(2026, 12, 10)})
    early = replace(whole, sources={**whole.sources, "tt-09-2024": coming})
    counts = await look(session, early, at(12, 8), at(12, 14))

    assert counts == [0, 1]
    assert "không còn hiệu lực" not in (await told(session))[0]


async def test_what_rests_on_a_document_that_is_over_tells_no_day(
    session: AsyncSession, whole: Library
) -> None:
    """It says so, once, with whom to ask; it is asked for no more."""
    await reminders.ask(session, CHAT, YEARLY, whole, NOON)
    over = lasting(whole, "tt-09-2024", date(2026, 12, 1))
    counts = await look(session, over, at(12, 8), at(12, 14))
    [text] = await told(session)
    with pytest.raises(ToolError, match="không còn hiệu lực"):
        await reminders.ask(session, CHAT, YEARLY, over, at(12, 8))

    assert counts == [1, 0]
    assert "không còn hiệu lực" in text
    assert "15/12" not in text
    assert not await reminders.of_chat(session, CHAT)


async def test_what_the_content_has_no_more_is_said_to_be_gone(
    session: AsyncSession, whole: Library
) -> None:
    """By the words that it had."""
    await reminders.ask(session, CHAT, ONCE, whole, NOON)
    await look(session, replace(whole, deadlines={}), at(12, 6))

    assert "Nhắc việc: Nộp hồ sơ" in (await told(session))[0]
    assert "không còn ghi hạn" in (await told(session))[0]


async def test_what_the_content_has_no_more_is_told_at_once(
    session: AsyncSession, whole: Library
) -> None:
    """Not when the deadline would have been."""
    await reminders.ask(session, CHAT, ONCE, whole, NOON)
    without = replace(whole, deadlines={})
    await reminders.recount(session, without, NOON)

    assert await look(session, without, NOON) == [1]
