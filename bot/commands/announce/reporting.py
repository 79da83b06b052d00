"""`htx announce report`: who got it, who did not and why."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.announce.work import CommandContext, Number, do
from bot.terminal import By, Json, progress, result, result_json
from services.announcements import describe
from services.announcements.report import Report
from services.conversation.plain import plain_markdown
from services.errors import AnnouncementError
from services.staff.audit import SYSTEM


def report(
    number: Number,
    by: By = SYSTEM,
    csv: Annotated[Path | None, typer.Option(help="Ghi từng người nhận ra tệp CSV này")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Báo cáo: ai đã nhận, ai không và vì sao."""
    found, words, lines = do(partial(_gathered, number=number, by=by, listed=csv is not None))
    if csv:
        _write(csv, lines)
    if as_json:
        result_json(found.as_json())
    else:
        result(words)


async def _gathered(
    context: CommandContext, number: int, by: str, *, listed: bool
) -> tuple[Report, str, str]:
    announcer, session = context.announcer, context.session
    found = await announcer.report(session, number, by)
    lines = await announcer.export(session, number, by) if listed else ""
    return found, plain_markdown(describe.report(context.phrases, found)), lines


def _write(path: Path, lines: str) -> None:
    try:
        path.write_text(lines, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise AnnouncementError("file_unwritten", file=str(path), why=error.strerror) from None
    progress(f"Đã ghi {path}.")
