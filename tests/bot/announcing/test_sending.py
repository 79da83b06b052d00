import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, update
from sqlalchemy.exc import OperationalError

from services.announcements.attachments import Uploads
from services.announcements.quiet import Quiet
from services.announcements.sending.batch_sender import BatchSender
from services.announcements.sending.dispatcher import Dispatcher
from services.people import person
from services.people.profile import read_profile
from services.staff import stops
from services.storage.models import Announcement, TopicChoice
from tests.conftest import NOON
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.broadcast import APPROVER, AUTHOR, TEXT, Broadcast, with_files

Work = Callable[[int], Coroutine[None, None, None]]
PHOTO = b"\xff\xd8" + bytes(100)


def open_chats(api: BotApi, chats: range) -> None:
    """Have each person start the bot."""
    for chat in chats:
        api.chats.open(chat)


async def queued_for(broadcast: Broadcast, api: BotApi, folder: Path, people: int) -> int:
    """Settle so many farmers who have started the bot; queue an announcement to them."""
    open_chats(api, range(1, people + 1))
    await broadcast.settle(range(1, people + 1))
    return await broadcast.queued(folder)


async def held_in_the_midst(
    broadcast: Broadcast, api: BotApi, work: Work, number: int, step: str
) -> int:
    """Pause or cancel while a message is on its way; return how many had theirs when it was so."""
    gate = asyncio.Event()
    api.fail("sendMessage", chat=50, gate=gate)
    working = asyncio.create_task(work(number))
    await api.until(lambda: any(call.chat == 50 for call in api.called("sendMessage")))
    async with broadcast.sessions.begin() as session:
        await getattr(broadcast.announcer, step)(session, number, AUTHOR)
    gate.set()
    await working
    return len(api.chats.sent)


async def test_everybody_meant_who_agreed_gets_it_once(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Of 250 farmers the 230 who agree get one message each, with their own name."""
    open_chats(api, range(1, 251))
    await broadcast.settle(range(1, 231))
    await broadcast.settle(range(231, 251), agreed=False)
    number = await broadcast.queued(tmp_path)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 230}
    assert {chat: len(sent) for chat, sent in api.chats.sent.items()} == dict.fromkeys(
        range(1, 231), 1
    )
    assert "Chào Bà con 7, mời bà con dự lớp." in api.chats.sent[7][0].text
    assert (await broadcast.state(number)).state == "done"


async def test_who_blocked_the_bot_is_stopped(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A person who blocked the bot is marked as stopped, with the reason, and is no failure."""
    open_chats(api, range(1, 4))
    api.block(2)
    await broadcast.settle(range(1, 5))
    number = await broadcast.queued(tmp_path)
    await work(number)

    rows = await broadcast.rows(number)
    async with broadcast.sessions() as session:
        gone = await person.find(session, "telegram", "2")

    assert rows[2] == ("stopped", "blocked")
    assert rows[4] == ("stopped", "not_found")
    assert gone is not None
    assert gone.stopped == "blocked"
    assert gone.stopped_at is not None


async def test_too_many_requests_holds_bulk_and_repeats_the_same_message(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """After 429 the same person gets the message once the time is over, once."""
    api.fail("sendMessage", 429, times=3, parameters={"retry_after": 1})
    number = await queued_for(broadcast, api, tmp_path, 10)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 10}
    assert {len(sent) for sent in api.chats.sent.values()} == {1}


async def test_lost_answer_is_uncertain_and_not_sent_again(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A message whose answer was lost is listed as uncertain, and never sent twice."""
    api.fail("sendMessage", chat=3, dropped=True, afterwards=True)
    number = await queued_for(broadcast, api, tmp_path, 5)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 4, "uncertain": 1}
    assert (await broadcast.rows(number))[3][0] == "uncertain"
    assert len(api.chats.sent[3]) == 1


async def test_server_error_is_tried_again(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """What Telegram answers by an error of its own is tried again after a pause."""
    api.fail("sendMessage", 502, times=1)
    number = await queued_for(broadcast, api, tmp_path, 3)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 3}
    assert {len(sent) for sent in api.chats.sent.values()} == {1}


async def test_chat_that_moved_is_followed(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A chat with a new id gets the message there, and is known by it from now on."""
    open_chats(api, range(1, 4))
    api.chats.open(99)
    await broadcast.settle(range(1, 4))
    moved = {"migrate_to_chat_id": 99}
    api.fail(
        "sendMessage",
        400,
        chat=2,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters=moved,
    )
    number = await broadcast.queued(tmp_path)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 3}
    assert len(api.chats.sent[99]) == 1
    assert (await broadcast.rows(number))[99] == ("sent", "")


async def test_chat_that_moved_to_one_that_is_known_holds_up_nobody(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Who stands in the list under both ids gets one letter, at the new one."""
    moved = {"migrate_to_chat_id": 3}
    api.fail("sendMessage", 400, times=20, chat=2, description="moved", parameters=moved)
    number = await queued_for(broadcast, api, tmp_path, 4)
    await work(number)

    assert (await broadcast.state(number)).state == "done"
    assert await broadcast.counted(number) == {"sent": 3, "stopped": 1}
    assert len(api.chats.sent[3]) == 1


async def test_file_that_telegram_finds_too_big_stops_at_the_first_recipient(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """What is refused for everyone is no channel that is out of order: nobody else waits for it."""
    api.fail("sendMessage", 413, times=3, description="Request Entity Too Large")
    number = await queued_for(broadcast, api, tmp_path, 5)
    await work(number)
    state = await broadcast.state(number)

    assert (state.state, "Too Large" in state.reason) == ("failed", True)
    assert await broadcast.counted(number) == {"failed": 1, "cancelled": 4}


async def test_refused_text_stops_at_the_first_recipient(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A text that Telegram refuses is tried on one person alone; nobody else gets anything."""
    api.fail("sendMessage", 400, times=999, description="Bad Request: can't parse entities")
    number = await queued_for(broadcast, api, tmp_path, 250)
    await work(number)
    state = await broadcast.state(number)

    assert state.state == "failed"
    assert "parse entities" in state.reason
    assert len(api.called("sendMessage")) == 1
    assert await broadcast.counted(number) == {"failed": 1, "cancelled": 249}


async def test_many_failures_pause_by_themselves(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """When more than a fifth of at least fifty attempts fail, sending pauses and says why."""
    for chat in range(2, 80, 2):
        api.fail("sendMessage", 400, chat=chat, description="Bad Request: something odd")
    number = await queued_for(broadcast, api, tmp_path, 300)
    await work(number)
    state, counted = await broadcast.state(number), await broadcast.counted(number)

    assert state.state == "paused"
    assert "39 trên 100" in state.reason
    assert counted["pending"] > 0


async def test_people_who_are_gone_are_no_failures(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """However many blocked the bot, sending goes on."""
    open_chats(api, range(1, 201))
    for chat in range(1, 120):
        api.block(chat)
    await broadcast.settle(range(1, 201))
    number = await broadcast.queued(tmp_path)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 81, "stopped": 119}


async def test_pause_takes_hold_and_resume_goes_on(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Paused while it is sent, no new message begins; resumed, the others follow, each once."""
    number = await queued_for(broadcast, api, tmp_path, 300)
    before = await held_in_the_midst(broadcast, api, work, number, "pause")
    async with broadcast.sessions.begin() as session:
        await broadcast.announcer.resume(session, number, APPROVER)
    await work(number)

    assert before < 120
    assert await broadcast.counted(number) == {"sent": 300}
    assert {len(sent) for sent in api.chats.sent.values()} == {1}


async def test_cancel_gives_up_the_rest(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Cancelled while it is sent, the rest is given up for good."""
    number = await queued_for(broadcast, api, tmp_path, 300)
    before = await held_in_the_midst(broadcast, api, work, number, "cancel")
    counted = await broadcast.counted(number)

    assert set(counted) == {"sent", "cancelled"}
    assert counted["sent"] == before < 120


async def test_who_withdraws_before_the_turn_gets_nothing(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A person who says no after it was queued, to all or to the topic, is told nothing."""
    number = await queued_for(broadcast, api, tmp_path, 5)
    async with broadcast.sessions.begin() as session:
        for chat in ("2", "4"):
            found = await person.find(session, "telegram", chat)
            assert found is not None
            profile = await read_profile(session, found)
            if chat == "2":
                profile.answer(given=False, wording="/dungtin", now=datetime.now(UTC))
            else:
                profile.choose("ocop", wanted=False)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 3, "stopped": 2}
    assert set(api.chats.sent) == {1, 3, 5}


async def test_choice_of_a_topic_counts_for_that_topic_alone(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """Who wants nothing of one topic is told of the other, whichever was written first."""
    open_chats(api, range(1, 4))
    await broadcast.settle(range(1, 4))
    numbers = [
        await broadcast.queued(tmp_path, TEXT.replace("topic: ocop", f"topic: {topic}"))
        for topic in ("founding", "ocop")
    ]
    async with broadcast.sessions.begin() as session:
        found = await person.find(session, "telegram", "2")
        assert found is not None
        (await read_profile(session, found)).choose("founding", wanted=False)
    for number in numbers:
        await work(number)

    assert [await broadcast.counted(number) for number in numbers] == [
        {"sent": 2, "stopped": 1},
        {"sent": 3},
    ]


async def test_who_is_erased_before_the_turn_gets_nothing(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """A person erased after it was queued is told nothing, and the run ends all the same."""
    number = await queued_for(broadcast, api, tmp_path, 5)
    await broadcast.erase(2)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 4, "stopped": 1}
    assert 2 not in api.chats.sent


async def test_quiet_hours_hold_it_and_it_goes_on_by_itself(
    broadcast: Broadcast, api: BotApi, work: Work, sender: BatchSender, tmp_path: Path
) -> None:
    """In quiet hours nothing is sent; after them all of it is, without anybody's doing."""
    number = await queued_for(broadcast, api, tmp_path, 5)
    clock = [datetime(2026, 11, 26, 22, tzinfo=UTC)]  # five in the morning in Việt Nam
    sender.quiet, sender.now = Quiet(time(21), time(6)), lambda: clock[0]
    await work(number)
    before = dict(api.chats.sent)
    clock[0] += timedelta(hours=2)
    await work(number)

    assert before == {}
    assert await broadcast.counted(number) == {"sent": 5}


async def test_what_is_urgent_goes_in_quiet_hours_and_nothing_else(
    broadcast: Broadcast, api: BotApi, work: Work, sender: BatchSender, tmp_path: Path
) -> None:
    """Also to who turned the topic off; what is not urgent waits beside it."""
    plain = await queued_for(broadcast, api, tmp_path, 3)
    async with broadcast.sessions.begin() as session:
        session.add(TopicChoice(person_id=1, topic="ocop", wanted=False))
    urgent = await broadcast.queued(tmp_path, TEXT.replace("topic:", "urgent: có\ntopic:"))
    night = datetime(2026, 11, 26, 22, tzinfo=UTC)  # five in the morning in Việt Nam
    sender.quiet, sender.now = Quiet(time(21), time(6)), lambda: night
    await work(urgent)

    assert await broadcast.counted(urgent) == {"sent": 3}
    assert await broadcast.counted(plain) == {"pending": 3}


async def test_what_a_dead_worker_left_under_way_is_uncertain(
    broadcast: Broadcast, api: BotApi, work: Work, sender: BatchSender, tmp_path: Path
) -> None:
    """A delivery that was claimed when its worker died is listed, not sent again."""
    number = await queued_for(broadcast, api, tmp_path, 5)
    async with broadcast.sessions.begin() as session:
        announcement = await session.get(Announcement, number)
        assert announcement is not None
        announcement.state = "sending"
    assert await sender.deliveries.claim(3, 0)
    await work(number)

    assert await broadcast.counted(number) == {"sent": 4, "uncertain": 1}
    assert (await broadcast.rows(number))[3] == ("uncertain", "interrupted")
    assert 3 not in api.chats.sent


async def test_claim_is_given_once(
    broadcast: Broadcast, sender: BatchSender, tmp_path: Path
) -> None:
    """Of many who want to send the same delivery one may."""
    await broadcast.settle(range(1, 3))
    number = await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        announcement = await session.get(Announcement, number)
        assert announcement is not None
        announcement.state = "sending"
    claimed = [await sender.deliveries.claim(1, 0) for _ in range(3)]

    assert claimed == [True, False, False]


async def test_claim_knows_how_much_of_a_letter_is_out(
    broadcast: Broadcast, sender: BatchSender, tmp_path: Path
) -> None:
    """Whoever believes that less is out, or more, may send nothing of it."""
    await broadcast.settle(range(1, 3))
    number = await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        await session.execute(update(Announcement).values(state="sending"))
    assert await sender.deliveries.claim(1, 0)
    await sender.deliveries.release(1, 1)
    claimed = [await sender.deliveries.claim(1, parts) for parts in (0, 2, 1)]

    assert claimed == [False, False, True]
    assert await broadcast.counted(number) == {"pending": 1, "sending": 1}


async def test_claim_whose_commit_was_lost_is_known_again(
    broadcast: Broadcast, sender: BatchSender, tmp_path: Path
) -> None:
    """The database took it and was gone before it said so: the letter is ours, and is sent."""
    await broadcast.settle(range(1, 3))
    number, lose = await broadcast.queued(tmp_path), [True]
    async with broadcast.sessions.begin() as session:
        await session.execute(update(Announcement).values(state="sending"))

    @event.listens_for(sender.deliveries.engine, "commit")
    def lost(connection: Connection) -> None:
        """Commit, then lose the answer, once."""
        if lose and lose.pop():
            connection.connection.commit()
            raise OperationalError("commit", {}, ConnectionError())

    assert await sender.deliveries.claim(1, 0)
    assert not await sender.deliveries.claim(1, 0)
    assert await broadcast.counted(number) == {"pending": 1, "sending": 1}


@pytest.mark.parametrize("kind", ["jpg", "pdf"])
async def test_attachment_is_uploaded_once(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path, kind: str
) -> None:
    """A short text stands under its one file, which Telegram is given once for everybody."""
    open_chats(api, range(1, 6))
    await broadcast.settle(range(1, 6))
    (tmp_path / f"thu-moi.{kind}").write_bytes(PHOTO if kind == "jpg" else b"%PDF-1.7 " + PHOTO)
    text = TEXT.replace("source:", f"attachments: [thu-moi.{kind}]\nsource:")
    number = await broadcast.queued(tmp_path, text)
    await work(number)
    method = "sendPhoto" if kind == "jpg" else "sendDocument"
    field = "photo" if kind == "jpg" else "document"
    given = [call.parameters.get(field) for call in api.called(method)]
    uploads, bot = Uploads(broadcast.sessions, "telegram"), int(TOKEN.partition(":")[0])

    assert await broadcast.counted(number) == {"sent": 5}
    assert len([one for one in given if not isinstance(one, str)]) == 1
    assert "mời bà con dự lớp" in api.chats.sent[2][0].text
    assert await uploads.find(bot, (await broadcast.state(number)).attachments[0]["sha256"])


async def test_file_that_another_bot_uploaded_is_uploaded_anew(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """After a change of bot Telegram knows none of the names; nobody is left without the file."""
    open_chats(api, range(1, 4))
    await broadcast.settle(range(1, 4))
    (tmp_path / "thu-moi.pdf").write_bytes(b"%PDF-1.7 ")
    text = with_files("thu-moi.pdf")
    first = await broadcast.queued(tmp_path, text)
    await work(first)
    api.chats.files.clear()
    second = await broadcast.queued(tmp_path, text)
    await work(second)
    given = [call.parameters["document"] for call in api.called("sendDocument")]

    assert await broadcast.counted(second) == {"sent": 3}
    assert len([one for one in given if not isinstance(one, str)]) == 2


async def test_what_has_lapsed_meanwhile_is_not_sent(
    broadcast: Broadcast, api: BotApi, work: Work, tmp_path: Path
) -> None:
    """When the last day ends before all were told, the rest is held, and staff are told why."""
    await broadcast.settle(range(1, 6))
    number = await broadcast.queued(tmp_path)
    async with broadcast.sessions.begin() as session:
        announcement = await session.get(Announcement, number)
        assert announcement is not None
        announcement.state, announcement.valid_until = "sending", date(2020, 1, 1)
    await work(number)
    state = await broadcast.state(number)

    assert (state.state, state.reason.partition(" ")[0]) == ("paused", "Hạn")
    assert not api.called("sendMessage")


async def test_closing_worker_begins_nothing(
    broadcast: Broadcast, api: BotApi, work: Work, sender: BatchSender, tmp_path: Path
) -> None:
    """A worker that is told to end leaves the rest for its next life."""
    number = await queued_for(broadcast, api, tmp_path, 5)
    sender.closing = True
    await work(number)
    sender.closing = False
    await work(number)

    assert await broadcast.counted(number) == {"sent": 5}


async def test_an_administrator_stops_all_sending(
    broadcast: Broadcast,
    api: BotApi,
    work: Work,
    sender: BatchSender,
    tmp_path: Path,
) -> None:
    """What is under way ends, nobody else is written to; let go on, each has it once."""
    number = await queued_for(broadcast, api, tmp_path, 100)
    gate = asyncio.Event()
    api.fail("sendMessage", chat=50, gate=gate)
    working = asyncio.create_task(work(number))
    await api.until(lambda: any(call.chat == 50 for call in api.called("sendMessage")))
    async with broadcast.sessions.begin() as session:
        await stops.stop(session, "sending", "", NOON, AUTHOR)
    await Dispatcher(sender, sender.send).look()
    gate.set()
    await api.until(lambda: 50 in api.chats.sent)
    had = len(api.chats.sent)
    assert had < 100
    async with broadcast.sessions.begin() as session:
        assert (await broadcast.state(number)).state == "sending"
        await stops.resume(session, "sending", NOON, AUTHOR)
    await working

    assert {len(sent) for sent in api.chats.sent.values()} == {1}
    assert await broadcast.counted(number) == {"sent": 100}
