"""`htx content …`: for the staff who keep the answers right."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.affected import affected, show
from bot.commands.new import new
from bot.commands.preview import preview
from bot.commands.terminal import progress, result, result_json
from services.knowledge.coverage import Coverage, cover
from services.knowledge.library import load_library, read_library
from services.settings import load_settings

app = typer.Typer(help="Nội dung: kiểm tra, độ phủ, xem trước, văn bản đổi.", no_args_is_help=True)
app.command()(preview)
app.command()(new)
app.command()(affected)
app.command()(show)


@app.command()
def check() -> None:
    """Kiểm tra mọi bài, văn bản và câu mẫu; liệt kê từng chỗ cần sửa."""
    library = read_library(load_settings().content_dir)
    for finding in library.findings:
        result(str(finding))
    if library.findings:
        progress(f"{len(library.findings)} chỗ cần sửa.")
        raise typer.Exit(1)
    result(f"Nội dung sạch: {len(library.articles)} bài, {len(library.sources)} văn bản.")


@app.command()
def coverage(
    *, as_object: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False
) -> None:
    """Đối chiếu các mục của văn bản 2651 và bảng dữ kiện với các bài."""
    found = cover(load_library(load_settings().content_dir))
    if as_object:
        result_json(found.as_json())
        return
    _show(found)


def _show(found: Coverage) -> None:
    table = Table("Mục", "Bài trả lời", title="Văn bản 2651/UBND-KTN")
    for clause in found.clauses:
        table.add_row(clause.id, ", ".join(clause.articles) or "— chưa có —")
    Console().print(table)
    answered = sum(bool(clause.articles) for clause in found.clauses)
    result(
        f"{answered}/{len(found.clauses)} mục có bài; {len(found.facts)} dữ kiện được bài nhắc tới."
    )
