"""A number to call back: asked for apart, kept for one ticket alone, gone when that closes.

Whoever presses the button is told what it is for before they write it; to write it then is their
yes, and the words that they answered stand in the ticket. Numbers in other messages stay hidden.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, format_number
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation import pending
from services.conversation.question import Question
from services.conversation.reply import Button, Payload, Reply, read_payload
from services.conversation.state import StoredState, TurnResult
from services.knowledge.library import Library
from services.staff import audit
from services.storage.models import Ticket, TicketMessage

ASK, DROP = Payload("g", "phone"), Payload("g", "nophone")
_ASKED_FOR = timedelta(minutes=15)


def button(library: Library) -> Button:
    """Return the button by which somebody leaves a number."""
    return Button(library.phrases.say("button_ticket_phone"), str(ASK))


@dataclass(frozen=True)
class CallBack:
    """What a conversation with an open ticket says about being called back."""

    session: AsyncSession
    library: Library
    stored: StoredState
    now: datetime

    def pressed(self, question: Question) -> TurnResult | None:
        """Reply to a button of a number; None to any other, and where no ticket is open."""
        ticket, payload = self.stored.ticket, read_payload(question.payload)
        if ticket is None or payload not in {ASK, DROP}:
            return None
        if payload == DROP:
            ticket.phone = ""
            self.session.add(ticket)
            self._note(ticket, "ticket.phone_dropped")
            return self._told("ticket_phone_dropped", ticket)
        chat = question.chat
        asked = pending.asked(self.stored.pending, chat, "phone", {}, self.now + _ASKED_FOR)
        self.session.add(asked)
        return self._told("ticket_phone_asked", ticket)

    def written(self, question: Question) -> TurnResult | None:
        """Keep the number that was asked for; None for a message that holds none."""
        ticket = self.stored.ticket
        asked = pending.values_of(self.stored.pending, "phone", self.now)
        if ticket is None or asked is None or self.stored.pending is None:
            return None
        number = number_in(question.text)
        if not number:
            return None
        self.stored.pending.asked, self.stored.pending.until = {}, self.now
        ticket.phone = number
        wording = self.library.phrases.say("ticket_phone_asked", number=ticket.id)
        agreed = TicketMessage(ticket_id=ticket.id, at=self.now, kind="agreed", text=wording)
        self.session.add_all((self.stored.pending, ticket, agreed))
        self._note(ticket, "ticket.phone_given")
        drop = Button(self.library.phrases.say("button_ticket_nophone"), str(DROP))
        return self._told("ticket_phone_kept", ticket, drop)

    def _note(self, ticket: Ticket, did: str) -> None:
        audit.note(self.session, self.now, audit.SYSTEM, did, f"ticket {ticket.id}")

    def _told(self, phrase: str, ticket: Ticket, *buttons: Button) -> TurnResult:
        told = self.library.phrases.say(phrase, number=ticket.id)
        reply = Reply("handoff", told, buttons=buttons, confidence=1.0)
        return TurnResult(reply, self.library, ticket=ticket.id)


def number_in(text: str) -> str:
    """Return the first phone number of a text as people in Việt Nam write it; nothing for none."""
    for found in PhoneNumberMatcher(text, "VN"):
        national = format_number(found.number, PhoneNumberFormat.NATIONAL)
        return "".join(sign for sign in national if sign.isdigit())
    return ""
