"""Reception: a ticket opened for whoever asks for a person, and what they write meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import case, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements.asked_back import told_last
from services.clock import VIETNAM
from services.conversation.care import heard_behind
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.state import ConversationState, StoredState, TurnResult
from services.errors import TicketError
from services.knowledge.library import Library
from services.notices import notices
from services.settings import Settings
from services.staff import account, audit
from services.storage.batch_writer import BatchWriter
from services.storage.models import Announcement, Staff, Ticket, TicketFile, TicketMessage
from services.storage.session import claim
from services.tickets import call_back
from services.tickets.call_back import CallBack
from services.tickets.files import CleanFile, kept
from services.tickets.office_hours import OfficeHours, read_hours

SILENT = timedelta(hours=1)
"""So long after an agent's last word the bot answers again."""
_REOPENS = timedelta(days=7)
"""Whoever asks for a person again within it goes on with the ticket that was closed."""
_TOLD = 50
"""Of one's own words to agents, so many stand on a page that is opened again."""
_FILES = 20
"""Of one ticket: who sends more sends them to all who keep and read them."""
_BARE = 7
"""Words of a wish for a person that says nothing of why."""
_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_log = structlog.get_logger()


def is_held(ticket: Ticket, now: datetime) -> bool:
    """Say whether an agent speaks with the person just now, so that the bot is silent."""
    heard = ticket.heard_at
    return ticket.owner_id is not None and heard is not None and now - heard < SILENT


async def opened(session: AsyncSession, channel: str, key: str) -> Ticket | None:
    """Return the ticket of a conversation that is open, if any."""
    mine = Ticket.channel == channel, Ticket.key == key, Ticket.closed_at.is_(None)
    return await session.scalar(select(Ticket).where(*mine))


async def open_for_files(session: AsyncSession, channel: str, key: str) -> Ticket | None:
    """Return the ticket of a conversation that is open, if any, for one more file.

    Raises:
        TicketError: it holds as many files as one may.

    """
    ticket = await opened(session, channel, key)
    if ticket is None:
        return None
    files = select(func.count()).select_from(TicketFile).join(TicketMessage)
    if (await session.scalar(files.where(TicketMessage.ticket_id == ticket.id)) or 0) >= _FILES:
        raise TicketError("ticket_files_many", most=_FILES)
    return ticket


async def written(session: AsyncSession, channel: str, key: str) -> Sequence[TicketMessage]:
    """Return what a conversation wrote to agents, the latest, in its order."""
    mine = Ticket.channel == channel, Ticket.key == key, TicketMessage.kind == "citizen"
    query = select(TicketMessage).join(Ticket, Ticket.id == TicketMessage.ticket_id).where(*mine)
    latest = await session.scalars(query.order_by(TicketMessage.id.desc()).limit(_TOLD))
    return latest.all()[::-1]


def passed_on(library: Library, number: int) -> Reply:
    """Return what is said to one whose words went to the agent of a ticket."""
    lead = library.phrases.say("ticket_passed_on", number=number)
    return Reply("handoff", lead, confidence=1.0)


@dataclass(frozen=True)
class Reception:
    """Receives whoever asks for a person, at a moment."""

    settings: Settings
    writer: BatchWriter
    now: datetime

    @property
    def hours(self) -> OfficeHours:
        """When somebody answers."""
        return read_hours(self.settings.office_hours)

    def pass_on(
        self, session: AsyncSession, stored: StoredState, question: Question, library: Library
    ) -> TurnResult | None:
        """Leave what was written to the agent who has the ticket; None where the bot answers.

        Buttons and commands are the bot's but for those of the ticket, and so is a message that
        tells of distress, or on of an emergency: that is answered at once, and kept nowhere.
        """
        ticket = stored.ticket
        if ticket is None:
            return None
        asked_of = CallBack(session, library, stored, self.now)
        if question.payload:
            return asked_of.pressed(question)
        text, state = question.text, stored.state
        heard = heard_behind(state.cared, state.danger, question, library)
        if not text or text.startswith("/") or heard:
            return None
        if told := asked_of.written(question):
            return told
        return self._left(session, ticket, question, library) if is_held(ticket, self.now) else None

    async def leave_file(
        self, session: AsyncSession, file: CleanFile, caption: Question, library: Library
    ) -> Reply:
        """Leave a file to whoever has or takes the ticket, with the words under it.

        Raises:
            TicketError: none is open any more: bringing the file took seconds, in which an agent
                may have closed it, or its person erased everything.

        """
        ticket = await open_for_files(session, caption.channel, caption.conversation)
        if ticket is None:
            raise TicketError("ticket_file_late")
        return self._left(session, ticket, caption, library, file).reply

    def _left(
        self,
        session: AsyncSession,
        ticket: Ticket,
        question: Question,
        library: Library,
        file: CleanFile | None = None,
    ) -> TurnResult:
        text = question.masked(library.printed)
        left = TicketMessage(ticket_id=ticket.id, at=self.now, kind="citizen", text=text)
        if file is not None:
            left.files.append(kept(file))
        session.add(left)
        if ticket.waiting_since is None:
            ticket.waiting_since, ticket.due_at = self.now, self.due()
        session.add(ticket)
        masked = (library.phrases.say("masked"),) if text != question.clean else ()
        reply = replace(passed_on(library, ticket.id), notices=masked)
        return TurnResult(reply, library, asked=text, ticket=ticket.id)

    async def open_for(
        self, question: Question, state: ConversationState, result: TurnResult
    ) -> TurnResult:
        """Open a ticket for whoever asked for a person; the reply says who answers, and when.

        What can't be kept is not promised: the offices that the reply names stand there alone.
        """
        opening = _Opening(self, question, state, result)
        try:
            found = await self.writer.run(opening.open)
        except SQLAlchemyError as error:
            _log.exception("ticket.not_opened", reason=type(error).__name__)
            return result
        lead = result.library.phrases.say("ticket_opened", **found, told=result.reply.lead)
        buttons = (*result.reply.buttons, call_back.button(result.library))
        shown = result.showing(replace(result.reply, lead=lead, buttons=buttons))
        return replace(shown, ticket=found["number"])

    def due(self) -> datetime | None:
        """Return by when whoever asks now is answered; None for an office that never opens."""
        return self.hours.after(self.now, self.settings.answer_hours)

    def status(self, ticket: Ticket, library: Library) -> Reply:
        """Return how a ticket stands, for one who comes back to the page."""
        taken, due = ticket.owner_id is not None, self.when(ticket.due_at)
        told = library.phrases.say("ticket_status", number=ticket.id, taken=taken, due=due)
        return Reply("handoff", told, buttons=(call_back.button(library),), confidence=1.0)

    def when(self, moment: datetime | None) -> str:
        """Return a moment in the near future in words; nothing for none."""
        if moment is None:
            return ""
        local, today = moment.astimezone(VIETNAM), self.now.astimezone(VIETNAM).date()
        if local.date() == today:
            return f"{local:%H:%M} hôm nay"
        return f"{local:%H:%M} {_DAYS[local.weekday()]}, {local:%d/%m}"


@dataclass(frozen=True)
class _Opening:
    """The opening of one ticket: done again from the start, it finds the one that it made."""

    reception: Reception
    question: Question
    state: ConversationState
    result: TurnResult

    async def open(self, session: AsyncSession) -> Mapping[str, Any]:
        """Open a ticket, or return the one that is open; tell the agents of it."""
        await claim(session)
        ticket, fresh = await self._ticket(session)
        if fresh:
            ticket.announcement_id = await self._announcement(session)
        agents = await _agents(session, ticket.announcement_id)
        if fresh:
            audit.note(session, self.reception.now, audit.SYSTEM, fresh, f"ticket {ticket.id}")
            await self._tell(session, agents, ticket)
        return {
            "number": ticket.id,
            "fresh": bool(fresh),
            "taken": ticket.owner_id is not None,
            "staffed": bool(agents),
            "here": self.question.channel != "terminal",
            "open_now": self.reception.hours.is_open(self.reception.now),
            "due": self.reception.when(ticket.due_at),
        }

    async def _ticket(self, session: AsyncSession) -> tuple[Ticket, str]:
        """Return the conversation's ticket, and what was done for it; nothing where it was open."""
        mine = Ticket.channel == self.question.channel, Ticket.key == self.question.conversation
        last = await session.scalar(select(Ticket).where(*mine).order_by(Ticket.id.desc()).limit(1))
        now, due = self.reception.now, self.reception.due()
        if last is not None and last.closed_at is None:
            return last, ""
        if last is not None and last.closed_at and now - last.closed_at < _REOPENS:
            last.closed_at, last.owner_id, last.heard_at = None, None, None
            last.waiting_since, last.due_at, last.reopened = now, due, last.reopened + 1
            return last, "ticket.reopened"
        article = self.result.library.articles.get(self.state.article or "")
        made = Ticket(
            channel=self.question.channel,
            key=self.question.conversation,
            opened_at=now,
            about=self._about(),
            subject=article.head.subject if article else "",
            waiting_since=now,
            due_at=due,
        )
        session.add(made)
        await session.flush()
        return made, "ticket.opened"

    async def _announcement(self, session: AsyncSession) -> int | None:
        """Return the announcement that it asks about, of the one that the chat got last."""
        chat, now = (self.question.channel, self.question.conversation), self.reception.now
        told = await told_last(session, *chat, self.result.library, now)
        return told.announcement.id if told and told.fitting(self._about()) is not None else None

    def _about(self) -> str:
        """Return what it is about: the wish itself where it says more, else the question before."""
        asked = self.result.asked
        return asked if len(asked.split()) > _BARE else self.state.question or asked

    async def _tell(self, session: AsyncSession, agents: list[Staff], ticket: Ticket) -> None:
        """Tell the agents whose Telegram is linked; the text holds nothing of the citizen."""
        address = f"{self.reception.settings.site}/console/inbox/{ticket.id}"
        due = self.reception.when(ticket.due_at)
        say = self.result.library.phrases.say
        text = say("ticket_news", number=ticket.id, due=due, address=address, again=ticket.reopened)
        cause = f"ticket {ticket.id} opened {ticket.reopened}"
        for agent in agents:
            if agent.chat:
                await notices.queue(
                    session, ("telegram", agent.chat), cause, text, self.reception.now
                )


async def _agents(session: AsyncSession, announcement: int | None) -> list[Staff]:
    """Return who may answer: the author of the announcement that is asked about first."""
    author = select(Announcement.author).where(Announcement.id == announcement)
    wrote = Staff.name == author.scalar_subquery()
    agents = select(Staff).where(or_(Staff.role.in_(account.AGENTS), wrote), ~Staff.disabled)
    return list(await session.scalars(agents.order_by(case((wrote, 0), else_=1), Staff.id)))
