"""One process that counts and queues an announcement for everybody of a database; prints JSON."""

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bot.terminal import result
from services.knowledge.loader import load_library
from services.settings import load_settings
from services.storage.session import make_engine, make_sessions
from tests.doubles.broadcast import APPROVER, AUTHOR, TEXT, Broadcast


async def main(data_dir: str, url: str) -> None:
    """Measure seconds, and mebibytes above what the process had before."""
    settings = load_settings(data_dir=Path(data_dir), database_url=url)
    engine = make_engine(settings.database_url)
    broadcast = Broadcast(settings, load_library(settings.content_dir), make_sessions(engine))
    announcer = broadcast.announcer
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tin.md"
        file.write_text(TEXT, encoding="utf-8")
        async with broadcast.sessions.begin() as session:
            announcement = await announcer.draft(session, announcer.read(file), AUTHOR)
        before, began = resident(), time.perf_counter()
        async with broadcast.sessions() as session:
            people = await announcer.count(session, announcement)
        counted = time.perf_counter() - began
        async with broadcast.sessions.begin() as session:
            await announcer.approve(session, announcement.id, APPROVER)
        began = time.perf_counter()
        async with broadcast.sessions.begin() as session:
            await announcer.send(session, announcement.id, AUTHOR)
        queued = time.perf_counter() - began
    await engine.dispose()
    more = resident() - before
    figures = {"people": people.total, "count_s": counted, "queue_s": queued, "more_mib": more}
    result(json.dumps(figures))


def resident() -> float:
    """Return the most memory that the process has had so far, in mebibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
