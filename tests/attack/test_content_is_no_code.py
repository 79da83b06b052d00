"""Whoever may only write content writes texts: nothing in one of them is carried out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services import errors
from services.errors import StaffError
from services.knowledge.article import Filler, PlaceholderError
from services.knowledge.loader import read_library
from services.knowledge.phrases import Phrases
from tests.doubles.content import write_content

EXPLOITS = (
    "{{ cycler.__init__.__globals__.os.system('touch owned') }}",
    "{{ lipsum.__globals__['os'].system('touch owned') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ joiner['__init__']['__globals__'] }}",
    "{{ value['__class__'] }}",
    "{{ value|attr('__class__') }}",
    "{{ value.__class__ }}",
    "{{ 'x' * 9 }}",
    "{{ ('' or '%09d') % 1 }}",
    "{% for a in range(9) %}{% for b in range(9) %}{{ b }}{% endfor %}{% endfor %}",
    "{% for a in [1, 2, 3] %}{{ a }}{% endfor %}",
    "{% include 'secret-key' %}",
    "{% import 'os' as os %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{{ value.append(1) }}",
    "{{ value.copy() }}",
)
"""What Jinja carries out, or lets fill the memory, where nobody keeps it from that."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which an exploit leaves a file behind, where one is carried out."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("exploit", EXPLOITS)
def test_phrase_is_no_code(exploit: str) -> None:
    """It is refused when it is read: no edition holds it."""
    _, broken = Phrases.compile({"hello": exploit})

    assert set(broken) == {"hello"}


@pytest.mark.parametrize("exploit", EXPLOITS)
def test_body_is_no_code(exploit: str) -> None:
    """It says why it can't be filled, before anything of it is done."""
    with pytest.raises(PlaceholderError, match="chỉ dùng được"):
        Filler({}, {}, (), Phrases({})).fill(f"{exploit} {{{{ every_form }}}}", None)


@pytest.mark.parametrize("exploit", EXPLOITS)
def test_sentence_of_an_error_is_no_code(exploit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever meets it is told the code and the values."""
    monkeypatch.setattr(errors, "_phrases", lambda: {"staff_disabled": exploit})

    assert str(StaffError("staff_disabled", value=["Lan"])).startswith("Việc này không làm được")


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("articles/ocop/ho-so.md", lambda text: text.replace("Nộp một bộ giấy.", EXPLOITS[0])),
        ("phrases/replies.yml", lambda text: f'{text}\nmuc_la: "{EXPLOITS[0]}"\n'),
    ],
)
def test_check_of_content_refuses_it(folder: Path, file: str, change: Callable[[str], str]) -> None:
    """Neither the reviewer's machine nor the one that serves does what stands there."""
    path = write_content(folder / "content") / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    told = {finding.file: str(finding) for finding in read_library(folder / "content").findings}

    assert "chỉ dùng được" in told.get(file, "")
    assert not (folder / "owned").exists()
