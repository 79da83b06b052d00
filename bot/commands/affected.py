"""`htx content affected | show`: who was told what, by which document."""

import asyncio
from typing import Annotated

import typer
from rich.table import Column, Table

from bot.commands.db import reading
from bot.terminal import result, result_json, result_table
from services.clock import VIETNAM, day_of, utc_now
from services.conversation.plain import plain_markdown
from services.errors import ContentError
from services.insight.affected import Affected, near_sources
from services.insight.affected import affected as find_affected
from services.insight.versions import Told, find_version
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.settings import Settings, load_settings

Json = Annotated[bool, typer.Option("--json", help="In dạng JSON")]


def affected(
    source: Annotated[str, typer.Argument(help="Mã văn bản, như luat-17-2023")],
    *,
    as_object: Json = False,
) -> None:
    """Liệt kê bài dựa vào một văn bản, và đã nói với bao nhiêu người."""
    settings = load_settings()
    library = read_library(settings.content_dir)
    if source not in library.sources:
        raise ContentError(_unknown(library, source))
    found = asyncio.run(_affected(settings, library, source))
    if as_object:
        result_json(found.as_json())
        return
    _print_dependents(found, library)
    _print_told(found)


def show(
    version: Annotated[str, typer.Argument(help="Dấu vết của bản, 16 ký tự")],
    *,
    as_object: Json = False,
) -> None:
    """In lại một bài đúng như bản đã trả lời trước đây."""
    told = asyncio.run(_version(load_settings(), version))
    if told is None:
        message = f"Chưa từng phục vụ bản nào có dấu vết {version}; xem “htx content affected”."
        raise ContentError(message)
    if as_object:
        result_json(told.as_json())
        return
    _print_version(told)


async def _affected(settings: Settings, library: Library, source: str) -> Affected:
    async with reading(settings) as session:
        today = day_of(utc_now())
        return await find_affected(session, library, source, today)


async def _version(settings: Settings, name: str) -> Told | None:
    async with reading(settings) as session:
        return await find_version(session, name)


def _unknown(library: Library, source: str) -> str:
    near = [f"{name} = {library.sources[name].title}" for name in near_sources(library, source)]
    meant = f"Có phải: {'; '.join(near)}?" if near else "Xem tên tệp trong content/sources."
    return f"Không có văn bản {source}. {meant}"


def _print_dependents(found: Affected, library: Library) -> None:
    titles = [library.sources[n].title if n in library.sources else n for n in found.replaced_by]
    replaced = f"; thay bằng: {', '.join(titles)}" if titles else ""
    result(f"{found.title}: {'còn' if found.in_force else 'không còn'} hiệu lực{replaced}.")
    name = Column("Bài", overflow="fold")
    table = Table(name, "Trích", "Dựa qua", title=f"{len(found.dependents.articles)} bài dựa vào")
    for article in found.dependents.articles:
        table.add_row(article.id, "; ".join(article.clauses), ", ".join(article.by))
    result_table(table)
    named = {
        "Dữ kiện": found.dependents.facts,
        "Thủ tục": found.dependents.procedures,
        "Mẫu": found.dependents.forms,
    }
    for kind, ids in named.items():
        if ids:
            result(f"{kind} dựa vào: {', '.join(ids)}")
    for former in found.former:
        result(f"Bản cũ từng trích: {former.article}, xem “htx content show {former.hash}”")


def _print_told(found: Affected) -> None:
    for told in found.told:
        days = f"từ {told.first:%d/%m/%Y} đến {told.last:%d/%m/%Y}"
        people = f"{told.turns} lượt, {told.conversations} cuộc trò chuyện"
        result(f"Đã nói theo văn bản này trên {told.channel}: {people}, {days}.")
    if not found.told:
        result("Trong các lượt còn giữ, chưa nói với ai theo văn bản này.")
    old = found.counted
    if old.first and old.last:
        days = f"từ {old.first:%d/%m/%Y} đến {old.last:%d/%m/%Y}"
        result(f"Ngoài ra {old.turns} lượt cũ của các bài này, {days}, nay chỉ còn là con số.")


def _print_version(told: Told) -> None:
    kept, article = told.version, told.version.content
    since = kept.since.astimezone(VIETNAM)
    result(f"{kept.article} ({kept.hash}), phục vụ từ {since:%H:%M %d/%m/%Y}")
    result(f"Đã trả lời {told.turns} lượt trong các lượt còn giữ.\n")
    result(f"{article['title']}\n\n{plain_markdown(article['body'])}")
    for reader, part in article["variants"].items():
        result(f"\n── {reader} ──\n{plain_markdown(part)}")
    lines = [f"{cited['title']}, {cited['clause']}" for cited in article["citations"]]
    result(f"\nNguồn: {'; '.join(lines)}.")
    result(f"Bước tiếp theo: {plain_markdown(article['next_step'])}")
