"""A process that publishes nothing serves what another one does."""

import asyncio
from contextlib import suppress

from services.bootstrap import bootstrap
from services.knowledge.library import Library
from services.publishing.editions import keep, recorded
from services.publishing.follower import follow
from services.publishing.snapshot import taken
from services.publishing.status import Publishing, record_path
from services.settings import Settings
from tests.doubles.checked_content import edit
from tests.doubles.waiting import until

NAME = "founding/so-thanh-vien"


async def test_what_another_process_publishes_is_served(settings: Settings) -> None:
    """Its edition takes the place of the one before, whoever fails at being told of it."""
    first, told = recorded(settings), list[Library]()

    async def tell(library: Library) -> None:
        told.append(library)
        msg = "the database is away"
        raise ConnectionError(msg)

    async with bootstrap(settings=settings, edition=first) as services:
        following = asyncio.create_task(follow(settings, services.current, tell, every=0.01))
        edit(settings.content_dir, f"articles/{NAME}.md", "**05 thành viên**", "**07 thành viên**")
        with taken(settings) as folder:
            built = keep(settings, folder, first.manifest)
        before = services.current.edition.fingerprint
        Publishing(record_path(settings), before).serve(built.fingerprint)
        await until(lambda: services.current.edition.fingerprint != before, 10)

        assert services.current.edition.fingerprint == built.fingerprint
        assert "07 thành viên" in services.library.articles[NAME].short
        await until(lambda: len(told) == 1, 10)
        await asyncio.sleep(0)
        assert not following.done()
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
