"""The product of a long day, and what befalls it: kills, a full disk, no database, another time."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from services.settings import Settings
from tests.doubles import postgres
from tests.doubles.product import Product, open_page
from tests.doubles.small_disk import SmallDisk
from tests.doubles.waiting import until, until_so
from tests.doubles.web import words as text_of
from tests.e2e.first_edition import NAME, NEW, OLD
from tests.e2e.test_publishing import save
from tests.soak.letters import Letters
from tests.soak.people import PATIENCE

_TITLE = "page_title: "
_BACK = 3600
"""Seconds by which the clock is set back."""
_ENDS_WITHIN = 30.0
"""Seconds in which a child ends whose parent is gone."""
_SERVED_WITHIN = 1800.0
"""Seconds for a change whose training is killed, hungry and without a disk now and then."""


@dataclass
class World:
    """The product, what it stands on, and what became of it."""

    product: Product
    letters: Letters
    disk: SmallDisk
    clock: Path
    content: Path
    away: Callable[[], AbstractContextManager[None]]
    """Has the database be gone for a block."""
    deaths: Counter[str] = field(default_factory=Counter)
    pauses: list[str] = field(default_factory=list)
    """How long the page and its NLU were away after each kill of theirs, in words."""
    served: list[float] = field(default_factory=list)
    """Seconds until each change of the content was served."""
    changes: int = 0
    superseded: int = 0
    """Changes that were changed again before they were served."""
    seen: set[psutil.Process] = field(default_factory=set)
    """Every process of the product that there was."""
    _serving: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def changed(self) -> tuple[tuple[Path, tuple[str, str]], ...]:
        """Files of the content, each with two texts that stand in it in turn."""
        return (
            (
                self.content / "phrases/replies.yml",
                (f"{_TITLE}Trợ lý HTX", f"{_TITLE}Trợ lý của HTX"),
            ),
            (self.content / f"articles/{NAME}.md", (OLD, NEW)),
        )

    @property
    def accidents(self) -> tuple[Callable[[float], Awaitable[None]], ...]:
        """What happens in each round, in this order."""
        return (
            self.kill_worker,
            self.kill_nlu,
            self.kill_product,
            self.fill_disk,
            self.lose_database,
            self.set_clock_back,
            self.set_living_clock_back,
        )

    def processes(self) -> dict[str, psutil.Process]:
        """Return the processes that run now by what they are; raises `psutil.Error` for none."""
        found = {"run": psutil.Process(self.product.process.pid), **self.product.children()}
        self.seen.update(found.values())
        return found

    async def stop(self) -> set[psutil.Process]:
        """Stop the product; return what of it runs on all the same, the dead ones' children too."""
        await asyncio.to_thread(self.product.stop)
        await asyncio.to_thread(psutil.wait_procs, self.seen, _ENDS_WITHIN)
        return {one for one in self.seen if one.is_running()}

    async def kill_worker(self, _seconds: float) -> None:
        """Kill who sends, in the midst of it."""
        async with self.letters.on_their_way():
            await self._kill("worker")

    async def kill_nlu(self, _seconds: float) -> None:
        """Kill who reads, in the midst of a change of the content."""
        self._change()
        await self._kill("nlu")

    async def kill_product(self, _seconds: float) -> None:
        """Kill the product itself, and start it again as the system would."""
        async with self.letters.on_their_way():
            await self._restart()

    async def fill_disk(self, seconds: float) -> None:
        """Leave no room on the disk for half the time."""
        async with self.letters.on_their_way(), self.disk.full(self._all):
            await asyncio.sleep(seconds / 2)

    async def lose_database(self, seconds: float) -> None:
        """Have the database be gone, a minute of a hundred seconds."""
        async with self.letters.on_their_way():
            with self.away():
                await asyncio.sleep(0.6 * seconds)

    async def set_clock_back(self, seconds: float) -> None:
        """Kill the product, and set the clock back by an hour before it starts again."""
        async with self.letters.on_their_way():
            await self._restart(lambda: self.set_clock(-_BACK))
        await asyncio.sleep(seconds / 4)
        self.set_clock(0)

    async def set_living_clock_back(self, seconds: float) -> None:
        """Set the clock back by an hour while all is under way, and forward again."""
        async with self.letters.on_their_way():
            self.set_clock(-_BACK)
            await asyncio.sleep(seconds / 2)
        self.set_clock(0)

    def set_clock(self, added: int) -> None:
        """Set the clock of all processes."""
        draft = self.clock.with_suffix(".new")
        draft.write_text(str(added), encoding="ascii")
        draft.replace(self.clock)

    def _all(self) -> list[psutil.Process]:
        return list(self.processes().values())

    async def _kill(self, role: str) -> None:
        await until(lambda: role in self.product.children(), PATIENCE)
        self.product.children()[role].kill()
        self.deaths[role] += 1
        began = time.monotonic()
        await until(lambda: role in self.product.children(), PATIENCE)
        self.pauses.append(f"{role} {time.monotonic() - began:.0f} s")

    async def _restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.product.process.kill()
        self.product.process.wait()
        self.deaths["run"] += 1
        meanwhile()
        began = time.monotonic()
        self.product = await asyncio.to_thread(open_page, self.product.environment, PATIENCE)
        self.pauses.append(f"run {time.monotonic() - began:.0f} s")

    def _change(self) -> None:
        """Change the page's title, every other time an article, for which a model is trained.

        That it comes to be served is seen beside all that happens.
        """
        file, (one, other) = self.changed[self.changes % 2]
        self.changes += 1
        text = file.read_text(encoding="utf-8")
        old, new = (one, other) if one in text else (other, one)
        save(file, text.replace(old, new))
        if self._serving and not self._serving.done():
            self._serving.cancel()
            self.superseded += 1
        self._serving = asyncio.create_task(self._see(new, time.monotonic()))

    async def serves_the_last(self) -> None:
        """Wait until the last change of the content is served; raises TimeoutError if it is not."""
        if self._serving:
            await self._serving

    async def _see(self, words: str, began: float) -> None:
        await until_so(lambda: self._shows(words), _SERVED_WITHIN)
        self.served.append(time.monotonic() - began)

    async def _shows(self, words: str) -> bool:
        """Say whether the article's own page, its title included, has these words."""
        await asyncio.sleep(1)
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                page = await client.get(f"{self.product.url}/bai/{NAME}")
        except httpx.HTTPError:
            return False
        return words.removeprefix(_TITLE) in text_of(page.text)


def absence(
    settings: Settings, server: postgres.Server | None
) -> Callable[[], AbstractContextManager[None]]:
    """Return what has a database be gone: PostgreSQL's door closed, SQLite's file locked."""
    if server is not None:
        return lambda: server.away(settings.database_url)
    path = settings.sqlite_path
    assert path is not None
    return lambda: _locked(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def events(log: Path) -> Counter[str]:
    """Count what the product told of, faults and warnings alone."""
    told: Counter[str] = Counter()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if '"level": "error"' in line or '"level": "warning"' in line:
            told[line.partition('"event": "')[2].partition('"')[0]] += 1
    return told
