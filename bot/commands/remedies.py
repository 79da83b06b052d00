"""What can be done in the terminal about an error: the command, beside the sentence of services."""

from services.errors import HtxError

_REMEDIES = {
    "backup_nothing": "Chạy “htx db upgrade” trước.",
    "group_unknown": "Xem các nhóm bằng “htx people groups”.",
    "place_unknown": "Xem danh sách bằng “htx people places”.",
    "staff_unknown": "Thêm bằng “htx staff add”, xem danh sách bằng “htx staff list”.",
    "staff_link_bad": "Liên kết mới: “htx staff link”.",
    "staff_link_used": "Liên kết mới: “htx staff link”.",
    "staff_not_linked": "Chạy htx staff link '{name}' rồi mở liên kết trên điện thoại.",
    "announcement_unknown": "Xem danh sách bằng “htx announce list”.",
    "announcement_lapsed": "Lệnh: “htx announce cancel {number} --as TÊN”.",
    "approval_unseen": "Xem bằng “htx announce preview {number}”.",
    "approval_twin": "Vẫn muốn duyệt thì thêm --again.",
    "file_changed": "Lệnh: htx announce draft --file '{path}' --id {number} --as '{author}'",
    "file_without_head": "Xem mẫu bằng “htx announce templates”.",
    "file_there": "Đặt tên bằng --file.",
}
"""Remedies by code; what an error names stands for its place, as `{name}`."""


def told(error: HtxError) -> str:
    """Return what happened and, where a command helps, which."""
    remedy = _REMEDIES.get(error.code, "").format_map(error.values)
    return f"{error} {remedy}".strip()
