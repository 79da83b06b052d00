"""`make bench-words`: what the product answers while the NLU is down, on the project's own sets.

With `WORDS=--measure` the weights and bars of the reader by words are measured anew first, on
examples that its pages lack, and written to `services/understanding/words.json`.
"""

import argparse
import asyncio
import logging
import random
import statistics
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
import yaml

from bot.terminal import progress, result
from services.conversation.question import Question
from services.conversation.reply import Reply, read_payload
from services.conversation.state import ConversationState
from services.conversation.turn import turn
from services.edition import Edition
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.settings import load_settings
from services.understanding.interpretation import Interpreter
from services.understanding.thresholds import load_thresholds
from services.understanding.words import FILE, WordReader
from tests.bench.words_measured import measured
from tests.doubles.nlu import FakeNlu

SETS = Path(__file__).parents[1] / "understanding"
FOREIGN = ("domain", "declined", "outside")
"""Kinds of messages that no article answers; small talk and a wish for a person are none."""


@dataclass(frozen=True)
class Row:
    """A message of a set."""

    text: str
    articles: tuple[str, ...]
    """Those that answer; none for a foreign one."""
    register: str


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    row: Row
    reply: Reply
    ms: float

    @property
    def answered(self) -> bool:
        """Whether an article was told as the answer."""
        return self.reply.outcome == "answered"

    @property
    def right(self) -> bool:
        """Whether that article answers."""
        return self.answered and bool({*self.row.articles} & {*self.reply.articles})

    @property
    def served(self) -> bool:
        """Whether it was answered rightly, or an article that answers is behind a button."""
        offered = self.reply.outcome == "clarify" and {*self.row.articles} & {*self.reply.offered}
        return self.right or bool(offered)


async def main() -> None:
    """Print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    library = load_library(load_settings().content_dir)
    if _parser().parse_args().measure:
        progress("Đo lại trọng số và ngưỡng…")
        FILE.write_text(measured(library).model_dump_json(indent=1) + "\n", encoding="utf-8")
    started = time.process_time()
    reader = WordReader.of(library)
    result(f"built in {time.process_time() - started:.2f} s of processor time")
    nlu = FakeNlu()
    nlu.down = True
    edition = Edition(library, Interpreter(nlu, reader, load_thresholds()))
    for name, rows in sets():
        result(f"\n{name}")
        await tell_reading(reader, rows)
        outcomes = [await ask(row, edition, None) for row in rows]
        tell("nothing open", outcomes)
        for register, some in by_register(outcomes):
            tell(f"  {register}", some)
        tell(
            "another topic open",
            [await ask(row, edition, foreign_to(row, library)) for row in rows],
        )
    result("\npairs.yml, messages that ask two or three things")
    await tell_pairs(edition)
    result("\ndialogues.yml")
    tell("turns with one open", [o async for o in talked(edition)])


def sets() -> Iterator[tuple[str, list[Row]]]:
    """Yield the own sets of single messages that there are."""
    for name in ("questions.yml", "stories.yml"):
        if (SETS / name).exists():
            read = yaml.safe_load((SETS / name).read_text(encoding="utf-8"))
            yield name, [*map(_row, (*read["questions"], *read.get("outside", ())))]


def foreign_to(row: Row, library: Library) -> str:
    """Return an article of a topic that does not answer a message, drawn by its text."""
    own = {name.partition("/")[0] for name in row.articles}
    others = [a.id for a in library.articles.values() if a.topic not in own]
    return random.Random(zlib.crc32(row.text.encode())).choice(others)  # noqa: S311  # because it draws a sample, no secret


async def ask(row: Row, edition: Edition, opened: str | None) -> Outcome:
    """Ask one message, with an article open or none."""
    state = ConversationState(opened or "")
    started = time.process_time()
    took = await turn(state, Question("web", "a", row.text), edition, datetime.now(UTC))
    return Outcome(row, took.reply, 1000 * (time.process_time() - started))


async def tell_reading(reader: WordReader, rows: Sequence[Row]) -> None:
    """Print what a reading takes of the processor."""
    times = []
    for row in rows:
        started = time.process_time()
        await reader.parse(row.text)
        times.append(1000 * (time.process_time() - started))
    result(f"a reading: p50 {statistics.median(times):.2f} ms, longest {max(times):.2f} ms")


async def tell_pairs(edition: Edition) -> None:
    """Print how often each thing that is asked is answered, or at least behind a button."""
    both, named = [], []
    rows = yaml.safe_load((SETS / "pairs.yml").read_text(encoding="utf-8"))["questions"]
    for row in rows:
        reply = (await ask(Row(row["text"], (), "pairs"), edition, None)).reply
        shown = {*reply.articles, *reply.offered, *_beside(reply)}
        both.append(all({*need} & {*reply.articles} for need in row["needs"]))
        named.append(all({*need} & shown for need in row["needs"]))
    result(
        f"each {len(rows):4}  answered {_share(both):.3f}  or behind a button {_share(named):.3f}"
    )


def _beside(reply: Reply) -> Iterator[str]:
    for button in reply.buttons:
        pressed = read_payload(button.payload)
        if pressed and pressed.verb == "a":
            yield pressed.name


async def talked(edition: Edition) -> Any:
    """Hold the conversations; yield the turns behind the first that are to be answered."""
    talks = yaml.safe_load((SETS / "dialogues.yml").read_text(encoding="utf-8"))
    for talk in talks:
        state = ConversationState()
        for asked in talk["turns"]:
            opened = state.open_article
            row = Row(asked["text"], tuple(asked["articles"]), "turn")
            took = await turn(state, Question("web", "a", row.text), edition, datetime.now(UTC))
            state = took.state
            if opened and row.articles:
                yield Outcome(row, took.reply, took.ms)


def by_register(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """Yield the outcomes of each way of writing."""
    for register in dict.fromkeys(o.row.register for o in outcomes):
        yield register, [o for o in outcomes if o.row.register == register]


def tell(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print one line."""
    inside = [o for o in outcomes if o.row.articles]
    foreign = [o for o in outcomes if o.row.register in FOREIGN]
    parts = [f"{name:20} {len(outcomes):4}"]
    if inside:
        wrong = _share([o.answered and not o.right for o in inside])
        right, served = (_share([getattr(o, k) for o in inside]) for k in ("right", "served"))
        parts.append(f"right {right:.3f} wrong {wrong:.3f} served {served:.3f}")
    if foreign:
        declined = _share([o.reply.outcome in ("declined", "handoff") for o in foreign])
        parts.append(
            f"foreign answered {_share([o.answered for o in foreign]):.3f} declined {declined:.3f}"
        )
    times = sorted(o.ms for o in outcomes)
    parts.append(f"p50 {statistics.median(times):.1f} ms, longest {times[-1]:.1f} ms")
    result("  ".join(parts))


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(len(hits), 1)


def _row(row: dict[str, Any]) -> Row:
    articles = tuple(row.get("articles", ()))
    foreign = "domain" if row.get("names_domain") else row.get("expect", "")
    return Row(row["text"], articles, row["register"] if articles else row.get("kind", foreign))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure the reader by words.")
    parser.add_argument("--measure", action="store_true", help="measure its weights anew first")
    return parser


if __name__ == "__main__":
    asyncio.run(main())
