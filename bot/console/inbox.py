"""The inbox: people who asked for a person, and the agents who answer them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot.console.audit_words import ACTS
from bot.console.content.view import editor
from bot.console.request import (
    HOME,
    ConsoleRequest,
    ConsoleRoute,
    Handler,
    Section,
    Waiting,
    figure,
)
from services.clock import VIETNAM, day_of
from services.conversation.plain import plain_reply
from services.errors import HtxError, TicketError
from services.knowledge.article import Article
from services.staff import account, audit
from services.storage.models import Announcement, Ticket, TicketMessage
from services.tickets import counter, figures, files, queue
from services.tickets.office_hours import read_hours
from services.tickets.to_article import begin_article

_INBOX = f"{HOME}/inbox"
_VIEWS: Mapping[queue.View, str] = {
    "free": "Chưa ai nhận",
    "mine": "Của tôi",
    "open": "Đang mở",
    "closed": "Đã khép",
}
ANSWERERS = account.AGENTS | account.WRITERS
"""Who may answer people; who writes announcements answers about their own."""
_MOST_NEAR = 4
_DAYS = 30
_ROOM = 400
"""Characters for a title and an address."""
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def show(desk: ConsoleRequest) -> Response:
    """Show the queue: a view of it, of one subject if that is asked for, page by page."""
    view = next((one for one in queue.VIEWS if one == desk.asked("view")), queue.VIEWS[0])
    subject, after = desk.asked("subject"), figure(desk.asked("after"))
    page = await queue.page(
        desk.session,
        view,
        desk.staff,
        subject=subject,
        after=after,
    )
    return desk.page(
        "inbox.html",
        view=view,
        views=_VIEWS,
        counts=await queue.counts(desk.session, desk.staff),
        subject=subject,
        subjects=_subjects(desk),
        page=page,
        figures=desk.may(account.AGENTS),
        newest=await queue.newest(desk.session),
        ago=_Clock(desk).ago,
        left=_Clock(desk).left,
    )


async def news(desk: ConsoleRequest) -> Response:
    """Tell a list that is open how many tickets nobody has, and whether there is a newer one."""
    counts = await queue.counts(desk.session, desk.staff)
    newer = await queue.newest(desk.session) > figure(desk.asked("seen"))
    told = "Có phiếu mới hoặc phiếu mở lại." if newer else ""
    return _news(desk, ("Hộp thư", f"{_INBOX}?view=free"), told, counts["free"])


async def ticket_news(desk: ConsoleRequest) -> Response:
    """Tell a ticket that is open whether the citizen wrote, or another took it."""
    ticket = await counter.find(desk.session, desk.number())
    counts = await queue.counts(desk.session, desk.staff)
    told, seen = "", figure(desk.asked("seen"))
    new = await counter.of_citizen_since(desk.session, ticket.id, seen)
    if new:
        told = "Bà con vừa viết thêm; đang gõ thì cứ gõ và gửi, tải lại thì mất chữ đang gõ."
    elif (ticket.owner_id or 0) != figure(desk.asked("owner")):
        told = f"Phiếu này nay do {ticket.owner.name if ticket.owner else 'hàng chờ'} giữ."
    lines = [one.text or ", ".join(file.name for file in one.files) for one in new]
    here = (f"Phiếu {ticket.id}", _address(ticket.id))
    return _news(desk, here, told, counts["free"], lines)


def _news(
    desk: ConsoleRequest, here: tuple[str, str], told: str, free: int, lines: Sequence[str] = ()
) -> Response:
    """Tell a page that is called and stands so, in the browser's title too."""
    heading, address = here
    return desk.part(
        "inbox_news.html", heading=heading, news=told, address=address, free=free, lines=lines
    )


async def show_figures(desk: ConsoleRequest) -> Response:
    """Show how long people waited and what they were answered, of the last thirty days."""
    hours = read_hours(desk.services.settings.office_hours)
    found = await figures.of_days(desk.session, hours, desk.now, _DAYS)
    return desk.page(
        "inbox_figures.html",
        days=_DAYS,
        figures=found,
        span=lambda one: "chưa có" if one is None else span(one),
        subjects=_subjects(desk),
        title_of=_title(desk),
    )


async def take(desk: ConsoleRequest) -> Response:
    """Take a ticket; of several who press at once one gets it."""
    number = desk.number()
    await _counter(desk).take(number)
    return desk.to(
        _address(number), f"Anh/chị đã nhận phiếu {number}; trợ lý nhường lời cho anh/chị."
    )


async def read(desk: ConsoleRequest) -> Response:
    """Show a ticket whole; that it was read is in the audit."""
    number = desk.number()
    await counter.find(desk.session, number)
    audit.note(desk.session, desk.now, desk.staff.name, "ticket.read", f"ticket {number}")
    return await _ticket(desk)


async def show_file(desk: ConsoleRequest) -> Response:
    """Give a file of a ticket: a picture to be seen, a PDF to be kept; it is in the audit."""
    number = desk.number()
    file = await files.find(desk.session, number, desk.number("file"))
    about = f"ticket {number}"
    audit.note(desk.session, desk.now, desk.staff.name, "ticket.file", about, file=file.id)
    return Response(file.content, media_type=file.kind, headers=files.disposition(file))


async def answer(desk: ConsoleRequest) -> Response:
    """Send an answer to the citizen."""
    written, given = _written(desk, "text"), desk.form.get("file")
    if isinstance(given, UploadFile) and given.filename:
        file = await files.cleaned(given.filename, await given.read())
        written = replace(written, text=written.text or file.name, file=file)
    await _counter(desk).answer(desk.number(), written)
    return desk.to(_address(desk.number()), "Đã gửi bà con.")


async def send_article(desk: ConsoleRequest) -> Response:
    """Send the citizen what an article says first, with its sources, as an agent's word."""
    name, composer = desk.field("article"), desk.services.composer()
    if name not in composer.library.articles:
        raise TicketError("ticket_article_gone")
    say = composer.library.phrases.say
    told = plain_reply(composer.article(name), sources=say("sources"), next_step=say("next_step"))
    title = composer.library.articles[name].head.title
    address = f"{desk.services.settings.site}/bai/{name}"
    text = f"{title}\n\n{told[: counter.MOST - _ROOM]}\n\n{address}"
    written = _written(desk, "article")
    await _counter(desk).answer(desk.number(), replace(written, text=text, article=name))
    return desk.to(_address(desk.number()), f"Đã gửi bà con bài “{title}”.")


async def note(desk: ConsoleRequest) -> Response:
    """Leave a note that the citizen does not see."""
    await _counter(desk).note(desk.number(), _written(desk, "note"))
    return desk.to(_address(desk.number()), "Đã ghi; ghi chú không gửi cho bà con.")


async def write_article(desk: ConsoleRequest) -> Response:
    """Begin the draft of an article out of an answer."""
    ticket = await counter.find(desk.session, desk.number())
    message = await desk.session.get(TicketMessage, figure(desk.field("message")))
    if message is None:
        raise TicketError("ticket_no_answer")
    near = [one.topic for one in await _near(desk, f"{ticket.about} {message.text}")]
    await begin_article(_counter(desk), editor(desk), ticket, message, near)
    told = "Đã có bản nháp của bài; người viết nội dung gắn nguồn, người khác duyệt rồi mới dùng."
    return desk.to(_address(ticket.id), told)


async def hand_on(desk: ConsoleRequest) -> Response:
    """Give a ticket to another agent, or back to the queue."""
    number, to = desk.number(), desk.field("to")
    await _counter(desk).hand_on(number, to, desk.field("why"))
    told = f"Đã chuyển phiếu {number} cho {to}." if to else f"Đã trả phiếu {number} về hàng chờ."
    return desk.to(_INBOX, told)


async def take_over(desk: ConsoleRequest) -> Response:
    """Take a ticket from its owner, for a reason that both read."""
    number = desk.number()
    await _counter(desk).take_over(number, figure(desk.field("owner")), desk.field("why"))
    return desk.to(_address(number), f"Phiếu {number} nay do anh/chị giữ.")


async def close(desk: ConsoleRequest) -> Response:
    """Close a ticket: the bot answers again."""
    number = desk.number()
    await _counter(desk).close(number)
    return desk.to(_INBOX, f"Đã khép phiếu {number}; bà con được báo, trợ lý trả lời tiếp.")


def _counter(desk: ConsoleRequest) -> counter.Counter:
    settings = desk.services.settings
    links = files.FileLinks(settings.site, settings.secret_key.get_secret_value())
    phrases = desk.services.library.phrases
    return counter.Counter(desk.session, desk.staff, desk.now, phrases, links)


def _written(desk: ConsoleRequest, field: str) -> counter.Written:
    text = desk.field(field).replace("\r\n", "\n")  # as browsers send lines
    return counter.Written(text, desk.field("once")[:32], figure(desk.field("seen")))


async def _ticket(desk: ConsoleRequest, problem: str = "") -> Response:
    ticket = await counter.find(desk.session, desk.number())
    sought = desk.asked("q") or ticket.about
    agents = await account.everyone(desk.session)
    others = [a.name for a in agents if a.role in account.AGENTS and not a.disabled]
    return desk.page(
        "inbox_ticket.html",
        ticket=ticket,
        announcement=await desk.session.get(Announcement, ticket.announcement_id or 0),
        lines=await queue.talk_of(desk.session, ticket),
        deeds=ACTS,
        history=(await audit.page(desk.session, about=f"ticket {ticket.id}"))[::-1],
        mine=ticket.owner_id == desk.staff.id,
        others=[name for name in others if name != desk.staff.name],
        seen=await counter.newest_of_citizen(desk.session, ticket.id),
        once=secrets.token_hex(16),
        problem=problem,
        sought=desk.asked("q"),
        near=await _near(desk, sought) if sought else [],
        title_of=_title(desk),
        subjects=_subjects(desk),
        at=_Clock(desk).at,
        left=_Clock(desk).left,
    )


async def _near(desk: ConsoleRequest, text: str) -> list[Article]:
    """Return the articles that have most of a text's words."""
    edition = desk.services.current.edition
    found = await edition.interpreter.read_by_words(text, None)
    articles = edition.library.served(day_of(desk.now)).articles
    return [articles[one.name] for one in found.articles() if one.name in articles][:_MOST_NEAR]


async def waits(desk: ConsoleRequest) -> list[Waiting]:
    """Say how many tickets nobody has, those about one's announcements first, and one's own."""
    found = await queue.counts(desk.session, desk.staff)
    lines: Mapping[queue.View, str] = {
        "free": "phiếu chưa ai nhận",
        "mine": "phiếu của tôi đang mở",
    }
    own = await queue.of_own_announcements(desk.session, desk.staff)
    about = [Waiting(f"{own} phiếu hỏi về thông báo tôi soạn", f"{_INBOX}?view=free")]
    return (about if own else []) + [
        Waiting(f"{found[view]} {label}", f"{_INBOX}?view={view}")
        for view, label in lines.items()
        if found[view]
    ]


class _Clock:
    """Writes moments as an agent reads them: in Việt Nam's time, how long ago, how long is left."""

    def __init__(self, desk: ConsoleRequest) -> None:
        """Count from the request's moment, in the office's hours."""
        self._now = desk.now
        self._hours = read_hours(desk.services.settings.office_hours)

    def at(self, moment: datetime | None) -> str:
        """Return the time of a day, and the day."""
        return f"{moment.astimezone(VIETNAM):%H:%M %d/%m}" if moment else ""

    def ago(self, moment: datetime | None) -> str:
        """Return how long ago a moment was."""
        return span(self._now - moment) if moment else ""

    def left(self, ticket: Ticket) -> str:
        """Return how much of the working time that was promised is left."""
        due = ticket.due_at
        if due is None:
            return ""
        if due > self._now:
            return f"còn {span(self._hours.between(self._now, due))} làm việc (đến {self.at(due)})"
        late = self._hours.between(due, self._now)
        if late < _MINUTE:
            return f"vừa quá hẹn (hẹn {self.at(due)})"
        return f"quá hẹn {span(late)} làm việc (hẹn {self.at(due)})"


def span(time: timedelta) -> str:
    """Return a time in words."""
    if time >= timedelta(days=1):
        return f"{time.days} ngày"
    hours, minutes = time // _HOUR, time % _HOUR // _MINUTE
    return f"{hours} giờ {minutes} phút" if hours else f"{minutes} phút"


def _subjects(desk: ConsoleRequest) -> dict[str, str]:
    say = desk.services.library.phrases.say
    known = ("policy", "ocop", "credit", "registration")
    return {name: say(f"subject_{name}") for name in known} | {"": "Chưa rõ việc"}


def _title(desk: ConsoleRequest) -> Callable[[str], str]:
    articles = desk.services.library.articles
    return lambda name: articles[name].head.title if name in articles else name


def _address(number: int) -> str:
    return f"{_INBOX}/{number}"


def _of_theirs(handler: Handler) -> Handler:
    """Have a handler serve those alone who may see its ticket."""

    async def _served(desk: ConsoleRequest) -> Response:
        await queue.require_theirs(desk.session, desk.number(), desk.staff)
        return await handler(desk)

    return _served


async def _again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Show the ticket with what is wrong, and what was typed still in its place."""
    await queue.require_theirs(desk.session, desk.number(), desk.staff)
    return await _ticket(desk, str(error))


def _act(verb: str, handler: Handler) -> ConsoleRoute:
    """Return the route of something that is done with a ticket."""
    return ConsoleRoute("POST", f"{_ONE}/{verb}", _of_theirs(handler), ANSWERERS, again=_again)


_ONE = "/inbox/{number:int}"
SECTION = Section(
    "inbox",
    "Hộp thư",
    (
        ConsoleRoute("GET", "/inbox", show, ANSWERERS),
        ConsoleRoute("GET", "/inbox/figures", show_figures, account.AGENTS),
        ConsoleRoute("GET", "/inbox/news", news, ANSWERERS, live=True),
        ConsoleRoute("GET", _ONE, _of_theirs(read), ANSWERERS),
        ConsoleRoute("GET", f"{_ONE}/news", _of_theirs(ticket_news), ANSWERERS, live=True),
        ConsoleRoute("GET", f"{_ONE}/files/{{file:int}}", _of_theirs(show_file), ANSWERERS),
        _act("take", take),
        _act("answer", answer),
        _act("article", send_article),
        _act("write", write_article),
        _act("note", note),
        _act("hand-on", hand_on),
        _act("take-over", take_over),
        _act("close", close),
    ),
    waits=waits,
)
