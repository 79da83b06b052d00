"""In a group the bot answers only when it is spoken to, and each person has a conversation."""

import pytest
from sqlalchemy import select

from services.bootstrap import Services
from services.storage.models import Turn
from tests.doubles.bot_api import BOT, NAME, BotApi
from tests.doubles.bot_api_chats import Json
from tests.doubles.telegram import ASKED, UNSURE, GatedNlu, Start

GROUP, ME, OTHER = -100, 7, 8


@pytest.mark.parametrize(
    "text",
    [f"@{NAME} {ASKED}", f"{ASKED} @{NAME.upper()}", f"/help@{NAME}", f"/start@{NAME}", "/help"],
)
async def test_addressed(api: BotApi, start: Start, text: str) -> None:
    """A message that names the bot, or a command, is answered as a reply to that message."""
    async with start():
        api.say(GROUP, text, person=ME)
        [reply] = await api.replies(GROUP, 1)
    parameters = api.called("sendMessage")[0].parameters

    assert reply.text
    assert '"message_id"' in parameters["reply_parameters"]


async def test_name_is_no_part_of_the_question(api: BotApi, nlu: GatedNlu, start: Start) -> None:
    """The bot's name is taken out before the question is read."""
    async with start():
        api.say(GROUP, f"@{NAME} {ASKED}", person=ME)
        await api.replies(GROUP, 1)

    assert nlu.asked == [ASKED]


async def test_reply_to_the_bot_is_addressed(api: BotApi, start: Start) -> None:
    """A reply to a message of the bot is for the bot."""
    async with start():
        reply = {
            "message_id": 1,
            "date": 1,
            "chat": api.chats.open(GROUP),
            "from": BOT,
            "text": "x",
        }
        api.say(GROUP, ASKED, person=ME, reply_to_message=reply)
        [answer] = await api.replies(GROUP, 1)

    assert "05 thành viên" in answer.text


async def test_not_addressed(api: BotApi, start: Start) -> None:
    """What people say to each other, other bots and pictures without the name get no reply."""
    picture = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    async with start():
        api.say(GROUP, ASKED, person=ME)
        api.say(GROUP, "/help@mot_bot_khac", person=ME)
        api.say(GROUP, f"@{NAME}khac {ASKED}", person=ME)
        api.say(GROUP, person=ME, photo=picture)
        api.say(ME, "/help")
        await api.replies(ME, 1)

    assert GROUP not in api.chats.sent
    assert not {call.chat for call in api.called("sendChatAction")} - {ME}


async def test_another_bot_is_not_talked_to(api: BotApi, start: Start) -> None:
    """A bot that names ours gets no reply; an admin who stays anonymous does."""
    robot: Json = {"id": 99, "is_bot": True, "first_name": "Bot khác"}
    async with start():
        api.say(GROUP, f"@{NAME} {ASKED}", sender=robot)
        api.say(GROUP, f"@{NAME} giúp", sender=robot, sender_chat=api.chats.open(GROUP))
        await api.replies(GROUP, 1)

    assert len(api.chats.sent[GROUP]) == 1


async def test_picture_with_the_name_is_told_what_to_send(
    api: BotApi, services: Services, start: Start
) -> None:
    """A picture whose caption names the bot gets the sentence about text."""
    picture = [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]
    async with start():
        api.say(GROUP, person=ME, photo=picture, caption=f"@{NAME} xem giúp")
        [told] = await api.replies(GROUP, 1)

    assert services.library.phrases.say("not_text") == told.text


async def test_each_person_has_a_conversation(
    api: BotApi, services: Services, start: Start
) -> None:
    """Two people in a group are two conversations; a press belongs to whoever pressed."""
    async with start():
        api.say(GROUP, f"@{NAME} {UNSURE}", person=ME)
        [offer] = await api.replies(GROUP, 1)
        api.press(GROUP, offer, offer.buttons["Hồ sơ OCOP"], person=OTHER)
        await api.replies(GROUP, 2)

    async with services.sessions() as session:
        keys = (await session.execute(select(Turn.key).order_by(Turn.id))).scalars()
        assert list(keys) == [f"{GROUP}:{ME}", f"{GROUP}:{OTHER}"]


async def test_forum_topic_is_answered_in_the_topic(
    api: BotApi, nlu: GatedNlu, start: Start
) -> None:
    """In a forum the reply and the sign of writing go to the topic of the question."""
    async with start():
        gate = nlu.hold(ASKED)
        topic: Json = {"message_thread_id": 42, "is_topic_message": True}
        api.say(GROUP, f"@{NAME} {ASKED}", person=ME, **topic)
        await api.until(lambda: api.called("sendChatAction"))
        gate.opened.set()
        await api.replies(GROUP, 1)
    calls = [*api.called("sendMessage"), *api.called("sendChatAction")]

    assert {"42"} == {call.parameters["message_thread_id"] for call in calls}


async def test_moved_group_is_answered_where_it_is_now(api: BotApi, start: Start) -> None:
    """When a group got a new id, the reply follows it there."""
    api.chats.open(-200)
    api.fail("sendMessage", 400, parameters={"migrate_to_chat_id": -200})
    async with start():
        api.say(GROUP, f"@{NAME} {ASKED}", person=ME)
        [answer] = await api.replies(-200, 1)

    assert "05 thành viên" in answer.text
