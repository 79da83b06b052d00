"""What is served when the content is broken, lapses, or the product is killed and started again."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil
import pytest

from bot.terminal import progress
from services.publishing.status import Record, read_record
from services.settings import ROOT, load_settings
from services.understanding.model import ensure_model
from tests.doubles.checked_content import edit
from tests.doubles.product import (
    CHECKED_WITHIN,
    HTX,
    Product,
    ask_in_terminal,
    environment,
    start,
    start_checked,
)
from tests.doubles.waiting import until

NAME = "founding/so-thanh-vien"
LAPSING, OF_IT = "qd-26-2026", "ocop/hieu-luc"
LAPSED_WITHIN = 120.0
"""Seconds in which what is over is told as valid by nobody any more."""
OFFICE = "places/contacts.yml"


@dataclass
class Own:
    """A product over a content folder of its own."""

    product: Product
    content: Path

    @property
    def record(self) -> Record:
        """What is known of its publishing."""
        record = read_record(Path(self.product.environment["HTX_DATA_DIR"], "publishing.json"))
        assert record is not None
        return record

    def shown(self, name: str) -> str:
        """Return an article as its button shows it."""
        return str(self.product.ask("xem", payload=f"a:{name}")["text"])

    async def stops(self, name: str) -> None:
        """Wait until an article is told no more; each time in a conversation of its own."""
        asked, began = count(), time.monotonic()
        await until(
            lambda: (
                self.product.ask(f"{next(asked)}", payload=f"a:{name}")["outcome"] != "answered"
            ),
            LAPSED_WITHIN,
        )
        progress(f"{name} is told no more after {time.monotonic() - began:.0f} s")

    def htx(self, *words: str) -> str:
        """Run a command beside it; return all that it says."""
        done = subprocess.run(
            [HTX, *words],
            cwd=ROOT,
            env=dict(self.product.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """Return a running product whose content a test breaks, and mends where others come after."""
    asyncio.run(ensure_model(load_settings(), print))
    folder = tmp_path_factory.mktemp("own")
    content = Path(shutil.copytree(ROOT / "content", folder / "content"))
    variables = environment(folder / "var", HTX_CONTENT_DIR=str(content))
    made = Own(start_checked(variables), content)
    yield made
    made.product.stop()


async def test_restart_serves_the_edition_before_a_refused_change(own: Own) -> None:
    """Killed and started again, it says what it said; the doctor still tells what is wrong.

    Even `kill -9` of the product leaves no NLU server behind.
    """
    before, nlu = own.shown(NAME), own.product.nlu()
    edit(own.content, f"articles/{NAME}.md", "05 thành viên", "17 thành viên")
    await until(
        lambda: any("17 thành viên" in line for line in own.record.findings), CHECKED_WITHIN
    )

    own.product.process.send_signal(signal.SIGKILL)
    own.product.process.wait()
    _, left_behind = psutil.wait_procs([nlu], timeout=20)
    own.product = start(own.product.environment)
    after, told = own.shown(NAME), own.htx("doctor")
    edit(own.content, f"articles/{NAME}.md", "17 thành viên", "05 thành viên")

    assert left_behind == []
    assert after == before
    assert "17 thành viên" in told


async def test_lapse_beside_a_half_written_article(own: Own) -> None:
    """The lapse stops its articles, another fix goes through, staff are told, commands go on."""
    half = own.content / "articles/ocop/nua-bai.md"
    half.write_text("---\ntitle: Bài viết dở\n---\nChưa xong.\n", encoding="utf-8")
    edit(own.content, OFFICE, "name: ", "name: Văn phòng mới của ")
    edit(own.content, f"sources/{LAPSING}.yml", "in_force_to:", "in_force_to: 28/11/2020 #")
    await own.stops(OF_IT)
    await until(lambda: "hết hiệu lực" in own.htx("content", "review"), CHECKED_WITHIN)
    line = {"id": "1", "payload": f"a:{OF_IT}"}
    told = ask_in_terminal(own.product.environment, [line])
    doctor = own.htx("doctor")

    assert own.product.ask("xem", payload=f"a:{OF_IT}")["outcome"] != "answered"
    assert told[0]["outcome"] != "answered"
    assert [name in doctor for name in (OF_IT, "nua-bai")] == [True, True]


def test_ctrl_c_stops_everything(own: Own) -> None:
    """Ctrl-C ends the product and every process that it started; the last test, therefore."""
    nlu = own.product.nlu()

    code = own.product.stop()

    assert code == 0
    assert not psutil.pid_exists(nlu.pid) or nlu.status() == psutil.STATUS_ZOMBIE
