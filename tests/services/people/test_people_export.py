import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.people import consent
from services.people.export import Cells, guarded, pages
from tests.doubles.rolls import HEADER, Take, met


async def exported(session: AsyncSession) -> list[Cells]:
    return [cells async for page in pages(session) for cells in page]


async def test_export_is_what_an_import_reads(session: AsyncSession, take: Take) -> None:
    """The same columns; nothing said of consent stays nothing."""
    lines = [
        "telegram,1,Bà Ba,farmer,Xã Hòa Tiến,fund;ocop,yes",
        "zalo,z,,,,,no",
        "web,w,,,,,",
    ]
    await take(*lines)

    found = await exported(session)

    assert list(found[0]) == HEADER.split(",")
    assert [",".join(cells.values()) for cells in found] == lines


async def test_topics_turned_off_are_left_out(session: AsyncSession) -> None:
    """Else the next import would turn them on for somebody new."""
    person = await met(session)
    await consent.choose(session, person, "ocop", wanted=False)

    assert (await exported(session))[0]["topics"] == ""


async def test_pages_hold_everybody_once(session: AsyncSession, take: Take) -> None:
    """More people than a page has room for."""
    for start in (0, 800):
        await take(*(f"telegram,{chat}" for chat in range(start + 1, start + 801)))

    chats = [cells["chat_id"] for cells in await exported(session)]

    assert chats == [str(number) for number in range(1, 1601)]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "-"])
def test_what_a_spreadsheet_would_run_is_guarded(cell: str) -> None:
    """By an apostrophe."""
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1001234", "+84905", "Bà Ba", "", "a=b"])
def test_numbers_and_words_are_left_alone(cell: str) -> None:
    """A chat's number may be negative."""
    assert guarded(cell) == cell
