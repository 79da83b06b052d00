"""Lists of people that staff have uploaded: looked at, then taken in or dropped, within an hour.

They are sealed: a copy of the database holds nobody of them. Each is of whoever uploaded it alone.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import PeopleError
from services.staff.keys import StaffKeys
from services.storage.models import Staff, UploadedList

LASTS = timedelta(hours=1)


async def keep(
    session: AsyncSession, made: UploadedList, text: str, foreseen: str, keys: StaffKeys
) -> int:
    """Keep a list that holds `text` and what will come of it, in place of its staff's before."""
    await end_old(session, made.at)
    mine = UploadedList.staff_id == made.staff_id
    await session.execute(delete(UploadedList).where(mine))
    made.sealed, made.foreseen = keys.seal(text), keys.seal(foreseen)
    session.add(made)
    await session.flush()
    return made.id


async def find(session: AsyncSession, number: int, staff: Staff, now: datetime) -> UploadedList:
    """Return a list of a member of staff.

    Raises:
        PeopleError: there is none of that number any more, or it is another's.

    """
    query = select(UploadedList).where(UploadedList.id == number)
    query = query.where(UploadedList.staff_id == staff.id, UploadedList.at > now - LASTS)
    found = await session.scalar(query)
    if found is None:
        raise PeopleError("list_gone")
    return found


def text_of(kept: UploadedList, keys: StaffKeys) -> str:
    """Return what a list holds; nothing where the key was changed meanwhile."""
    return keys.unseal(kept.sealed)


def foreseen_of(kept: UploadedList, keys: StaffKeys) -> str:
    """Return what was found that will come of a list.

    Raises:
        PeopleError: the key was changed meanwhile.

    """
    if found := keys.unseal(kept.foreseen):
        return found
    raise PeopleError("list_gone")


async def drop(session: AsyncSession, kept: UploadedList) -> None:
    """Drop a list; what was taken in of it stays."""
    await session.delete(kept)


async def end_old(session: AsyncSession, now: datetime) -> None:
    """Drop the lists whose hour is over."""
    await session.execute(delete(UploadedList).where(UploadedList.at <= now - LASTS))
