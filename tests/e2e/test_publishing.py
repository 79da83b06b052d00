"""What is served when the content changes, is broken or lapses, or the product is killed.

The tests share a product, and come in their order.
"""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, expect

from bot.terminal import progress
from services.errors import NluError
from services.knowledge.loader import load_library
from services.publishing.status import Record, read_record
from services.settings import ROOT, load_settings
from services.understanding.client import NluClient
from services.understanding.model import ensure_model
from tests.doubles import postgres
from tests.doubles.beside import Beside, beside
from tests.doubles.bot_api import TOKEN, BotApi, running_bot_api
from tests.doubles.checked_content import edit
from tests.doubles.console_house import Console
from tests.doubles.databases import databases
from tests.doubles.flow import Asked, Flow, distinct
from tests.doubles.product import (
    CHECKED_WITHIN,
    HTX,
    Product,
    ask_in_terminal,
    environment,
    start,
    wait_until_checked,
)
from tests.doubles.waiting import until
from tests.e2e.first_edition import LAPSING, NAME, NEW, OF_IT, OLD, TITLE, write_first
from tests.e2e.newsroom import Desk, Waiting, desk, notices_of, waiting

RATE = float(os.environ.get("FLOW_RATE", "4"))
"""Questions a second that nobody asked before; `make bench-publishing` asks 30."""
REPEATED = float(os.environ.get("FLOW_REPEATED", "8"))
"""Questions a second that many ask in the same words."""
_MANY = 40
"""So many different questions are asked again and again."""
REPLY_WITHIN = float(os.environ.get("FLOW_REPLY", "5"))
"""Seconds in which each of some thousand replies comes while the model trains: five of a machine
that runs other tests beside it; the benches, which run alone, hold two."""
SERVED_WITHIN = float(os.environ.get("FLOW_SERVED", "300"))
"""Seconds until a good change is served; `make bench-publishing` gives 120."""
CHANGES = {"Bài": (OLD, NEW), "Nói cho dễ hiểu nhất": (OLD, NEW)}
"""The fields of the article that change, each with the words that do."""
ASKED_NEW = "Rủ rê chòm xóm dựng nhà gạo chung, kiếm mấy mạng mới trót lọt?"
"""What nobody answers before the change."""
LAPSED_WITHIN = 120.0
"""Seconds in which what is over is told as valid by nobody any more."""
OFFICE = "places/contacts.yml"


@dataclass
class Own:
    """A product over a content folder of its own, its console and its Telegram."""

    product: Product
    content: Path
    console: Console
    loop: Beside
    api: BotApi

    @property
    def article(self) -> Path:
        """The file of the article that changes."""
        return self.content / f"articles/{NAME}.md"

    @property
    def record(self) -> Record:
        """What is known of its publishing."""
        record = read_record(Path(self.product.environment["HTX_DATA_DIR"], "publishing.json"))
        assert record is not None
        return record

    def shown(self, name: str) -> str:
        """Return an article as its button shows it."""
        return str(self.product.ask("xem", payload=f"a:{name}")["text"])

    def client(self) -> NluClient:
        """Return a client of the configured NLU port, as scripts outside use it."""
        url = self.product.environment["HTX_NLU_URL"]
        return NluClient(url, self.product.nlu_token, timeout=10)

    def until(self, true: Callable[[], bool], seconds: float) -> None:
        """Wait until something is true; raises TimeoutError when it is not in time."""
        self.loop.do(until(true, seconds), seconds + REPLY_WITHIN)

    def stops(self, name: str) -> None:
        """Wait until an article is told no more; each time in a conversation of its own."""
        asked, began = count(), time.monotonic()
        self.until(
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


@pytest.fixture(scope="module", params=databases("sqlite"))
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Own]:
    """Return a product that reads already, whose first edition may have to be checked yet."""
    folder = tmp_path_factory.mktemp("own")
    content, models = folder / "content", folder / "models"
    model = asyncio.run(ensure_model(load_settings(), print))
    write_first(content)
    models.mkdir()
    shutil.copy(model, models)
    url = f"sqlite+aiosqlite:///{folder}/var/htx.db"
    with ExitStack() as stack:
        if request.param == "postgresql":
            server: postgres.Server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database(request.getfixturevalue("postgres_template")))
        loop = stack.enter_context(beside())
        api = stack.enter_context(loop.open(running_bot_api()))
        variables = environment(
            folder / "var",
            HTX_CONTENT_DIR=str(content),
            HTX_MODEL_DIR=str(models),
            HTX_DATABASE_URL=url,
            HTX_TELEGRAM_TOKEN=TOKEN,
            HTX_TELEGRAM_BASE_URL=api.base_url,
            HTX_QUIET_HOURS="",
        )
        console = Console(int(variables["HTX_WEB_PORT"]), url)
        made = Own(start(variables), content, console, loop, api)
        yield made
        made.product.stop()


@pytest.fixture(scope="module")
def hopeful(started: Own, browser: Browser) -> Iterator[Waiting]:
    """Return two who asked in vain and agreed to hear; the first check goes on meanwhile."""
    with waiting(started.console, browser, started.api, started.loop) as made:
        made.agree(ASKED_NEW)
        yield made


@pytest.fixture(scope="module")
def staff(started: Own, browser: Browser) -> Iterator[Desk]:
    """Return a writer and an approver, signed in."""
    with desk(started.console, browser) as made:
        yield made


@pytest.fixture(scope="module")
def own(started: Own) -> Own:
    """Return the product, what it serves checked; a test mends what it broke for the next."""
    wait_until_checked(started.product)
    return started


def test_changes_are_served_without_losing_or_mixing_a_question(
    hopeful: Waiting, own: Own, staff: Desk
) -> None:
    """A bad change is refused, one that two of staff make is served; a reply is wholly old or new.

    The change answers what was asked in vain: it is answered anew, and told once to who agreed.
    """
    text, old = own.article.read_text(encoding="utf-8"), own.shown(NAME)
    gap = staff.answer(ASKED_NEW, TITLE, CHANGES)
    flow = Flow(own.product.url, "mới", questions(own), RATE)
    again = Flow(own.product.url, "lại", repeated(own), REPEATED)
    with ExitStack() as stack:
        for one in (flow, again):
            stack.enter_context(own.loop.open(one.running()))
        refused_outside = stack.enter_context(own.loop.open(outside(own)))
        save(own.article, text.replace("luat-17-2023", "luat-khong-co"))
        own.until(lambda: own.record.state == "refused", SERVED_WITHIN)
        refused, while_refused = own.record, own.shown(NAME)
        save(own.article, text)

        staff.approve()
        changed = time.monotonic()
        own.until(lambda: own.record.edition != refused.edition, SERVED_WITHIN)
        served_after = time.monotonic() - changed
        # Every other question is of the article: so many are each of its examples once, and some
        # of those are answered by a part.
        new, enough = own.shown(NAME), len(flow.asked) + 10 * RATE
        hopeful.hear()
        own.until(lambda: len(flow.asked) > enough, 30)
    asked = [*flow.asked, *again.asked]
    progress(f"{flow.figures()}; {again.figures()}; served after {served_after:.0f} s")

    assert any("luat-khong-co" in finding for finding in refused.findings)
    assert while_refused == old
    assert (OLD in old, NEW in new) == (True, True)
    assert own.record.findings == ()
    assert flow.lost + again.lost == []
    assert {one.status for one in asked} == {httpx.codes.OK}
    assert max(one.ended - one.began for one in asked) < REPLY_WITHIN
    assert refused_outside == []
    assert mixed(asked, old, new) == []
    assert own.loop.do(best_outside(own)) == NAME
    expect(hopeful.ask(ASKED_NEW)).to_contain_text(NEW)
    staff.writer.goto(gap)
    expect(staff.writer.get_by_role("main")).to_contain_text("đã báo 2 cuộc trò chuyện")


def test_restart_serves_the_edition_before_a_refused_change(own: Own, hopeful: Waiting) -> None:
    """Killed and started again, it says what it said; the doctor still tells what is wrong.

    Even `kill -9` of the product leaves no NLU server behind; nobody is told of an answer again.
    """
    before, nlu = own.shown(NAME), own.product.nlu()
    edit(own.content, f"articles/{NAME}.md", "12 tháng liền", "17 tháng liền")
    own.until(lambda: any("17 tháng" in line for line in own.record.findings), CHECKED_WITHIN)

    own.product.process.send_signal(signal.SIGKILL)
    own.product.process.wait()
    _, left_behind = psutil.wait_procs([nlu], timeout=20)
    own.product = start(own.product.environment)
    after, doctor = own.shown(NAME), own.htx("doctor")
    edit(own.content, f"articles/{NAME}.md", "17 tháng liền", "12 tháng liền")

    assert left_behind == []
    assert after == before
    assert "17 tháng" in doctor
    assert hopeful.told_by_phone() == 1
    hopeful.hear()
    assert notices_of(own.console) == ["sent", "sent"]


def test_lapse_beside_a_half_written_article(own: Own) -> None:
    """The lapse stops its articles, another fix goes through, staff are told, commands go on."""
    half = own.content / "articles/ocop/nua-bai.md"
    half.write_text("---\ntitle: Bài viết dở\n---\nChưa xong.\n", encoding="utf-8")
    edit(own.content, OFFICE, "name: ", "name: Văn phòng mới của ")
    edit(own.content, f"sources/{LAPSING}.yml", "in_force_to:", "in_force_to: 28/11/2020 #")
    own.stops(OF_IT)
    own.until(lambda: "hết hiệu lực" in own.htx("content", "review"), CHECKED_WITHIN)
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


def save(path: Path, text: str) -> None:
    """Write as editors do: beside, then in its place."""
    draft = path.with_suffix(".md~")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def questions(own: Own) -> Iterator[str]:
    library = load_library(own.content)
    often = library.articles[NAME].questions
    others = [q for a in library.articles.values() if a.id != NAME for q in a.questions]
    return distinct(often, others)


def repeated(own: Own) -> Iterator[str]:
    """Yield the same questions over and over, some of them about the article that changes."""
    library = load_library(own.content)
    firsts = [article.questions[0] for article in library.articles.values()][:_MANY]
    return itertools.cycle([*library.articles[NAME].questions[:2], *firsts])


def mixed(asked: Sequence[Asked], old: str, new: str) -> list[str]:
    """Return what is no wholly old or new text, and old texts asked for after a new one came."""
    replies = [one for one in asked if tells_lead(one.reply)]
    first = min(one.ended for one in replies if holds(one.reply, new))
    sound = [one.reply for one in replies if not one.reply["degraded"]]
    wrong = [reply["text"] for reply in sound if not any(holds(reply, one) for one in (old, new))]
    return wrong + [
        one.reply["text"] for one in replies if one.began > first and NEW not in one.reply["text"]
    ]


def tells_lead(reply: Mapping[str, Any]) -> bool:
    """Say whether a reply is the article's alone, and no part of it, which does not change."""
    return bool(reply["articles"] == [NAME] and reply["part"] is None)


def holds(reply: Mapping[str, Any], version: str) -> bool:
    """Say whether a reply holds a whole lead: what is believed or asked too may be told around."""
    return version.partition("\n\n")[0] in reply["text"]


@asynccontextmanager
async def outside(own: Own) -> AsyncIterator[list[str]]:
    """Read through the configured NLU port all the while; give what was not answered."""
    failed: list[str] = []
    client = own.client()

    async def _read() -> None:
        while True:
            try:
                await client.parse(ASKED_NEW)
            except NluError as error:
                failed.append(str(error))
            await asyncio.sleep(1)

    reading = asyncio.create_task(_read())
    try:
        yield failed
    finally:
        reading.cancel()
        await asyncio.wait((reading,))
        await client.close()


async def best_outside(own: Own) -> str:
    client = own.client()
    best = (await client.parse(ASKED_NEW)).best
    await client.close()
    return best.name if best else ""
