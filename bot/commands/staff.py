"""`htx staff … | audit`: who writes and approves, their links to Telegram, and what they did."""

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Column, Table
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.db import reading, writing
from bot.commands.people.links import BotOption, bot_name
from bot.telegram.links import link_of
from bot.terminal import By, Json, progress, result, result_json, result_table
from services.announcements import approval
from services.clock import VIETNAM, utc_now
from services.knowledge.loader import read_library
from services.settings import Settings, load_settings
from services.staff import account, link_makers, sign_in
from services.staff import audit as audits
from services.staff import link as links
from services.storage.models import Audit, Staff

Name = Annotated[str, typer.Argument(help="Tên cán bộ")]


def add(
    name: Name,
    *,
    role: Annotated[str, typer.Option(help=", ".join(account.STAFF_ROLES))],
    by: By = audits.SYSTEM,
    as_object: Json = False,
) -> None:
    """Thêm một cán bộ với một vai trò."""
    made = asyncio.run(_add(load_settings(), name, role, by))
    if as_object:
        result_json(_as_json(made))
        return
    result(f"Đã thêm {made.name}, vai trò {made.role}.")
    progress(f'Để nối Telegram: htx staff link "{made.name}"')


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
        linked = f"đã nối{_until(one)}" if one.chat else "chưa nối"
        table.add_row(one.name, one.role, linked, "đã khóa" if one.disabled else "đang dùng")
    result_table(table)


def role(
    name: Name,
    role: Annotated[str, typer.Argument(help=", ".join(account.STAFF_ROLES))],
    *,
    by: By = audits.SYSTEM,
    as_object: Json = False,
) -> None:
    """Đổi vai trò một cán bộ: phải đăng nhập lại; điều đã duyệt mà nay không được thì dừng."""
    changed, held = asyncio.run(_change_role(load_settings(), name, role, by))
    if as_object:
        result_json({**_as_json(changed), "held": held})
        return
    result(f"{changed.name} giờ có vai trò {changed.role}.")
    _tell_held(held, name)


def disable(name: Name, *, by: By = audits.SYSTEM, as_object: Json = False) -> None:
    """Khóa một cán bộ: không làm được gì nữa, ngắt Telegram; việc đã làm vẫn được ghi."""
    held = asyncio.run(_disable(load_settings(), name, by))
    result_json({"disabled": name, "held": held}) if as_object else result(f"Đã khóa {name}.")
    _tell_held(held, name)


def _tell_held(held: Sequence[int], name: str) -> None:
    if held:
        numbers = ", ".join(map(str, held))
        progress(f"Đã dừng thông báo {numbers} do {name} duyệt; người khác duyệt lại rồi gửi tiếp.")


def link(
    name: Name, *, bot: BotOption = "", by: By = audits.SYSTEM, as_object: Json = False
) -> None:
    """In liên kết nối Telegram của một cán bộ và mã sáu số: dùng một lần, trong 24 giờ."""
    settings = load_settings()
    named = bot_name(settings, bot)
    token, code = asyncio.run(_link(settings, name, by))
    address = link_of(named, f"{links.PREFIX}{token}")
    result_json({"link": address, "code": code}) if as_object else result(address)
    progress(
        f"Mã: {code}. Gửi liên kết cho đúng người đó; đọc mã qua điện thoại, đừng gửi chung. Ai có "
        f"cả hai thì thành cán bộ, trong {links.LASTS.days} ngày."
    )


def session(name: Name, *, by: By = audits.SYSTEM, as_object: Json = False) -> None:
    """In liên kết vào trang cán bộ: dùng một lần, trong năm phút; không đưa cho ai khác."""
    settings = load_settings()
    address = f"{settings.site}/console/sign-in/{asyncio.run(_session(settings, name, by))}"
    result_json({"link": address}) if as_object else result(address)


def audit(
    *,
    about: Annotated[str, typer.Option(help="Chỉ việc về điều này, như “announcement 3”")] = "",
    as_object: Json = False,
) -> None:
    """In sổ kiểm tra: ai làm gì, lúc nào; không ai sửa hay xóa được."""
    found = asyncio.run(_noted(load_settings(), about))
    if as_object:
        result_json([_entry_as_json(one) for one in found])
    elif found:
        _print_entries(found)
    else:
        result("Chưa có việc nào được ghi.")


async def _add(settings: Settings, name: str, role: str, by: str) -> Staff:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        return await account.add(session, name, role, utc_now(), who)


async def _everyone(settings: Settings) -> list[Staff]:
    async with reading(settings) as session:
        return await account.everyone(session)


async def _disable(settings: Settings, name: str, by: str) -> list[int]:
    """Disable an account; return the announcements that its approval let go."""
    async with writing(settings) as session:
        who, now = await account.actor(session, by), utc_now()
        disabled = await account.disable(session, name, now, who)
        return await approval.hold_all_by(session, disabled.name, now, who)


async def _change_role(settings: Settings, name: str, to: str, by: str) -> tuple[Staff, list[int]]:
    """Give an account another role; return it, and the announcements that its approval let go."""
    async with writing(settings) as session:
        who, now = await account.actor(session, by), utc_now()
        changed = await account.change_role(session, name, to, now, who)
        approves = changed.role in account.APPROVERS
        held = [] if approves else await approval.hold_all_by(session, changed.name, now, who)
        return changed, held


async def _session(settings: Settings, name: str, by: str) -> str:
    async with writing(settings) as session:
        made = await sign_in.make_link(session, name, utc_now(), await account.actor(session, by))
        await _tell(session, settings, name)
        return made


async def _link(settings: Settings, name: str, by: str) -> links.NewLink:
    async with writing(settings) as session:
        who = await account.actor(session, by)
        made = await links.make(session, name, utc_now(), who)
        await _tell(session, settings, name)
        return made


async def _tell(session: AsyncSession, settings: Settings, name: str) -> None:
    """Have those hear of a link whom it concerns; broken content hinders nobody's coming in."""
    staff = await account.require(session, name, frozenset(account.STAFF_ROLES))

    def _say(phrase: str, **values: object) -> str:  # a second of reading, where nobody may be told
        return read_library(settings.content_dir).phrases.say(phrase, **values)

    await link_makers.tell(session, staff, _say, utc_now())


def _until(staff: Staff) -> str:
    """Return until when an account is linked."""
    if staff.linked_at is None:
        return ""
    return f", đến {staff.linked_at.astimezone(VIETNAM) + links.LASTS:%d/%m/%Y}"


def _as_json(staff: Staff) -> dict[str, Any]:
    shown = {name: getattr(staff, name) for name in ("id", "name", "role", "disabled")}
    return {**shown, "linked": staff.chat is not None}


async def _noted(settings: Settings, about: str) -> list[Audit]:
    async with reading(settings) as session:
        return await audits.entries(session, about)


def _entry_as_json(one: Audit) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in ("id", "who", "did", "about", "note")}
    return {"at": one.at.isoformat(), **shown}


def _print_entries(found: Sequence[Audit]) -> None:
    table = Table("Lúc", "Ai", "Việc", Column("Về", overflow="fold"), Column("Số", overflow="fold"))
    for one in found:
        at = f"{one.at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
        note = json.dumps(one.note, ensure_ascii=False) if one.note else ""
        table.add_row(at, one.who, one.did, one.about, note)
    result_table(table)
