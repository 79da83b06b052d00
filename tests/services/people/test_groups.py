import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import PeopleError
from services.people import groups
from tests.doubles.lists import met


async def test_group_is_saved_anew_or_grows(session: AsyncSession) -> None:
    """To save replaces who was in it, to join adds; nobody is in it twice."""
    one, two, three = [(await met(session, chat)).id for chat in "123"]

    await groups.save(session, "xa", [one, two])
    await groups.join(session, "xa", [two, three])
    grown = await groups.sizes(session)
    await groups.save(session, "xa", [three])

    assert grown == {"xa": 3}
    assert await groups.sizes(session) == {"xa": 1}
    assert await groups.of_person(session, three) == ["xa"]


async def test_deleted_group_leaves_its_people(session: AsyncSession) -> None:
    """Other groups stay as they are."""
    person = (await met(session)).id
    await groups.save(session, "xa", [person])
    await groups.save(session, "huyen", [person])

    await groups.delete_group(session, "xa")

    assert await groups.sizes(session) == {"huyen": 1}


@pytest.mark.parametrize("name", ["", "123", "a" * 51, "a,b", "..."])
def test_what_is_no_name_is_refused(name: str) -> None:
    """Figures alone would be taken for a chat where people are excluded by name."""
    with pytest.raises(PeopleError, match="Tên nhóm"):
        groups.group_name(name)


def test_name_is_kept_as_written() -> None:
    """With diacritics, on one line."""
    assert groups.group_name(" HTX  Hòa Tiến 1 ") == "HTX Hòa Tiến 1"
