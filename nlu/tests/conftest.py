"""What the tests share: a tiny content folder and the lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.core.embedder import CACHE_VARIABLE
from nlu.text import Lexicon, read_lexicon
from nlu.train import main

ARTICLES = {
    "founding/so-thanh-vien": [
        "Lập hợp tác xã cần mấy người",
        "Muốn mở hợp tác xã thì tối thiểu bao nhiêu thành viên?",
        "htx can it nhat may nguoi",
        "may ng thi lap dc htx",
    ],
    "founding/le-phi": [
        "Lệ phí đăng ký hợp tác xã là bao nhiêu",
        "Đăng ký hợp tác xã tốn bao nhiêu tiền lệ phí?",
        "le phi dang ky htx het nhieu tien",
        "mở htx đóng lệ phí bn z",
    ],
    "fund/lai-suat": [
        "Vay Quỹ hỗ trợ phát triển hợp tác xã lãi suất bao nhiêu",
        "Lãi vay của quỹ hợp tác xã tính thế nào?",
        "lai suat vay quy ho tro htx",
        "vay quỹ htx lãi mấy phần trăm",
    ],
}
FOLLOWUPS = {
    "founding/so-thanh-vien": ["cần mấy người", "it nhat may nguoi", "bao nhiêu thành viên"],
    "founding/le-phi": ["tốn bao nhiêu", "phi the nao", "còn lệ phí"],
    "fund/lai-suat": ["lãi thì sao", "may phan tram"],
}
EXEMPT = ["ai được miễn", "duoc mien phi khong", "miễn cho ai"]
"""How people ask for the part `mien` of the article on fees."""
PART = "\n## Ai khỏi đóng {#mien}\n\nHộ **nghèo** không phải nộp {{ fee }}.\n"
OUTSIDE = ["hôm nay trời có mưa không", "giá vàng hôm nay", "kết quả bóng đá tối qua"]
SMALLTALK = ["xin chào", "chào bạn nhé", "hello em"]
DISTRESS = {
    ("hết muốn sống", "clear", "self"): [
        "tôi không muốn sống nữa",
        "tui không muốn sống nữa mô",
        "em không còn muốn sống",
    ],
    ("chán sống", "clear", "self"): ["chán sống lắm rồi, không muốn sống nữa", "sống chi nữa"],
    ("bị đánh", "clear", "violence"): ["chồng em đánh em", "chồng tôi đánh tôi đau lắm"],
    ("đánh đập", "clear", "violence"): ["chồng đánh đập tôi", "ổng đánh em hoài, đau lắm"],
    ("mệt mỏi", "doubtful", "self"): ["tôi bế tắc quá", "em mệt mỏi lắm"],
    ("con vật", "none", ""): ["bò chết", "bò nhà tôi chết hai con", "heo nhà tui chết rồi"],
    ("đi đâu", "none", ""): ["thôi tôi đi đây", "tôi đi chợ nữa"],
}
"""By family, level and danger."""


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """Return the project's own lexicon."""
    return read_lexicon()


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a content folder with three articles, small talk and messages out of scope."""
    folder = tmp_path_factory.mktemp("content")
    for name, questions in ARTICLES.items():
        _write_article(folder / "articles" / f"{name}.md", questions)
    phrases = folder / "phrases"
    phrases.mkdir()
    (phrases / "out_of_scope.yml").write_text(_listed("far", OUTSIDE), encoding="utf-8")
    (phrases / "distress-examples.yml").write_text(_families(), encoding="utf-8")
    greeting = "- id: greeting\n  reply: Chào.\n" + _indented(_listed("questions", SMALLTALK))
    (phrases / "smalltalk.yml").write_text(greeting, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def trained(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model that Rasa trained on the tiny content, once for all tests."""
    model = tmp_path_factory.mktemp("model") / "model.tar.gz"
    assert main(["--content", str(content), "--out", str(model)]) == 0
    return model


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep embeddings of the tests out of the project's folders."""
    cache = tmp_path_factory.getbasetemp() / "embeddings.npz"
    monkeypatch.setenv(CACHE_VARIABLE, str(cache))


def _write_article(path: Path, questions: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    matter = f"title: {questions[0]}\n{_listed('questions', questions[1:])}"
    matter += _listed("followups", FOLLOWUPS[f"{path.parent.name}/{path.stem}"])
    if path.stem == "le-phi":
        matter += "parts:\n  mien:\n" + _indented(_indented(_listed("followups", EXEMPT)))
    part = PART if path.stem == "le-phi" else ""
    text = f"---\n{matter}---\n{questions[0]}: câu trả lời ngắn.\n{part}"
    path.write_text(text, encoding="utf-8")


def _families() -> str:
    told = ""
    for (family, level, danger), texts in DISTRESS.items():
        told += f"- family: {family}\n  level: {level}\n"
        told += f"  danger: {danger}\n" if danger else ""
        told += _indented(_listed("texts", texts))
    return told


def _listed(name: str, texts: list[str]) -> str:
    return f"{name}:\n" + "".join(f'  - "{text}"\n' for text in texts)


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
