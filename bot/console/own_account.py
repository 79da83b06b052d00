"""The account of whoever is signed in: the ways to sign in, and where it is signed in now."""

import asyncio
import re

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.console.home import EVERYONE
from bot.console.request import HOME, ConsoleRequest, ConsoleRoute, Section
from bot.console.sign_in_pages import inside
from services.errors import HtxError
from services.staff import passkey, password, sign_in, ways
from services.staff.keys import StaffKeys
from services.staff.passkey import Site

_ME = f"{HOME}/me"
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "coc_coc": "Cốc Cốc",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""Browsers by what they write of themselves; many also write the names of those below them."""
_MACHINES = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "máy Mac",
    "Linux": "Linux",
}
_HOW = {"link": "liên kết", "password": "mật khẩu", "passkey": "khóa truy cập"}


async def show(desk: ConsoleRequest) -> Response:
    """Show the ways to sign in, and the sessions."""
    sessions = await sign_in.of_account(desk.session, desk.staff, desk.now)
    return desk.page(
        "me.html",
        ways=await ways.of_account(desk.session, desk.staff),
        sessions=[(one, browser_of(one.agent), _HOW.get(one.how, one.how)) for one in sessions],
        least=password.SHORTEST,
    )


async def prove(desk: ConsoleRequest) -> Response:
    """Lead on whoever was asked who they are; by now they have proved it."""
    return desk.to(inside(desk.field("to")) or _ME)


async def set_password(desk: ConsoleRequest) -> Response:
    """Keep a new password; with the first one a device for codes is set up."""
    typed = desk.form.get("password", "")
    hashed = await asyncio.to_thread(password.hashed, desk.staff, str(typed))
    await password.set_(desk.session, desk.staff, hashed, desk.now)
    if not (await ways.of_account(desk.session, desk.staff)).by_password:
        return await new_device(desk)
    await sign_in.end(desk.session, desk.staff, desk.now, but=desk.signed.id)
    return desk.to(_ME, "Đã đổi mật khẩu; những nơi khác đang đăng nhập phải đăng nhập lại.")


async def new_device(desk: ConsoleRequest) -> Response:
    """Make the secret of a new device, and lead to its picture."""
    await password.new_device(desk.session, desk.staff, _keys(desk))
    return desk.to(f"{_ME}/device")


async def show_device(desk: ConsoleRequest) -> Response:
    """Show what the device reads, and ask for its first code."""
    return await _device_page(desk)


async def _device_page(desk: ConsoleRequest, error: HtxError | None = None) -> Response:
    kept = await password.find(desk.session, desk.staff)
    address = password.address(desk.staff, kept, _keys(desk)) if kept else ""
    if kept is None or not address:
        return desk.to(_ME)
    picture = segno.make(address, error="m").svg_inline(
        scale=5, border=3, dark="#000", light="#fff", title="Mã QR cho ứng dụng tạo mã"
    )
    return desk.page(
        "me_device.html",
        picture=Markup(picture),  # noqa: S704  # because it is made of squares
        secret=password.typed_secret(kept, _keys(desk)),
        problem=str(error or ""),
    )


async def confirm_device(desk: ConsoleRequest) -> Response:
    """Take the device into use; show the codes for paper, once."""
    code = desk.field("code")
    codes = await password.confirm(desk.session, desk.staff, code, _keys(desk), desk.now)
    return desk.page("me_codes.html", codes=codes)


async def new_codes(desk: ConsoleRequest) -> Response:
    """Make new codes for paper and show them, once."""
    codes = await password.new_recovery_codes(desk.session, desk.staff, _keys(desk), desk.now)
    return desk.page("me_codes.html", codes=codes)


async def drop_password(desk: ConsoleRequest) -> Response:
    """Take the password away, where another way is left."""
    await ways.drop_password(desk.session, desk.staff, desk.now)
    return desk.to(_ME, "Đã bỏ mật khẩu và mã của nó.")


async def ask_passkey(desk: ConsoleRequest) -> Response:
    """Return what the page's script has a device make a passkey of."""
    asked = await passkey.ask_to_add(desk.session, desk.staff, _site(desk), desk.now)
    return Response(asked, media_type="application/json")


async def ask_proof(desk: ConsoleRequest) -> Response:
    """Return what the page's script has a passkey sign, to prove who is there."""
    asked = passkey.ask_to_sign(_site(desk), desk.now, desk.staff)
    return Response(asked, media_type="application/json")


async def add_passkey(desk: ConsoleRequest) -> Response:
    """Keep the passkey that a device has made."""
    site, answer = _site(desk), desk.field("answer")
    kept = await passkey.add(desk.session, desk.staff, answer, site, desk.now)
    kept.label = passkey.label_of(desk.field("label"))
    return desk.to(_ME, f"Đã thêm khóa “{kept.label}”; lần sau đăng nhập bằng khóa này được.")


async def drop_passkey(desk: ConsoleRequest) -> Response:
    """Take a passkey away, where another way is left."""
    await ways.drop_passkey(desk.session, desk.staff, desk.number(), desk.now)
    return desk.to(_ME, "Đã bỏ khóa.")


async def end_session(desk: ConsoleRequest) -> Response:
    """End one session of one's own."""
    await sign_in.end(desk.session, desk.staff, desk.now, only=desk.number())
    return desk.to(_ME, "Đã cho nơi đó ra.")


async def end_others(desk: ConsoleRequest) -> Response:
    """End all sessions of one's own but this."""
    ended = await sign_in.end(desk.session, desk.staff, desk.now, but=desk.signed.id)
    return desk.to(_ME, f"Đã cho {ended} nơi khác ra.")


def browser_of(agent: str) -> str:
    """Return a browser as its person knows it: Chrome trên Android."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in agent), "")
    machine = next((name for sign, name in _MACHINES.items() if sign in agent), "")
    if browser and machine:
        return f"{browser} trên {machine}"
    return browser or machine or re.sub(r"[^\w ./-]", "", agent)[:40] or "trình duyệt không rõ"


def _keys(desk: ConsoleRequest) -> StaffKeys:
    return StaffKeys.of(desk.services.settings)


def _site(desk: ConsoleRequest) -> Site:
    return Site.of(desk.services.settings.site, _keys(desk))


async def _again(desk: ConsoleRequest, error: HtxError) -> Response:
    return desk.to(_ME, str(error))


SECTION = Section(
    "me",
    "",
    (
        ConsoleRoute("GET", "/me", show, EVERYONE),
        ConsoleRoute("POST", "/me/prove", prove, EVERYONE, fresh=True),
        ConsoleRoute("POST", "/me/password", set_password, EVERYONE, fresh=True, again=_again),
        ConsoleRoute(
            "POST", "/me/password/drop", drop_password, EVERYONE, fresh=True, again=_again
        ),
        ConsoleRoute("GET", "/me/device", show_device, EVERYONE, fresh=True),
        ConsoleRoute("POST", "/me/device", new_device, EVERYONE, fresh=True, again=_again),
        ConsoleRoute(
            "POST", "/me/device/confirm", confirm_device, EVERYONE, fresh=True, again=_device_page
        ),
        ConsoleRoute("POST", "/me/codes", new_codes, EVERYONE, fresh=True),
        ConsoleRoute("GET", "/me/passkey", ask_passkey, EVERYONE),
        ConsoleRoute("GET", "/me/passkey/proof", ask_proof, EVERYONE),
        ConsoleRoute("POST", "/me/passkey", add_passkey, EVERYONE, fresh=True, again=_again),
        ConsoleRoute(
            "POST",
            "/me/passkey/{number:int}/drop",
            drop_passkey,
            EVERYONE,
            fresh=True,
            again=_again,
        ),
        ConsoleRoute("POST", "/me/sessions/{number:int}/end", end_session, EVERYONE),
        ConsoleRoute("POST", "/me/sessions/end", end_others, EVERYONE),
    ),
)
