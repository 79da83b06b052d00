"""Reasons in plain words: why someone who was meant did not get an announcement."""

from collections.abc import Mapping

WHY = {
    "blocked": "đã chặn bot",
    "deactivated": "tài khoản Telegram không còn",
    "not_found": "Telegram không thấy người này",
    "withdrawn": "đã thôi đồng ý nhận trước khi tới lượt",
    "erased": "đã xóa dữ liệu của mình trước khi tới lượt",
    "interrupted": "máy tắt đúng lúc đang gửi",
}
"""Why a delivery did not arrive."""
LEFT_OUT_WHY = {
    "excluded": "bị loại trong audience",
    "channel": "ở kênh chưa gửi được",
    "no_consent": "chưa đồng ý nhận",
    "stopped": "đã chặn bot hoặc không còn tài khoản",
    "topic_off": "đã tắt chủ đề này",
    "unknown": "chưa từng nhắn bot",
}
"""Why someone who is meant gets no delivery; see `audience.LEFT_OUT`."""


def bracketed(reasons: Mapping[str, int]) -> str:
    """Say in brackets how many for which reason; nothing without any."""
    if not reasons:
        return ""
    told = (f"{number} {WHY.get(reason, reason)}" for reason, number in reasons.items())
    return f" ({', '.join(told)})"


def left_out_words(left_out: Mapping[str, int]) -> str:
    """Say how many are left out, and why."""
    return ", ".join(f"{number} người {LEFT_OUT_WHY[why]}" for why, number in left_out.items())
