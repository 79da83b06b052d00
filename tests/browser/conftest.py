"""A site to visit and a browser to visit it with."""

import asyncio
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from bot.web.app import make_app
from services.bootstrap import bootstrap
from services.knowledge.library import read_library
from services.settings import ROOT, Settings, load_settings
from services.understanding.thresholds import Thresholds
from tests.doubles.nlu import FakeNlu, reading

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BARS = Thresholds(gate=0.5, answer=0.6, offer=0.1)
TABLE = {
    "Thành lập hợp tác xã cần mấy người?": reading(("founding.so-thanh-vien", 0.9)),
    "hồ sơ hợp tác xã": reading(
        ("founding.ho-so", 0.4), ("founding.bieu-mau", 0.3), ("founding.thoi-han", 0.2)
    ),
}


class _Server(uvicorn.Server):
    """A server that says when it is up, and where."""

    def __init__(self, config: uvicorn.Config, up: "Future[_Server]") -> None:
        super().__init__(config)
        self._up = up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._up.set_result(self)

    @property
    def address(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()
        return f"http://{host}:{port}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the product, started for the tests of this session."""
    settings = load_settings(data_dir=tmp_path_factory.mktemp("site"), content_dir=ROOT / "content")
    up: Future[_Server] = Future()
    work = threading.Thread(target=lambda: asyncio.run(_serve(settings, up)))
    work.start()
    server = up.result(timeout=60)
    yield server.address
    server.should_exit = True
    work.join()


@pytest.fixture
def embedder(site: str) -> Iterator[str]:
    """Return the address of a page on another site that shows the chat in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # because the library calls it so
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{site}/?embed=1" height="600"></iframe>'.encode())

        def log_message(self, *_said: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        work = threading.Thread(target=server.serve_forever)
        work.start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()
        work.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a Chromium installed on this machine, `CHROMIUM` first."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    path = next((path for path in found if path), None)
    if path is None:
        pytest.fail("no Chromium found: install one or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """Return the chat as a small phone opens it."""
    with browser.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(site)
        yield page


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Return the folder of the screenshots that the documentation shows."""
    folder = ROOT / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _serve(settings: Settings, up: Future[_Server]) -> None:
    """Serve the page over the real content, read by a table of questions."""
    library = read_library(settings.content_dir)
    async with bootstrap(
        settings=settings, library=library, nlu=FakeNlu(TABLE), thresholds=BARS
    ) as services:
        app = make_app(services, nlu_ready=_ready)
        config = uvicorn.Config(app, port=0, log_config=None, access_log=False, ws="none")
        await _Server(config, up).serve()


async def _ready() -> bool:
    return True
