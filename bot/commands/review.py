"""`htx content review`: what is worth another look, though nothing in it is wrong."""

from datetime import date, timedelta
from typing import Annotated

import typer

from bot.commands.terminal import progress, result, result_json
from services.clock import day_of, utc_now
from services.knowledge.article import Article
from services.knowledge.library import Library, load_library
from services.knowledge.misfit import Misfit, read_misfits
from services.settings import Settings, load_settings
from services.understanding.model import misfits_path, model_path


def review(
    *, as_object: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False
) -> None:
    """Liệt kê bài lâu chưa đối chiếu (cũ nhất đứng đầu) và câu hỏi mẫu có lẽ đứng nhầm bài."""
    settings = load_settings()
    today = day_of(utc_now())
    old = _old(load_library(settings.content_dir), today, settings.review_days)
    unsure = [misfit for misfit in known_misfits(settings) if not misfit.is_sure]
    if as_object:
        result_json(_as_json(old, unsure))
        return
    for article in old:
        result(f"{article.head.as_of:%d/%m/%Y}  {article.id}: {article.head.title}")
    result(f"{len(old)} bài chưa đối chiếu quá {settings.review_days} ngày.")
    for misfit in unsure:
        told = f"{misfit.article}: “{misfit.question}” có lẽ hỏi {misfit.taken_for}"
        result(f"{told} ({misfit.confidence:.0%})")
    result(f"{len(unsure)} câu hỏi mẫu nên xem lại.")


def known_misfits(settings: Settings) -> tuple[Misfit, ...]:
    """Return what today's model takes for another article's; or say that there is no model."""
    found = read_misfits(misfits_path(model_path(settings)))
    if found is None:
        progress("Chưa học nội dung này (“htx nlu train”), nên chưa xét được câu hỏi mẫu nhầm bài.")
    return found or ()


def _old(library: Library, today: date, most_days: int) -> list[Article]:
    last = today - timedelta(days=most_days)
    old = [article for article in library.articles.values() if article.head.as_of < last]
    return sorted(old, key=lambda article: (article.head.as_of, article.id))


def _as_json(old: list[Article], unsure: list[Misfit]) -> dict[str, object]:
    articles = [{"id": a.id, "title": a.head.title, "as_of": str(a.head.as_of)} for a in old]
    return {"articles": articles, "questions": [misfit.model_dump() for misfit in unsure]}
