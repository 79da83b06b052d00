"""Errors: a code and values for machines, a sentence of the content for people."""

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, meta

from bot.terminal import _REMEDIES, sentence_of
from services import errors
from services.errors import HtxError, StaffError
from services.settings import ROOT

PHRASES = yaml.safe_load((ROOT / "content/phrases/errors.yml").read_text(encoding="utf-8"))
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, HtxError)
}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Yield where an error is made by its code, the code, and the names of its values."""
    for path in [*Path(ROOT, "services").rglob("*.py"), *Path(ROOT, "bot").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            code = node.args[0] if node.args else None
            if node.func.id not in KINDS or not isinstance(code, ast.Constant):
                continue
            yield (
                f"{path.name}:{node.lineno}",
                str(code.value),
                {k.arg or "" for k in node.keywords},
            )


def named(template: str) -> set[str]:
    """Return the values that a sentence names."""
    environment = Environment(autoescape=True)
    environment.filters["day"] = str
    return meta.find_undeclared_variables(environment.parse(template))


def test_every_code_has_its_sentence() -> None:
    """A sentence of the content stands for each code, and names what the error carries."""
    found = list(raised())
    faults = [
        f"{where} {code}"
        for where, code, values in found
        if code not in PHRASES or named(PHRASES[code]) - values
    ]

    assert found
    assert faults == []


def test_no_code_has_two_sentences() -> None:
    """YAML keeps the last of two without a word."""
    lines = (ROOT / "content/phrases/errors.yml").read_text(encoding="utf-8").splitlines()
    codes = [line.partition(":")[0] for line in lines if line[:1].isalpha()]

    assert len(codes) == len(set(codes))


def test_every_remedy_is_of_a_code() -> None:
    """What the terminal advises belongs to an error that there is."""
    assert sorted(set(_REMEDIES) - set(PHRASES)) == []


def test_sentence_is_of_the_content() -> None:
    """With the values that the error carries."""
    error = StaffError("staff_disabled", name="Lan")

    assert (error.code, error.values) == ("staff_disabled", {"name": "Lan"})
    assert str(error) == "Tài khoản “Lan” đã bị khóa nên không làm được việc này."


def test_sentence_in_the_place_of_a_code_is_told_as_it_is() -> None:
    """Its code is that of its kind."""
    error = StaffError("Máy hết chỗ.")

    assert (str(error), error.code) == ("Máy hết chỗ.", "staff")


@pytest.mark.parametrize("error", [HtxError("no_such_code", number=7), HtxError("staff_disabled")])
def test_last_resort(error: HtxError) -> None:
    """Without a phrase, or with a value missing, there is a sentence all the same."""
    assert str(error).startswith("Việc này không làm được (")
    assert error.code in str(error)


def test_sentences_that_can_not_be_read_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error is told though the content is gone."""
    monkeypatch.setattr(errors, "_FILE", tmp_path / "gone.yml")
    monkeypatch.setattr(errors, "_phrases", errors._phrases.__wrapped__)  # noqa: SLF001  # because it is read once a process

    assert (
        str(StaffError("staff_disabled", name="Lan"))
        == "Việc này không làm được (staff_disabled, name: Lan)."
    )


def test_terminal_adds_the_command() -> None:
    """Where one helps; a name written in other letters is offered as it is kept."""
    error = StaffError("staff_unknown", name="lan", near=["Lan"])

    assert sentence_of(error).startswith(
        "Chưa có cán bộ tên “lan”; có phải “Lan”. Thêm bằng “htx staff add”"
    )


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOENT, "không có tệp hay thư mục đó"),
        (errno.EACCES, "không có quyền"),
        (errno.ENOSPC, "hết chỗ trên ổ đĩa"),
        (errno.ELOOP, os.strerror(errno.ELOOP)),
    ],
)
def test_refusal_of_the_system_is_told_in_words(number: int, why: str) -> None:
    """What is rare keeps the system's own words."""
    assert errors.why_of(OSError(number, os.strerror(number))) == why
