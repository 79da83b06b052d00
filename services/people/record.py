"""The record of one chat: every row that is held of it, found by id, by hash, by conversation.

Personal Data Protection Law 91/2025/QH15, article 4 (to see one's data). A test plants a row in
every table there is and asks for all of them here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.pending import LINK
from services.people import groups
from services.people.person import TELEGRAM, Identity, find, naming
from services.people.places import place_name
from services.people.profile import consents_of
from services.storage.models import (
    Announcement,
    Authoring,
    Awaited,
    Base,
    Consent,
    Conversation,
    Delivery,
    Dossier,
    DossierMark,
    Feedback,
    FormRun,
    GapQuestion,
    Notice,
    NoticeConsent,
    Pending,
    Person,
    Press,
    Received,
    Reminder,
    Staff,
    Suppression,
    Ticket,
    TicketMessage,
    TopicChoice,
    Turn,
)

_BESIDE = 100
"""Signs that are told beside the words of a turn: when, and what answered."""


@dataclass
class PersonRecord:
    """What is held of one chat; `person` is None of one who only asked, or was erased."""

    person: Person | None = None
    consent: list[Consent] = field(default_factory=list)
    topics: dict[str, bool] = field(default_factory=dict)
    """What the person chose, by topic."""
    groups: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    older: int = 0
    """How many turns there are before those."""
    judged: list[Feedback] = field(default_factory=list)
    """What the person thought of answers."""
    conversation: Conversation | None = None
    """What was asked last, and what is open."""
    pending: list[Pending] = field(default_factory=list)
    """What the person was asked last, the code of a link apart."""
    waiting: list[Received] = field(default_factory=list)
    """What the person sent and was not answered yet."""
    notices: list[Notice] = field(default_factory=list)
    """What the person was told later than they asked, or is to be told."""
    agreed: list[NoticeConsent] = field(default_factory=list)
    """What the person said to being told so."""
    reminders: list[Reminder] = field(default_factory=list)
    """Deadlines of which the person wants to be told."""
    tickets: list[Ticket] = field(default_factory=list)
    """What the person asked of a person."""
    written: list[TicketMessage] = field(default_factory=list)
    """What was said in those, by whomever."""
    awaited: list[Awaited] = field(default_factory=list)
    """Questions of which the person wants to hear when they are answered."""
    unanswered: list[GapQuestion] = field(default_factory=list)
    """Questions that were not answered well, as staff see them, masked."""
    forms: list[FormRun] = field(default_factory=list)
    """Forms of tools that the person filled in, or began to."""
    dossiers: list[Dossier] = field(default_factory=list)
    """Procedures that the person goes through."""
    marks: dict[int, list[DossierMark]] = field(default_factory=dict)
    """What is marked in each of those, by its id."""
    account: str = ""
    """The name of the account of staff that is linked to the chat."""
    drafting: dict[str, Any] = field(default_factory=dict)
    """What is being written in that account."""
    named_in: list[Announcement] = field(default_factory=list)
    """Announcements in whose list of single chats the person stands."""
    follows: list[Announcement] = field(default_factory=list)
    """Announcements of which the chat is told how far they are."""
    barred: Suppression | None = None
    """That lists leave the person out, because they were erased once or had said no."""

    @property
    def verdicts(self) -> int:
        """How many answers the person judged."""
        return len(self.judged)

    @property
    def tells_more(self) -> bool:
        """Whether anything is held but that the person came, and what was just sent."""
        asked = [row for row in self.pending if row.asked]
        rows = (self.consent, self.topics, self.groups, self.deliveries, self.presses, self.turns)
        talk = (self.judged, asked, self.account, self.named_in, self.follows, self.barred)
        later = (self.notices, self.agreed, self.reminders, self.awaited, self.unanswered)
        return any((*rows, *talk, *later, self.tickets, self.forms, self.dossiers))

    @property
    def place(self) -> str:
        """The name of the person's ward or commune, empty when none is known."""
        return place_name(self.person.place if self.person else None)

    def add_talk(self, other: "PersonRecord") -> None:
        """Take in what is held under another name of the same conversation."""
        self.turns += other.turns
        self.judged += other.judged
        self.pending += other.pending
        self.waiting += other.waiting
        self.notices += other.notices
        self.agreed += other.agreed
        self.reminders += other.reminders
        self.tickets += other.tickets
        self.written += other.written
        self.awaited += other.awaited
        self.unanswered += other.unanswered
        self.forms += other.forms
        self.dossiers += other.dossiers
        self.marks |= other.marks
        self.conversation = self.conversation or other.conversation

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready values; times are ISO 8601, in UTC."""
        return {
            "person": _person(self.person, self.place) if self.person else None,
            "consent": _each(self.consent, "at", "given", "purpose", "wording", "source"),
            "topics": self.topics,
            "groups": self.groups,
            "deliveries": _each(self.deliveries, "announcement_id", "state", "reason", "at"),
            "turns": _each(self.turns, "at", "text", "payload", "outcome", "articles"),
            "verdicts": self.verdicts,
            "judged": _each(self.judged, "at", "article", "useful", "reason"),
            "presses": _each(self.presses, "announcement_id", "button", "at"),
            "conversation": self.conversation
            and _plain(self.conversation, "updated_at", "question", "article", "choices", "trail"),
            "pending": _each(self.pending, "kind", "asked", "until"),
            "waiting": _each(self.waiting, "at", "content", "reaction"),
            "notices": _each(self.notices, "created_at", "text", "state", "at"),
            "agreed": _each(self.agreed, "purpose", "given", "at", "wording"),
            "reminders": _each(self.reminders, "what", "day", "before", "created_at", "due_at"),
            "tickets": _each(self.tickets, "id", "opened_at", "about", "closed_at", "phone"),
            "written": _each(self.written, "ticket_id", "at", "kind", "text"),
            "awaited": _each(self.awaited, "at", "text", "told_at"),
            "unanswered": _each(self.unanswered, "at", "text", "kind"),
            "dossiers": [
                {
                    **_plain(row, "procedure", "cooperative", "began", "updated_at", "until"),
                    "marks": _each(self.marks.get(row.id, ()), "item", "day"),
                }
                for row in self.dossiers
            ],
            "forms": _each(
                self.forms, "form", "answers", "created_at", "updated_at", "ended_at", "until"
            ),
            "account": self.account,
            "drafting": self.drafting,
            "named_in": [row.id for row in self.named_in],
            "follows": [row.id for row in self.follows],
            "erased_before": self.barred and self.barred.at.isoformat(),
        }


async def record_of(
    session: AsyncSession,
    identity: Identity,
    channel: str,
    chat: str,
    signs: int | None = None,
) -> PersonRecord | None:
    """Return what is held of a chat, or None when that is nothing.

    Of its turns, where a bound is given, the last ones whose words have so many signs together.
    """
    person = await find(session, channel, chat)
    hashes = [*identity.every(channel, chat), *([person.who] if person else ())]
    found = PersonRecord(person)
    await _add_talk(session, found, channel, chat, signs)
    await _add_letters(session, found, hashes)
    if channel == TELEGRAM:
        await _add_account(session, found, chat)
    if person is not None:
        chosen = select(TopicChoice).where(TopicChoice.person_id == person.id)
        found.topics = {row.topic: row.wanted for row in await session.scalars(chosen)}
        found.consent = await consents_of(session, person)
        found.groups = await groups.of_person(session, person.id)
    if not (person or found.tells_more or found.conversation or found.waiting):
        return None  # also of one of whom nothing is left but that they were erased
    barred = Suppression.who.in_(identity.erased(channel, chat))
    found.barred = await session.scalar(select(Suppression).where(barred))
    return found


async def account_of(session: AsyncSession, chat: str) -> str:
    """Return the name of the account of staff that is linked to a chat, if any."""
    return await session.scalar(select(Staff.name).where(Staff.chat == chat)) or ""


async def _add_talk(
    session: AsyncSession, found: PersonRecord, channel: str, chat: str, signs: int | None
) -> None:
    """Add what stands under the conversation's own name."""
    mine = Turn.channel == channel, Turn.key == chat
    turns = select(Turn).where(*mine)
    judged = select(Feedback).where(Feedback.channel == channel, Feedback.key == chat)
    talk = Conversation.channel == channel, Conversation.key == chat
    sent = Received.channel == channel, Received.conversation == chat
    asked = select(Pending).where(Pending.channel.in_((channel, LINK)), Pending.key == chat)
    unanswered = or_(Received.content.is_not(None), Received.reaction.is_not(None))
    waiting = select(Received).where(*sent, unanswered)
    if signs is not None:
        first, found.older = await _fitting(session, mine, signs)
        turns = turns.where(Turn.id >= first)
    found.turns = list(await session.scalars(turns.order_by(Turn.id)))
    found.judged = list(await session.scalars(judged.order_by(Feedback.id)))
    found.conversation = await session.scalar(select(Conversation).where(*talk))
    found.pending = list(await session.scalars(asked))
    found.waiting = list(await session.scalars(waiting.order_by(Received.id)))
    found.notices = list(await session.scalars(_of_chat(Notice, channel, chat)))
    found.agreed = list(await session.scalars(_of_chat(NoticeConsent, channel, chat)))
    found.reminders = list(await session.scalars(_of_chat(Reminder, channel, chat)))
    found.awaited = list(await session.scalars(_of_chat(Awaited, channel, chat)))
    found.unanswered = list(await session.scalars(_of_chat(GapQuestion, channel, chat)))
    found.forms = list(await session.scalars(_of_chat(FormRun, channel, chat)))
    await _add_dossiers(session, found, channel, chat)
    await _add_tickets(session, found, channel, chat)


async def _add_dossiers(
    session: AsyncSession, found: PersonRecord, channel: str, chat: str
) -> None:
    """Add the procedures that are gone through in the conversation, with what is marked."""
    found.dossiers = list(await session.scalars(_of_chat(Dossier, channel, chat)))
    theirs = DossierMark.dossier_id.in_([dossier.id for dossier in found.dossiers])
    marks = select(DossierMark).where(theirs).order_by(DossierMark.item)
    for mark in await session.scalars(marks) if found.dossiers else ():
        found.marks.setdefault(mark.dossier_id, []).append(mark)


async def _add_tickets(session: AsyncSession, found: PersonRecord, channel: str, chat: str) -> None:
    """Add what the conversation asked of a person, and what was said then."""
    opened = select(Ticket).where(Ticket.channel == channel, Ticket.key == chat)
    found.tickets = list(await session.scalars(opened.order_by(Ticket.id)))
    theirs = TicketMessage.ticket_id.in_([ticket.id for ticket in found.tickets])
    messages = select(TicketMessage).where(theirs).order_by(TicketMessage.id)
    found.written = list(await session.scalars(messages)) if found.tickets else []


def _of_chat(table: Any, channel: str, chat: str) -> Select[Any]:
    mine = select(table).where(table.channel == channel, table.key == chat)
    return mine.order_by(*table.__table__.primary_key.columns)


async def _fitting(
    session: AsyncSession, mine: Iterable[ColumnElement[bool]], signs: int
) -> tuple[int, int]:
    """Return the first of the last turns that fit into so many signs, and how many are before."""
    lengths = select(Turn.id, func.length(Turn.text)).where(*mine).order_by(Turn.id.desc())
    rows = (await session.execute(lengths)).all()
    sums = accumulate(length + _BESIDE for _, length in rows)
    count = max(bisect_right(list(sums), signs), 1)
    return (rows[:count][-1][0] if rows else 0), max(len(rows) - count, 0)


async def _add_letters(session: AsyncSession, found: PersonRecord, hashes: list[str]) -> None:
    """Add what was sent, by the person's number and by what outlives that."""
    number = found.person.id if found.person else 0  # which nobody has
    theirs = Delivery.who.in_(hashes), Delivery.person_id == number
    sent = select(Delivery).where(or_(*theirs)).order_by(Delivery.id)
    pressed = select(Press).where(Press.who.in_(hashes)).order_by(Press.at)
    named = naming(Announcement.audience, hashes)
    found.deliveries = list(await session.scalars(sent))
    found.presses = list(await session.scalars(pressed))
    found.named_in = list(await session.scalars(_announcements().where(named)))


async def _add_account(session: AsyncSession, found: PersonRecord, chat: str) -> None:
    """Add what hangs on the account of staff that is linked to the chat."""
    written = select(Authoring.fields).join(Staff).where(Staff.chat == chat)
    followed = Announcement.progress[0].as_string() == chat
    found.account = await account_of(session, chat)
    found.drafting = await session.scalar(written) or {}
    found.follows = list(await session.scalars(_announcements().where(followed)))


def _announcements() -> Select[Announcement]:
    return select(Announcement).order_by(Announcement.id)


def _person(person: Person, place: str) -> dict[str, Any]:
    names = ("name", "role", "agreed", "stopped", "stopped_at", "created_at", "seen_at")
    where = {"place": person.place, "place_name": place}
    return {"channel": person.channel, "chat_id": person.chat, **where, **_plain(person, *names)}


def _each(rows: Sequence[Base], *names: str) -> list[dict[str, Any]]:
    return [_plain(row, *names) for row in rows]


def _plain(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in values.items()}
