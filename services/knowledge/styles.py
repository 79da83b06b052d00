"""How an example question is written: so that a writer sees which ways of writing are missing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from nlu.text import has_diacritics, tokens

Style = Literal["marked", "bare", "short", "dialect", "story"]
STYLES: Mapping[Style, str] = {
    "marked": "có dấu",
    "bare": "không dấu",
    "short": "viết tắt, nhắn tin",
    "dialect": "tiếng Quảng",
    "story": "dài, kể chuyện",
}
_STORY = 28
"""Words from which on people tell their case rather than ask."""
_SHORT = re.compile(
    r"\b(?:ko|k|hok|dc|đc|đk|z|v|j|ad|cx|vs|bn|hs|htx|r|lun|bh|nx|mn|mk|e|gcn|tk)\b"
)
"""Small letters alone: HTX and GCN in capitals stand in letters of offices."""
_DIALECT = re.compile(
    r"\b(?:rứa|mô|chi|ni|nớ|răng|tui|hỉ|chừ|mần|hắn|mi|bây|tê|rua|chu ni|hi)\b", re.IGNORECASE
)


def style_of(question: str) -> Style:
    """Return how a question is written, by what is rarest about it."""
    if len(tokens(question)) >= _STORY:
        return "story"
    if _DIALECT.search(question) and has_diacritics(question):
        return "dialect"
    if _SHORT.search(question):
        return "short"
    return "marked" if has_diacritics(question) else "bare"


def counted(questions: Iterable[str]) -> dict[str, int]:
    """Count questions by how they are written, in words; a way that lacks counts none."""
    found = Counter(map(style_of, questions))
    return {label: found[style] for style, label in STYLES.items()}
