"""What a person sets right of what is held of them."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.plain import plain_markdown
from services.people import corrections, groups
from tests.doubles.people import Someone, someone_in


async def listed(services: Services, session: AsyncSession) -> Someone:
    """Return somebody whose name and lists the office has brought."""
    someone = await someone_in(services, session)
    someone.person.name = "Nguyen Thi A"
    for name in ("Tổ quế", "xa-1"):
        await groups.join(session, name, [someone.person.id])
    return someone


async def test_a_name_is_set_right(services: Services, session: AsyncSession) -> None:
    """In one message; alone the command tells which name it is; what hides numbers hides them."""
    someone = await listed(services, session)
    asked = corrections.rename(someone.person, someone.library, "")
    noted = corrections.rename(someone.person, someone.library, " Nguyễn  Thị\u202e *A* 0905123456")

    assert "“Nguyen Thi A”" in asked.lead
    assert someone.person.name.startswith("Nguyễn Thị *A* ")
    assert "0905123456" not in someone.person.name + noted.lead


async def test_a_name_is_taken_out(services: Services, session: AsyncSession) -> None:
    """Whoever wants none to be kept says so, with or without diacritics."""
    for written in ("bỏ", "XOA"):
        someone = await listed(services, session)
        told = corrections.rename(someone.person, someone.library, written)

        assert (someone.person.name, "không giữ tên" in told.lead) == ("", True)


async def test_a_list_is_left(services: Services, session: AsyncSession) -> None:
    """The one that is named, written anyhow; else they are told which they are in."""
    someone = await listed(services, session)
    unknown = await corrections.leave(session, someone.person, someone.library, "tổ lúa")
    left = await corrections.leave(session, someone.person, someone.library, "tổ quế")

    assert await groups.of_person(session, someone.person.id) == ["xa-1"]
    assert "Tổ quế" in unknown.lead
    assert "Tổ quế" in left.lead
    assert "/roi xa-1" in plain_markdown(left.lead)


async def test_what_is_no_name_is_kept_nowhere(services: Services, session: AsyncSession) -> None:
    """Words of distress; and of a name that would make every letter too long, the beginning."""
    someone = await listed(services, session)
    corrections.rename(someone.person, someone.library, "tôi không muốn sống nữa")
    kept = someone.person.name
    corrections.rename(someone.person, someone.library, "A" * 200)

    assert (kept, someone.person.name) == ("Nguyen Thi A", "A" * 60)
