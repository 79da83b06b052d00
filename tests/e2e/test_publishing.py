import asyncio
import itertools
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.terminal import progress
from services.errors import NluError
from services.knowledge.loader import load_library
from services.publishing.status import Record, read_record
from services.settings import ROOT, load_settings
from services.understanding.client import NluClient
from services.understanding.model import ensure_model
from tests.doubles.flow import Asked, Flow, distinct
from tests.doubles.product import Product, environment, start_checked
from tests.doubles.waiting import until

RATE = float(os.environ.get("FLOW_RATE", "4"))
"""Questions a second that nobody asked before; `make bench-publishing` asks 30."""
REPEATED = float(os.environ.get("FLOW_REPEATED", "8"))
"""Questions a second that many ask in the same words."""
_MANY = 40
"""So many different questions are asked again and again."""
REPLY_WITHIN = 2.0
SERVED_WITHIN = float(os.environ.get("FLOW_SERVED", "300"))
"""Seconds until a good change is served; `make bench-publishing` gives 120."""
NAME = "founding/so-thanh-vien"
OLD, NEW = "ít nhất 05 thành viên", "ít nhất 05 (năm) thành viên"
ASKED_NEW = "Góp gạo thổi cơm chung kiểu hợp tác xã thì gom cho đủ mấy mạng?"


@dataclass(frozen=True)
class Published:
    """A running product over a content folder of its own."""

    product: Product
    article: Path

    @property
    def record(self) -> Record:
        record = read_record(Path(self.product.environment["HTX_DATA_DIR"], "publishing.json"))
        assert record is not None
        return record

    def client(self) -> NluClient:
        """Return a client of the configured NLU port, as scripts outside use it."""
        url = self.product.environment["HTX_NLU_URL"]
        return NluClient(url, self.product.nlu_token, timeout=10)


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    """Return a product of its own, so that the one of the other tests keeps its content."""
    content, models = tmp_path / "content", tmp_path / "models"
    model = asyncio.run(ensure_model(load_settings(), print))
    shutil.copytree(ROOT / "content", content)
    models.mkdir()
    for needed in (model, model.with_name("embeddings.npz")):
        shutil.copy(needed, models)
    running = start_checked(
        environment(tmp_path / "var", HTX_CONTENT_DIR=str(content), HTX_MODEL_DIR=str(models))
    )
    yield Published(running, content / f"articles/{NAME}.md")
    running.stop()


async def test_changes_are_served_without_losing_or_mixing_a_question(published: Published) -> None:
    """A bad change is refused, a good one served in time; every reply is wholly old or new."""
    text = published.article.read_text(encoding="utf-8")
    old = await shown(published)
    flow = Flow(published.product.url, "mới", questions(published), RATE)
    again = Flow(published.product.url, "lại", repeated(published), REPEATED)
    async with flow.running(), again.running(), outside(published) as refused_outside:
        save(published.article, text.replace("luat-17-2023", "luat-khong-co"))
        await until(lambda: published.record.state == "refused", SERVED_WITHIN)
        refused, while_refused = published.record, await shown(published)

        changed = time.monotonic()
        save(published.article, better(text))
        await until(lambda: published.record.edition != refused.edition, SERVED_WITHIN)
        served_after = time.monotonic() - changed
        new, enough = await shown(published), len(flow.asked) + 5 * RATE
        await until(lambda: len(flow.asked) > enough, 30)
    asked = [*flow.asked, *again.asked]
    progress(f"{flow.figures()}; {again.figures()}; served after {served_after:.0f} s")

    assert any("luat-khong-co" in finding for finding in refused.findings)
    assert while_refused == old
    assert (OLD in old, NEW in new) == (True, True)
    assert published.record.findings == ()
    assert flow.lost + again.lost == []
    assert {one.status for one in asked} == {httpx.codes.OK}
    assert max(one.ended - one.began for one in asked) < REPLY_WITHIN
    assert refused_outside == []
    assert mixed(asked, old, new) == []
    assert await best_outside(published) == NAME


def save(path: Path, text: str) -> None:
    """Write as editors do: beside, then in its place."""
    draft = path.with_suffix(".md~")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def better(text: str) -> str:
    """Return the article with another short answer and one more example question."""
    asked = text.replace("questions:\n", f"questions:\n  - {ASKED_NEW}\n", 1)
    return asked.replace(OLD, NEW)


def questions(published: Published) -> Iterator[str]:
    library = load_library(published.article.parents[2])
    often = library.articles[NAME].questions
    others = [q for a in library.articles.values() if a.id != NAME for q in a.questions]
    return distinct(often, others)


def repeated(published: Published) -> Iterator[str]:
    """Yield the same questions over and over, some of them about the article that changes."""
    library = load_library(published.article.parents[2])
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


async def shown(published: Published) -> str:
    """Return the article as its button shows it."""
    reply: dict[str, Any] = await asyncio.to_thread(
        published.product.ask, "xem", payload=f"a:{NAME}"
    )
    return str(reply["text"])


@asynccontextmanager
async def outside(published: Published) -> AsyncIterator[list[str]]:
    """Read through the configured NLU port all the while; give what was not answered."""
    failed: list[str] = []
    client = published.client()

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


async def best_outside(published: Published) -> str:
    client = published.client()
    best = (await client.parse(ASKED_NEW)).best
    await client.close()
    return best.name if best else ""
