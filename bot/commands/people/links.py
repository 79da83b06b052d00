"""`htx people link`: a link and a QR picture that bring people in with place and topic filled."""

import asyncio
import math
from pathlib import Path
from typing import Annotated

import segno
import typer

from bot.commands.db import writing
from bot.telegram import links
from bot.telegram.links import link_of
from bot.terminal import By, Json, progress, result, result_json
from services.clock import utc_now
from services.errors import PeopleError, why_of
from services.knowledge.loader import read_content
from services.people import groups
from services.people.deeplink import Deeplink, encode
from services.people.places import require_place
from services.people.subscription import by_label, topic_of
from services.settings import Settings, load_settings
from services.staff import account, audit

BotOption = Annotated[str, typer.Option("--bot", help="Tên bot; để trống thì hỏi Telegram")]

_PRINTED_MM = 120
"""The picture's side: an A5 sheet is 148 mm wide."""
_DPI = 300
_MM_PER_INCH = 25.4


def link(  # noqa: PLR0913  # because every part of a link is an option
    *,
    place: Annotated[str, typer.Option(help="Xã, phường: mã hoặc tên")] = "",
    topic: Annotated[str, typer.Option(help="Chủ đề")] = "",
    event: Annotated[str, typer.Option(help="Tên ngắn của buổi, như hoi-cho-2026")] = "",
    bot: BotOption = "",
    out: Annotated[Path | None, typer.Option(help="Ghi mã QR ra tệp .png hoặc .svg")] = None,
    by: By = audit.SYSTEM,
    as_object: Json = False,
) -> None:
    """In liên kết mời vào bot, điền sẵn xã và chủ đề, kèm mã QR để in trên tờ A5.

    Ai vào bằng liên kết của một buổi thì ở trong nhóm “event-TÊN”; xóa nhóm là đóng liên kết.
    """
    settings = load_settings()
    code = require_place(place).code if place else ""
    chosen = _topic(settings, topic) if topic else ""
    payload = encode(Deeplink(code, chosen, event))
    address = link_of(bot_name(settings, bot), payload)
    if out is not None:
        _draw(address, out)
    if event:
        asyncio.run(_make_event(settings, event, by))
    if as_object:
        result_json({"link": address, "qr": str(out) if out else None})
        return
    result(address)
    progress(f"Mã QR: {out}" if out else "Thêm --out TỆP.png để có mã QR in ra.")


def bot_name(settings: Settings, given: str) -> str:
    """Return the bot's name as given, or as Telegram tells it; raises as `links.bot_name` does."""
    return asyncio.run(links.bot_name(settings, given))


async def _make_event(settings: Settings, event: str, by: str) -> None:
    async with writing(settings) as session:
        who, now = await account.actor(session, by), utc_now()
        if await groups.make_event(session, event, now):
            audit.note(session, now, who, "people.event", f"event {event}")


def _topic(settings: Settings, named: str) -> str:
    topics = read_content(settings.content_dir).topics
    found = topic_of(named, by_label({name: topic.label for name, topic in topics.items()}))
    if found is None:
        msg = f"Không có chủ đề “{named}”; ghi một trong: {', '.join(topics)}."
        raise PeopleError(msg)
    return found


def _draw(address: str, out: Path) -> None:
    """Write a QR picture that fits an A5 sheet.

    Raises:
        PeopleError: the file is of another kind, or can't be written.

    """
    kind = out.suffix.lower()
    if kind not in (".png", ".svg"):
        msg = f"{out.name}: mã QR chỉ ghi được ra tệp .png hoặc .svg."
        raise PeopleError(msg)
    code = segno.make_qr(address, error="m", boost_error=False)
    side = code.symbol_size()[0]
    try:
        if kind == ".svg":
            code.save(str(out), scale=_PRINTED_MM / side, unit="mm")
        else:
            dots = _PRINTED_MM / _MM_PER_INCH * _DPI
            code.save(str(out), scale=math.ceil(dots / side), dpi=_DPI)
    except OSError as error:
        msg = f"Không ghi được {out} ({why_of(error)}); xem lại đường dẫn."
        raise PeopleError(msg) from None
