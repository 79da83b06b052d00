"""Looks for every figure of every article in the texts of the documents that it cites.

`.venv/bin/python tests/audit/figures.py --texts FOLDER`: the folder holds the texts, by the names
in `FILES` or as `--map SOURCE=FILE` says. A reading for people, no test: a figure may be right and
not be there, told by the press or worked out; the report says what to look up.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.knowledge.article import Article
from services.knowledge.checks.figures import Figure, figures_of, read_figures
from services.knowledge.checks.prose import split
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.settings import ROOT

OTHERS = "phapdien_htx_other_docs.md"
FILES = {
    "luat-17-2023": "luat_17_2023_phapdien.md",
    "nd-45-2021": "nd_45_2021_phapdien.md",
    "nd-92-2024": "nd_92_2024_phapdien.md",
    "qd-26-2026": "qd_26_2026_ocop.txt",
    "tt-60-2026": "tt_60_2026_ocr.md",
    **dict.fromkeys(
        ("nd-77-2019", "tt-09-2024", "tt-52-2022", "tt-124-2021", "tt-250-2016"), OTHERS
    ),
}
"""Where the text of a document stands."""
_WORDED = {"hai phần ba": "2/3", "một phần ba": "1/3", "một phần hai": "1/2", "một": "1"}
"""What a law writes in words where an article has digits."""


@dataclass(frozen=True)
class Looked:
    """A figure of an article, and what came of looking for it."""

    article: str
    figure: str
    sentence: str
    state: str
    """found in a cited text | absent from all of them | untold: no text of what it cites."""


def main() -> None:
    """Print the report."""
    options = _parser().parse_args()
    files = FILES | dict(pair.split("=", 1) for pair in options.map)
    texts = {name: options.texts / file for name, file in files.items()}
    library = read_library(options.content)
    looked = [one for article in library.articles.values() for one in look(article, library, texts)]
    report = _as_json(looked) if options.json else _report(looked)
    sys.stdout.write(f"{report}\n")


def look(article: Article, library: Library, texts: dict[str, Path]) -> Iterator[Looked]:
    """Yield every figure of an article with what came of looking for it."""
    cited = _cited(article, library)
    known = [texts[name] for name in cited if name in texts and texts[name].exists()]
    stands = {figure for path in known for figure in _figures_in(path)}
    whole = len(known) == len(cited)
    for sentence in (one for text in article.texts for one in split(text)):
        for named in read_figures(sentence):
            missing = "absent" if whole else "untold"
            state = "found" if named.figure in stands else missing
            yield Looked(article.id, named.text, sentence, state)


def _cited(article: Article, library: Library) -> set[str]:
    """Return the documents of an article, of its procedure and of the facts that it covers."""
    procedure = library.procedures.get(article.head.procedure or "")
    facts = [library.facts[name] for name in article.head.covers if name in library.facts]
    citations = [*article.citations, *(procedure.citations if procedure else ())]
    citations += [citation for fact in facts for citation in fact.also]
    return {c.source for c in citations} | {fact.source for fact in facts if fact.source}


@cache
def _figures_in(path: Path) -> set[Figure]:
    """Return the figures of a document; its lines are joined, for they break anywhere."""
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    worded = re.compile("|".join(rf"\b{words}\b" for words in _WORDED), re.IGNORECASE)
    return figures_of(text, worded.sub(lambda found: _WORDED[found[0].lower()], text))


def _report(looked: list[Looked]) -> str:
    lines = []
    for article in sorted({one.article for one in looked}):
        own = [one for one in looked if one.article == article]
        found = sum(one.state == "found" for one in own)
        lines.append(f"{article}: {found}/{len(own)} found")
        lines += [f"  {o.state}: {o.figure} | {o.sentence}" for o in own if o.state != "found"]
    return "\n".join([*lines, f"total: {_totals(looked)}"])


def _as_json(looked: list[Looked]) -> str:
    report = {"totals": _totals(looked), "figures": [asdict(one) for one in looked]}
    return json.dumps(report, ensure_ascii=False)


def _totals(looked: list[Looked]) -> dict[str, Any]:
    states = [one.state for one in looked]
    return {"all": len(states)} | {s: states.count(s) for s in ("found", "absent", "untold")}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=Path, required=True, help="folder of the documents' texts")
    parser.add_argument("--map", action="append", default=[], help="SOURCE=FILE, below the folder")
    parser.add_argument("--content", type=Path, default=ROOT / "content", help="content folder")
    parser.add_argument("--json", action="store_true", help="everything as one JSON object")
    return parser


if __name__ == "__main__":
    main()
