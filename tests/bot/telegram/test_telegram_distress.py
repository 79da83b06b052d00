"""Distress in Telegram: kind words, no button, and nothing of it left anywhere."""

import json

import pytest
from sqlalchemy import text

from services.bootstrap import Services
from services.storage.models import Base
from tests.doubles.bot_api import BotApi
from tests.doubles.phone import ME, Phone
from tests.doubles.telegram import ASKED

pytestmark = pytest.mark.usefixtures("bot")
CLEAR = "hợp tác xã phá sản rồi, tui không muốn sống nữa"
DOUBT = "tuyệt vọng quá, mai mưa không"


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of each database in turn."""
    return any_database


async def everything(services: Services) -> str:
    """Return every row of every table but what articles say."""
    rows: list[str] = []
    async with services.sessions() as session:
        for table in Base.metadata.sorted_tables:
            if table.name != "article_version":
                found = await session.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608  # because the names are the tables' own
                rows += [json.dumps(list(row), ensure_ascii=False, default=str) for row in found]
    return "\n".join(rows)


async def test_kind_words_alone_and_nothing_kept(phone: Phone, services: Services) -> None:
    """Nothing to press stands below; once said, no row has its words, nor the reply's."""
    await phone.start()
    first = await phone.say(CLEAR)
    second = await phone.say(CLEAR)
    doubt = await phone.say(DOUBT)
    told = await phone.say("/dulieu")
    await phone.settle()
    kept = await everything(services)

    assert "115" in first.text
    assert "115" in second.text
    assert first.text != second.text
    assert "115" in doubt.text
    assert (first.buttons, second.buttons, doubt.buttons) == ({}, {}, {})
    words = ("sống nữa", "phá sản rồi", "tuyệt vọng", "gọi 115", "một mình")
    assert [word for word in words if word in kept or word in told.text] == []


async def test_question_after_it_is_answered(phone: Phone) -> None:
    """What is asked of the law next gets its answer and its buttons."""
    await phone.say(CLEAR)

    answered = await phone.say(ASKED)

    assert "115" not in answered.text
    assert answered.buttons


async def test_words_under_a_picture_are_heard(api: BotApi) -> None:
    """A picture is not looked at, what stands under it is."""
    picture = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]

    api.say(ME, photo=picture, caption=CLEAR)

    assert "115" in (await api.replies(ME, 1))[0].text
