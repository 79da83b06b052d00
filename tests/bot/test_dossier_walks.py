"""Whatever is done with dossiers, on the page and in a chat: no tick is lost, nobody stands still.

Two people on the page and one in a chat do anything in any order; what is kept and what each is
shown is held against what must be. A hundredth runs with every test; the whole is
`TOOL_CASES=10000`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, select, tuple_

from services.clock import day_of
from services.knowledge.library import Library
from services.settings import Settings
from services.storage.models import Chat, Dossier, DossierMark, Reminder
from tests.conftest import NOON
from tests.doubles.databases import on_one
from tests.doubles.dossier_people import ChatPerson, House, PagePerson, Person, number_in, read_day
from tests.doubles.procedure import write_deadlines, write_varied

pytestmark = on_one("sqlite")
WHOLE = 1000
WALKS = int(os.environ.get("TOOL_CASES", "100")) // 10
STEPS = 30
MOST = 4
"""Dossiers of a walk: few, so that they meet."""
TICKS = ("p.de-nghi", "p.dieu-le", "s.viet", "s.nop")
EVENTS = (
    ("d.gui-nghi-quyet",),
    ("d.dang-tai", "d.tu-chuyen"),
    ("d.nop-ho-so",),
    ("d.giai-quyet",),
    ("d.bat-buoc",),
)
"""Deadlines that count from the same event, which have the same day."""
TOGETHER = {item: event for event in EVENTS for item in event}
DAYS = ("20/12/2026", "10/1/2027", "1/2/2027")
NO_DAYS = ("hôm nọ", "12/2026", "31/2/2027", "1/1/2200")

ANY = st.integers(0, 99)


@dataclass(eq=False)
class Held:
    """A dossier as it must be."""

    number: int
    owner: int
    marks: dict[str, date] = field(default_factory=dict)


class Walk(RuleBasedStateMachine):
    """What people do, and what must be then."""

    house: ClassVar[House]

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        house = self.house
        self.chat, self.pages = ChatPerson(house), (PagePerson(house), PagePerson(house))
        self.people: tuple[Person, ...] = (self.chat, *self.pages)
        self.dossiers: list[Held] = []
        self.reminded = set[tuple[int, str, date]]()
        self.links: dict[str, dict[str, Held | None]] = {"share": {}, "give": {}}
        """Every link that was ever told, and the dossier to which it leads."""

    @precondition(lambda self: len(self.dossiers) < MOST)
    @rule(
        who=st.integers(0, 2), name=st.sampled_from(("", "HTX Đại Hiệp", "Rau *sạch* <Đại Hiệp>"))
    )
    def begin(self, who: int, name: str) -> None:
        """Begin a dossier."""
        self.dossiers.append(Held(self.people[who].begin(name), who))

    @precondition(lambda self: self.dossiers)
    @rule(at=ANY, item=st.sampled_from(TICKS), on=st.booleans())
    def tick(self, at: int, item: str, *, on: bool) -> None:
        """Tick or untick a thing, perhaps again."""
        one = self._at(at)
        assert self._owner(one).tick(one.number, item, on=on)
        one.marks |= {item: day_of(NOON)}
        if not on:
            del one.marks[item]
        self._is_shown(one)

    @precondition(lambda self: self.dossiers)
    @rule(at=ANY, item=st.sampled_from(sorted(TOGETHER)), day=st.sampled_from(DAYS))
    def set_day(self, at: int, item: str, day: str) -> None:
        """Tell a day for a deadline, perhaps another one."""
        one = self._at(at)
        assert self._owner(one).date(one.number, item, day)
        self._dated(one, item, read_day(day))
        self._is_shown(one)

    @precondition(lambda self: self.dossiers)
    @rule(at=ANY, item=st.sampled_from(sorted(TOGETHER)), day=st.sampled_from(NO_DAYS))
    def set_no_day(self, at: int, item: str, day: str) -> None:
        """Tell what is no day, which changes nothing."""
        one = self._at(at)
        assert not self._owner(one).date(one.number, item, day)

    @precondition(lambda self: self._dated_items())
    @rule(at=ANY)
    def clear_day(self, at: int) -> None:
        """Take the day of a deadline away."""
        one, item = self._dated_at(at)
        self._owner(one).clear(one.number, item)
        self._dated(one, item, None)
        self._is_shown(one)

    @precondition(lambda self: self._dated_items())
    @rule(at=ANY)
    def remind(self, at: int) -> None:
        """Ask to be told of a deadline, perhaps again."""
        one, item = self._dated_at(at)
        self._owner(one).remind(one.number, item)
        self.reminded.add((one.owner, item, one.marks[item]))

    @precondition(lambda self: self.dossiers)
    @rule(at=ANY, act=st.sampled_from(("share", "give")))
    def link(self, at: int, act: str) -> None:
        """Make a link, which ends the one before."""
        one = self._at(at)
        secret = self._owner(one).link(one.number, act)
        self._end(one, act)
        self.links[act][secret] = one

    @precondition(lambda self: self._linked())
    @rule(at=ANY)
    def end(self, at: int) -> None:
        """End a link."""
        act, one = self._linked()[at % len(self._linked())]
        self._owner(one).end(one.number, act)
        self._end(one, act)

    @precondition(lambda self: self.links["share"])
    @rule(at=ANY)
    def look(self, at: int) -> None:
        """See what is ticked by a link that holds; by an ended one nothing."""
        secret, one = _nth(self.links["share"], at)
        ticked = sum(item in TICKS for item in one.marks) if one else None
        assert self.pages[1].look(secret) == ticked

    @precondition(lambda self: self.links["give"])
    @rule(at=ANY, who=st.integers(0, 2))
    def take(self, at: int, who: int) -> None:
        """Take a dossier, perhaps one's own; by a used link nobody does."""
        secret, one = _nth(self.links["give"], at)
        assert self.people[who].take(secret) == (one.number if one else None)
        if one is None:
            return
        if one.owner != who:
            self._let_go(one)
        one.owner = who
        for act in self.links:
            self._end(one, act)
        self._is_shown(one)

    @precondition(lambda self: self.dossiers)
    @rule(at=ANY, by=st.integers(1, 2), item=st.sampled_from(TICKS))
    def pry(self, at: int, by: int, item: str) -> None:
        """Try the number of another's dossier."""
        one = self._at(at)
        stranger = self.people[(one.owner + by) % len(self.people)]
        assert stranger.held(one.number) is None
        assert not stranger.tick(one.number, item, on=True)
        assert not stranger.date(one.number, "d.bat-buoc", DAYS[0])

    @precondition(lambda self: self.dossiers)
    @rule(at=ANY)
    def erase(self, at: int) -> None:
        """Erase a dossier."""
        one = self._at(at)
        self._owner(one).erase(one.number)
        self._let_go(one)
        for act in self.links:
            self._end(one, act)
        self.dossiers.remove(one)
        assert self._owner(one).held(one.number) is None

    @precondition(lambda self: self.chat.offered)
    @rule(at=ANY)
    def browse(self, at: int) -> None:
        """Press a button that changes nothing, of any message of the chat, however old."""
        self.chat.press(self.chat.offered[at % len(self.chat.offered)])

    @precondition(lambda self: self.chat.asked)
    @rule(text=st.sampled_from((*DAYS, *NO_DAYS)))
    def answer(self, text: str) -> None:
        """Answer what the chat waits for, whatever came in between."""
        first, _, item = self.chat.asked.partition(".")
        told = self.chat.write(text)
        if first == "new" and told and not self.chat.asked:
            self.dossiers.append(Held(number_in(told), 0))
        own = (one for one in self.dossiers if (str(one.number), one.owner) == (first, 0))
        if told and text in DAYS and (one := next(own, None)):
            self._dated(one, item, read_day(text))

    @precondition(lambda self: self.dossiers)
    @rule(really=st.integers(0, 9))
    def restart(self, really: int) -> None:
        """Stop the product and start it, now and then."""
        if really == 0:
            self.house.stop()
            self.house.start()

    @invariant()
    def lose_nothing(self) -> None:
        """Keep what must be kept, and no more."""
        chats = [one.chat for one in self.people]
        marks = {(one.number, chats[one.owner]): one.marks for one in self.dossiers}
        reminded = {(chats[who], item, day) for who, item, day in self.reminded}

        assert self.house.run(self._kept(chats)) == (marks, reminded)

    async def _kept(self, chats: list[Chat]) -> tuple[object, object]:
        async with self.house.services.sessions() as session:
            dossiers = await session.scalars(select(Dossier).where(_of(Dossier, chats)))
            own = {one.id: (one.channel, one.key) for one in dossiers}
            rows = select(DossierMark).where(DossierMark.dossier_id.in_(own))
            marks = list(await session.scalars(rows))
            reminded = list(await session.scalars(select(Reminder).where(_of(Reminder, chats))))
        return (
            {
                (number, chat): {one.item: one.day for one in marks if one.dossier_id == number}
                for number, chat in own.items()
            },
            {((one.channel, one.key), f"d.{one.deadline}", one.event) for one in reminded},
        )

    def _at(self, at: int) -> Held:
        return self.dossiers[at % len(self.dossiers)]

    def _owner(self, one: Held) -> Person:
        return self.people[one.owner]

    def _is_shown(self, one: Held) -> None:
        """Its owner is shown what is marked of it."""
        assert self._owner(one).held(one.number) == one.marks

    def _dated_items(self) -> list[tuple[Held, str]]:
        return [(one, item) for one in self.dossiers for item in one.marks if item in TOGETHER]

    def _dated_at(self, at: int) -> tuple[Held, str]:
        return self._dated_items()[at % len(self._dated_items())]

    def _linked(self) -> list[tuple[str, Held]]:
        return [(act, one) for act, links in self.links.items() for one in links.values() if one]

    def _dated(self, one: Held, item: str, day: date | None) -> None:
        """Let deadlines of an event have a day, and their reminders go with it."""
        for each in TOGETHER[item]:
            before = one.marks.pop(each, None)
            if day:
                one.marks[each] = day
            if before and before != day and self._unremind(one, each, before) and day:
                self.reminded.add((one.owner, each, day))

    def _unremind(self, one: Held, item: str, day: date) -> bool:
        """End a reminder, but where another dossier needs it; say whether there was one."""
        told = (one.owner, item, day)
        others = (other for other in self.dossiers if other is not one and other.owner == one.owner)
        had = told in self.reminded
        if not any(other.marks.get(item) == day for other in others):
            self.reminded.discard(told)
        return had

    def _let_go(self, one: Held) -> None:
        for item, day in one.marks.items():
            self._unremind(one, item, day)

    def _end(self, one: Held, act: str) -> None:
        links = self.links[act]
        links |= {secret: None for secret, other in links.items() if other is one}


def _of(table: type[Dossier] | type[Reminder], chats: list[Chat]) -> ColumnElement[bool]:
    return tuple_(table.channel, table.key).in_(chats)


def _nth(links: dict[str, Held | None], at: int) -> tuple[str, Held | None]:
    return list(links.items())[at % len(links)]


@pytest.fixture
def database_url(any_database: str) -> str:
    """Return the URL of the database."""
    return any_database


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content with a procedure, and deadlines of five events."""
    write_varied(content)
    write_deadlines(content, "giai-the")
    return content


@pytest.fixture
def house(migrated: Settings, library: Library) -> Iterator[House]:
    """Return the product, started."""
    made = House(migrated, library)
    made.start()
    yield made
    made.close()


def test_any_walk_loses_nothing(house: House) -> None:
    """Each step is held against what must be."""
    walk = type("Walk", (Walk,), {"house": house})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=(Phase.generate,),
            derandomize=WALKS < WHOLE,
            suppress_health_check=list(HealthCheck),
        ),
    )
