"""`htx announce list | show | preview`: what there is, and how it reads."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.announcing import FORMS
from bot.commands.announce.work import Desk, Number, do
from bot.commands.options import Json
from bot.commands.terminal import result, result_json
from services.announcements import approval
from services.announcements.audience import Audience
from services.announcements.letter import Reader
from services.announcements.meaning import in_words
from services.announcements.moments import clock, iso
from services.announcements.state import STATES
from services.staff import audit
from services.storage.models import Announcement


def list_all(*, as_json: Json = False) -> None:
    """Liệt kê các thông báo, mới nhất trước."""
    rows = do(_rows)
    if as_json:
        result_json(rows)
        return
    for row in rows:
        result(f"{row['id']}\t{STATES[row['state']]}\t{row['title']} ({row['author']})")


def show(number: Number, *, as_json: Json = False) -> None:
    """Xem mọi điều đã ghi: người nhận, mã của bản này, ai duyệt, ai làm gì lúc nào."""
    shown = do(partial(_shown, number=number))
    if as_json:
        result_json(shown)
        return
    for line in _lines(shown):
        result(line)


def preview(number: Number, *, as_json: Json = False) -> None:
    """Xem đúng tin mà mỗi kênh sẽ hiện."""
    shown = do(partial(_previews, number=number))
    if as_json:
        result_json(shown)
        return
    for channel, text in shown.items():
        result(f"--- {channel} ---\n{text}\n")


async def _rows(desk: Desk) -> list[dict[str, Any]]:
    rows = await desk.session.scalars(select(Announcement).order_by(Announcement.id.desc()))
    names = ("id", "state", "title", "author")
    return [{name: getattr(row, name) for name in names} for row in rows]


async def _previews(desk: Desk, number: int) -> dict[str, str]:
    said = await desk.announcer.find(desk.session, number)
    letter = desk.announcer.writer(said).letter(Reader())
    return {channel: form.preview(letter) for channel, form in FORMS.items()}


async def _shown(desk: Desk, number: int) -> dict[str, Any]:
    session, said = desk.session, await desk.announcer.find(desk.session, number)
    shown = approval.fingerprint(said)
    plain = ("id", "state", "reason", "title", "topic", "author", "source", "body", "file")
    return {
        **{name: getattr(said, name) for name in plain},
        "valid_until": str(said.valid_until) if said.valid_until else None,
        "audience": _audience(said),
        "for": in_words(Audience.model_validate(said.audience)),
        "attachments": [row["name"] for row in said.attachments],
        "starts_at": iso(said.starts_at),
        "hash": shown,
        "approvals": [
            {"by": row.by, "at": iso(row.at), "count": row.count, "current": row.hash == shown}
            for row in await approval.every(session, said)
        ],
        "audit": [
            {"at": iso(row.at), "who": row.who, "did": row.did, "note": row.note}
            for row in await audit.entries(session, f"announcement {number}")
        ],
    }


def _audience(said: Announcement) -> dict[str, Any]:
    """Return the rule with the number of single chats in their place; empty is everybody."""
    rule = Audience.model_validate(said.audience).model_dump(mode="json", exclude_defaults=True)
    for part in (rule, rule.get("exclude", {})):
        if "who" in part:
            part["chats"] = len(part.pop("who"))
    return rule


def _lines(shown: dict[str, Any]) -> list[str]:
    approvals = [
        f"  {one['by']}, {clock(datetime.fromisoformat(one['at']))}, cho {one['count']} người"
        f"{'' if one['current'] else ' (bản cũ, không còn tính)'}"
        for one in shown["approvals"]
    ]
    steps = [
        f"  {clock(datetime.fromisoformat(one['at']))}  {one['who']}  {one['did']}"
        for one in shown["audit"]
    ]
    return [
        f"Thông báo {shown['id']} “{shown['title']}”: {STATES[shown['state']]}.",
        *([f"Lý do: {shown['reason']}"] if shown["reason"] else []),
        f"Người soạn: {shown['author']}. Chủ đề: {shown['topic']}.",
        f"Gửi cho: {shown['for']}.",
        f"Hạn: {shown['valid_until'] or 'không ghi'}. Nguồn: {shown['source'] or 'không ghi'}.",
        f"Đính kèm: {', '.join(shown['attachments']) or 'không có'}.",
        f"Mã bản này: {shown['hash']}",
        "Đã duyệt:" if approvals else "Chưa ai duyệt.",
        *approvals,
        "Việc đã làm:",
        *steps,
        "",
        shown["body"],
    ]
