"""A step that is asked with no other word is of what is open, and told wherever that has it."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.steps import step_asked, step_of
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.settings import ROOT
from services.understanding.parts import PartIndex
from tests.doubles.citizen import Citizen
from tests.doubles.content import edit_head, read_content, write_content
from tests.doubles.nlu import FakeNlu, reading
from tests.doubles.parted import PARTED, write_parted
from tests.doubles.procedure import PROCEDURE, write_procedure


@pytest.fixture(scope="module")
def served() -> Library:
    """Return the content that is served."""
    return load_library(ROOT / "content")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gom nhung gi", "papers"),
        ("rồi nộp ở mô hè", "place"),
        ("Gửi bưu điện được không hay phải tới tận nơi?", "ways"),
        ("may bua", "time"),
        ("tốn nhiều không", "fee"),
        ("ai ký rứa", "signer"),
        ("hồ sơ vay cần gì", None),
        ("ho so vay can gi", None),
        ("nộp hồ sơ OCOP ở đâu", None),
        ("nghe nói hết hạn rồi, chừ đi có sao không", None),
        ("được không", None),
        ("dc bao lâu", None),
        ("", None),
    ],
)
def test_few_words_ask_for_a_step(served: Library, text: str, kind: str | None) -> None:
    """One word that names a matter, and it is a question of its own."""
    assert step_asked(served, text) == kind


def test_step_is_told_where_it_stands(served: Library) -> None:
    """In the article itself, else in the main one of its procedure, else nowhere."""
    known = served.articles

    assert step_of(served, known["founding/cac-buoc"], "time") == ("founding/cac-buoc", "thoi-han")
    assert step_of(served, known["founding/thoi-han"], "ways") == ("founding/cac-buoc", "cach-nop")
    assert step_of(served, known["founding/ho-so"], "deadline") is None


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return the small content: two articles of one procedure, the place told in the main one."""
    root = write_content(tmp_path / "content")
    write_procedure(root)
    cues = root / "phrases/cues.yml"
    cues.write_text(f"{cues.read_text('utf-8')}\nsteps: {{place: [nộp chỗ mô]}}\n", "utf-8")
    write_parted(root, "## Cách đếm {#dem}\n\nĐếm từng hộ.", procedure=PROCEDURE)
    place = {"noi": {"kind": "place", "followups": ["đem đi mô"]}}
    edit_head(root, "founding/ho-so", parts=place, label="Hồ sơ", procedure=PROCEDURE)
    path = root / "articles/founding/ho-so.md"
    path.write_text(f"{path.read_text('utf-8')}\n## Nơi nhận {{#noi}}\n\nỞ xã.\n", "utf-8")
    return root


async def test_step_of_its_procedure_is_told(
    services: Services, content: Path, nlu: FakeNlu
) -> None:
    """However the few words are read by themselves."""
    served = services.current.edition
    services.current.edition = replace(served, parts=PartIndex.of(read_content(content)))
    citizen = Citizen(services)
    nlu.table["tối thiểu"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table[f"nộp chỗ mô | {PARTED}"] = reading(("smalltalk.greeting", 0.4))
    await citizen.say("tối thiểu")
    told = await citizen.say("nộp chỗ mô")

    assert (told.article, told.part) == ("founding/ho-so", "noi")
    assert "việc khác" not in told.lead
