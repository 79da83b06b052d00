"""A talk about a tổ hợp tác goes on about it, though more people ask the same of a cooperative."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.knowledge.library import Library
from tests.doubles.citizen import Citizen
from tests.doubles.content import read_content
from tests.doubles.nlu import FakeNlu, reading


@pytest.fixture
def library(content: Path) -> Library:
    """Return content in which two articles are about a body that is no cooperative."""
    read = read_content(content)
    bodies = dict.fromkeys(("ocop/ho-so", "ocop/hang-sao"), "tổ hợp tác")
    return replace(read, cues=read.cues.model_copy(update={"bodies": bodies}))


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("mấy thành viên", "ocop/hang-sao"),
        ("hợp tác xã, mấy thành viên", "founding/so-thanh-vien"),
        ("nộp ở đâu", "ocop/ho-so"),
        ("tên gọi", "founding/ho-so"),
    ],
)
async def test_few_words_are_asked_of_the_body_that_is_spoken_of(
    services: Services, nlu: FakeNlu, asked: str, answered: str
) -> None:
    """Unless they name another, and where an article about it answers them."""
    nlu.table["hồ sơ ocop"] = reading(("ocop.ho-so", 0.9))
    nlu.table["mấy thành viên | ocop/ho-so"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["tổ hợp tác mấy thành viên"] = reading(("ocop.hang-sao", 0.9))
    nlu.table["hợp tác xã, mấy thành viên | ocop/ho-so"] = reading(("founding.so-thanh-vien", 0.9))
    nlu.table["nộp ở đâu | ocop/ho-so"] = reading(("ocop.ho-so", 0.9))
    nlu.table["tên gọi | ocop/ho-so"] = reading(("founding.ho-so", 0.9))
    nlu.table["tổ hợp tác tên gọi"] = reading(("founding.ho-so", 0.9))
    people = Citizen(services)

    await people.say("hồ sơ ocop")

    assert (await people.say(asked)).article == answered
