"""People as the rows of a table: the same columns that an import reads, safe to open in Excel."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.places import place_name
from services.storage.models import Consent, Person, TopicChoice

Cells = dict[str, str]
"""One person as cells by column."""

_AT_ONCE = 1000
_FORMULA = re.compile(r"[=+@\t\r-]")
"""What a cell begins with that a spreadsheet runs (https://owasp.org/www-community/attacks/CSV_Injection)."""
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


async def pages(session: AsyncSession) -> AsyncIterator[list[Cells]]:
    """Yield all people, a page at a time, as cells by column.

    `consent` is empty for those who never said anything, `topics` are those wanted.
    """
    last = 0
    said = exists().where(Consent.person_id == Person.id)
    page = select(Person, said).order_by(Person.id).limit(_AT_ONCE)
    while people := (await session.execute(page.where(Person.id > last))).all():
        topics = await _topics(session, [person.id for person, _ in people])
        yield [_cells(person, topics[person.id], said=has_said) for person, has_said in people]
        last = people[-1][0].id


def guarded(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: what it would run gets an apostrophe."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


async def _topics(session: AsyncSession, people: Sequence[int]) -> dict[int, list[str]]:
    query = select(TopicChoice.person_id, TopicChoice.topic).where(
        TopicChoice.person_id.in_(people), TopicChoice.wanted
    )
    found = defaultdict(list)
    for person, topic in await session.execute(query.order_by(TopicChoice.topic)):
        found[person].append(topic)
    return found


def _cells(person: Person, topics: list[str], *, said: bool) -> Cells:
    answer = "yes" if person.agreed else "no" if said else ""
    return {
        "channel": person.channel,
        "chat_id": person.chat,
        "name": person.name,
        "role": person.role or "",
        "place": place_name(person.place),
        "topics": ";".join(topics),
        "consent": answer,
    }
