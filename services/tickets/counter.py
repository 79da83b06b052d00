"""The counter: what an agent does with a ticket. One owner at a time; one answer per form sent.

Each act is one conditional UPDATE: of several who do it at once the database lets one through, and
the others read who was first. What an act did is in the audit, in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import VIETNAM
from services.conversation.plain import literal
from services.errors import TicketError
from services.knowledge.phrases import Phrases
from services.notices import notices
from services.staff import account, audit
from services.storage.dialects import insert
from services.storage.models import Staff, Ticket, TicketMessage
from services.tickets.files import NO_LINKS, CleanFile, FileLinks, kept

_A_FEW = 10
"""New messages that an open page shows at a time."""
MOST = 3000
"""Characters of an answer or a note."""


@dataclass(frozen=True)
class Written:
    """What an agent wrote, as the form carries it."""

    text: str
    once: str
    """By what the form is known when it is sent twice."""
    seen: int = 0
    """The last message of the citizen that the form's page showed."""
    article: str = ""
    file: CleanFile | None = None
    """What is sent with it."""


async def find(session: AsyncSession, number: int) -> Ticket:
    """Return a ticket as it stands now.

    Raises:
        TicketError: there is none of that number.

    """
    query = select(Ticket).where(Ticket.id == number).execution_options(populate_existing=True)
    ticket = await session.scalar(query)
    if ticket is None:
        raise TicketError("ticket_unknown", number=number)
    return ticket


async def newest_of_citizen(session: AsyncSession, number: int) -> int:
    """Return the number of the last message that the citizen left for the agent; 0 for none."""
    theirs = TicketMessage.ticket_id == number, TicketMessage.kind == "citizen"
    return await session.scalar(select(func.max(TicketMessage.id)).where(*theirs)) or 0


async def of_citizen_since(
    session: AsyncSession, number: int, seen: int
) -> Sequence[TicketMessage]:
    """Return what the citizen left for the agent after a message, a few at most, in its order."""
    theirs = TicketMessage.ticket_id == number, TicketMessage.kind == "citizen"
    query = select(TicketMessage).where(*theirs, TicketMessage.id > seen)
    return (await session.scalars(query.order_by(TicketMessage.id).limit(_A_FEW))).all()


@dataclass(frozen=True)
class Counter:
    """An agent at the counter, at a moment. Every act raises `TicketError` where it can't be."""

    session: AsyncSession
    me: Staff
    now: datetime
    phrases: Phrases
    """In whose words the citizen is told."""
    links: FileLinks = NO_LINKS
    """By what the citizen opens a file."""

    async def take(self, number: int) -> None:
        """Take a ticket that nobody has."""
        await self._own(number, Ticket.owner_id.is_(None))
        self._note(number, "take")

    async def take_over(self, number: int, owner: int, why: str) -> None:
        """Take a ticket from its owner, whom the page named; why is a note that both read."""
        if not why:
            raise TicketError("ticket_reason_missing")
        await self._own(number, Ticket.owner_id == owner)
        self._remark(number, why)
        self._note(number, "take_over", owner=owner)

    async def hand_on(self, number: int, to: str, why: str) -> None:
        """Give one's ticket, or one that nobody has, to another agent; to nobody by an empty name.

        Raises:
            StaffError: the other may not answer people.

        """
        other = await account.require(self.session, to, account.AGENTS) if to else None
        mine = Ticket.owner_id.is_(None) | (Ticket.owner_id == self.me.id)
        given = {"owner_id": other.id if other else None, "taken_at": None, "heard_at": None}
        await self._change(number, mine, given)
        if why:
            self._remark(number, why)
        self._note(number, "hand_on", to=other.name if other else "")

    async def note(self, number: int, written: Written) -> None:
        """Leave a note that agents alone read."""
        await find(self.session, number)
        if await self._keep(number, "note", written):
            self._note(number, "note")

    async def answer(self, number: int, written: Written) -> None:
        """Answer the citizen: kept, and queued to be told, in one transaction.

        A form that is sent twice answers once. Where the citizen wrote meanwhile it is refused.
        """
        ticket = await find(self.session, number)
        kept_number = await self._keep(number, "answer", written)
        if not kept_number:
            return
        if await newest_of_citizen(self.session, number) > written.seen:
            raise TicketError("ticket_newer")
        answered = {
            "heard_at": self.now,
            "answered_at": func.coalesce(Ticket.answered_at, self.now),
            "waiting_since": None,
            "due_at": None,
        }
        await self._change(number, Ticket.owner_id == self.me.id, answered)
        told = "\n\n".join(map(_paragraph, written.text.split("\n\n")))
        if written.file is not None:
            told = f"{told}\n\n{await self._attach(kept_number, written.file)}"
        await self._tell(ticket, f"answer {kept_number}", "ticket_answer", told=told)
        self._note(number, "answer", signs=len(written.text))

    async def close(self, number: int) -> None:
        """Close one's ticket, and tell the citizen; a number to call back is gone with that."""
        ticket = await find(self.session, number)
        closed = {"closed_at": self.now, "waiting_since": None, "due_at": None, "phone": ""}
        await self._change(number, Ticket.owner_id == self.me.id, closed)
        await self._tell(ticket, f"closed {ticket.reopened}", "ticket_closed")
        self._note(number, "close")

    async def _own(self, number: int, which: ColumnElement[bool]) -> None:
        mine = {"owner_id": self.me.id, "taken_at": self.now, "heard_at": self.now}
        await self._change(number, which, mine)

    async def _change(
        self, number: int, which: ColumnElement[bool], values: Mapping[str, Any]
    ) -> None:
        """Change an open ticket if it still is as supposed; else say what it is by now."""
        still = Ticket.id == number, Ticket.closed_at.is_(None), which
        change = update(Ticket).where(*still).values(**values).returning(Ticket.id)
        if (await self.session.execute(change)).first() is not None:
            return
        ticket = await find(self.session, number)
        if ticket.closed_at is not None:
            raise TicketError("ticket_closed", number=number)
        if ticket.owner is None:
            raise TicketError("ticket_not_yours", number=number)
        since = ticket.taken_at.astimezone(VIETNAM) if ticket.taken_at else None
        at = f"{since:%H:%M %d/%m}" if since else ""
        raise TicketError("ticket_taken", number=number, owner=ticket.owner.name, at=at)

    async def _keep(self, number: int, kind: str, written: Written) -> int:
        """Keep what a form sent and return its number; 0 for one that was sent before.

        Of a form that is sent twice at once the database keeps one.

        Raises:
            TicketError: it is too long or empty, was sent with another text, or the ticket is gone.

        """
        text, once = written.text, written.once
        if not text or len(text) > MOST:
            raise TicketError("ticket_text_bad", most=MOST)
        row = {"ticket_id": number, "at": self.now, "kind": kind, "text": text, "once": once}
        row |= {"staff_id": self.me.id, "article": written.article}
        row_kept = insert(self.session, TicketMessage).values(**row).on_conflict_do_nothing()
        try:
            made = await self.session.execute(row_kept.returning(TicketMessage.id))
        except IntegrityError:  # PostgreSQL: all of the citizen was erased at this moment
            raise TicketError("ticket_unknown", number=number) from None
        if (mine := made.scalar_one_or_none()) is not None:
            return mine
        before = TicketMessage.ticket_id == number, TicketMessage.once == once
        if await self.session.scalar(select(TicketMessage.text).where(*before)) != text:
            raise TicketError("ticket_sent_otherwise")
        return 0

    async def _attach(self, message: int, file: CleanFile) -> str:
        """Keep a file with a message; return the link by which the citizen opens it."""
        row = kept(file)
        row.message_id = message
        self.session.add(row)
        await self.session.flush()
        return f"[{literal(row.name)}](<{self.links.address(row)}>)"

    def _remark(self, number: int, text: str) -> None:
        remark = TicketMessage(ticket_id=number, at=self.now, kind="note", text=text[:MOST])
        remark.staff_id = self.me.id
        self.session.add(remark)

    async def _tell(self, ticket: Ticket, what: str, phrase: str, **values: str) -> None:
        """Queue words for the citizen, in the office's name."""
        office = literal(self.phrases.keeper.name)
        words = self.phrases.say(phrase, number=ticket.id, office=office, **values)
        to, cause = (ticket.channel, ticket.key), f"ticket {ticket.id} {what}"
        await notices.queue(self.session, to, cause, words, self.now, urgent=True)

    def _note(self, number: int, did: str, **values: Any) -> None:
        about = f"ticket {number}"
        audit.note(self.session, self.now, self.me.name, f"ticket.{did}", about, **values)


def _paragraph(text: str) -> str:
    """Return lines as Markdown that shows them as they are."""
    return "\\\n".join(filter(None, map(literal, text.splitlines())))
