"""The server as people start it: a process of its own, asked over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
QUESTION = "htx can may nguoi"
TOKEN = "a-token-of-the-test"
READY_WITHIN = 90


@dataclass
class Server:
    """A running server and the file that holds all it prints."""

    port: int
    log: Path

    def ask(self, path: str, text: str = QUESTION) -> tuple[int, dict[str, Any]]:
        """Return status and answer of the text posted to `path`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("POST", path, json.dumps({"text": text}))
        response = connection.getresponse()
        return response.status, json.loads(response.read())


@pytest.fixture(scope="module")
def server(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the trained model, and stop the server in the end."""
    running = Server(_free_port(), tmp_path_factory.mktemp("served") / "log")
    command = ["-m", "nlu.serve", "--model", str(trained)]
    with running.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(running.port)],
            cwd=ROOT,
            env=os.environ | {"HTX_NLU_TOKEN": TOKEN},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(running)
            yield running
        finally:
            process.terminate()
            process.wait(10)


def test_the_token_opens(server: Server) -> None:
    """With the token a question is read."""
    status, answer = server.ask(f"/model/parse?token={TOKEN}")

    assert status == 200
    assert answer["intent"]["name"] == "founding.so-thanh-vien"


def test_without_the_token_nothing_is_said(server: Server) -> None:
    """No token and a wrong one are refused."""
    assert server.ask("/model/parse")[0] == 401
    assert server.ask("/model/parse?token=wrong")[0] == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/test/intents"),
        ("POST", "/conversations/a/messages"),
        ("GET", "/conversations/a/tracker"),
        ("GET", "/domain"),
        ("GET", "/status"),
        ("GET", "/version"),
        ("GET", "/"),
    ],
)
def test_reading_is_all_that_the_token_opens(server: Server, method: str, path: str) -> None:
    """With the token nobody loads a model, trains one, or reads what the server knows."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, f"{path}?token={TOKEN}", "{}")

    assert connection.getresponse().status == 404


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"text": 1}', "{", '{"text": null}'])
def test_what_is_no_message_is_refused_in_a_word(server: Server, body: str) -> None:
    """A body that holds no text is 400, and nothing of the inside is told."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("POST", f"/model/parse?token={TOKEN}", body)
    response = connection.getresponse()

    assert (response.status, response.read()) == (400, b"{}")


def test_each_gets_its_own_answer(server: Server) -> None:
    """Messages that are read side by side are not taken for each other."""
    texts = [f"htx can may nguoi {number}" for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda text: server.ask(f"/model/parse?token={TOKEN}", text), texts)
        )

    assert [answer["text"] for _, answer in answers] == texts


def test_the_log_holds_neither_token_nor_questions(server: Server) -> None:
    """What people write and what opens the door stays out of the log."""
    server.ask(f"/model/parse?token={TOKEN}")
    log = server.log.read_text(encoding="utf-8")

    assert QUESTION not in log
    assert TOKEN not in log


def test_server_ends_whose_parent_died_while_it_started(trained: Path) -> None:
    """Nobody knows of it: it would hold its memory for ever."""
    command = ["-m", "nlu.serve", "--model", str(trained), "--port", str(_free_port())]
    orphaned = {"HTX_NLU_TOKEN": TOKEN, "HTX_PARENT": str(_dead())}
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=os.environ | orphaned
    ) as server:
        try:
            assert server.wait(READY_WITHIN) == 0
        finally:
            server.kill()


def _dead() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def _wait(server: Server) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(server):
        if time.monotonic() > deadline:
            pytest.fail(server.log.read_text(encoding="utf-8")[-2000:])
        time.sleep(0.2)


def _answers(server: Server) -> bool:
    with contextlib.suppress(OSError):
        return server.ask(f"/model/parse?token={TOKEN}")[0] == 200
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
