"""What each article said stays known under its hash."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.insight.versions import find_version, keep_versions
from services.storage.models import ArticleVersion
from tests.conftest import NOON
from tests.doubles.log import turn

NAME = "ocop/hang-sao"


async def test_starting_keeps_what_is_served(session: AsyncSession, services: Services) -> None:
    """From the start on every article served is kept as it is told."""
    told = await find_version(session, services.library.articles[NAME].hash)

    assert told
    assert (told.version.article, told.version.since, told.turns) == (NAME, NOON, 0)
    assert told.version.content == {
        "title": "Hạng sao OCOP",
        "body": "OCOP có ba hạng sao.\n\nTừ 3 đến 5 sao.",
        "variants": {},
        "next_step": "Hỏi UBND xã.",
        "settles": [],
        "citations": [
            {
                "source": "luat-17-2023",
                "clause": "Điều 4",
                "title": "Luật Hợp tác xã 17/2023/QH15",
            }
        ],
    }


async def test_keeping_again_changes_nothing(session: AsyncSession, services: Services) -> None:
    """A version keeps the day on which it was first served."""
    new = await keep_versions(session, services.library, NOON + timedelta(days=1))
    days = await session.scalars(select(ArticleVersion.since).distinct())

    assert (new, list(days)) == (0, [NOON])


async def test_only_what_changed_is_kept_anew(session: AsyncSession, services: Services) -> None:
    """A changed article is one version more; the old one stays."""
    library = services.library
    changed = library.articles[NAME].head.model_copy(update={"next_step": "Hỏi Sở."})
    object.__setattr__(library.articles[NAME], "head", changed)
    library.articles[NAME].__dict__.pop("hash", None)
    new = await keep_versions(session, library, NOON)
    count = await session.scalar(select(func.count()).where(ArticleVersion.article == NAME))

    assert (new, count) == (1, 2)


async def test_turns_of_a_version_are_counted(session: AsyncSession, services: Services) -> None:
    """A version tells how many turns it answered; one that never was is None."""
    version = services.library.articles[NAME].hash
    session.add_all([turn(article=NAME, version=version), turn(article=NAME, version="cũ"), turn()])
    told = await find_version(session, version)

    assert told
    assert told.turns == 1
    assert await find_version(session, "cũ") is None
