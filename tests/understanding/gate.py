"""Measure the understanding on the project's own questions; refuse a change that loses too much.

`python tests/understanding/gate.py` asks everything through `htx ask --jsonl`, prints the figures
and compares them with the accepted ones in `accepted.json`; `--accept` accepts today's. Exit code 1
and the questions that were lost when a figure fell by more than `MOST_LOST`.

The sets are never trained on. An answer is right when it is one of the articles that are listed; of
`pairs.yml`, messages that ask two or three things, when each of them is answered, and served when
what is not stands behind a button. Of `stories.yml` and `people.yml` half is to choose by (`told`,
`typed`), and half is only measured (`unseen`).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from bot.terminal import progress, result
from services.conversation.reply import read_payload
from services.settings import load_settings

HERE = Path(__file__).parent
ACCEPTED = HERE / "accepted.json"
MOST_LOST = 0.015
"""How far a share may fall: one and a half of a hundred."""

HTX = Path(sys.executable).parent / "htx"


@dataclass(frozen=True)
class Asked:
    """A message of the set, what would be right, and the reply that came."""

    id: str
    group: str
    """The figure it counts for."""
    text: str
    right: bool
    served: bool
    became: str
    answers: int = 1
    """How many articles answered it."""
    style: str = ""
    """Of a set in halves: how it is told, or who types it."""


def main() -> int:
    """Measure from the command line; return the exit code."""
    options = _parser().parse_args()
    asked = ask_all()
    figures, missed = figures_of(asked), {a.id: a for a in asked if not a.right}
    result(json.dumps(figures, indent=1))
    if options.show:
        result(json.dumps(of_styles(asked), indent=1))
        shown = [a for a in missed.values() if _UNSEEN not in a.group]
        result("\n".join(f"{a.id} | {a.text} → {a.became}" for a in shown))
    if options.accept:
        kept = {"figures": figures, "missed": sorted(missed)}
        ACCEPTED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        return 0
    return compare(figures, missed, json.loads(ACCEPTED.read_text(encoding="utf-8")))


def compare(figures: dict[str, float], missed: dict[str, Asked], accepted: dict[str, Any]) -> int:
    """Print what fell too far and the questions that were answered before; return the exit code."""
    before: dict[str, float] = accepted["figures"]
    fallen = [name for name, share in before.items() if figures[name] < share - MOST_LOST]
    for name in fallen:
        progress(f"{name}: {figures[name]:.3f}, {before[name]:.3f} was accepted")
    new = [a for a in missed.values() if a.id not in accepted["missed"]] if fallen else []
    for one in (a for a in new if _UNSEEN not in a.group):
        progress(f"  lost: {one.id} | {one.text} → {one.became}")
    return 1 if fallen else 0


def figures_of(asked: Sequence[Asked]) -> dict[str, float]:
    """Return the share that is right of each group, and of conversations that are right whole."""
    groups: dict[str, list[bool]] = {}
    whole: dict[str, bool] = {}
    for one in asked:
        groups.setdefault(one.group, []).append(one.right)
        if one.group == "turns":
            talk = one.id.partition("/")[0]
            whole[talk] = whole.get(talk, True) and one.right
    shares = {name: _share(right) for name, right in groups.items()}
    for before, within in (("", _REGISTERS), *((f"{half} ", (half,)) for half in _HALVES)):
        inside = [a for a in asked if a.group in within]
        shares[f"{before}right"] = _share([a.right for a in inside])
        shares[f"{before}served"] = _share([a.served for a in inside])
        shares[f"{before}not wrong"] = _share([a.right or not a.answers for a in inside])
        shares[f"{before}one answer"] = _share([a.answers <= 1 for a in inside])
    shares = {name: share for name, share in shares.items() if name not in _HALVES}
    shares["pairs served"] = _share([a.served for a in asked if a.group == "pairs"])
    return shares | {"whole": _share(list(whole.values()))}


def of_styles(asked: Sequence[Asked]) -> dict[str, str]:
    """Return, for each style of the sets in halves, how many of how many are right and served."""
    styles: dict[str, list[Asked]] = {}
    for one in asked:
        if one.style:
            styles.setdefault(one.style, []).append(one)
    return {
        style: f"{sum(a.right for a in of)} right, {sum(a.served for a in of)} served of {len(of)}"
        for style, of in styles.items()
    }


def ask_all() -> list[Asked]:
    """Ask every single question, hold every conversation, send what no article answers."""
    rows = [*_single(), *_outside(), *_turns(), *_pairs(), *_halves()]
    messages = [{"id": row["id"], **row["message"]} for row in rows]
    rest = range(len(rows) // 2, len(rows))
    half = next((at for at in rest if "conversation" not in messages[at]), len(rows))
    with ThreadPoolExecutor() as pool:  # each product by itself: together they take half as long
        replies = chain.from_iterable(pool.map(ask, (messages[:half], messages[half:])))
    pairs = zip(replies, rows, strict=True)
    return [_judged(reply, row) for reply, row in pairs if row.get("articles") != []]


def ask(messages: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the replies of a product, in order; its own database hears nothing of them."""
    lines = "".join(json.dumps(m, ensure_ascii=False) + "\n" for m in messages)
    command = [str(HTX), "ask", "--jsonl"]
    models = str(load_settings().model_dir)
    with tempfile.TemporaryDirectory() as folder:
        own = {"HTX_DATA_DIR": folder, "HTX_DATABASE_URL": "", "HTX_MODEL_DIR": models}
        done = subprocess.run(
            command,
            input=lines,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=os.environ | own,
        )
    return [json.loads(line) for line in done.stdout.splitlines() if line]


def _single() -> Iterator[dict[str, Any]]:
    for at, row in enumerate(_read("questions.yml")["questions"]):
        message = {"text": row["text"]}
        yield {"id": f"q{at}", "group": row["register"], "message": message, **row}


def _outside() -> Iterator[dict[str, Any]]:
    for at, row in enumerate(_read("questions.yml")["outside"]):
        group, message = "domain" if row["names_domain"] else "outside", {"text": row["text"]}
        yield {"id": f"o{at}", "group": group, "message": message, **row}


def _turns() -> Iterator[dict[str, Any]]:
    run = uuid.uuid4().hex
    for talk, row in enumerate(_read("dialogues.yml")):
        for at, turn in enumerate(row["turns"]):
            message = {"text": turn["text"], "conversation": f"{run}-{talk}"}
            yield {"id": f"d{talk}/{at}", "group": "turns", "message": message, **turn}


def _pairs() -> Iterator[dict[str, Any]]:
    for at, row in enumerate(_read("pairs.yml")["questions"]):
        yield {"id": f"p{at}", "group": "pairs", "message": {"text": row["text"]}, **row}


def _halves() -> Iterator[dict[str, Any]]:
    for (name, mark), halves in _SETS.items():
        for at, row in enumerate(_read(name)["questions"]):
            half, style = halves[at % 2], row["register"]
            message, kind = {"text": row["text"]}, row.get("kind")
            known = {"id": f"{mark}{at}", "group": half, "style": style, "message": message}
            foreign = {"group": f"{half} foreign", "style": f"foreign, {kind}", "articles": None}
            yield known | row | ({} if row["articles"] else foreign)


_REGISTERS = ("clean", "nodiac", "noisy", "dialect", "long")
_UNSEEN = "unseen"
_SETS = {
    ("stories.yml", "s"): ("told", _UNSEEN),
    ("people.yml", "h"): ("typed", f"typed {_UNSEEN}"),
}
"""Sets in halves, each with what begins the ids of its messages: one to choose by, one unseen."""
_HALVES = [half for halves in _SETS.values() for half in halves]
_FOREIGN = ("domain", *(f"{half} foreign" for half in _HALVES))


def _judged(reply: dict[str, Any], row: dict[str, Any]) -> Asked:
    right = _is_right(reply, row)
    became = f"{reply['outcome']} {' '.join(reply['articles'])}".strip()
    served = right or _is_within_reach(reply, row)
    answers, style = len(reply["articles"]), row.get("style", "")
    return Asked(reply["id"], row["group"], row["text"], right, served, became, answers, style)


def _is_right(reply: dict[str, Any], row: dict[str, Any]) -> bool:
    if row["group"] in _FOREIGN:
        return bool(reply["outcome"] != "answered")
    if row["group"] == "outside":
        return bool(reply["outcome"] == row["expect"])
    return reply["outcome"] == "answered" and _all_met(row, {*reply["articles"]})


def _is_within_reach(reply: dict[str, Any], row: dict[str, Any]) -> bool:
    """Say whether buttons lead to what is not answered: of one need only where it is asked back."""
    if row["group"] not in {*_REGISTERS, *_HALVES, "turns", "pairs"}:
        return False
    asked_back = reply["outcome"] == "clarify"
    if not (asked_back or row["group"] == "pairs"):
        return False
    return _all_met(row, {*reply["articles"], *_offered(reply)})


def _all_met(row: dict[str, Any], found: set[str]) -> bool:
    """Say whether each need of a message has one of its articles among those found."""
    return all({*need} & found for need in row.get("needs") or [row["articles"]])


def _offered(reply: dict[str, Any]) -> Iterator[str]:
    for button in reply["buttons"]:
        payload = read_payload(button["payload"])
        if payload and payload.verb == "a":
            yield payload.name


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / max(len(right), 1), 4)


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure the understanding on our own questions.")
    parser.add_argument("--accept", action="store_true", help="accept today's figures")
    parser.add_argument("--show", action="store_true", help="list styles, and what is not right")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
