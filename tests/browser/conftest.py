"""A site to visit, and a phone to visit it with."""

import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from services.settings import ROOT
from tests.doubles.product import Product


@pytest.fixture(scope="session")
def site(product: Product) -> str:
    """Return the address of the running product."""
    return product.url


@pytest.fixture
def embedder(site: str) -> Iterator[str]:
    """Return the address of a page on another site that shows the chat in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # because the library calls it so
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{site}/?embed=1" height="600"></iframe>'.encode())

        def log_message(self, *_given: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        work = threading.Thread(target=server.serve_forever)
        work.start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()
        work.join()


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
