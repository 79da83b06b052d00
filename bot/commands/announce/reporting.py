"""`htx announce report`: who got it, who did not and why."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.announce.work import Desk, Number, do
from bot.commands.options import By, Json
from bot.commands.terminal import progress, result, result_json
from services.announcements.report import Report, as_csv
from services.announcements.report import report as gather
from services.clock import utc_now
from services.errors import AnnouncementError
from services.staff import audit
from services.staff.audit import SYSTEM


def report(
    number: Number,
    by: By = SYSTEM,
    csv: Annotated[Path | None, typer.Option(help="Ghi từng người nhận ra tệp CSV này")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Báo cáo: ai đã nhận, ai không và vì sao."""
    gathered, lines = do(partial(_gathered, number=number, by=by, listed=csv is not None))
    if csv:
        _write(csv, lines)
    if as_json:
        result_json(gathered.as_json())
    else:
        result(gathered.as_text())


async def _gathered(desk: Desk, number: int, by: str, *, listed: bool) -> tuple[Report, str]:
    await desk.require(by)
    said = await desk.announcer.find(desk.session, number)
    lines = await as_csv(desk.session, number) if listed else ""
    if listed:
        audit.note(desk.session, utc_now(), by, "announce.list", f"announcement {number}")
    return await gather(desk.session, said), lines


def _write(path: Path, lines: str) -> None:
    try:
        path.write_text(lines, encoding="utf-8-sig", newline="")
    except OSError as error:
        msg = f"Không ghi được tệp {path} ({error.strerror}); chọn chỗ khác."
        raise AnnouncementError(msg) from None
    progress(f"Đã ghi {path}.")
