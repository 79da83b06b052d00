"""Accounts of staff in the console: added, given another role, a link to come in, closed."""

from starlette.responses import Response

from bot.console.request import HOME, ROLE_NAMES, ConsoleRequest, ConsoleRoute
from services.announcements import approval
from services.errors import HtxError, StaffError
from services.staff import account, link_makers, roster, sign_in
from services.storage.models import Staff

ADMINS = frozenset({"admin"})
_STAFF = f"{HOME}/system/staff"


async def show(desk: ConsoleRequest) -> Response:
    """Show all accounts."""
    return await _page(desk)


async def _page(desk: ConsoleRequest, error: HtxError | None = None) -> Response:
    return desk.page(
        "system_staff.html",
        members=await roster.members(desk.session, desk.now),
        roles=[(role, f"{label} ({role})") for role, label in ROLE_NAMES.items()],
        role_names=ROLE_NAMES,
        typed=desk.field("name"),
        picked=desk.field("role") or "agent",
        problem=str(error or ""),
    )


async def add(desk: ConsoleRequest) -> Response:
    """Add an account."""
    name, role = desk.field("name"), desk.field("role")
    made = await account.add(desk.session, name, role, desk.now, desk.staff.name)
    return desk.to(_STAFF, f"Đã thêm {made.name}; đưa liên kết vào cho đúng người ấy.")


async def change_role(desk: ConsoleRequest) -> Response:
    """Give an account another role; what its approval let go is held where it may give none now."""
    name, role = (await _account(desk)).name, desk.field("role")
    staff = await account.change_role(desk.session, name, role, desk.now, desk.staff.name)
    told = f"{staff.name} giờ {ROLE_NAMES[staff.role]}; phải đăng nhập lại."
    return await _held(desk, staff, told)


async def close(desk: ConsoleRequest) -> Response:
    """Close an account for good; what it did stays in the audit."""
    name = (await _account(desk)).name
    staff = await account.disable(desk.session, name, desk.now, desk.staff.name)
    return await _held(desk, staff, f"Đã khóa {staff.name}.")


async def link(desk: ConsoleRequest) -> Response:
    """Show a link by which its person comes in, once; they and other administrators hear of it."""
    staff, by, say = await _account(desk), desk.staff.name, desk.services.current.say
    token = await sign_in.make_link(desk.session, staff.name, desk.now, by)
    await link_makers.tell(desk.session, staff, say, desk.now)
    address = f"{desk.services.settings.site}{HOME}/sign-in/{token}"
    return desk.page("system_link.html", who=staff.name, address=address)


async def reset(desk: ConsoleRequest) -> Response:
    """Void all ways of an account, as after a phone was lost."""
    staff = await _account(desk)
    await roster.reset(desk.session, staff, desk.now, desk.staff.name)
    return desk.to(_STAFF, f"{staff.name} không còn cách nào để vào; đưa liên kết vào mới.")


async def _account(desk: ConsoleRequest) -> Staff:
    staff = await roster.find(desk.session, desk.number())
    if staff is None:
        raise StaffError("staff_gone")
    return staff


async def _held(desk: ConsoleRequest, staff: Staff, told: str) -> Response:
    """Hold what an account's approval let go, where it may approve nothing now; say so."""
    if staff.disabled or staff.role not in account.APPROVERS:
        by = desk.staff.name
        if held := await approval.hold_all_by(desk.session, staff.name, desk.now, by):
            numbers = ", ".join(map(str, held))
            told += f" Thông báo {numbers} dừng lại, chờ người khác duyệt."
    return desk.to(_STAFF, told)


ROUTES = (
    ConsoleRoute("GET", "/system/staff", show, ADMINS),
    ConsoleRoute("POST", "/system/staff", add, ADMINS, fresh=True, again=_page),
    ConsoleRoute(
        "POST", "/system/staff/{number:int}/role", change_role, ADMINS, fresh=True, again=_page
    ),
    ConsoleRoute(
        "POST", "/system/staff/{number:int}/close", close, ADMINS, fresh=True, again=_page
    ),
    ConsoleRoute("POST", "/system/staff/{number:int}/link", link, ADMINS, fresh=True, again=_page),
    ConsoleRoute(
        "POST", "/system/staff/{number:int}/reset", reset, ADMINS, fresh=True, again=_page
    ),
)
