"""`htx announce templates | new | draft | copy | delete`: begin, keep what was written, let go."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.announce.work import CommandContext, Number, do, say
from bot.terminal import By, Json, progress, result, result_json
from services.announcements import draft_file
from services.errors import AnnouncementError
from services.settings import load_settings
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
