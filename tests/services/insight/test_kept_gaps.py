"""Gaps that are kept: each question once, in the gap where staff have put its kind."""

from array import array
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.kept import erase_conversation
from services.errors import GapError
from services.insight import gap_list, gap_work
from services.insight.kept_gaps import GapKeeper
from services.staff import audit
from services.storage.models import GapQuestion, KeptGap, Turn
from services.understanding.meaning import Meaning
from tests.conftest import NOON
from tests.doubles.log import turn

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=2)
SWIFTS = ("Giấy phép nuôi chim yến?", "giay phep nuoi chim yen", "nuôi chim yến cần giấy phép gì")
GOLD = "giá vàng"
BY = "Lan"


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of a migrated database: the test runs once on both."""
    return any_database


@pytest.fixture
def keeper(services: Services) -> GapKeeper:
    """Return what keeps gaps, as a process that has just started."""
    return GapKeeper(services.sessions)


async def keep(services: Services, keeper: GapKeeper, *rows: Turn) -> int:
    """Have turns in the log, and look through it; return how many questions were new."""
    async with services.sessions.begin() as session:
        session.add_all(rows)
    return await keeper.keep(services.library, LATER)


async def titles(session: AsyncSession, state: str = "open") -> list[tuple[str, int]]:
    """Return the titles of the gaps in a state, each with how often it was asked."""
    found, _ = await gap_list.page(session, state, LATER)
    return [(one.title, one.count) for one in found]


async def number_of(session: AsyncSession, place: int = 0) -> int:
    """Return the number of an open gap, by its place in the list."""
    found, _ = await gap_list.page(session, "open", LATER)
    return found[place].gap.id


async def test_each_question_is_kept_once(services: Services, keeper: GapKeeper) -> None:
    """Looking again keeps nothing twice, in this process or the next."""
    first = await keep(services, keeper, *(turn(text, after=MINUTE) for text in SWIFTS))
    again = await keeper.keep(services.library, LATER + MINUTE)
    other = await GapKeeper(services.sessions).keep(services.library, LATER + MINUTE)

    assert (first, again, other) == (3, 0, 0)
    async with services.sessions() as session:
        assert await titles(session) == [(SWIFTS[0], 3)]


async def test_what_is_erased_meanwhile_is_not_kept(services: Services) -> None:
    """Whoever erases all while it is found out what they meant stands in no gap after."""

    async def erased_first(texts: Sequence[str]) -> list[Meaning | None]:
        async with services.sessions.begin() as session:
            await erase_conversation(session, "web", "k")
        return [None] * len(texts)

    theirs = turn(SWIFTS[0], after=MINUTE, key="k"), turn("Vé số ở đâu?", after=MINUTE, key="o")
    await keep(services, GapKeeper(services.sessions, erased_first), *theirs)

    async with services.sessions() as session:
        assert list(await session.scalars(select(GapQuestion.key))) == ["o"]


async def test_what_is_left_may_still_be_answered(services: Services, keeper: GapKeeper) -> None:
    """A question that was asked back counts only once its person had the time to go on."""
    asked = turn("hồ sơ vay", "clarify", start=LATER - 5 * MINUTE)

    assert await keep(services, keeper, asked) == 0
    assert await keeper.keep(services.library, LATER + 10 * MINUTE) == 1


async def test_what_comes_later_goes_where_staff_put_it(
    services: Services, keeper: GapKeeper
) -> None:
    """Merged gaps stay together, and what is like either comes to the one that is left."""
    bees = "làm nhà nuôi ong mật ở đâu"
    await keep(services, keeper, turn(SWIFTS[0]), turn(SWIFTS[1]), turn(bees, after=MINUTE))
    async with services.sessions.begin() as session:
        swifts, bee = await number_of(session), await number_of(session, 1)
        await gap_work.merge(session, bee, swifts, BY, LATER)
    await keep(services, keeper, turn("làm nhà nuôi ong mật ở đâu ạ", start=LATER - MINUTE))

    async with services.sessions() as session:
        assert await titles(session) == [(SWIFTS[0], 4)]
        [merged] = await session.scalars(select(KeptGap).where(KeptGap.state == "merged"))
        noted = [row.did for row in await audit.entries(session, f"gap {merged.id}")]
    assert (merged.merged_into, noted) == (swifts, ["gap.merge"])


async def test_gaps_that_mean_nearly_the_same_are_offered_the_likeliest_first(
    services: Services,
) -> None:
    """What nobody's words put together is named beside a gap; what is not open is not."""
    near = {
        "trông yến": (100, 0),
        "làm nhà cho chim": (90, 40),
        GOLD: (0, 100),
        "mưa": (20, 90),
    }

    async def meant(texts: Sequence[str]) -> list[Meaning | None]:
        return [array("b", near[text]).tobytes() for text in texts]

    await keep(services, GapKeeper(services.sessions, meant), *map(turn, near))
    async with services.sessions.begin() as session:
        gold = await session.scalars(select(GapQuestion.gap_id).where(GapQuestion.text == GOLD))
        number = gold.one()
        first, *_ = await gap_list.like(session, number, LATER)
        await gap_work.dismiss(session, first.gap.id, "lạ", BY, LATER)
        left = await gap_list.like(session, number, LATER)

    assert first.title == "mưa"
    assert [one.title for one in left] == ["làm nhà cho chim", "trông yến"]


async def test_split_takes_what_was_ticked(services: Services, keeper: GapKeeper) -> None:
    """What is taken out has a gap of its own; all of it is refused."""
    await keep(services, keeper, *(turn(text, after=MINUTE) for text in SWIFTS))
    async with services.sessions.begin() as session:
        number = await number_of(session)
        asked = (await gap_list.detail(session, number, LATER)).worded
        everything = [words.number for words in asked]
        with pytest.raises(GapError, match="Chọn ít nhất một câu"):
            await gap_work.split(session, number, everything, BY, LATER)
        await gap_work.split(session, number, [asked[-1].number], BY, LATER)

        assert sorted(count for _, count in await titles(session)) == [1, 2]


async def test_dismissed_with_a_reason_is_seen_to_be_asked_again(
    services: Services, keeper: GapKeeper
) -> None:
    """Put aside, it leaves the list; what is asked later is counted there, not as a new gap."""
    await keep(services, keeper, turn(SWIFTS[0]))
    async with services.sessions.begin() as session:
        number = await number_of(session)
        with pytest.raises(GapError, match="lý do"):
            await gap_work.dismiss(session, number, " ", BY, NOON)
        await gap_work.dismiss(session, number, "Không thuộc hợp tác xã", BY, NOON + MINUTE)
        with pytest.raises(GapError, match="Người khác"):
            await gap_work.dismiss(session, number, "Lần nữa", BY, NOON + MINUTE)
    await keep(services, keeper, turn(SWIFTS[1], start=LATER - MINUTE))

    async with services.sessions() as session:
        [put_aside], _ = await gap_list.page(session, "dismissed", LATER)
        assert await titles(session) == []
    assert (put_aside.count, put_aside.since) == (2, 1)


async def test_a_page_takes_as_many_looks_however_many_gaps(
    services: Services, keeper: GapKeeper
) -> None:
    """No query for each gap: the list of eleven takes what the list of one takes."""
    looks: list[int] = []
    subjects = ("ong", "dê", "thỏ", "vịt", "ngan", "ếch", "lươn", "ốc", "rắn", "nhím", "hươu")
    for some in (subjects[:1], subjects):
        await keep(services, keeper, *(turn(f"{s} {s} {s}", start=LATER - MINUTE) for s in some))
        async with services.sessions() as session:
            engine = session.get_bind().engine
            seen: list[str] = []

            def note(*args: object, seen: list[str] = seen) -> None:
                seen.append(str(args[2]))

            event.listen(engine, "before_cursor_execute", note)
            found, _ = await gap_list.page(session, "open", LATER)
            event.remove(engine, "before_cursor_execute", note)
            looks.append(len(seen))

    assert len(found) == len(subjects)
    assert looks[0] == looks[1]
