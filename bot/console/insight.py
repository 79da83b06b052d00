"""Usage of some days: charts with their tables, files for Excel, the monthly report."""

import asyncio
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from starlette.responses import Response

from bot.console.request import HOME, ConsoleRequest, ConsoleRoute, Section
from services.clock import day_of
from services.conversation.plain import capital
from services.errors import StaffError
from services.insight import monthly
from services.insight import usage as counted
from services.insight.usage import Span, Usage, month_of
from services.knowledge.library import Library
from services.people.people_csv import guarded
from services.people.places import place_name
from services.staff.account import STAFF_ROLES

_EVERYONE = frozenset(STAFF_ROLES)
_MOST_DAYS = 366
_FIRST, _LAST = date(2020, 1, 1), date(2100, 12, 31)
"""Days that may be asked for: nothing is counted beyond them, and the calendar has an end."""
_TOP = 15
_CHANNELS = {"telegram": "Telegram", "web": "Trang web", "api": "Chương trình khác"}
_OUTCOMES = {
    "answered": "trả lời được",
    "clarify": "hỏi lại cho rõ",
    "declined": "chưa trả lời được",
    "handoff": "chuyển cán bộ",
}

Rows: TypeAlias = Sequence[tuple[str, int]]


async def show(desk: ConsoleRequest) -> Response:
    """Show the figures of a month, or of the days from one to another."""
    span = _span(desk)
    figures = await counted.collect(desk.session, span, day_of(desk.now))
    tables = {name: table(figures, desk.services.library) for name, table in TABLES.items()}
    places, few = figures.places()
    return desk.page(
        "insight.html",
        figures=figures,
        span=span,
        before=span.before,
        after=_after(span, day_of(desk.now)),
        tables=tables,
        places=[(place_name(code), times) for code, times in places],
        few=few,
        share=counted.share,
        address=f"{HOME}/insight",
    )


async def as_csv(desk: ConsoleRequest) -> Response:
    """Give one table of the figures as a file that Excel opens."""
    table = TABLES.get(desk.request.path_params["table"])
    if table is None:
        raise StaffError("console_missing")
    span = _span(desk)
    rows = table(await counted.collect(desk.session, span, day_of(desk.now)), desk.services.library)
    written = io.StringIO()
    csv.writer(written).writerows([guarded(name), times] for name, times in rows)
    name = f"so-lieu-{span.first}-{span.last}.csv"
    return Response(
        written.getvalue().encode("utf-8-sig"),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def report(desk: ConsoleRequest) -> Response:
    """Show a month's report as a page that prints."""
    return desk.page("insight_report.html", report=await _monthly(desk))


async def report_pdf(desk: ConsoleRequest) -> Response:
    """Give a month's report as a PDF."""
    made = await _monthly(desk)
    name = f"bao-cao-{made.figures.span.first:%Y-%m}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = await asyncio.to_thread(made.as_pdf)  # citizens are answered meanwhile
    return Response(content, media_type="application/pdf", headers=headers)


async def _monthly(desk: ConsoleRequest) -> monthly.MonthlyReport:
    services, today = desk.services, day_of(desk.now)
    office = services.settings.office_name
    month = month_of(_span(desk).first)
    return await monthly.write(desk.session, services.library, month, office, today)


def _span(desk: ConsoleRequest) -> Span:
    """Read which days are asked for; the month that runs where none are."""
    today = day_of(desk.now)
    try:
        if desk.asked("first") and desk.asked("last"):
            first, last = desk.asked("first"), desk.asked("last")
            span = Span(date.fromisoformat(first), date.fromisoformat(last))
        elif desk.asked("month"):
            span = month_of(date.fromisoformat(f"{desk.asked('month')}-01"))
        else:
            return month_of(today)
    except (ValueError, OverflowError):
        raise StaffError("console_days") from None
    known = _FIRST <= span.first <= span.last <= _LAST
    if not known or (span.last - span.first).days >= _MOST_DAYS:
        raise StaffError("console_days")
    return span


def _after(span: Span, today: date) -> Span | None:
    """Return the days after these, unless they are yet to come."""
    first = span.last + timedelta(days=1)
    if first > today:
        return None
    whole = span == month_of(span.first)
    return month_of(first) if whole else Span(first, first + (span.last - span.first))


def _days(figures: Usage, _library: Library) -> Rows:
    return [(f"{day:%d/%m}", figures.by_day[day]) for day in figures.span.days]


def _hours(figures: Usage, _library: Library) -> Rows:
    return [(f"{hour} giờ", figures.counted["hours"][str(hour)]) for hour in range(24)]


def _channels(figures: Usage, _library: Library) -> Rows:
    return [(_CHANNELS.get(name, name), times) for name, times in figures.most("channels")]


def _outcomes(figures: Usage, _library: Library) -> Rows:
    return [(told, figures.outcome(name)) for name, told in _OUTCOMES.items()]


def _topics(figures: Usage, library: Library) -> Rows:
    told = {name: capital(topic.label) for name, topic in library.topics.items()}
    return [(told.get(name, name), times) for name, times in figures.by_topic().most_common()]


def _articles(figures: Usage, library: Library) -> Rows:
    return [(_title(library, name), times) for name, times in figures.most("articles", _TOP)]


def _disliked(figures: Usage, library: Library) -> Rows:
    return [(_title(library, name), times) for name, times in figures.most("unhelpful", _TOP)]


def _title(library: Library, name: str) -> str:
    known = library.articles.get(name)
    return known.head.title if known else name


TABLES: Mapping[str, Callable[[Usage, Library], Rows]] = {
    "days": _days,
    "hours": _hours,
    "channels": _channels,
    "outcomes": _outcomes,
    "topics": _topics,
    "articles": _articles,
    "disliked": _disliked,
}
"""Every table that a chart is drawn of, by its name in addresses."""

SECTION = Section(
    "insight",
    "Số liệu",
    (
        ConsoleRoute("GET", "/insight", show, _EVERYONE),
        ConsoleRoute("GET", "/insight/{table}.csv", as_csv, _EVERYONE),
        ConsoleRoute("GET", "/insight/report", report, _EVERYONE),
        ConsoleRoute("GET", "/insight/report.pdf", report_pdf, _EVERYONE),
    ),
)
