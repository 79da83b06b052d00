"""The audit as a page: who did what, when, to what; the newest first, fifty a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.console.request import HOME, ConsoleRequest, figure
from services.staff import account, audit
from services.storage.models import Audit

KINDS = {
    "announce": "Thông báo",
    "article": "Nội dung",
    "gap": "Câu chưa trả lời",
    "people": "Bà con",
    "staff": "Cán bộ",
    "ticket": "Phiếu hỏi cán bộ",
    "stop": "Tắt",
    "resume": "Bật lại",
    "db": "Cơ sở dữ liệu",
}
"""What the audit is about, by how the names of acts begin."""
ACTS = {
    "article.begin": "mở bản sửa",
    "article.save": "lưu bản sửa",
    "article.submit": "gửi duyệt bài",
    "article.approve": "duyệt bài",
    "article.return": "trả lại bài",
    "article.withdraw": "bỏ bản sửa",
    "article.rebase": "đặt bản sửa lên tệp mới",
    "content.learn": "học thử",
    "gap.dismiss": "bỏ qua nhóm câu",
    "gap.link": "gắn bài vào nhóm câu",
    "gap.merge": "gộp nhóm câu",
    "gap.reopen": "mở lại nhóm câu",
    "gap.split": "tách nhóm câu",
    "gap.told": "báo người chờ",
    "people.event": "làm sự kiện",
    "people.export": "tải danh sách bà con",
    "people.gaps": "đọc câu chưa trả lời",
    "people.group": "đổi nhóm bà con",
    "people.import": "nhập danh sách bà con",
    "people.names": "xem tên bà con",
    "staff.add": "thêm cán bộ",
    "staff.device": "nối điện thoại tạo mã",
    "staff.disable": "khóa cán bộ",
    "staff.ended": "cho phiên ra",
    "staff.link": "in liên kết Telegram",
    "staff.link_void": "bỏ liên kết Telegram",
    "staff.linked": "nối Telegram",
    "staff.passkey": "thêm khóa truy cập",
    "staff.passkey-dropped": "bỏ khóa truy cập",
    "staff.password": "đặt mật khẩu",
    "staff.password-dropped": "bỏ mật khẩu",
    "staff.proved": "xác nhận lại",
    "staff.recovery": "dùng mã dự phòng",
    "staff.recovery-codes": "làm mã dự phòng",
    "staff.reset": "bỏ mọi cách vào",
    "staff.role": "đổi vai trò",
    "staff.session": "in liên kết vào",
    "staff.sign-in": "đăng nhập",
    "ticket.answer": "trả lời bà con",
    "ticket.close": "khép phiếu",
    "ticket.file": "gửi tệp",
    "ticket.hand_on": "chuyển phiếu",
    "ticket.note": "ghi chú phiếu",
    "ticket.phone_dropped": "bỏ số gọi lại",
    "ticket.phone_given": "nhận số gọi lại",
    "ticket.read": "đọc phiếu",
    "ticket.take": "nhận phiếu",
    "ticket.take_over": "nhận thay phiếu",
    "stop": "tắt",
    "resume": "bật lại",
    "db.restore": "khôi phục dữ liệu",
}
"""Acts in words, beside those of announcements, which are phrases; others are told as they are."""
THINGS = {
    "announcement": "thông báo",
    "article": "bài",
    "gap": "nhóm câu",
    "staff": "cán bộ",
    "ticket": "phiếu",
}
"""What an act is about, in words."""
_FIELDS = ("who", "did", "about")


async def show(desk: ConsoleRequest) -> Response:
    """Show a page of the audit, as asked for by who, what kind, about what."""
    asked = {name: desk.asked(name) for name in _FIELDS}
    asked["about"] = _kept(asked["about"])
    rows = await audit.page(desk.session, **asked, before=figure(desk.asked("before")))
    shown, more = rows[: audit.PAGE], len(rows) > audit.PAGE
    older = urlencode({**asked, "before": shown[-1].id}) if more else ""
    return desk.page(
        "system_audit.html",
        rows=[(row, _act(desk, row.did), _thing(row.about), _noted(row)) for row in shown],
        older=f"{HOME}/system/audit?{older}" if more else "",
        asked=asked,
        names=[("", "ai cũng được"), ("system", "máy (system)"), *await _names(desk)],
        kinds=[("", "việc gì cũng được"), *((f"{one}", label) for one, label in KINDS.items())],
    )


async def _names(desk: ConsoleRequest) -> list[tuple[str, str]]:
    return [(one.name, one.name) for one in await account.everyone(desk.session)]


def _act(desk: ConsoleRequest, did: str) -> str:
    """Return an act in words."""
    if did.startswith("announce."):
        return f"thông báo: {desk.services.current.say('announcement_did', did=did)}"
    return ACTS.get(did, did)


def _thing(about: str) -> str:
    """Return what an act is about in words."""
    kind, space, name = about.partition(" ")
    return f"{THINGS.get(kind, kind)}{space}{name}"


def _kept(typed: str) -> str:
    """Return what is typed in words as it is kept: “phiếu 3” is `ticket 3`."""
    for kind, told in THINGS.items():
        if typed.lower().startswith(f"{told} "):
            return f"{kind}{typed[len(told) :]}"
    return typed


def _noted(row: Audit) -> str:
    """Return the numbers of a row as people read them: what was, then what is."""
    note: Mapping[str, Any] = row.note
    told = [f"{name}: {_brief(value)}" for name, value in note.items() if name not in _CHANGE]
    if _CHANGE & set(note):
        before, after = (_brief(note.get(name, "")) for name in ("before", "after"))
        told.insert(0, f"{before or 'trống'} → {after or 'trống'}")
    return "; ".join(told)


_CHANGE = {"before", "after"}
_HASH = 64


def _brief(value: Any) -> str:
    told = str(value)
    return f"{told[:12]}…" if len(told) >= _HASH and told.isalnum() else told
