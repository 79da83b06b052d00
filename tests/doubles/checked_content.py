"""The small content with facts, an outline and a procedure, so that the check finds nothing."""

from pathlib import Path
from typing import Any

import yaml

from tests.doubles.content import FACT, SOURCES, dump
from tests.doubles.procedure import VARIED, write_varied

FACTS: list[dict[str, Any]] = [
    FACT,
    {
        "id": "3.1",
        "says": "Cấp giấy trong 03 ngày làm việc, nhận 01 bộ hồ sơ.",
        "figures": ["03 ngày làm việc", "01 bộ"],
        "source": "luat-17-2023",
        "clause": "Điều 42 khoản 2 điểm a",
        "mark": "verified",
    },
]
OUTLINE = {"articles": {4: [0] * 8, 42: [0, 3]}, "appendices": {"II": ["mục 1.1"]}}


def write_checked(root: Path) -> Path:
    """Complete the small content below `root`; return `root`."""
    write_varied(root)
    source = {**SOURCES["luat-17-2023"], "url": "https://vbpl.vn/luat", "outline": OUTLINE}
    (root / "sources/luat-17-2023.yml").write_text(dump(source), encoding="utf-8")
    (root / "facts.yml").write_text(dump(FACTS), encoding="utf-8")
    edit(root, f"articles/{VARIED}.md", "- '2.1'\n", "- '2.1'\n- '3.1'\n")
    return root


def edit(root: Path, file: str, old: str, new: str) -> int:
    """Put `new` in place of the first `old` of a file; return the line on which it stands."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.partition(old)[0].count("\n") + 1


def forget_phrase(root: Path, file: str) -> str:
    """Take the last phrase out of a file; return its name."""
    path = root / f"phrases/{file}.yml"
    phrases = yaml.safe_load(path.read_text(encoding="utf-8"))
    name, _ = phrases.popitem()
    path.write_text(dump(phrases), encoding="utf-8")
    return str(name)
