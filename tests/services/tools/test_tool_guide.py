"""The guide of those who keep the tools keeps up with what they keep."""

import re
from pathlib import Path

from bot.cli import _GROUPS
from services.knowledge.papers import PaperField, PaperSpec
from services.knowledge.tool_forms import FormQuestion
from services.settings import ROOT
from services.tools.papers.figures import FIGURES

GUIDE = (ROOT / "docs/cong-cu.md").read_text(encoding="utf-8")


def test_every_folder_and_file_that_the_guide_names_is_there() -> None:
    """A name with `<…>` stands for any."""
    named = {name.split("<")[0] for name in re.findall(r"`(content/[^`*]+)`", GUIDE)}

    assert [name for name in sorted(named) if not (ROOT / Path(name)).exists()] == []


def test_every_command_that_the_guide_names_is_there() -> None:
    """Of `htx tool`."""
    tools = _GROUPS["tool"][1]

    assert [name for name in re.findall(r"htx tool (\w+)", GUIDE) if name not in tools] == []


def test_the_guide_explains_what_a_question_and_a_paper_are_made_of() -> None:
    """No field is left to be guessed."""
    names = [*PaperSpec.model_fields, *FIGURES]
    names += [name for name in FormQuestion.model_fields if name not in ("section", "unit")]
    names += [name for name in PaperField.model_fields if name != "blank_rows"]

    assert [name for name in names if f"`{name}" not in GUIDE] == []
