"""What is inside is listed, and what is known against it told where anybody can be asked."""

import json
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.settings import ROOT

NOBODY = "http://127.0.0.1:9/"
LISTED = """echo '{"components": []}'"""
KNOWN = {
    "id": "PYSEC-0000-1",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "summary": "it can be broken",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "h11"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
        }
    ],
}


class Advisories(BaseHTTPRequestHandler):
    """Knows something of one package, as OSV tells it (https://google.github.io/osv.dev/api/)."""

    def do_POST(self) -> None:
        """Answer which of some packages something is known of."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        known = {"vulns": [{"id": KNOWN["id"], "modified": KNOWN["modified"]}]}
        named = [one["package"]["name"] for one in asked]
        self._tell({"results": [known if name == "h11" else {} for name in named]})

    def do_GET(self) -> None:
        """Tell what is known."""
        self._tell(KNOWN)

    def log_message(self, *_: object) -> None:
        """Tell nobody."""

    def _tell(self, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def source() -> Iterator[str]:
    """Return the address of a source of advisories."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def inside(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """List and look up, the lists below a folder."""
    command = [sys.executable, str(ROOT / ".ci/inside.py"), "--into", str(folder), *words]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def test_every_package_is_listed(tmp_path: Path) -> None:
    """Of both locks, with the version that is locked; without a source that is said, no more."""
    done = inside(tmp_path, "--strict", "--source", NOBODY)
    lists = {
        name: json.loads((tmp_path / f"inside-{name}.cdx.json").read_text("utf-8"))
        for name in ("product", "nlu")
    }
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    versions = {one["name"]: one["version"] for one in locked}
    listed = {one["name"]: one["version"] for one in lists["product"]["components"]}

    assert done.returncode == 0
    assert done.stdout.count("no source of advisories could be reached") == 2
    assert {"h11", "fastapi", "sqlalchemy", "phonenumbers"} <= set(listed)
    assert listed == {name: versions[name] for name in listed}
    assert "rasa" in {one["name"] for one in lists["nlu"]["components"]}
    assert {one["bomFormat"] for one in lists.values()} == {"CycloneDX"}


def test_what_is_known_is_told(tmp_path: Path, source: str) -> None:
    """By package and remedy; only whoever wants it so is refused by it."""
    told = inside(tmp_path, "--source", source)
    strict = inside(tmp_path, "--source", source, "--strict")

    assert (told.returncode, strict.returncode) == (0, 1)
    assert "PYSEC-0000-1, it can be broken (mended in 99" in told.stdout
    assert "product: advisories: 1" in told.stdout


@pytest.mark.parametrize(
    ("lists", "looks_up"),
    [(LISTED, "echo {}"), (LISTED, "echo no"), ("sleep 9", "echo {}"), ("echo {}", "echo {}")],
    ids=["empty", "no", "late", "unlisted"],
)
def test_what_uv_answers_otherwise_turns_no_check_red(
    tmp_path: Path, lists: str, looks_up: str
) -> None:
    """Its looking up is an experiment of its own; what takes too long is said to lack."""
    uv, script = tmp_path / ".tools/bin/uv", tmp_path / ".ci/inside.py"
    for path in (uv, script):
        path.parent.mkdir(parents=True)
    told = f"#!/bin/sh\nif [ $1 = export ]; then {lists}; else {looks_up}; fi\n"
    uv.write_text(told, encoding="utf-8")
    uv.chmod(0o700)
    text = (ROOT / ".ci/inside.py").read_text(encoding="utf-8")
    script.write_text(text.replace("WITHIN = 10", "WITHIN = 1"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), "--strict"], capture_output=True, check=False, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing was looked up" in done.stdout
    assert ("could not be listed" in done.stdout) is (lists != LISTED)
