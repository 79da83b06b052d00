"""A meeting: a person who is spoken with, what keeps their words, and the words to answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.knowledge.library import Library
from services.people.profile import Profile, load
from services.people.questions import Questions
from services.storage.models import Person


@dataclass(frozen=True)
class Meeting:
    """What each step of a talk about the person needs; the caller commits."""

    session: AsyncSession
    person: Person
    library: Library
    now: datetime

    async def profile(self) -> Profile:
        """Return what is known of the person at this step."""
        return await load(self.session, self.person)

    async def questions(self) -> Questions:
        """Return what can be asked of the person and shown to them at this step."""
        return Questions(self.library, await self.profile())

    def say(self, phrase: str, /, **values: Any) -> str:
        """Render a phrase, as `Phrases.say` does."""
        return self.library.phrases.say(phrase, **values)
