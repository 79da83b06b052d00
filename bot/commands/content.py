"""`htx content …`: for the staff who keep the answers right."""

import asyncio
from typing import Annotated

import httpx
import typer

from bot.commands.affected import affected, show
from bot.commands.coverage import coverage
from bot.commands.new import new
from bot.commands.preview import preview
from bot.commands.review import known_misfits, review
from bot.commands.terminal import progress, result
from bot.fit import fit
from services.announcements.templates import broken
from services.clock import day_of, utc_now
from services.knowledge.checks import check as find
from services.knowledge.finding import Finding
from services.knowledge.library import Library, read_library
from services.knowledge.online import dead_links
from services.settings import load_settings

app = typer.Typer(
    help="Nội dung: kiểm tra, độ phủ, xem lại, xem trước, văn bản đổi.", no_args_is_help=True
)
app.command()(coverage)
app.command()(review)
app.command()(preview)
app.command()(new)
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
    today = day_of(utc_now())
    found = [*find(library, today, known_misfits(settings)), *fit(library, today)]
    found += broken(settings.content_dir)
    if online:
        found += asyncio.run(_asked_online(library))
    for finding in sorted(found):
        result(str(finding))
    if found:
        progress(f"{len(found)} chỗ cần sửa.")
        raise typer.Exit(1)
    result(f"Nội dung sạch: {len(library.articles)} bài, {len(library.sources)} văn bản.")


async def _asked_online(library: Library) -> list[Finding]:
    progress("Đang mở thử các đường dẫn…")
    async with httpx.AsyncClient(timeout=_ONLINE_SECONDS, follow_redirects=True) as client:
        return await dead_links(library, client)
