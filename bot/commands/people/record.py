"""`htx people show | erase`: all that is held of one person, and that it is gone."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.db import opened, writing
from bot.terminal import By, Channel, ChatId, Json, progress, result, result_json
from services import inbox
from services.clock import VIETNAM, utc_now
from services.conversation.names import CHANNEL, kept_under
from services.errors import PeopleError
from services.people import forgotten, personal_data
from services.people.person import TELEGRAM, identity_of
from services.people.record import PersonRecord, record_of
from services.settings import Settings, load_settings
from services.staff import account, audit
from services.storage.models import Person
from services.storage.wiping import Wiper

_OPEN = "Còn chương trình đang đọc nên vết trên đĩa chưa cắt ngay; “htx run” cắt trong ngày."
_GIVEN = {True: "đồng ý nhận thông báo", False: "không nhận thông báo"}
_SOURCES = {"self": "tự nói", "import": "cán bộ nhập"}


def show(
    chat_id: ChatId,
    *,
    channel: Channel = TELEGRAM,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Xem tất cả những gì đang giữ của một người, kể cả từng lần đồng ý; việc xem được ghi lại."""
    found = asyncio.run(_held(load_settings(), channel, chat_id, by))
    if found is None:
        raise PeopleError("people_nothing_held")
    if as_object:
        result_json(found.as_json())
        return
    for line in _lines(found):
        result(line)


def erase(
    chat_id: ChatId,
    *,
    channel: Channel = TELEGRAM,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Xóa ngay tất cả của một người, không hỏi lại; không gửi gì cho người đó nữa."""
    settings = load_settings()
    erased, wiped = asyncio.run(_erase(settings, channel, chat_id, by))
    days = settings.backup_days
    if as_object:
        result_json({"known": erased.known, "turns": erased.turns, "backup_days": days})
    else:
        person = "hồ sơ, các lần đồng ý, chủ đề, nhóm và " if erased.known else ""
        result(f"Đã xóa {person}{erased.turns} lượt hỏi.")
        result(f"Bản sao lưu còn giữ đến {days} ngày (HTX_BACKUP_DAYS) rồi tự xóa.")
    if not wiped:
        progress(_OPEN)


async def _held(settings: Settings, channel: str, chat: str, by: str) -> PersonRecord | None:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        identity = identity_of(settings)
        names = await _names(session, channel, chat)
        each = [await record_of(session, identity, channel, name) for name in names]
        found = [one for one in each if one is not None]
        if found:
            audit.note(session, utc_now(), who, "people.show")
    for other in found[1:]:
        found[0].add_talk(other)
    return found[0] if found else None


async def _names(session: AsyncSession, channel: str, chat: str) -> list[str]:
    """Return what the conversations of a chat are called: on the web by what a program gave."""
    return await kept_under(session, chat) if channel == CHANNEL else [chat]


def _lines(found: PersonRecord) -> Iterator[str]:
    if found.person:
        yield from _lines_of_person(found.person, found.place)
    yield f"Chủ đề: {', '.join(map(_choice, found.topics.items())) or 'chưa chọn'}"
    yield f"Nhóm: {', '.join(found.groups) or 'không có'}"
    for answer in found.consent:
        given, source = _GIVEN[answer.given], _SOURCES[answer.source]
        yield f"{_at(answer.at)} {given} ({source}): {answer.wording}"
    for sent in found.deliveries:
        yield f"Thông báo {sent.announcement_id}: {sent.state} {sent.reason}".rstrip()
    for press in found.presses:
        yield f"{_at(press.at)} bấm nút {press.button} ở thông báo {press.announcement_id}"
    yield from _lines_of_talk(found)
    for named in found.named_in:
        yield f"Được nêu đích danh ở thông báo {named.id}"
    if found.account:
        drafting = ", đang soạn dở một thông báo" if found.drafting else ""
        yield f"Tài khoản cán bộ đã nối: {found.account}{drafting}"
    for followed in found.follows:
        yield f"Được báo tiến độ thông báo {followed.id}"
    if found.barred:
        yield f"Danh sách không đưa vào lại, từ {_at(found.barred.at)}"


def _lines_of_talk(found: PersonRecord) -> Iterator[str]:
    for turn in found.turns:
        yield f"{_at(turn.at)} hỏi: {turn.text or f'[{turn.payload}]'}"
    if found.conversation and found.conversation.question:
        yield f"Câu đang mở: {found.conversation.question}"
    yield f"Đã đánh giá {found.verdicts} câu trả lời."
    for asked in found.pending:
        yield f"Đang được hỏi: {asked.kind}"
    if found.waiting:
        yield f"Tin đang chờ trả lời: {len(found.waiting)}"


def _lines_of_person(person: Person, place: str) -> Iterator[str]:
    yield f"Kênh: {person.channel}, chat_id: {person.chat}"
    yield f"Tên: {person.name or 'chưa biết'}"
    yield f"Vai trò: {person.role or 'chưa biết'}. Nơi ở: {place or 'chưa biết'}"
    yield f"Nhận thông báo: {'có' if person.agreed else 'không'}"
    if person.stopped and person.stopped_at:
        yield f"Không gửi tới được từ {_at(person.stopped_at)}: {person.stopped}"
    seen = f"nhắn lần cuối {_at(person.seen_at)}" if person.seen_at else "chưa từng nhắn"
    yield f"Biết từ {_at(person.created_at)}, {seen}"


def _choice(choice: tuple[str, bool]) -> str:
    topic, wanted = choice
    return topic if wanted else f"{topic} (đã tắt)"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


async def _erase(
    settings: Settings, channel: str, chat: str, by: str
) -> tuple[personal_data.Erased, bool]:
    """Erase a person; return what was erased, and whether the disk is clean of it.

    Raises:
        PeopleError: nothing is held of such a person.

    """
    identity = identity_of(settings)
    async with opened(settings) as sessions:
        await forgotten.replay(sessions, settings.data_dir, identity)
        await personal_data.hold_back(sessions, channel, chat, utc_now())
        async with sessions.begin() as session:
            who = await account.actor(session, by)
            each = [
                await _erase_one(session, settings, channel, name)
                for name in await _names(session, channel, chat)
                if await record_of(session, identity, channel, name) is not None
            ]
            if not each:
                raise PeopleError("people_nothing_held")
            known, turns = any(one.known for one in each), sum(one.turns for one in each)
            audit.note(session, utc_now(), who, "people.erase", "", known=known, turns=turns)
        return personal_data.Erased(known, turns), await Wiper(sessions).insist()


async def _erase_one(
    session: AsyncSession, settings: Settings, channel: str, chat: str
) -> personal_data.Erased:
    identity, now = identity_of(settings), utc_now()
    trace = forgotten.trace_of(identity, channel, chat)
    await forgotten.note(session, settings.data_dir, trace, now)
    erased = await personal_data.erase(session, identity, channel, chat, now)
    await inbox.forget(session, channel, chat)
    return erased
