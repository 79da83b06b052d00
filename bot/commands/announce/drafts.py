"""Drafts and lists of `htx announce`: templates, new, draft, copy, delete, list, show, preview."""

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.announce.context import CommandContext, Number, do, say
from bot.telegram.letter import FORMS
from bot.terminal import By, Json, progress, result, result_json
from services.announcements import approval, describe, draft_file
from services.announcements.announcement import DAYS, OPTIONAL
from services.announcements.audience import Audience
from services.clock import iso, write_day, write_moment
from services.conversation.plain import capital
from services.errors import AnnouncementError
from services.knowledge.phrases import Phrases
from services.settings import load_settings
from services.staff import audit
from services.storage.models import Announcement

File = Annotated[Path, typer.Option("--file", help="Tệp thông báo (Markdown)")]


def templates(*, as_json: Json = False) -> None:
    """Liệt kê các mẫu thông báo."""
    found = draft_file.templates(load_settings().content_dir)
    titles = {name: template.title for name, template in found.items()}
    if as_json:
        result_json(titles)
        return
    for name, title in titles.items():
        result(f"{name}\t{title}")


def new(
    template: Annotated[str, typer.Argument(help="Tên mẫu, xem “htx announce templates”")],
    file: Annotated[Path | None, typer.Option("--file", help="Tệp sẽ viết ra")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Chép một mẫu ra tệp mới để điền."""
    target = file or Path(f"{template}.md")
    draft_file.find_template(load_settings().content_dir, template).copy(target)
    say({"file": str(target)}, f"Đã viết {target}", as_json=as_json)
    progress(
        "Mở tệp, điền mọi chỗ [trong ngoặc vuông], rồi: "
        f"htx announce draft --file {target} --as TÊN"
    )


def draft(
    file: File,
    by: By,
    number: Annotated[int | None, typer.Option("--id", help="Sửa bản nháp số này")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Soạn một thông báo từ tệp; bản nháp được giữ lại cả khi còn lỗi."""
    _tell(*do(partial(_drafted, file=file, by=by, number=number)), as_json=as_json)


def copy(number: Number, by: By, *, as_json: Json = False) -> None:
    """Soạn lại từ một thông báo cũ: bản nháp mới cùng nội dung, người nhận, tệp kèm."""
    _tell(*do(partial(_copied, number=number, by=by)), as_json=as_json)


def delete(number: Number, by: By, *, as_json: Json = False) -> None:
    """Xóa một bản nháp của mình; số của nó không dùng lại."""
    do(partial(_deleted, number=number, by=by))
    deleted = {"id": number, "state": "deleted"}
    say(deleted, f"Đã xóa bản nháp {number}.", as_json=as_json)


def list_all(*, as_json: Json = False) -> None:
    """Liệt kê các thông báo, mới nhất trước."""
    rows, lines = do(_rows)
    if as_json:
        result_json(rows)
        return
    for line in lines:
        result(line)


def show(number: Number, *, as_json: Json = False) -> None:
    """Xem mọi điều đã ghi: người nhận, mã của bản này, ai duyệt, ai làm gì lúc nào."""
    shown, lines = do(partial(_shown, number=number))
    if as_json:
        result_json(shown)
        return
    for line in lines:
        result(line)


def preview(number: Number, *, as_json: Json = False) -> None:
    """Xem đúng tin mà mỗi kênh sẽ hiện."""
    shown = do(partial(_previews, number=number))
    if as_json:
        result_json(shown)
        return
    for channel, text in shown.items():
        result(f"--- {channel} ---\n{text}\n")


def _tell(kept: dict[str, Any], people: str, *, as_json: bool) -> None:
    """Say what was kept; what is wrong with it is an error all the same."""
    say(kept, f"Đã giữ bản nháp số {kept['id']}. {people}", as_json=as_json)
    for notice in kept["notices"]:
        progress(f"Lưu ý: {notice}")
    if kept["faults"]:
        msg = f"{kept['faults'][0]} Bản nháp số {kept['id']} vẫn được giữ."
        raise AnnouncementError(msg)


async def _drafted(
    context: CommandContext, file: Path, by: str, number: int | None
) -> tuple[dict[str, Any], str]:
    session, announcer = context.session, context.announcer
    written = announcer.read(file)
    if number is None:
        return await _kept(context, await announcer.draft(session, written, by))
    return await _kept(context, await announcer.change(session, number, written, by))


async def _copied(context: CommandContext, number: int, by: str) -> tuple[dict[str, Any], str]:
    return await _kept(context, await context.announcer.copy(context.session, number, by))


async def _deleted(context: CommandContext, number: int, by: str) -> None:
    await context.announcer.delete(context.session, number, by)


async def _kept(context: CommandContext, announcement: Announcement) -> tuple[dict[str, Any], str]:
    found = await context.announcer.inspect(context.session, announcement)
    kept = {
        "id": announcement.id,
        "state": announcement.state,
        "total": found.people.total,
        "left_out": found.people.left_out,
        "faults": list(map(str, found.faults)),
        "notices": list(found.notices),
    }
    return kept, context.people(found.people.total, found.people.left_out)


async def _rows(context: CommandContext) -> tuple[list[dict[str, Any]], list[str]]:
    found = await context.announcer.every(context.session)
    names = ("id", "state", "title", "author")
    rows = [{name: getattr(one, name) for name in names} for one in found]
    lines = [
        f"{one.id}\t{describe.state(context.phrases, one.state)}\t{one.title} ({one.author})"
        for one in found
    ]
    return rows, lines


async def _previews(context: CommandContext, number: int) -> dict[str, str]:
    letter = await context.announcer.preview(context.session, number)
    return {channel: form.preview(letter) for channel, form in FORMS.items()}


async def _shown(context: CommandContext, number: int) -> tuple[dict[str, Any], list[str]]:
    session, announcer = context.session, context.announcer
    announcement = await announcer.find(session, number)
    standing = await approval.standing(session, announcement, announcer.now())
    plain = ("id", "state", "reason", "title", "topic", "author", "body", "file")
    meant = Audience.stored(announcement.audience)
    shown = {
        **{name: getattr(announcement, name) for name in plain},
        **{name: _plain(getattr(announcement, name)) for name in OPTIONAL},
        "urgent": announcement.urgent,
        "audience": _audience(announcement),
        "for": "; ".join(describe.audience(announcer.library, meant)),
        "attachments": [row["name"] for row in announcement.attachments],
        "starts_at": iso(announcement.starts_at),
        "hash": announcer.shown(announcement),
        "approvals": [
            {"by": row.by, "at": iso(row.at), "count": row.count, "current": row is standing}
            for row in await approval.every(session, announcement)
        ],
        "audit": [
            {"at": iso(row.at), "who": row.who, "did": row.did, "note": row.note}
            for row in await audit.entries(session, f"announcement {number}")
        ],
    }
    return shown, _lines(context.phrases, shown)


def _plain(value: Any) -> Any:
    """Return a field for a machine: a day as it is written there, nothing as none."""
    return value if value is None or isinstance(value, str) else str(value)


def _audience(announcement: Announcement) -> dict[str, Any]:
    """Return the rule with the number of single chats in their place; empty is everybody."""
    rule = Audience.stored(announcement.audience).row()
    for part in (rule, rule.get("exclude", {})):
        if "who" in part:
            part["chats"] = len(part.pop("who"))
    return rule


def _lines(phrases: Phrases, shown: dict[str, Any]) -> list[str]:
    approvals = [
        f"  {one['by']}, {_clock(one)}, cho {one['count']} người"
        f"{'' if one['current'] else ' (không còn tính)'}"
        for one in shown["approvals"]
    ]
    steps = [
        f"  {_clock(one)}  {one['who']}: {describe.audited(phrases, one['did'])}"
        for one in shown["audit"]
    ]
    fields = [
        f"{capital(phrases.say(f'field_{name}'))}: {_written(name, shown[name])}."
        for name in OPTIONAL
    ]
    return [
        f"Thông báo {shown['id']} “{shown['title']}”: {describe.state(phrases, shown['state'])}.",
        *([f"Lý do: {shown['reason']}"] if shown["reason"] else []),
        *(["Khẩn: gửi cả ban đêm."] if shown["urgent"] else []),
        f"Người soạn: {shown['author']}. Chủ đề: {shown['topic']}.",
        f"Gửi cho: {shown['for']}.",
        " ".join(fields),
        f"Đính kèm: {', '.join(shown['attachments']) or 'không có'}.",
        f"Mã bản này: {shown['hash']}",
        "Đã duyệt:" if approvals else "Chưa ai duyệt.",
        *approvals,
        "Việc đã làm:",
        *steps,
        "",
        shown["body"],
    ]


def _written(field: str, value: str | None) -> str:
    """Return a field as people write it."""
    if not value:
        return "không ghi"
    return write_day(date.fromisoformat(value)) if field in DAYS else value


def _clock(row: dict[str, Any]) -> str:
    return write_moment(datetime.fromisoformat(row["at"]))
