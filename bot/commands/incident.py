"""`htx incident`: what a leak would have laid open, in numbers, and a draft of the notice."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from bot.commands.db import writing
from bot.terminal import By, Json, result, result_json
from services.clock import day_of, iso, read_moment, utc_now, write_day, write_moment
from services.errors import HtxError
from services.insight.incident import Incident, Kept, Kind, look_into
from services.knowledge.loader import read_library
from services.publishing.editions import keeper_of
from services.settings import Settings, load_settings
from services.staff import account, audit

_WITHIN = timedelta(hours=72)
_KINDS = {
    "person": "hồ sơ bà con (mã cuộc trò chuyện, vai trò, nơi ở, có nhận tin không)",
    "name": "trong đó có tên",
    "place": "trong đó có xã, phường",
    "consent": "lần đồng ý, từ chối, kèm nguyên văn",
    "group": "tên trong danh sách",
    "words": "lượt hỏi còn lời",
    "verdict": "lần chấm câu trả lời",
    "dossier": "hồ sơ của tôi (thủ tục, tên hợp tác xã, những gì đã đánh dấu)",
    "waiting": "tin nhắn chưa trả lời xong, nguyên văn",
    "delivery": "lần gửi thông báo còn biết của ai",
    "press": "lần bấm nút còn biết của ai",
    "erased": "mã băm của người đã xóa, đã từ chối",
    "staff": "tài khoản cán bộ",
}
"""What a kind is, in words."""

Since = Annotated[str, typer.Option("--since", help="Từ lúc nào, như “8:00 27/11”; trống: 72 giờ")]
Until = Annotated[str, typer.Option("--until", help="Đến lúc nào; trống là bây giờ")]
Found = Annotated[str, typer.Option("--found", help="Phát hiện lúc nào; trống là bây giờ")]
Notice = Annotated[bool, typer.Option("--notice", help="In bản nháp thông báo trong 72 giờ")]


def incident(  # noqa: PLR0913  # because each is an option
    *,
    since: Since = "",
    until: Until = "",
    found: Found = "",
    notice: Notice = False,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Có sự cố dữ liệu: những gì ở đâu, lúc nào, bao nhiêu, không có tên ai; nháp thông báo."""
    settings, now = load_settings(), utc_now()
    end = read_moment(until, now) if until else now
    start = read_moment(since, now) if since else end - _WITHIN
    if start > end:
        raise HtxError("span_reversed", since=write_moment(start), until=write_moment(end))
    seen = read_moment(found, now) if found else now
    looked = asyncio.run(_look(settings, start, end, by))
    if as_object:
        result_json(_as_json(looked, seen))
        return
    lines = _notice(settings, looked, seen) if notice else _report(looked, seen)
    for line in lines:
        result(line)


async def _look(settings: Settings, since: datetime, until: datetime, by: str) -> Incident:
    """Look, and note who did: it is part of what has to be shown."""
    async with writing(settings) as session:
        who = await account.actor(session, by)
        looked = await look_into(session, settings, since, until)
        audit.note(session, utc_now(), who, "incident.look")
    return looked


def _report(looked: Incident, seen: datetime) -> Iterator[str]:
    yield f"Từ {write_moment(looked.since)} đến {write_moment(looked.until)}."
    yield f"Phải báo trước {write_moment(seen + _WITHIN)}; nháp: “htx incident --notice”."
    yield (
        "\nTrong cơ sở dữ liệu, kể từ khi bắt đầu giữ đến lúc cuối, không riêng khoảng trên "
        "(thứ đã xóa từ đó thì chỉ còn ở bản sao lưu):"
    )
    yield from (f"  {_told(kind)}" for kind in looked.kinds)
    yield "\nTệp:"
    yield from map(_file, looked.files)
    yield f"\nBản sao lưu: {len(looked.backups)}"
    yield from map(_file, looked.backups)
    yield "\nViệc cán bộ làm trong khoảng ấy (chi tiết: “htx audit”):"
    yield from (f"  {did}: {count}" for did, count in looked.done.items())
    if looked.abroad:
        yield "\nTin nhắn đi qua Telegram, máy chủ ở nước ngoài."
    yield "\nMáy không biết ai đã vào máy chủ, ai đã chép tệp: xem nhật ký của hệ điều hành."
    yield "Làm gì tiếp: docs/van-hanh/du-lieu-ca-nhan.md."


def _told(kind: Kind) -> str:
    told = f"{kind.rows} {_KINDS[kind.name]}; {kind.people} người hoặc cuộc trò chuyện"
    if kind.first and kind.last:
        told += f"; từ {write_day(day_of(kind.first))} đến {write_day(day_of(kind.last))}"
    return told


def _file(file: Kept) -> str:
    is_open = ", TÀI KHOẢN KHÁC ĐỌC ĐƯỢC" if file.is_open else ""
    return f"  {file.name}: {file.size:,} byte{is_open}"


def _notice(settings: Settings, looked: Incident, seen: datetime) -> Iterator[str]:
    """Write the draft: what the machine does not know is left as dots."""
    phrases = read_library(settings.content_dir).phrases.of(keeper_of(settings))
    yield phrases.say(
        "incident_notice",
        seen=write_moment(seen),
        due=write_moment(seen + _WITHIN),
        since=write_moment(looked.since),
        until=write_moment(looked.until),
        kinds=list(map(_told, looked.kinds)),
        backups=len(looked.backups),
        abroad=looked.abroad,
    )


def _as_json(looked: Incident, seen: datetime) -> dict[str, Any]:
    files = {"files": looked.files, "backups": looked.backups}
    return {
        "since": iso(looked.since),
        "until": iso(looked.until),
        "due": iso(seen + _WITHIN),
        "kinds": {
            kind.name: {"rows": kind.rows, "people": kind.people}
            | {"first": iso(kind.first), "last": iso(kind.last)}
            for kind in looked.kinds
        },
        **{
            what: [{"name": one.name, "size": one.size, "open": one.is_open} for one in those]
            for what, those in files.items()
        },
        "done": looked.done,
        "abroad": looked.abroad,
    }
