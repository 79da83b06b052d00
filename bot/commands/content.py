"""`htx content check | coverage | review`: what is wrong, what is missing, what is worth a look."""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.table import Table

from bot.preview import fit
from bot.terminal import Json, progress, result, result_json, result_table
from services.announcements.draft_file import broken_templates
from services.clock import day_of, utc_now
from services.errors import ContentError
from services.knowledge.article import Article
from services.knowledge.checks.coverage import Coverage, Covered, cover
from services.knowledge.checks.questions import Misfit, read_misfits
from services.knowledge.checks.references import dead_links
from services.knowledge.checks.suite import check as found_in
from services.knowledge.checks.suite import faults
from services.knowledge.finding import Finding
from services.knowledge.library import Library
from services.knowledge.loader import read_content, read_library
from services.publishing.editions import last_recorded
from services.publishing.holding import REFUSED, hold_back
from services.settings import Settings, load_settings
from services.tools.findings import tool_faults, tool_lapses
from services.tools.papers.findings import paper_findings, paper_lapses
from services.understanding.model import misfits_path, model_path

_ONLINE_SECONDS = 20
_WAYS = {"phone": "điện thoại", "address": "địa chỉ"}
"""What is missing to reach an office, in words."""
_UNLEARNT = "Chưa học nội dung này (“htx nlu train”), nên chưa xét được câu hỏi mẫu nhầm bài."


def check(
    *, online: Annotated[bool, typer.Option(help="Mở thử từng đường dẫn trên mạng")] = False
) -> None:
    """Kiểm tra mọi bài, văn bản, dữ kiện, thủ tục, mẫu thông báo; liệt kê từng chỗ cần sửa."""
    settings = load_settings()
    library = read_content(settings.content_dir)
    found = all_findings(settings, library)
    if known_misfits(settings) is None:
        progress(_UNLEARNT)
    if online:
        found += asyncio.run(_asked_online(library))
    for finding in sorted(found):
        result(str(finding))
    if found:
        progress(f"{len(found)} chỗ cần sửa.")
        raise typer.Exit(1)
    result(f"Nội dung sạch: {len(library.articles)} bài, {len(library.sources)} văn bản.")


def hold_back_in(folder: Path, before: Annotated[Path | None, typer.Option()] = None) -> None:
    """Put back in a folder what the check finds; print the findings. The publisher's own verb."""
    try:
        found = hold_back(folder, before, all_faults)
    except ContentError as error:
        progress(str(error))
        raise typer.Exit(REFUSED) from None
    result_json([str(finding) for finding in found])


def coverage(*, as_object: Json = False) -> None:
    """Đối chiếu các mục của văn bản 2651 và bảng dữ kiện với các bài; cái còn thiếu đứng đầu."""
    found = cover(read_content(load_settings().content_dir))
    if as_object:
        result_json(found.as_json())
        return
    _show("Văn bản 2651/UBND-KTN", "mục", found.clauses)
    _show("Dữ kiện", "dữ kiện", found.facts)
    _show("Điều hay nhầm (15) và điều chưa biết (16)", "điều", found.beyond)
    result(_summary(found))


def review(*, as_object: Json = False) -> None:
    """Liệt kê bài mất căn cứ, bài lâu chưa đối chiếu, nơi chưa rõ liên hệ, câu mẫu có lẽ nhầm."""
    settings = load_settings()
    today = day_of(utc_now())
    library = read_content(settings.content_dir)
    last = today - timedelta(days=settings.review_days)
    old, stale = _old(library, last), _stale(library, last)
    served = last_recorded(settings)
    lapsed = [*(served.library if served else library).lapsed(today)]
    known = known_misfits(settings)
    if known is None:
        progress(_UNLEARNT)
    unsure = [misfit for misfit in known or () if not misfit.is_sure]
    if as_object:
        result_json(_as_json(lapsed, old, unsure) | {"offices": missing_contacts(library) + stale})
        return
    for article in lapsed:
        result(f"Mọi căn cứ đã hết hiệu lực: {article.id}: {article.head.title}")
    if lapsed:
        result(f"{len(lapsed)} bài không được đem ra trả lời nữa.")
    for article in old:
        result(f"{article.head.as_of:%d/%m/%Y}  {article.id}: {article.head.title}")
    result(f"{len(old)} bài chưa đối chiếu quá {settings.review_days} ngày.")
    for told in missing_contacts(library):
        result(f"Chưa biết cách liên hệ: {told}")
    for told in stale:
        result(f"Nên hỏi lại địa chỉ, điện thoại: {told}")
    for misfit in unsure:
        told = f"{misfit.article}: “{misfit.question}” có lẽ hỏi {misfit.taken_for}"
        result(f"{told} ({misfit.confidence:.0%})")
    result(f"{len(unsure)} câu hỏi mẫu nên xem lại.")


def all_faults(folder: Path) -> list[Finding]:
    """Return everything in a content folder that keeps a change from being served."""
    library, today = read_library(folder), day_of(utc_now())
    return sorted(
        {
            *faults(library, today),
            *fit(library, today),
            *broken_templates(folder, library),
            *paper_findings(folder, library),
            *tool_faults(library),
        }
    )


def all_findings(settings: Settings, library: Library) -> list[Finding]:
    """Return everything that a writer has to mend in the content folder, read as `library`.

    That is more than keeps a change back: articles that a lapse has stopped, and example questions
    that the model of this content takes for another article's.
    """
    today, guesses = day_of(utc_now()), known_misfits(settings) or ()
    found = {
        *found_in(library, today, guesses),
        *fit(library, today),
        *broken_templates(settings.content_dir, library),
        *paper_findings(settings.content_dir, library),
        *tool_faults(library),
        *tool_lapses(library, today),
        *paper_lapses(library, today),
    }
    return sorted(found)


def known_misfits(settings: Settings) -> tuple[Misfit, ...] | None:
    """Return what the model of this content takes for another article's; None without a model."""
    return read_misfits(misfits_path(model_path(settings)))


def missing_contacts(library: Library) -> list[str]:
    """Return each office that nobody can reach from home, with what is not known of it."""
    return [
        f"{office.name} (chưa có {', '.join(map(_WAYS.__getitem__, office.missing))})"
        for office in library.offices
        if office.missing
    ]


async def _asked_online(library: Library) -> list[Finding]:
    progress("Đang mở thử các đường dẫn…")
    async with httpx.AsyncClient(timeout=_ONLINE_SECONDS, follow_redirects=True) as client:
        return await dead_links(library, client)


def _show(title: str, kind: str, rows: Iterable[Covered]) -> None:
    table = Table(kind.capitalize(), "Bài trả lời", title=title)
    for row in sorted(rows, key=lambda row: bool(row.articles)):
        table.add_row(row.id, ", ".join(row.articles) or f"— chưa có — {row.reason or ''}".rstrip())
    result_table(table)


def _summary(found: Coverage) -> str:
    counted = (("mục", found.clauses), ("dữ kiện", found.facts), ("điều 15, 16", found.beyond))
    told = [f"{sum(bool(r.articles) for r in rows)}/{len(rows)} {kind}" for kind, rows in counted]
    return f"Có bài trả lời: {', '.join(told)}."


def _stale(library: Library, last: date) -> list[str]:
    offices = [o for o in library.offices if o.known and o.as_of and o.as_of < last]
    return [f"{office.name}, {office.as_of:%d/%m/%Y}" for office in offices]


def _old(library: Library, last: date) -> list[Article]:
    old = [article for article in library.articles.values() if article.head.as_of < last]
    return sorted(old, key=lambda article: (article.head.as_of, article.id))


def _as_json(lapsed: list[Article], old: list[Article], unsure: list[Misfit]) -> dict[str, object]:
    return {
        "lapsed": [{"id": a.id, "title": a.head.title} for a in lapsed],
        "articles": [{"id": a.id, "title": a.head.title, "as_of": str(a.head.as_of)} for a in old],
        "questions": [misfit.model_dump() for misfit in unsure],
    }
