"""A profile: what a person has said of himself, and of announcements."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from services.people import consent
from services.people.places import Place, places
from services.storage.models import Person


@dataclass(frozen=True)
class Profile:
    """What is known of a person, most of it or nothing."""

    role: str | None = None
    place: Place | None = None
    agreed: bool = False
    answered: bool = False
    """Whether there ever was a yes or a no to announcements."""
    choices: Mapping[str, bool] = field(default_factory=dict)
    """What was chosen of single topics."""

    def wants(self, topic: str) -> bool:
        """Say whether a topic is wanted; whoever refused announcements wants none."""
        if self.answered and not self.agreed:
            return False
        return self.choices.get(topic, self.agreed)


async def load(session: AsyncSession, person: Person) -> Profile:
    """Return the profile of a person as it is now."""
    return Profile(
        role=person.role,
        place=places().get(person.place or ""),
        agreed=person.agreed,
        answered=bool(await consent.ledger(session, person)),
        choices=await consent.choices(session, person),
    )
