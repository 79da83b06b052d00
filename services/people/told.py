"""What is held of a person, told to that person.

Personal Data Protection Law 91/2025/QH15, article 4 (to know, to see, to correct, to delete).
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from services.clock import day_of
from services.conversation.plain import literal
from services.conversation.reply import Reply
from services.people import consent, groups
from services.people.meeting import Meeting
from services.storage.models import Base, Consent, Delivery, Feedback, Staff, Turn


@dataclass(frozen=True)
class Kept:
    """For how many days things are kept."""

    turns: int
    backups: int


async def tell(meeting: Meeting, kept: Kept) -> Reply:
    """Say in plain words everything that is held of a person, and how to change or erase it."""
    person = meeting.person
    summary = (await meeting.questions()).known()
    said = meeting.say(
        "told",
        **summary,
        name=literal(person.name),
        groups=[literal(name) for name in await groups.of_person(meeting.session, person.id)],
        staff=literal(await _staff(meeting)),
        consents=[_consent(row) for row in await consent.ledger(meeting.session, person)],
        seen=day_of(person.seen_at) if person.seen_at else None,
        turns=await _count(meeting, Turn, _mine(meeting, Turn)),
        verdicts=await _count(meeting, Feedback, _mine(meeting, Feedback)),
        sent=await _count(meeting, Delivery, _sent(meeting)),
        kept=kept,
    )
    return Reply("smalltalk", said)


def _consent(row: Consent) -> dict[str, object]:
    """Return a yes or a no as it is told."""
    return {
        "day": day_of(row.at),
        "given": row.given,
        "own": row.source == "self",
        "wording": literal(row.wording),
    }


def _mine(meeting: Meeting, table: type[Turn | Feedback]) -> ColumnElement[bool]:
    return and_(table.channel == meeting.person.channel, table.key == meeting.person.chat)


def _sent(meeting: Meeting) -> ColumnElement[bool]:
    return and_(Delivery.person_id == meeting.person.id, Delivery.state == "sent")


async def _count(meeting: Meeting, table: type[Base], which: ColumnElement[bool]) -> int:
    return await meeting.session.scalar(select(func.count()).select_from(table).where(which)) or 0


async def _staff(meeting: Meeting) -> str:
    """Return the name of the account that is linked to this chat, if any."""
    query = select(Staff.name).where(Staff.chat == meeting.person.chat)
    return await meeting.session.scalar(query) or ""
