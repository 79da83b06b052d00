"""Who is heard to be in distress, by words alone, and who is not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from nlu.text import fold
from services.conversation.distress import Distress, hear
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.settings import ROOT

WRITTEN: Mapping[str, Sequence[str]] = yaml.safe_load(
    Path(__file__).with_name("distress.yml").read_text("utf-8")
)
MEASURED = ROOT / "tests/understanding"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the content that is served."""
    return load_library(ROOT / "content")


def test_all_of_the_content_is_heard_as_no_distress(library: Library) -> None:
    """Of all examples and measured questions but three, which tell of it, none is."""
    told = {text: hear(library.distress, text) for text in examples(library)}
    heard = {text: one for text, one in told.items() if one}

    assert len(told) > 10_000
    assert heard == {
        "tôi không muốn sống nữa": Distress(clear=True, dangers=("self",)),
        "chán đời wá": Distress(clear=False, dangers=("self",)),
        "đám đòi nợ thuê tới tạt sơn trụ sở hợp tác xã thì báo ai": Distress(
            clear=False, dangers=("violence",)
        ),
    }


def examples(library: Library) -> Iterator[str]:
    """Yield every example of the content and every text of the measured sets."""
    for article in library.articles.values():
        head = article.head
        yield from (head.title, *head.questions, *head.followups)
        yield from (example for belief in head.beliefs for example in belief.examples)
    phrases = (ROOT / "content/phrases").glob("*.yml")
    for path in (*phrases, *MEASURED.glob("*.yml")):
        if "distress" not in path.stem:
            yield from texts(yaml.safe_load(path.read_text("utf-8")))


def texts(read: object) -> Iterator[str]:
    """Yield every text in what was read from YAML."""
    if isinstance(read, str):
        yield read
    elif isinstance(read, Mapping):
        for value in read.values():
            yield from texts(value)
    elif isinstance(read, Sequence):
        for value in read:
            yield from texts(value)


@pytest.mark.parametrize("kind", ["clear", "doubtful", "other"])
@pytest.mark.parametrize("write", [str, fold])
def test_own_examples(library: Library, write: Callable[[str], str], kind: str) -> None:
    """Those of each kind are heard as that; what is doubtful may be heard as clear."""
    told = {text: hear(library.distress, write(text)) for text in WRITTEN[kind]}

    assert [text for text, heard in told.items() if not _fits(kind, heard)] == []


def test_without_marks_nobody_can_tell(library: Library) -> None:
    """What is no distress as it stands is none, though it reads like one without its marks."""
    assert [text for text in WRITTEN["marked"] if hear(library.distress, text)] == []


def _fits(kind: str, heard: Distress | None) -> bool:
    if kind == "other":
        return heard is None
    return heard is not None and (heard.clear or kind == "doubtful")
