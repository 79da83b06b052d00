"""The first edition of the walk of publishing: the whole content, or a small one in its place.

A change of the whole content is checked and learnt in minutes, mostly over articles that stay as
they are. `make test` walks over five articles, of which the two that change are asked as people ask
for the product's own; `make long` and the benches of publishing walk over all (CONTENT_STEP=1).
"""

import shutil
from pathlib import Path
from typing import Any

import yaml

from services.settings import ROOT
from tests.doubles.checked_content import FACTS, write_checked
from tests.doubles.content import SOURCES, STEP, article_text, dump, head, write_content

NAME = "founding/so-thanh-vien"
"""The article that is changed."""
TITLE = "Hợp tác xã cần ít nhất mấy người, thiếu thì sao"
OLD, NEW = "ít nhất 05 thành viên", "ít nhất 05 (năm) thành viên"
LAPSING, OF_IT = "qd-26-2026", "ocop/hieu-luc"
"""A document, and an article that leans on it alone."""

_BODIES = {
    NAME: f"Hợp tác xã cần {OLD}. Thiếu 12 tháng liền thì bị thu hồi giấy.",
    OF_IT: "Giấy chứng nhận OCOP dùng được 36 tháng.",
}


def write_first(root: Path) -> Path:
    """Write the content that the walk begins with below `root`; return `root`."""
    return shutil.copytree(ROOT / "content", root) if STEP == 1 else _write_small(root)


def _write_small(root: Path) -> Path:
    write_checked(write_content(root))
    shutil.copy(ROOT / "content/phrases/out_of_scope.yml", root / "phrases")
    source = SOURCES["luat-17-2023"] | {"number": "26/2026/QĐ-TTg", "in_force_to": None}
    source |= {"url": "https://vbpl.vn/qd", "outline": {"articles": {4: [0] * 3}}}
    (root / f"sources/{LAPSING}.yml").write_text(dump(source), encoding="utf-8")
    clause = {"source": LAPSING, "clause": "Điều 4 khoản 3"}
    told = {"id": "10.1", "says": _BODIES[OF_IT], "figures": ["36 tháng"], **clause}
    first = FACTS[0] | {"figures": [*FACTS[0]["figures"], "12 tháng"]}
    facts = [first, *FACTS[1:], FACTS[0] | told]
    (root / "facts.yml").write_text(dump(facts), encoding="utf-8")
    _write_article(root, NAME, {"title": TITLE, "plain": f"Hợp tác xã cần {OLD}."})
    lapsing = {"title": "Giấy OCOP dùng mấy năm", "citations": [clause], "covers": ["10.1"]}
    _write_article(root, OF_IT, lapsing | {"related": ["ocop/ho-so"]})
    return root


def _write_article(root: Path, name: str, fields: dict[str, Any]) -> None:
    """Write an article that is asked as the product's own of that name is."""
    file = f"articles/{name}.md"
    _, front, _ = (ROOT / "content" / file).read_text(encoding="utf-8").split("---\n", 2)
    asked = {"questions": yaml.safe_load(front)["questions"]}
    text = article_text(head(name, fields["title"]) | asked | fields, _BODIES[name])
    (root / file).write_text(text, encoding="utf-8")
