"""A record: all that is held of one person, for whoever asks what that is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.people import consent, groups
from services.people.person import find
from services.people.places import place_name
from services.storage.models import Consent, Delivery, Feedback, Person, Turn


@dataclass(frozen=True)
class Record:
    """What is held of one chat; `person` is None of one who only asked."""

    person: Person | None
    consent: list[Consent]
    topics: dict[str, bool]
    """What the person chose, by topic."""
    groups: list[str]
    deliveries: list[Delivery]
    turns: list[Turn]
    verdicts: int
    """How many answers the person judged."""

    @property
    def place(self) -> str:
        """The name of the person's ward or commune, empty when none is known."""
        return place_name(self.person.place if self.person else None)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready values; times are ISO 8601, in UTC."""
        return {
            "person": _person(self.person, self.place) if self.person else None,
            "consent": [
                _plain(row, "at", "given", "purpose", "wording", "source") for row in self.consent
            ],
            "topics": self.topics,
            "groups": self.groups,
            "deliveries": [
                _plain(row, "announcement_id", "state", "reason", "at") for row in self.deliveries
            ],
            "turns": [
                _plain(row, "at", "text", "payload", "outcome", "articles") for row in self.turns
            ],
            "verdicts": self.verdicts,
        }


async def held(session: AsyncSession, channel: str, chat: str) -> Record | None:
    """Return what is held of a chat, or None when that is nothing."""
    person = await find(session, channel, chat)
    mine = select(Turn).where(Turn.channel == channel, Turn.key == chat).order_by(Turn.id)
    turns = list(await session.scalars(mine))
    judged = select(func.count()).where(Feedback.channel == channel, Feedback.key == chat)
    verdicts = await session.scalar(judged) or 0
    if person is None:
        return Record(None, [], {}, [], [], turns, verdicts) if turns or verdicts else None
    sent = select(Delivery).where(Delivery.person_id == person.id).order_by(Delivery.id)
    return Record(
        person,
        await consent.ledger(session, person),
        await consent.choices(session, person),
        await groups.of_person(session, person.id),
        list(await session.scalars(sent)),
        turns,
        verdicts,
    )


def _person(person: Person, place: str) -> dict[str, Any]:
    names = ("name", "role", "agreed", "stopped", "stopped_at", "created_at", "seen_at")
    where = {"place": person.place, "place_name": place}
    return {"channel": person.channel, "chat_id": person.chat, **where, **_plain(person, *names)}


def _plain(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in values.items()}
