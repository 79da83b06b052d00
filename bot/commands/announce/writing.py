"""`htx announce templates | new | draft`: begin from a template, keep what was written."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.announce.work import Desk, do, people, say
from bot.commands.options import By, Json
from bot.commands.terminal import progress, result, result_json
from services.announcements import templates as templates_of
from services.announcements.draft import read_draft
from services.errors import AnnouncementError
from services.settings import load_settings
from services.staff import account

File = Annotated[Path, typer.Option("--file", help="Tệp thông báo (Markdown)")]


def templates(*, as_json: Json = False) -> None:
    """Liệt kê các mẫu thông báo."""
    found = templates_of.templates(load_settings().content_dir)
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
    templates_of.find_template(load_settings().content_dir, template).copy(target)
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
    kept = do(partial(_kept, file=file, by=by, number=number))
    told = people(kept["total"], kept["left_out"])
    say(kept, f"Đã giữ bản nháp số {kept['id']}: {told}", as_json=as_json)
    for notice in kept["notices"]:
        progress(f"Lưu ý: {notice}")
    if kept["faults"]:
        msg = f"{kept['faults'][0]} Bản nháp số {kept['id']} vẫn được giữ."
        raise AnnouncementError(msg)


async def _kept(desk: Desk, file: Path, by: str, number: int | None) -> dict[str, Any]:
    await account.require(desk.session, by, account.WRITERS)
    read, announcer = read_draft(file), desk.announcer
    said = (
        await announcer.draft(desk.session, read, by)
        if number is None
        else await announcer.redraft(desk.session, number, read, by)
    )
    found = await announcer.inspect(desk.session, said)
    return {
        "id": said.id,
        "state": said.state,
        "total": found.people.total,
        "left_out": found.people.left_out,
        "faults": list(found.faults),
        "notices": list(found.notices),
    }
