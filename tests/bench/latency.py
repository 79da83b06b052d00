"""`make bench`: a reply beside bare readings of the same message, memory, training time.

All are asked in turn in one run, so that a noisy machine is the same to all.
"""

import asyncio
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from bot.terminal import progress, result
from services.knowledge.loader import load_library
from services.settings import load_settings
from services.understanding.model import train
from tests.doubles.product import Product, environment, start

MESSAGES = 300
WARM_UP = 20


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        product = start(environment(Path(folder) / "var"))
        try:
            replies, bare = latencies(product)
            memory = resident(product)
        finally:
            product.stop()
        first, again = training(Path(folder)), training(Path(folder))
    result(f"messages: {len(replies)}, asked in turn")
    for name, times in (("POST /api/messages", replies), ("bare /model/parse", bare)):
        result(f"{name:20} p50 {quantile(times, 50):6.1f} ms   p95 {quantile(times, 95):6.1f} ms")
    for share in (50, 95):
        above = quantile(replies, share) - quantile(bare, share)
        result(f"above bare           p{share} {above:6.1f} ms")
    for name, size in memory:
        result(f"resident memory      {name}: {size / 2**20:.0f} MiB")
    result(f"training             from nothing {first:.0f} s, again {again:.0f} s")


def latencies(product: Product) -> tuple[list[float], list[float]]:
    """Return milliseconds per reply and per bare reading."""
    bare_url = f"{product.environment['HTX_NLU_URL']}/model/parse?token={product.nlu_token}"
    times: list[tuple[float, float]] = []
    with httpx.Client(trust_env=False, timeout=10) as http:
        for number, text in enumerate(messages()):
            body = {"conversation": f"đo-{number}", "text": text}
            reply = timed(http, f"{product.url}/api/messages", body)
            times.append((reply, timed(http, bare_url, {"text": text})))
    replies, bare = map(list, zip(*times[WARM_UP:], strict=True))
    return replies, bare


def messages() -> list[str]:
    """Return example questions of the content, drawn with a fixed seed."""
    library = load_library(load_settings().content_dir)
    asked = [q for article in library.articles.values() for q in article.questions]
    return random.Random(7).sample(asked, MESSAGES + WARM_UP)  # noqa: S311  # because it draws a sample, no secret


def timed(http: httpx.Client, url: str, body: dict[str, str]) -> float:
    """Return how many milliseconds a call took; a failed one ends the run."""
    started = time.perf_counter()
    http.post(url, json=body).raise_for_status()
    return (time.perf_counter() - started) * 1000


def resident(product: Product) -> list[tuple[str, int]]:
    """Return the name and resident bytes of every process of the product."""
    own = psutil.Process(product.process.pid)
    named = [("htx run (web, Telegram)", own)]
    named += [("NLU server", child) for child in own.children(recursive=True)]
    return [(name, process.memory_info().rss) for name, process in named]


def training(folder: Path) -> float:
    """Return the seconds of one training that keeps its embeddings in `folder`."""
    os.environ["HTX_NLU_CACHE"] = str(folder / "embeddings.npz")
    progress("Đo thời gian huấn luyện…")
    started = time.perf_counter()
    asyncio.run(train(load_settings(), folder / "bench.tar.gz", progress))
    return time.perf_counter() - started


def quantile(times: list[float], percent: int) -> float:
    """Return a percentile."""
    return statistics.quantiles(times, n=100)[percent - 1]


if __name__ == "__main__":
    main()
