"""`htx staff …`: accounts of those who write and approve, and their links to Telegram."""

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from bot.commands.db import reading, writing
from bot.commands.people.links import BotOption, bot_name, link_of
from bot.terminal import By, Json, progress, result, result_json, result_table
from services.clock import utc_now
from services.settings import Settings, load_settings
from services.staff import account, audit
from services.storage.models import Staff

app = typer.Typer(help="Cán bộ: thêm, liệt kê, khóa, nối Telegram.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Tên cán bộ")]


@app.command()
def add(
    name: Name,
    *,
    role: Annotated[str, typer.Option(help=", ".join(account.STAFF_ROLES))],
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """Thêm một cán bộ với một vai trò."""
    made = asyncio.run(_add(load_settings(), name, role, by))
    if as_object:
        result_json(_as_json(made))
        return
    result(f"Đã thêm {made.name}, vai trò {made.role}.")
    progress(f'Để nối Telegram: htx staff link "{made.name}"')


@app.command("list")
def everyone(*, as_object: Json = False) -> None:
    """Liệt kê cán bộ, vai trò, đã nối Telegram chưa."""
    found = asyncio.run(_everyone(load_settings()))
    if as_object:
        result_json([_as_json(one) for one in found])
        return
    if not found:
        result("Chưa có cán bộ nào; thêm bằng “htx staff add”.")
        return
    table = Table("Tên", "Vai trò", "Telegram", "Tài khoản")
    for one in found:
        linked = "đã nối" if one.chat else "chưa nối"
        table.add_row(one.name, one.role, linked, "đã khóa" if one.disabled else "đang dùng")
    result_table(table)


@app.command()
def disable(name: Name, *, by: By = audit.SYSTEM, as_object: Json = False) -> None:
    """Khóa một cán bộ: không làm được gì nữa, ngắt Telegram; việc đã làm vẫn được ghi."""
    asyncio.run(_disable(load_settings(), name, by))
    result_json({"disabled": name}) if as_object else result(f"Đã khóa {name}.")


@app.command()
def link(
    name: Name, *, bot: BotOption = "", by: By = audit.SYSTEM, as_object: Json = False
) -> None:
    """In liên kết nối Telegram của một cán bộ: dùng một lần, trong 24 giờ."""
    settings = load_settings()
    named = bot_name(settings, bot)
    token = asyncio.run(_link(settings, name, by))
    address = link_of(named, f"{account.LINK_PREFIX}{token}")
    result_json({"link": address}) if as_object else result(address)
    progress("Chỉ gửi cho đúng người đó: ai mở liên kết này đều thành cán bộ.")


async def _add(settings: Settings, name: str, role: str, by: str) -> Staff:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        return await account.add(session, name, role, utc_now(), who)


async def _everyone(settings: Settings) -> list[Staff]:
    async with reading(settings) as session:
        return await account.everyone(session)


async def _disable(settings: Settings, name: str, by: str) -> None:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        await account.disable(session, name, utc_now(), who)


async def _link(settings: Settings, name: str, by: str) -> str:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        return await account.make_link(session, name, utc_now(), who)


def _as_json(staff: Staff) -> dict[str, Any]:
    shown = {name: getattr(staff, name) for name in ("id", "name", "role", "disabled")}
    return {**shown, "linked": staff.chat is not None}
