"""What taking a list in will do, line by line: found once, when it is uploaded, and kept with it.

To find it the list is written and that is taken back, which on SQLite keeps all others from writing
for as long: no look at the list may do so again.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Self

from bot.people_intake import try_out
from services.people.people_csv import CsvTable
from services.people.people_import import AT_ONCE, Chat, Entries, Entry, PeopleImport, Tally
from services.people.person import ids_of
from services.people.places import place_name
from services.storage.session import Sessions

_ERASED = "người này đã xóa dữ liệu của mình; muốn nhận lại thì tự nhắn /start"
YES = "có"
_CONSENT = {True: YES, False: "không", None: ""}


class ForeseenLine(NamedTuple):
    """One line of a list, as it is shown, and what taking it in will do."""

    number: int
    what: str
    remark: str
    chat: str = ""
    name: str = ""
    role: str = ""
    place: str = ""
    """The code of a ward or commune."""
    consent: str = ""

    @property
    def place_name(self) -> str:
        """How the place is called."""
        return place_name(self.place)


@dataclass(frozen=True)
class Foreseen:
    """What will become of a list."""

    new: int
    updated: int
    left_out: int
    unknown: Sequence[str]
    """The columns that are not read."""
    unsent: dict[str, int]
    """How many stand in channels that nothing can be sent through."""
    lines: Sequence[ForeseenLine]

    @property
    def imported(self) -> int:
        """How many will be kept."""
        return self.new + self.updated

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what `text` says."""
        kept = json.loads(text)
        return cls(**{**kept, "lines": [ForeseenLine(*line) for line in kept["lines"]]})

    @property
    def text(self) -> str:
        """What is kept of it."""
        return json.dumps(vars(self), ensure_ascii=False, separators=(",", ":"))


async def foresee(
    sessions: Sessions, importing: PeopleImport, table: CsvTable, entries: Entries
) -> Foreseen:
    """Try a list out; nothing of it is kept."""
    # A list of a hundred thousand people takes seconds to read: citizens are answered meanwhile.
    good = await asyncio.to_thread(list, entries.read(table))
    known = await _known(sessions, good)
    tally = await try_out(sessions, importing, iter(good))
    return Foreseen(
        new=tally.new,
        updated=tally.updated,
        left_out=len(entries.bad) + len(tally.erased),
        unknown=table.unknown,
        unsent=Counter(entries.unsent),
        lines=sorted(_lines(good, entries, tally, known)),
    )


def _lines(
    good: Sequence[Entry], entries: Entries, tally: Tally, known: set[Chat]
) -> Iterator[ForeseenLine]:
    erased, remarks = set(tally.erased), {one.line: one.reason for one in tally.notices}
    yield from (ForeseenLine(one.line, "bỏ", one.reason) for one in entries.bad)
    for entry in good:
        what = "cập nhật" if entry.chat in known else "thêm mới"
        remark = remarks.get(entry.line, "")
        if entry.line in erased:
            what, remark = "bỏ", _ERASED
        told = (entry.chat.id, entry.name, entry.role or "", entry.place or "")
        yield ForeseenLine(entry.line, what, remark, *told, _CONSENT[entry.consent])


async def _known(sessions: Sessions, good: Sequence[Entry]) -> set[Chat]:
    known, rest = set[Chat](), iter(good)
    async with sessions() as session:
        while some := list(islice(rest, AT_ONCE)):
            known |= {Chat(*chat) for chat in await ids_of(session, [e.chat for e in some])}
    return known
