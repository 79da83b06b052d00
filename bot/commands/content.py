"""`htx content …`: for the staff who keep the answers right."""

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer

from bot.checking import all_faults, all_findings, known_misfits
from bot.commands.affected import affected, show
from bot.commands.coverage import coverage
from bot.commands.new import add, new
from bot.commands.preview import preview
from bot.commands.review import review
from bot.terminal import progress, result, result_json
from services.errors import ContentError
from services.knowledge.checks.references import dead_links
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.publishing.holding import REFUSED, hold_back
from services.settings import load_settings

app = typer.Typer(
    help="Nội dung: kiểm tra, độ phủ, xem lại, xem trước, văn bản đổi.", no_args_is_help=True
)
app.command()(coverage)
app.command()(review)
app.command()(preview)
app.command()(new)
app.command()(add)
app.command()(affected)
app.command()(show)

_ONLINE_SECONDS = 20


@app.command()
def check(
    *, online: Annotated[bool, typer.Option(help="Mở thử từng đường dẫn trên mạng")] = False
) -> None:
    """Kiểm tra mọi bài, văn bản, dữ kiện, thủ tục, mẫu thông báo; liệt kê từng chỗ cần sửa."""
    settings = load_settings()
    library = read_library(settings.content_dir)
    found = all_findings(settings, library)
    if known_misfits(settings) is None:
        progress("Chưa học nội dung này (“htx nlu train”), nên chưa xét được câu hỏi mẫu nhầm bài.")
    if online:
        found += asyncio.run(_asked_online(library))
    for finding in sorted(found):
        result(str(finding))
    if found:
        progress(f"{len(found)} chỗ cần sửa.")
        raise typer.Exit(1)
    result(f"Nội dung sạch: {len(library.articles)} bài, {len(library.sources)} văn bản.")


@app.command("hold-back", hidden=True)
def hold_back_in(folder: Path, before: Annotated[Path | None, typer.Option()] = None) -> None:
    """Put back in a folder what the check finds; print the findings. The publisher's own verb."""
    try:
        found = hold_back(folder, before, all_faults)
    except ContentError as error:
        progress(str(error))
        raise typer.Exit(REFUSED) from None
    result_json([str(finding) for finding in found])


async def _asked_online(library: Library) -> list[Finding]:
    progress("Đang mở thử các đường dẫn…")
    async with httpx.AsyncClient(timeout=_ONLINE_SECONDS, follow_redirects=True) as client:
        return await dead_links(library, client)
