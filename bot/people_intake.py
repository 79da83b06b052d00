"""Taking in a list of people, some at a time: the same for the terminal and for the console."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from services.errors import StorageError
from services.people.people_import import AT_ONCE, Entry, PeopleImport, Tally
from services.storage.session import Sessions

_TRIES = 5


async def take_in(
    sessions: Sessions,
    importing: PeopleImport,
    entries: Iterator[Entry],
    tally: Tally,
    tell: Callable[[], None] = lambda: None,
) -> None:
    """Write entries, each some in a transaction of their own; what became of them is in `tally`.

    Raises:
        StorageError: others changed the same people each time.

    """
    while some := list(islice(entries, AT_ONCE)):
        tally.add(await _write(sessions, importing, some))
        tell()


async def try_out(sessions: Sessions, importing: PeopleImport, entries: Iterator[Entry]) -> Tally:
    """Return what would become of entries: each some are written, and that is taken back."""
    tally = Tally()
    while some := list(islice(entries, AT_ONCE)):
        async with sessions() as session:
            tally.add(await importing.write(session, some))
            await session.rollback()
    return tally


def numbers(tally: Tally) -> dict[str, int]:
    """Return what became of entries as the audit holds it."""
    names = ("imported", "new", "updated", "unchanged_consent")
    return {**{name: getattr(tally, name) for name in names}, "erased": len(tally.erased)}


async def _write(sessions: Sessions, importing: PeopleImport, entries: list[Entry]) -> Tally:
    """Write entries; again when one of them wrote to the bot or was erased at this moment."""
    for _ in range(_TRIES):
        with suppress(IntegrityError, StaleDataError):
            async with sessions.begin() as session:
                return await importing.write(session, entries)
    raise StorageError("people_busy")
