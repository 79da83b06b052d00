"""`make bench-console`: every page of the console over a large life, on both databases.

Each page is asked as an admin through the app in the process, after one request that warms it; what
is told are milliseconds and the page's size. `CONSOLE=tenth` measures a tenth.
"""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles

import httpx

from bot.console.app import SECTIONS, add_console
from bot.console.request import HOME
from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import bootstrap
from services.knowledge.library import Library
from services.settings import Settings, load_settings
from services.staff import sign_in
from tests.bench.console_data import Amount, make
from tests.conftest import BARS
from tests.doubles import postgres
from tests.doubles.nlu import FakeNlu
from tests.doubles.web import Probe

TIMES = 20


def main() -> None:
    """Print a table in Markdown."""
    amount = Amount().tenth() if os.environ.get("CONSOLE") == "tenth" else Amount()
    print(f"{amount}\n")  # noqa: T201  # because whoever measures reads it
    print("| page | database | p50 ms | p95 ms | KB |\n|---|---|---|---|---|")  # noqa: T201  # because whoever measures reads it
    for name in ("sqlite", "postgresql"):
        with _settings(name) as settings:
            library = asyncio.run(make(settings, amount))
            asyncio.run(_measure(name, settings, library))


@contextmanager
def _settings(database: str) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory() as folder:
        paths = {"data_dir": Path(folder) / "var", "content_dir": Path(folder) / "content"}
        if database == "sqlite":
            yield load_settings(**paths)
            return
        with postgres.running() as server, server.database() as url:
            yield load_settings(**paths, database_url=url)


async def _measure(name: str, settings: Settings, library: Library) -> None:
    async with _admin(settings, library) as client:
        for address in await _pages(client):
            if (await client.get(address)).status_code != HTTPStatus.OK:
                continue  # it leads elsewhere
            waits, size = [], 0
            for number in range(TIMES + 1):
                began = time.perf_counter()
                answered = await client.get(address)
                if number:
                    waits.append((time.perf_counter() - began) * 1000)
                size = len(answered.content)
                assert answered.status_code == HTTPStatus.OK, (address, answered.status_code)
            worst = quantiles(waits, n=20)[-1]
            print(  # noqa: T201  # because whoever measures reads it
                f"| {address} | {name} | {median(waits):.0f} | {worst:.0f} | {size / 1024:.0f} |",
                flush=True,
            )


@asynccontextmanager
async def _admin(settings: Settings, library: Library) -> AsyncIterator[httpx.AsyncClient]:
    async with bootstrap(
        settings=settings, library=library, nlu=FakeNlu(), thresholds=BARS
    ) as services:
        app = make_app(Runner(services), nlu_ready=Probe(), add_console=add_console)
        async with services.sessions.begin() as session:
            token = await sign_in.make_link(session, "Cán bộ admin", services.now(), "system")
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
            await client.get(f"{HOME}/sign-in/{token}")
            yield client


async def _pages(client: httpx.AsyncClient) -> list[str]:
    """Return the address of each page, one of a kind where a number or a name stands in it."""
    fixed = [
        HOME + route.path
        for section in SECTIONS
        for route in section.routes
        if route.method == "GET" and "{" not in route.path and not route.live
    ]
    linked = set[str]()
    for address in fixed:
        page = (await client.get(address)).text
        linked |= set(re.findall(r'href="(/console/[^"?#]+)"', page))
    found: dict[str, str] = {}
    for address in sorted(linked - set(fixed)):
        if "/static/" not in address:
            found.setdefault(re.sub(r"/[^/]*\d[^/]*|(?<=content/)[a-z].*", "/…", address), address)
    return [*fixed, *found.values()]


if __name__ == "__main__":
    main()
