"""A new key: people who are known are moved to the hashes that it gives them.

Who was erased left only a hash behind. Under a former key it is recognised as long as that key is
named in the settings.
"""

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.person import Identity, rename_in_audiences
from services.storage.models import Delivery, Person, Press
from services.storage.session import Sessions, claim

_BATCH = 50
"""People of one transaction, each with all that was ever sent to them: others write in between."""


async def move_people(sessions: Sessions, identity: Identity) -> int:
    """Move people, their deliveries and presses to the key in use; return how many people.

    Audiences that name them go along.

    Nothing is looked at while no former key is named.
    """
    last, moved = 0, 0
    while identity.former:
        async with sessions.begin() as session:
            await claim(session)
            query = select(Person.id, Person.channel, Person.chat, Person.who).order_by(Person.id)
            rows = await session.execute(query.where(Person.id > last).limit(_BATCH))
            met = [(number, who, identity.of(channel, chat)) for number, channel, chat, who in rows]
            await _move(session, [row for row in met if row[1] != row[2]])
        if not met:
            break
        last, moved = met[-1][0], moved + sum(old != new for _, old, new in met)
    return moved


async def _move(session: AsyncSession, rows: list[tuple[int, str, str]]) -> None:
    named = [{"old": old, "new": new} for _, old, new in rows]
    if not named:
        return
    connection = await session.connection()
    for table in (Delivery, Press, Person):
        moved = update(table).where(table.who == bindparam("old")).values(who=bindparam("new"))
        await connection.execute(moved, named)
    # What was approved of these audiences is to be approved anew: `approval.hold_renamed`.
    await rename_in_audiences(session, {old: new for _, old, new in rows})
