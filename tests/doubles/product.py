"""The product as a user has it: `htx run` as a process, on free ports and a fresh data folder."""

import itertools
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from services.processes import free_port
from services.publishing.status import read_record
from services.settings import ROOT

HTX = ROOT / ".venv/bin/htx"
READY_WITHIN = 180.0
"""Seconds for a start beside two other products that start, the model trained before."""
CHECKED_WITHIN = 240.0
"""Seconds for a check beside the product, on however busy a machine."""
UNDERSTOOD_WITHIN = 30.0
"""Seconds in which an NLU server that runs reads a question, however busy the machine."""


@dataclass
class Product:
    """A running product."""

    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]
    url: str

    @property
    def nlu_token(self) -> str:
        """The token that its NLU server asks for."""
        return Path(self.environment["HTX_DATA_DIR"], "nlu-token").read_text(encoding="ascii")

    def ask(self, conversation: str, text: str = "", payload: str = "") -> dict[str, Any]:
        """Ask over HTTP and return the reply object."""
        body = {"conversation": conversation} | (
            {"payload": payload} if payload else {"text": text}
        )
        answer = httpx.post(f"{self.url}/api/messages", json=body, timeout=10, trust_env=False)
        reply: dict[str, Any] = answer.raise_for_status().json()
        return reply

    def ask_understood(self, conversation: str, text: str) -> dict[str, Any]:
        """Ask as `ask` does, again while the reply says that it was searched for by words.

        On a busy machine, or just after its NLU server was started again, that may be some times;
        each asks anew, in a conversation of its own: nothing is told twice in one.
        """
        end = time.monotonic() + UNDERSTOOD_WITHIN
        reply = self.ask(conversation, text)
        for number in itertools.count():
            if not reply["degraded"] or time.monotonic() > end:
                break
            time.sleep(0.2)
            reply = self.ask(f"{conversation}-{number}"[-128:], text)
        return reply

    def nlu(self) -> psutil.Process:
        """Return the NLU server's process that runs now."""
        return self.children()["nlu"]

    def children(self) -> dict[str, psutil.Process]:
        """Return what runs now besides the product's own process: `nlu`, `worker`."""
        found = {}
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                words = child.cmdline()
                if "nlu.serve" in words:
                    found["nlu"] = child
                elif words[-1:] == ["worker"]:
                    found["worker"] = child
        return found

    def stop(self) -> int:
        """Stop it as Ctrl-C does; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return an environment with free ports, a fresh data folder and the models already trained."""
    models = os.environ.get("HTX_MODEL_DIR", str(ROOT / "var/models"))
    return os.environ | {
        "HTX_DATA_DIR": str(data_dir),
        "HTX_MODEL_DIR": models,
        "HTX_NLU_URL": f"http://127.0.0.1:{free_port()}",
        "HTX_WEB_PORT": str(free_port()),
        "HTX_OWN_ADDRESSES": "127.0.0.1",  # a test or a bench asks quicker than people
        "PYTHONWARNINGS": "default",
        **settings,
    }


def start(variables: Mapping[str, str]) -> Product:
    """Start the product and wait until the page is up and Rasa has read its first question."""
    return _started(variables, understands=True)


def open_page(variables: Mapping[str, str], within: float = READY_WITHIN) -> Product:
    """Start the product and wait until the page is up; a model may have to be trained yet."""
    return _started(variables, understands=False, within=within)


def _started(
    variables: Mapping[str, str], *, understands: bool, within: float = READY_WITHIN
) -> Product:
    log = (Path(variables["HTX_DATA_DIR"]).parent / "product.log").open("ab")
    with log:
        process = subprocess.Popen([HTX, "run"], cwd=ROOT, env=variables, stderr=log, stdout=log)
    product = Product(process, variables, f"http://127.0.0.1:{variables['HTX_WEB_PORT']}")
    try:
        wait_until_ready(product, understands=understands, within=within)
    except BaseException:
        product.stop()
        raise
    return product


def wait_until_ready(
    product: Product, *, understands: bool = True, within: float = READY_WITHIN
) -> None:
    """Wait for `/readyz`, or for the page alone; raise when the process ends or the time is up."""
    for ready in probes(product, understands=understands, within=within):
        if ready:
            return
        if product.process.poll() is not None:
            break
    log = Path(product.environment["HTX_DATA_DIR"]).parent / "product.log"
    message = f"the product did not become ready:\n{log.read_text(encoding='utf-8')[-2000:]}"
    raise RuntimeError(message)


def wait_until_checked(product: Product) -> None:
    """Wait until every check of what it serves was made; raise when that is not in time.

    Until then nothing of the very first edition is vouched for: an article that is broken meanwhile
    is left out, and not held at the text before.
    """
    end = time.monotonic() + CHECKED_WITHIN
    while not _is_checked(Path(product.environment["HTX_DATA_DIR"])):
        if time.monotonic() > end:
            message = "the first edition was not checked in time"
            raise RuntimeError(message)
        time.sleep(0.2)


def _is_checked(data_dir: Path) -> bool:
    record = read_record(data_dir / "publishing.json")
    if record is None:
        return False
    manifest = data_dir / "editions" / record.edition / "manifest.json"
    return bool(json.loads(manifest.read_text(encoding="utf-8"))["whole"])


def probes(
    product: Product, *, understands: bool = True, within: float = READY_WITHIN
) -> Iterator[bool]:
    """Yield whether it is ready, five times a second, until the time is up."""
    path = "readyz" if understands else "healthz"
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            answer = httpx.get(f"{product.url}/{path}", timeout=2, trust_env=False)
            ok = answer.status_code == httpx.codes.OK
            yield ok and (not understands or answer.json()["nlu"] == "ok")
        except httpx.HTTPError:
            yield False
        time.sleep(0.2)


def opening_of(reply: dict[str, Any]) -> str:
    """Return the first paragraph of a reply object; of a part its name and the one under it."""
    paragraphs = str(reply["text"]).split("\n\n")
    return "\n\n".join(paragraphs[: 2 if reply["part"] else 1])


def ask_in_terminal(
    variables: Mapping[str, str], lines: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Run `htx ask --jsonl` over the lines and return what it prints."""
    asked = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    done = subprocess.run(
        [HTX, "ask", "--jsonl"],
        cwd=ROOT,
        env=dict(variables),
        input=asked.encode(),
        capture_output=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.decode().splitlines()]
