"""A small content folder in which the check finds nothing: two topics, four articles, one fact."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import yaml

from services.errors import ContentError
from services.knowledge.library import Library
from services.knowledge.loader import read_library, refusal
from services.knowledge.phrases import needed

SOURCES: dict[str, dict[str, Any]] = {
    "luat-17-2023": {
        "number": "17/2023/QH15",
        "title": "Luật Hợp tác xã 17/2023/QH15",
        "kind": "luật",
        "issuer": "Quốc hội",
        "issued": "2023-06-20",
        "in_force_from": "2024-07-01",
        "read": "full",
    },
    "luat-23-2012": {
        "number": "23/2012/QH13",
        "title": "Luật Hợp tác xã 23/2012/QH13",
        "kind": "luật",
        "issuer": "Quốc hội",
        "in_force_to": "2024-06-30",
        "replaced_by": ["luat-17-2023"],
        "read": "full",
    },
}
TOPICS = {
    "founding": {"label": "đăng ký thành lập hợp tác xã", "subject": "registration"},
    "ocop": {"label": "đăng ký sản phẩm OCOP", "subject": "ocop"},
}
OFFICES = [
    {
        "id": "lien-minh-htx",
        "name": "Liên minh Hợp tác xã",
        "subjects": ["policy", "ocop", "credit", "registration"],
        "role": "hỏi chung",
    },
    {
        "id": "so-nnmt",
        "name": "Sở Nông nghiệp và Môi trường",
        "subjects": ["ocop"],
        "role": "hỏi về OCOP",
    },
]
ARTICLES = {
    "founding/so-thanh-vien": (
        "Số thành viên để lập hợp tác xã",
        "Hợp tác xã cần ít nhất **05 thành viên** chính thức.\n\nKhông còn là 7 người như luật cũ.",
    ),
    "founding/ho-so": (
        "Hồ sơ đăng ký hợp tác xã",
        "Hồ sơ gồm năm loại giấy.\n\n- Giấy đề nghị\n- Điều lệ",
    ),
    "ocop/ho-so": ("Hồ sơ OCOP", "Hồ sơ OCOP gồm Mẫu 01 và Mẫu 02.\n\nNộp một bộ giấy."),
    "ocop/hang-sao": ("Hạng sao OCOP", "OCOP có ba hạng sao.\n\nTừ 3 đến 5 sao."),
}
FACT: dict[str, Any] = {
    "id": "2.1",
    "says": "Hợp tác xã do ít nhất 05 thành viên lập, không còn là 7 người.",
    "figures": ["05 thành viên", "7 người", "3 sao", "5 sao"],
    "source": "luat-17-2023",
    "clause": "Điều 4 khoản 7",
    "mark": "verified",
}
FOREIGN = {
    "far": ["giá vàng hôm nay bao nhiêu", "mai trời có mưa không", "xe máy hư phanh sửa ở đâu"],
    "near": ["hợp tác xã nào có nhiều thành viên nhất", "ai được chấm hạng sao OCOP năm nay"],
}
PHRASES = Path(__file__).resolve().parents[2] / "content/phrases"
STEP = int(os.environ.get("CONTENT_STEP", "10"))
"""Of what the whole content holds every so manieth is tried; `make long` tries all."""
T = TypeVar("T")


def head(name: str, title: str) -> dict[str, object]:
    """Return the front matter of an article whose neighbour is another of its topic."""
    topic = name.partition("/")[0]
    related = next(other for other in ARTICLES if other.startswith(topic) and other != name)
    return {
        "title": title,
        "subject": TOPICS[topic]["subject"],
        "readers": ["farmer"],
        "questions": [f"{title} câu hỏi số {number}" for number in range(10)],
        "citations": [{"source": "luat-17-2023", "clause": "Điều 4"}],
        "covers": ["2.1", "1a"],
        "as_of": "2026-11-24",
        "verification": "verified",
        "scope": "national",
        "related": [related],
        "next_step": "Hỏi UBND xã.",
    }


def article_text(front: dict[str, object], body: str) -> str:
    """Return the file of an article."""
    return f"---\n{dump(front)}---\n{body}\n"


def edit_head(root: Path, name: str, **fields: object) -> None:
    """Put fields into the front matter of an article."""
    path = root / f"articles/{name}.md"
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    path.write_text(article_text(yaml.safe_load(front) | fields, body.strip()), encoding="utf-8")


def dump(value: object) -> str:
    """Return YAML that keeps Vietnamese readable."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def write_content(root: Path) -> Path:
    """Write the folder below `root` and return it."""
    for name, text in _files().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def write_quick(root: Path) -> Path:
    """Write the folder for a process: it starts in two thirds of the time, which most words take.

    It hears one sign of distress and begins no tool by words.
    """
    write_content(root)
    sign = {"about": "life", "level": "clear", "says": ["không muốn sống nữa"]}
    (root / "phrases/distress-cues.yml").write_text(dump({"signs": [sign]}), encoding="utf-8")
    (root / "beginnings.yml").write_text(dump({"tools": []}), encoding="utf-8")
    return root


def read_content(root: Path) -> Library:
    """Load a folder, the same files only once.

    Raises:
        ContentError: something is broken.

    """
    library = read_once(root)
    if library.findings:
        raise ContentError(refusal(library.findings))
    return library


def read_once(root: Path) -> Library:
    """Read a folder, however broken; the same files only once: a library is unchangeable."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)} ".encode() + content)
    key = digest.digest()
    if key not in _libraries:
        _libraries[key] = read_library(root)
    return _libraries[key]


_libraries: dict[bytes, Library] = {}


def examples(library: Library) -> Iterator[str]:
    """Yield each article's title and every example of it."""
    for article in library.articles.values():
        head = article.head
        yield from (head.title, *article.questions, *article.followups)
        yield from (example for belief in head.beliefs for example in belief.examples)


def spread(every: Iterable[T]) -> list[T]:
    """Return every tenth of them, the same each time; all of them under `make long`."""
    return list(islice(every, 0, None, STEP))


@cache
def _files() -> dict[str, str]:
    """Return the text of each file by its name; YAML takes a tenth of a second to write."""
    files = {
        f"articles/{name}.md": article_text(head(name, title), body)
        for name, (title, body) in ARTICLES.items()
    }
    files |= {f"sources/{name}.yml": dump(source) for name, source in SOURCES.items()}
    talk = [
        {"id": "greeting", "questions": [f"chào {n}" for n in range(10)], "reply": "Chào bà con."}
    ]
    files |= {
        "facts.yml": dump([FACT]),
        "topics.yml": dump(TOPICS),
        "places/contacts.yml": dump(OFFICES),
        "phrases/smalltalk.yml": dump(talk),
        "phrases/out_of_scope.yml": dump(FOREIGN),
    }
    shared = {*needed(), "cues", "acts"} - {"errors"}
    names = PHRASES.parent / "places/names.yml"
    files |= {"places/names.yml": names.read_text(encoding="utf-8")}
    return files | {
        f"phrases/{name}.yml": (PHRASES / f"{name}.yml").read_text(encoding="utf-8")
        for name in sorted(shared)
    }
