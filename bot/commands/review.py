"""`htx content review`: what is worth another look, and what a lapse has stopped."""

from datetime import date, timedelta
from typing import Annotated

import typer

from bot.checking import known_misfits
from bot.terminal import progress, result, result_json
from services.clock import day_of, utc_now
from services.knowledge.article import Article
from services.knowledge.checks.questions import Misfit
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.publishing.editions import last_recorded
from services.settings import load_settings


def review(
    *, as_object: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False
) -> None:
    """Liệt kê bài mất căn cứ, bài lâu chưa đối chiếu (cũ nhất đứng đầu), câu hỏi mẫu có lẽ nhầm."""
    settings = load_settings()
    today = day_of(utc_now())
    library = read_library(settings.content_dir)
    old = _old(library, today, settings.review_days)
    served = last_recorded(settings)
    lapsed = [*(served.library if served else library).lapsed(today)]
    known = known_misfits(settings)
    if known is None:
        progress("Chưa học nội dung này (“htx nlu train”), nên chưa xét được câu hỏi mẫu nhầm bài.")
    unsure = [misfit for misfit in known or () if not misfit.is_sure]
    if as_object:
        result_json(_as_json(lapsed, old, unsure))
        return
    for article in lapsed:
        result(f"Mọi căn cứ đã hết hiệu lực: {article.id}: {article.head.title}")
    if lapsed:
        result(f"{len(lapsed)} bài không được đem ra trả lời nữa.")
    for article in old:
        result(f"{article.head.as_of:%d/%m/%Y}  {article.id}: {article.head.title}")
    result(f"{len(old)} bài chưa đối chiếu quá {settings.review_days} ngày.")
    for misfit in unsure:
        told = f"{misfit.article}: “{misfit.question}” có lẽ hỏi {misfit.taken_for}"
        result(f"{told} ({misfit.confidence:.0%})")
    result(f"{len(unsure)} câu hỏi mẫu nên xem lại.")


def _old(library: Library, today: date, most_days: int) -> list[Article]:
    last = today - timedelta(days=most_days)
    old = [article for article in library.articles.values() if article.head.as_of < last]
    return sorted(old, key=lambda article: (article.head.as_of, article.id))


def _as_json(lapsed: list[Article], old: list[Article], unsure: list[Misfit]) -> dict[str, object]:
    return {
        "lapsed": [{"id": a.id, "title": a.head.title} for a in lapsed],
        "articles": [{"id": a.id, "title": a.head.title, "as_of": str(a.head.as_of)} for a in old],
        "questions": [misfit.model_dump() for misfit in unsure],
    }
