"""The monthly report for the people's committee: one page of figures in the words such reports use.

Its head follows the form of administrative papers (Nghị định 30/2020/NĐ-CP, Phụ lục I). The PDF is
set by typst, whose own font has Vietnamese; texts go in as data and are never read as markup.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation.quantities import grouped
from services.insight.gap_list import asked_most
from services.insight.usage import Span, Usage, collect, month_of, share
from services.knowledge.library import Library
from services.storage.models import Announcement, Delivery

_TEMPLATE = Path(__file__).parent / "templates/monthly.typ"
_MOST = 10
"""So many articles stand in the report."""


@dataclass(frozen=True)
class MonthlyReport:
    """What a month's report says; `before` are the figures of the month before."""

    figures: Usage
    before: Usage
    office: str
    written: date
    articles: Sequence[tuple[str, int]]
    """The titles of what answered most, with how often."""
    announcements: Sequence[tuple[str, date]]
    """The titles of what somebody got, with the day on which its sending ended."""
    unanswered: Sequence[tuple[str, int]]
    """What was asked and not answered well: an example each, with how often."""

    @property
    def month(self) -> str:
        """The month as people write it."""
        return f"{self.figures.span.first:%m/%Y}"

    def lines(self) -> list[tuple[str, str, str]]:
        """Return each figure: what it is, this month, the month before."""
        return [
            (name, told, before)
            for (name, told), (_, before) in zip(
                _lines(self.figures), _lines(self.before), strict=True
            )
        ]

    def as_pdf(self) -> bytes:
        """Return it as a PDF on A4."""
        told = {
            "office": self.office,
            "month": self.month,
            "day": f"ngày {self.written:%d} tháng {self.written:%m} năm {self.written:%Y}",
            "lines": self.lines(),
            "articles": [[title, str(times)] for title, times in self.articles],
            "announcements": [[title, f"{on:%d/%m/%Y}"] for title, on in self.announcements],
            "unanswered": [[text, str(times)] for text, times in self.unanswered],
        }
        return typst.compile(_TEMPLATE.read_bytes(), sys_inputs={"told": json.dumps(told)})


async def write(
    session: AsyncSession, library: Library, month: Span, office: str, written: date
) -> MonthlyReport:
    """Gather a month's report out of what is kept."""
    figures = await collect(session, month, written)
    before = await collect(session, month_of(month.before.first), written)
    titles = [
        (library.articles[name].head.title if name in library.articles else name, times)
        for name, times in figures.counted["articles"].most_common(_MOST)
    ]
    reached = select(Delivery.announcement_id).where(Delivery.state == "sent")
    sent = (
        select(Announcement.title, Announcement.finished_at)
        .where(Announcement.finished_at >= month.begin, Announcement.finished_at < month.end)
        .where(Announcement.id.in_(reached))
        .order_by(Announcement.finished_at)
    )
    announcements = [
        (title, day_of(ended)) for title, ended in await session.execute(sent) if ended
    ]
    unanswered = await asked_most(session, month.begin, month.end, _MOST)
    return MonthlyReport(figures, before, office, written, titles, announcements, unanswered)


def _lines(figures: Usage) -> list[tuple[str, str]]:
    asked, talks = figures.asked, figures.talks
    return [
        ("Lượt hỏi của bà con", grouped(asked)),
        ("Số cuộc trò chuyện có hỏi", grouped(talks.month) if talks else "–"),
        ("Trả lời được ngay, trên số lượt hỏi", share(figures.outcome("answered"), asked)),
        ("Hỏi lại cho rõ, trên số lượt hỏi", share(figures.outcome("clarify"), asked)),
        ("Chưa trả lời được, trên số lượt hỏi", share(figures.outcome("declined"), asked)),
        ("Chuyển cán bộ, trên số lượt hỏi", share(figures.outcome("handoff"), asked)),
        ("Bà con chấm có ích, trên số lượt chấm", share(figures.useful, figures.judged)),
        (
            "Cuộc trò chuyện tháng trước nay hỏi lại",
            share(talks.returned, talks.before) if talks else "–",
        ),
        ("Thông báo tới nơi, trên số thư gửi", share(figures.delivered, figures.meant)),
    ]
