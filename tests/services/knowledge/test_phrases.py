import pytest
from jinja2 import UndefinedError

from services.knowledge.phrases import Phrases


def test_missing_value_is_an_error() -> None:
    """A placeholder without a value is an error, never an empty place."""
    phrases, _ = Phrases.compile({"hello": "Chào {{ name }}"})

    with pytest.raises(UndefinedError):
        phrases.say("hello")
