"""Phrases: what the code says, and what stands for it where the content has no words."""

import re

import pytest
import yaml
from jinja2 import UndefinedError

from services.knowledge.phrases import Phrases, needed
from services.settings import ROOT

_SAYS = re.compile(
    r"""\b(?:say|_say|sentence|menu|reply|_noted|thanks)\(\s*["']([a-z][a-z_]+)["']"""
)
_SHARED = ("", "staff_", "procedure_")
"""What a room puts before all its names."""
_BEGINS, _ENDS = re.compile(r"""["']([a-z_]+_)(?:\{|["'])"""), re.compile(r"""\}(_[a-z]+)["']""")
"""Of names that are put together, as in `f"staff_{phrase}"` and `f"{phrase}_news"`."""


def code() -> str:
    """Return everything that may say a phrase."""
    paths = [path for room in ("bot", "services") for path in (ROOT / room).rglob("*")]
    return "\n".join(p.read_text("utf-8") for p in paths if p.suffix in (".py", ".html"))


def test_missing_value_is_an_error() -> None:
    """A placeholder without a value is an error, never an empty place."""
    phrases, _ = Phrases.compile({"hello": "Chào {{ name }}"})

    with pytest.raises(UndefinedError):
        phrases.say("hello")


def test_content_comes_with_all_that_is_needed() -> None:
    """The list and the files are the same, so that nobody forgets either."""
    files = {
        name: frozenset(yaml.safe_load((ROOT / f"content/phrases/{name}.yml").read_text("utf-8")))
        for name in needed()
    }

    assert dict(needed()) == files


def test_what_the_code_says_is_needed() -> None:
    """Each name that stands whole in the code is on the list, some without its beginning."""
    listed = frozenset().union(*needed().values())
    told = set(_SAYS.findall(code()))

    assert len(told) > 50
    assert {name for name in told if not {f"{room}{name}" for room in _SHARED} & listed} == set()


def test_what_is_needed_is_said() -> None:
    """Each name on the list stands in the code, whole or put together out of what stands there."""
    text = code()
    words = set(re.findall("[a-z][a-z0-9_]*", text))
    begins, ends = set(_BEGINS.findall(text)), set(_ENDS.findall(text))

    def told(name: str) -> bool:
        rests = {name.removeprefix(one) for one in begins} | {name.removesuffix(e) for e in ends}
        return name in words or any(map(told, rests - {name}))

    assert [name for names in needed().values() for name in names if not told(name)] == []


def test_phrase_that_nobody_has_is_said_by_its_name() -> None:
    """So that the rest of broken content can be looked at; it is known that it is missing."""
    own, _ = Phrases.compile({"hello": "Chào"})

    whole = own.completed(frozenset({"hello", "thanks", "bye"}), {"thanks": "Cảm ơn"})

    assert [whole.say(name) for name in ("hello", "thanks", "bye")] == ["Chào", "Cảm ơn", "[bye]"]
    assert whole.borrowed == {"thanks"}
    assert whole.missing == {"bye"}
