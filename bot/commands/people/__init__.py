"""`htx people …`: who is told, what is held of them, and how that is erased."""

from typing import Annotated

import typer

from bot.commands.people.groups import group, groups
from bot.commands.people.links import link
from bot.commands.people.lists import export, import_people
from bot.commands.people.record import erase, show
from bot.terminal import Json, result, result_json
from services.people.places import places_like

app = typer.Typer(help="Bà con: nhập, xuất, xem, xóa, nhóm, liên kết mời.", no_args_is_help=True)
app.command("import")(import_people)
app.command()(show)
app.command()(export)
app.command()(erase)


@app.command()
def places(
    word: Annotated[str, typer.Argument(help="Chữ có trong tên; để trống: tất cả")] = "",
    *,
    as_object: Json = False,
) -> None:
    """Liệt kê mã và tên xã, phường, đặc khu của Đà Nẵng."""
    found = places_like(word)
    if as_object:
        result_json([{"code": place.code, "name": place.name} for place in found])
        return
    for place in found:
        result(f"{place.code}  {place.name}")
    if not found:
        result(f"Không có xã, phường nào có chữ “{word}”.")


app.command()(groups)
app.command()(group)
app.command()(link)
