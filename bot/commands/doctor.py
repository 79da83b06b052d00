"""`htx doctor`: every dependency pinged, every setting explained, in plain words."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import typer
from sqlalchemy import make_url

from bot.commands.db import reading
from bot.commands.nlu import client_of
from bot.commands.terminal import result
from services.clock import VIETNAM
from services.errors import HtxError
from services.knowledge.library import Library, read_library
from services.people.person import count
from services.publishing.status import Record, read_record, record_path
from services.settings import Settings, load_settings
from services.staff.account import can_approve, everyone
from services.storage.migrate import upgrade
from services.understanding.model import model_path, newest_model, nlu_python
from services.understanding.thresholds import load_thresholds

_GIB = 1024**3
_LOW_DISK = 2 * _GIB


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and a sentence about it."""

    well: bool
    sentence: str


def doctor() -> None:
    """Khám từng phần của sản phẩm và giải thích từng cài đặt."""
    settings = load_settings()
    found = [
        *_content(read_library(settings.content_dir)),
        *_machine(settings),
        *_published(read_record(record_path(settings))),
        *asyncio.run(_services(settings)),
    ]
    for finding in found:
        result(f"{'✓' if finding.well else '✗'} {finding.sentence}")
    result("\nCài đặt (biến môi trường hoặc tệp .env):")
    for line in _settings(settings):
        result(line)
    if not all(finding.well for finding in found):
        raise typer.Exit(1)


def _content(library: Library) -> Iterator[Finding]:
    broken = len(library.findings)
    yield Finding(not broken, f"Nội dung: {len(library.articles)} bài, {broken} chỗ cần sửa.")
    empty = [office.name for office in library.offices if not office.phone]
    if empty:
        where = "content/places/contacts.yml"
        yield Finding(
            well=True, sentence=f"Chưa điền địa chỉ, điện thoại ở {where}: {', '.join(empty)}."
        )


def _machine(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    yield Finding(free > _LOW_DISK, f"Ổ đĩa còn {free / _GIB:.1f} GB ở {settings.data_dir}.")
    yield _tried("Môi trường máy hiểu đã cài.", nlu_python)
    yield _tried("Ngưỡng trả lời đọc được.", load_thresholds)
    fresh = model_path(settings).exists()
    older = "có mô hình cũ" if newest_model(settings) else "chưa có mô hình nào"
    yield Finding(
        fresh,
        "Mô hình khớp với nội dung."
        if fresh
        else f"Nội dung đã đổi, {older}; chạy “htx nlu train”.",
    )


def _published(record: Record | None) -> Iterator[Finding]:
    if record is None:
        return
    yield Finding(
        well=True,
        sentence=f"Bản nội dung đang dùng: {record.edition}, từ {_at(record.served_since)}.",
    )
    if record.refused_at is not None:
        why = "\n  ".join(record.findings)
        yield Finding(
            well=False, sentence=f"Lần sửa lúc {_at(record.refused_at)} bị từ chối: {why}"
        )


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"


async def _services(settings: Settings) -> list[Finding]:
    client = client_of(settings)
    heard = await client.ping()
    await client.close()
    nlu = "đang trả lời" if heard else "chưa chạy; “make run” sẽ khởi động"
    return [
        await _database(settings),
        *await _people(settings),
        Finding(heard, f"Máy hiểu câu hỏi ở {settings.nlu_url} {nlu}."),
    ]


async def _database(settings: Settings) -> Finding:
    try:
        await upgrade(settings.database_url)
    except HtxError as error:
        return Finding(well=False, sentence=str(error))
    return Finding(well=True, sentence="Cơ sở dữ liệu mở được, ở bản mới nhất.")


async def _people(settings: Settings) -> list[Finding]:
    try:
        async with reading(settings) as session:
            known, agreed = await count(session)
            ready = can_approve(await everyone(session))
    except HtxError:
        return []  # the database is told of by itself
    told = f"Bà con: {known} người, {agreed} người đồng ý nhận thông báo."
    staff = (
        "Cán bộ: đủ người soạn và người khác duyệt thông báo."
        if ready
        else "Chưa gửi được thông báo: cần một người soạn và một người khác duyệt; "
        "thêm bằng “htx staff add”."
    )
    return [Finding(well=True, sentence=told), Finding(well=True, sentence=staff)]


def _tried(sentence: str, look: Callable[[], object]) -> Finding:
    try:
        look()
    except HtxError as error:
        return Finding(well=False, sentence=str(error))
    return Finding(well=True, sentence=sentence)


def _settings(settings: Settings) -> Iterator[str]:
    shown = {"database_url": make_url(settings.database_url)}  # written without its password
    for name, field in Settings.model_fields.items():
        value = shown.get(name, getattr(settings, name))
        yield f"  HTX_{name.upper()} = {value}\n      {field.description}"
