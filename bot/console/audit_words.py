"""The audit in words: what was done, to what, which numbers stand beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.console.request import ROLE_NAMES
from services.clock import write_moment
from services.conversation.plain import folded
from services.knowledge.library import Library
from services.staff import audit
from services.storage.models import Audit

KINDS = {
    "announce": "Thông báo",
    "content": "Nội dung",
    "gap": "Câu chưa trả lời",
    "people": "Bà con",
    "staff": "Cán bộ",
    "ticket": "Phiếu hỏi cán bộ",
    "stop": "Tắt",
    "resume": "Bật lại",
    "incident": "Sự cố",
    "db": "Cơ sở dữ liệu",
}
"""What the audit is about, by how the names of acts begin."""
ANNOUNCED = (
    *("draft", "redraft", "delete", "test", "ask", "approve", "refuse", "send", "reschedule"),
    *("begin", "pause", "resume", "cancel", "list", "hold", "halt", "done"),
)
"""What is done with announcements; the words are a phrase of the content."""
ACTS = {
    "content.begin": "mở bản sửa",
    "content.save": "lưu bản sửa",
    "content.submit": "gửi duyệt bài",
    "content.approve": "duyệt bài",
    "content.return": "trả lại bài",
    "content.withdraw": "bỏ bản sửa",
    "content.rebase": "đặt bản sửa lên tệp mới",
    "content.learn": "học thử",
    "gap.dismiss": "bỏ qua nhóm câu",
    "gap.link": "gắn bài vào nhóm câu",
    "gap.merge": "gộp nhóm câu",
    "gap.reopen": "mở lại nhóm câu",
    "gap.split": "tách nhóm câu",
    "gap.told": "báo người chờ",
    "people.correct": "sửa dữ liệu của một người",
    "people.erase": "xóa dữ liệu của một người",
    "people.event": "làm sự kiện",
    "people.export": "tải danh sách bà con",
    "people.gaps": "đọc câu chưa trả lời",
    "people.group": "đổi nhóm bà con",
    "people.import": "nhập danh sách bà con",
    "people.names": "xem tên bà con",
    "people.show": "xem dữ liệu của một người",
    "people.talk": "đọc cuộc trò chuyện",
    "staff.add": "thêm cán bộ",
    "staff.device": "nối điện thoại tạo mã",
    "staff.disable": "khóa cán bộ",
    "staff.ended": "bỏ nối Telegram quá hạn",
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
    "ticket.opened": "mở phiếu",
    "ticket.reopened": "mở lại phiếu",
    "ticket.answer": "trả lời bà con",
    "ticket.article": "viết lời trả lời thành bài nháp",
    "ticket.close": "khép phiếu",
    "ticket.file": "xem tệp của phiếu",
    "ticket.hand_on": "chuyển phiếu",
    "ticket.note": "ghi chú phiếu",
    "ticket.phone_dropped": "xóa số gọi lại theo ý bà con",
    "ticket.phone_given": "ghi số gọi lại bà con để",
    "ticket.read": "đọc phiếu",
    "ticket.take": "nhận phiếu",
    "ticket.take_over": "nhận thay phiếu",
    "incident.look": "xem phạm vi sự cố",
    "stop": "tắt",
    "resume": "bật lại",
    "db.restore": "khôi phục dữ liệu",
}
"""Acts in words, beside those of announcements."""
NUMBERS = {
    "article": "bài",
    "at": "lúc",
    "bad": "dòng bỏ",
    "by": "lọc theo",
    "carried": "giữ việc làm sau bản sao",
    "count": "số người",
    "erased": "đã xóa dữ liệu của mình",
    "exported": "số người",
    "fields": "chỗ sửa",
    "file": "tệp số",
    "hash": "mã bản",
    "held": "số câu",
    "how": "bằng",
    "imported": "đã nhập",
    "into": "vào nhóm câu",
    "known": "có hồ sơ",
    "left": "mã còn lại",
    "listed": "số người",
    "login": "tài khoản máy",
    "members": "số người",
    "new": "mới",
    "owner": "thay cho",
    "proposal": "bản sửa",
    "role": "vai trò",
    "sha256": "mã tệp",
    "shown": "số dòng đã xem",
    "signs": "số chữ",
    "stopped_by": "người tắt",
    "to": "cho",
    "told": "số người được báo",
    "turns": "số lượt",
    "unchanged_consent": "giữ ý đã chọn",
    "updated": "cập nhật",
}
"""What stands beside an act, in words."""
_VALUES = {
    **ROLE_NAMES,
    audit.SYSTEM: "máy",
    "link": "liên kết",
    "password": "mật khẩu và mã",
    "passkey": "khóa truy cập",
    "word": "chữ trong tên",
    "name": "tên",
    "place": "nơi ở",
    "role": "vai trò",
    "group": "nhóm",
    "leave": "ngày nghỉ",
}
_THINGS = {
    "announcement": "thông báo",
    "article": "bài",
    "event": "sự kiện",
    "gap": "nhóm câu",
    "group": "nhóm",
    "staff": "cán bộ",
    "ticket": "phiếu",
    "answers": "trả lời tự động",
    "sending": "gửi tin",
}
"""What an act is about, in words."""
_CHANGE = {"before", "after"}
_HASH, _BRIEF = 64, 12
"""Signs of a hash, and so many of them that tell two apart."""


@dataclass(frozen=True)
class AuditWords:
    """Tells rows of the audit as people read them."""

    library: Library
    names: Mapping[int, str]
    """Accounts by number."""

    def who(self, row: Audit) -> str:
        """Return who acted."""
        return _VALUES[row.who] if row.who == audit.SYSTEM else row.who

    def act(self, did: str) -> str:
        """Return an act; one that has no words by its name."""
        if did.startswith("announce."):
            return self.library.phrases.say("announcement_did", did=did)
        return ACTS.get(did, did)

    def thing(self, about: str) -> str:
        """Return what an act is about; an article by its title."""
        kind, space, name = about.partition(" ")
        if kind == "article" and name in self.library.articles:
            name = f"“{self.library.articles[name].head.title}” ({name})"
        return f"{_THINGS.get(kind, kind)}{space}{name}"

    def numbers(self, row: Audit) -> str:
        """Return the numbers of a row: what was, then what is; what is empty says nothing."""
        note: Mapping[str, Any] = row.note
        told = [
            f"{NUMBERS.get(name, name)}: {words}"
            for name, value in note.items()
            if name not in _CHANGE and (words := self._value(name, value))
        ]
        if _CHANGE & set(note):
            was, now = (self._value(name, note.get(name, "")) for name in ("before", "after"))
            told.insert(0, f"{was or 'trống'} → {now or 'trống'}")
        return "; ".join(told)

    def kept(self, typed: str) -> str:
        """Return what is typed in words as it is kept: “Phiếu 3” is `ticket 3`.

        An article is known by its title as well, or by how that begins.
        """
        words = typed.split()
        for kind, told in sorted(_THINGS.items(), key=lambda one: -len(one[1])):
            size = len(told.split())
            if folded(" ".join(words[:size])) == folded(told):
                name = " ".join(words[size:])
                name = self._article(name) if kind == "article" else name
                return f"{kind} {name}".rstrip()
        return f"article {found}" if (found := self._article(typed)) != typed else typed

    def _article(self, title: str) -> str:
        sought = folded(title)
        found = (
            name
            for name, one in self.library.articles.items()
            if sought and folded(one.head.title).startswith(sought)
        )
        return next(found, title)

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(self._value(name, one) for one in value)
        if isinstance(value, bool):
            return "có" if value else "không"
        told = str(value)
        if name == "at" and told:
            return write_moment(datetime.fromisoformat(told))
        if name == "owner":
            return self.names.get(value, told)
        if name == "article" and told in self.library.articles:
            return self.library.articles[told].head.title
        brief = f"{told[:_BRIEF]}…" if len(told) >= _HASH and told.isalnum() else told
        return _VALUES.get(told, brief)
