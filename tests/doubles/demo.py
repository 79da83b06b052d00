"""`make demo`: the product with a week of made-up life, and a link into the console for each role.

Everything is made up, and lies in a data folder of its own (`var/demo`), which is made anew each
time. The content is the project's own: what is changed in the console is put into a copy of it.
"""

import asyncio
import os
import random
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.process import Parts
from bot.process import run as run_parts
from bot.telegram.letter import announcer_of
from bot.terminal import progress, result
from services.clock import utc_now
from services.insight.kept_gaps import GapKeeper
from services.insight.usage import roll_up
from services.knowledge.library import Library
from services.people.places import places
from services.publishing.editions import recorded
from services.settings import ROOT, Settings, load_settings
from services.staff import account, sign_in
from services.storage.migrate import upgrade
from services.storage.models import Feedback, Person, Ticket, Turn, in_order
from services.storage.session import Sessions, make_engine, make_sessions
from services.telemetry import configure_logs
from services.tickets.office_hours import read_hours

FOLDER = ROOT / "var/demo"
STAFF = {
    "Lan": "author",
    "Minh": "approver",
    "Hòa": "agent",
    "Thảo": "content",
    "Quang": "admin",
}
"""Made-up names, and what they may do."""
_PEOPLE = 60
_TURNS = 500
_UNKNOWN = (
    "htx có được nuôi chim yến trong khu dân cư không",
    "nuoi chim yen trong khu dan cu duoc ko",
    "nuôi yến gần nhà dân có bị cấm không",
    "máy bay phun thuốc của htx có phải xin phép bay không",
    "htx muon drone phun thuoc can giay phep gi",
)
"""Made-up questions that no article answers, of two kinds."""
_ANNOUNCEMENT = """---
title: {title}
topic: ocop
audience:
  roles: [farmer, manager]
source: Liên minh Hợp tác xã
---
Chào {{{{ name }}}}, mời **bà con** dự {what}.
"""


def main() -> None:
    """Make it, print the links, and run until Ctrl-C."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(mode=0o700, parents=True)
    shutil.copytree(ROOT / "content", FOLDER / "content")
    settings = load_settings(
        data_dir=FOLDER,
        content_dir=FOLDER / "content",
        model_dir=ROOT / "var/models",
        office_name="Liên minh Hợp tác xã (làm thử)",
    )
    os.environ |= {"HTX_DATA_DIR": str(FOLDER), "HTX_CONTENT_DIR": str(settings.content_dir)}
    configure_logs("WARNING")
    edition = recorded(settings)
    asyncio.run(_fill(settings, edition.library))
    with suppress(KeyboardInterrupt):
        asyncio.run(run_parts(settings, edition, Parts(publishes=True, web=True)))


async def _fill(settings: Settings, library: Library) -> None:
    progress("Đang làm ra một tuần chuyện để xem thử…")
    await upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    sessions, now = make_sessions(engine), utc_now()
    try:
        async with sessions.begin() as session:
            for name, role in STAFF.items():
                await account.add(session, name, role, now, "system")
            _add_people(session, now)
            _add_turns(session, library, now)
        async with sessions.begin() as session:
            _add_tickets(session, settings, now)
        await _announce(settings, library, sessions)
        await roll_up(sessions, now)
        await GapKeeper(sessions).keep(library, now)
        await _print_links(settings, sessions)
    finally:
        await engine.dispose()


async def _print_links(settings: Settings, sessions: Sessions) -> None:
    result(f"Trang cho bà con: {settings.site}")
    result("Trang cán bộ; chờ dòng “Sẵn sàng”, rồi mỗi liên kết vào được một lần, trong năm phút:")
    async with sessions.begin() as session:
        for name, role in STAFF.items():
            token = await sign_in.make_link(session, name, utc_now(), "system")
            result(f"  {name} ({role}): {settings.site}/console/sign-in/{token}")
    result("Hết hạn thì ở cửa sổ khác, gõ:")
    where = f"HTX_DATA_DIR={FOLDER} HTX_WEB_PORT={settings.web_port}"
    result(f"  {where} .venv/bin/htx staff session Quang")


def _add_people(session: AsyncSession, now: datetime) -> None:
    codes = list(places())
    session.add_all(
        Person(
            channel="telegram",
            chat=str(2000 + number),
            who=f"demo-{number}",
            created_at=now - timedelta(days=7),
            name=f"Bà con {number}",
            role="manager" if number % 5 == 0 else "farmer",
            place=codes[number % len(codes[:12])],
            agreed=number % 4 != 0,
            seen_at=now - timedelta(hours=number),
        )
        for number in range(_PEOPLE)
    )


def _add_turns(session: AsyncSession, library: Library, now: datetime) -> None:
    dice = random.Random(7)  # noqa: S311  # because the same is wanted each time
    articles = sorted(library.articles.values(), key=lambda article: article.id)
    for number in range(_TURNS):
        at = now - timedelta(minutes=dice.randrange(7 * 24 * 60))
        key = str(2000 + dice.randrange(_PEOPLE))
        if number % 12 == 0:
            session.add(_turn(at, key, dice.choice(_UNKNOWN), "declined"))
            continue
        article = dice.choice(articles[:40])
        turn = _turn(at, key, dice.choice(article.questions), "answered")
        turn.answered_by = in_order([(article.id, article.hash)])
        session.add(turn)
        if number % 9 == 0:
            session.add(_verdict(turn, useful=dice.random() < 0.7))  # as many are


def _turn(at: datetime, key: str, text: str, outcome: str) -> Turn:
    return Turn(
        channel="telegram",
        key=key,
        at=at,
        text=text,
        payload="",
        outcome=outcome,
        confidence=0.8,
        degraded=False,
        ms=60,
    )


def _verdict(turn: Turn, *, useful: bool) -> Feedback:
    told = turn.answered_by[0]
    return Feedback(
        channel=turn.channel,
        key=f"{turn.key}-{turn.at.timestamp():.0f}",
        at=turn.at,
        article=told.article,
        hash=told.hash,
        useful=useful,
        reason=None if useful else "unclear",
    )


def _add_tickets(session: AsyncSession, settings: Settings, now: datetime) -> None:
    """Add three people who wait for a person, as their chats would have left them."""
    asked: Sequence[tuple[str, str, str]] = (
        ("credit", "hồ sơ vay quỹ của htx em thiếu báo cáo tài chính có vay được không", "2003"),
        ("registration", "gặp cán bộ, tôi nộp đăng ký 5 ngày rồi chưa thấy trả lời", "2007"),
        ("ocop", "sản phẩm tinh dầu quế nên chấm theo bộ nào", "2011"),
    )
    hours = read_hours(settings.office_hours)
    for later, (subject, about, key) in enumerate(asked):
        since = now - timedelta(hours=9 - later * 3)
        ticket = Ticket(
            channel="telegram",
            key=key,
            opened_at=since,
            about=about,
            subject=subject,
            waiting_since=since,
            due_at=hours.after(since, settings.answer_hours),
        )
        session.add(ticket)
        session.add(_turn(since, key, about, "handoff"))


async def _announce(settings: Settings, library: Library, sessions: Sessions) -> None:
    """Draft two announcements; for one of them a yes is asked."""
    announcer, file = announcer_of(settings, library), FOLDER / "tin.md"
    for title, what in (("Lớp tập huấn OCOP", "lớp tập huấn"), ("Họp xã viên", "buổi họp")):
        file.write_text(_ANNOUNCEMENT.format(title=title, what=what), encoding="utf-8")
        async with sessions.begin() as session:
            drafted = await announcer.draft(session, announcer.read(file), "Lan")
            if "OCOP" in title:
                await announcer.ask(session, drafted.id, "Lan")


if __name__ == "__main__":
    main()
