"""Checks: whom an announcement would reach, and why it can't be sent as it is."""

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from markdown_it import MarkdownIt
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval, warnings
from services.announcements.announcement import DELETED, OPTIONAL, AnnouncementForm
from services.announcements.audience import RECIPIENT, Audience, Count, TopicTerms, count, standing
from services.announcements.carrier import Forms
from services.announcements.letter import Letter, Reader, Writer, blanks
from services.clock import day_of, write_day
from services.errors import AnnouncementError
from services.knowledge.library import Library
from services.people.person import ROLES
from services.people.places import places
from services.storage.models import Announcement, GroupMember, Person

_MARKED = re.compile(r"\*\*|__|`")
_LONGEST = 20
"""Names that are looked at to find the longest: a database counts letters otherwise."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_SCHEMES = ("https://", "http://")
"""Links that a channel shows; one of another kind is dropped without a word."""
_OLD_FONT = re.compile("[A-Za-z][µ¸¶·¹¨»¾¼½©®ªÆÇËÐÎÏÑÖ×ØÜÞßäåæç«¬ëîïñ\xad÷øûü]|[«®Þ][A-Za-z]")
"""A letter beside a sign that Vietnamese in Unicode never has there, and TCVN3, the coding of the
.VnTime fonts, has for its accents."""
_OLD_FONT_WORDS, _OLD_FONT_SHARE = 2, 5
"""Words that must look so, and one in how many of all: a “5 µm” or a foreign name is none."""


@dataclass(frozen=True)
class Inspection:
    """What is to be said of an announcement before it is sent."""

    people: Count
    faults: tuple[AnnouncementError, ...]
    """Why it can't be sent: the errors that sending it would raise."""
    notices: tuple[str, ...]
    """In a sentence each, what may be meant otherwise."""


@dataclass(frozen=True)
class Inspector:
    """Looks at announcements and changes nothing."""

    library: Library
    forms: Forms
    folder: Path
    """Where attachments are kept."""
    now: Callable[[], datetime]

    async def find(self, session: AsyncSession, number: int) -> Announcement:
        """Return an announcement.

        Raises:
            AnnouncementError: there is none of that number.

        """
        found = await session.get(Announcement, number, populate_existing=True)
        if found is None or found.state == DELETED:
            raise AnnouncementError("announcement_unknown", number=number)
        return found

    async def every(self, session: AsyncSession, *rules: ColumnElement[bool]) -> list[Announcement]:
        """Return all announcements, the newest first, that fit every rule."""
        query = select(Announcement).where(Announcement.state != DELETED, *rules)
        return list(await session.scalars(query.order_by(Announcement.id.desc())))

    def require_state(
        self, announcement: Announcement, states: Collection[str], action: str
    ) -> None:
        """Refuse what a state does not allow.

        Raises:
            AnnouncementError: the announcement is in none of these states.

        """
        if announcement.state not in states:
            state = self.library.phrases.say(f"announcement_state_{announcement.state}")
            raise AnnouncementError(
                "announcement_not_now", number=announcement.id, state=state, action=action
            )

    async def count(self, session: AsyncSession, announcement: Announcement) -> Count:
        """Count whom it would reach now."""
        return await self.count_form(session, announcement)

    async def count_form(
        self, session: AsyncSession, form: AnnouncementForm | Announcement
    ) -> Count:
        """Count whom something that is being written would reach now."""
        audience = Audience.stored(form.audience)
        return await count(session, audience, self.terms(form), self.forms, self.now())

    def terms(self, form: AnnouncementForm | Announcement) -> TopicTerms:
        """Return what it is about; a topic that has no articles is told to who chose it alone."""
        topic = self.library.topics.get(form.topic)
        beside = topic is not None and topic.subject is None
        return TopicTerms(form.topic, chosen_only=beside, urgent=form.urgent)

    def receiving(self, announcement: Announcement) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions that a person would receive it now."""
        audience = Audience.stored(announcement.audience)
        stands = standing(audience, self.terms(announcement), self.forms)
        return audience.meant(self.now()), stands == RECIPIENT

    def writer(self, announcement: Announcement) -> Writer:
        """Return what writes the letters of an announcement.

        Raises:
            AnnouncementError: its text is no template of ours.

        """
        labels = {name: topic.label for name, topic in self.library.topics.items()}
        return Writer(announcement, self.library.phrases, labels)

    def shown(self, announcement: Announcement) -> str:
        """Return the hash of what an approver is shown, as whoever is told something else gets it.

        Of a text that is no template of ours there is no letter, and nothing to be approved.
        """
        try:
            writer = self.writer(announcement)
        except AnnouncementError:
            return approval.as_shown(announcement, ())
        readers = (Reader(), *(Reader("A", role=role) for role in ROLES))
        return approval.as_shown(announcement, map(writer.letter, readers))

    def faults(self, announcement: Announcement) -> list[AnnouncementError]:
        """Return why it can't be sent, as far as its own words tell."""
        audience = Audience.stored(announcement.audience)
        found = [AnnouncementError(audience.fault)] if audience.fault else []
        lost = (AnnouncementError("audience_place_lost", code=c) for c in audience.lost_places)
        return [*found, *lost, *self._text_faults(announcement), *self._date_faults(announcement)]

    async def inspect(self, session: AsyncSession, announcement: Announcement) -> Inspection:
        """Say whom it would reach now, what is wrong with it, and what may be meant otherwise."""
        people, faults = await self._found(session, announcement)
        notices = [*self._notices(announcement)]
        if not faults:  # first what keeps it from being sent
            counted = self._counted_notices(session, announcement, people)
            notices += [notice async for notice in counted]
        return Inspection(people, tuple(faults), tuple(notices))

    async def _found(
        self, session: AsyncSession, announcement: Announcement
    ) -> tuple[Count, list[AnnouncementError]]:
        """Return whom it would reach now, and why it can't be sent."""
        people = await self.count(session, announcement)
        faults = self.faults(announcement)
        faults += await self._group_faults(session, Audience.stored(announcement.audience))
        if not faults:
            faults += await self._long_faults(session, announcement)
        if not faults and not people.total:
            faults.append(AnnouncementError("audience_nobody"))
        return people, faults

    async def require_sendable(self, session: AsyncSession, announcement: Announcement) -> Count:
        """Return whom it reaches.

        Raises:
            AnnouncementError: something is wrong with it, or it reaches nobody.

        """
        people, faults = await self._found(session, announcement)
        if faults:
            raise faults[0]
        return people

    async def require_same_file(self, session: AsyncSession, announcement: Announcement) -> None:
        """Refuse when the author's file says something else by now: who reads it is misled.

        Raises:
            AnnouncementError: it does, and not because the next announcement was drafted from it.

        """
        found = _hash(Path(announcement.file)) if announcement.file else None
        if found is None or found == announcement.file_hash:
            return
        drafted = select(Announcement.id).where(
            Announcement.file == announcement.file,
            Announcement.file_hash == found,
            Announcement.id > announcement.id,
        )
        if await session.scalar(drafted.limit(1)) is None:
            name = Path(announcement.file).name
            raise AnnouncementError(
                "file_changed",
                file=name,
                number=announcement.id,
                path=announcement.file,
                author=announcement.author,
            )

    def require_moment(self, announcement: Announcement, at: datetime | None) -> None:
        """Refuse a moment for which it can't be queued.

        Raises:
            AnnouncementError: it is past, or after the announcement's last day.

        """
        if at is None:
            return
        if at <= self.now():
            raise AnnouncementError("moment_past")
        if announcement.valid_until and day_of(at) > announcement.valid_until:
            raise AnnouncementError("moment_after_last_day")

    def has_lapsed(self, announcement: Announcement) -> bool:
        """Say whether its last day is past."""
        until = announcement.valid_until
        return until is not None and until < day_of(self.now())

    def _text_faults(self, announcement: Announcement) -> Iterator[AnnouncementError]:
        yield from _written_faults(announcement)
        try:
            writer = self.writer(announcement)
            letter = writer.letter(Reader())
        except AnnouncementError as error:
            yield error
            return
        for name in OPTIONAL:
            if name in writer.named and not getattr(announcement, name):
                yield AnnouncementError("field_named_and_empty", field=name)
        yield from self._form_faults(letter)
        for file in letter.attachments:
            if file.fault:
                yield AnnouncementError(file.fault)
            elif not file.path(self.folder).exists():
                yield AnnouncementError("attachment_lost", name=file.name)

    def _date_faults(self, announcement: Announcement) -> Iterator[AnnouncementError]:
        if self.has_lapsed(announcement):
            yield AnnouncementError("last_day_past", day=write_day(announcement.valid_until))

    def _form_faults(self, letter: Letter) -> list[AnnouncementError]:
        found = (fault for form in self.forms.values() for fault in form.faults(letter))
        return [AnnouncementError(fault) for fault in found]

    async def _group_faults(
        self, session: AsyncSession, audience: Audience
    ) -> list[AnnouncementError]:
        """Tell of groups without anybody: a name written wrongly leaves nobody out."""
        named = audience.named_groups
        if not named:
            return []
        query = select(GroupMember.name).where(GroupMember.name.in_(named)).distinct()
        empty = sorted(named.difference(await session.scalars(query)))
        return [AnnouncementError("group_empty", group=name) for name in empty]

    async def _long_faults(
        self, session: AsyncSession, announcement: Announcement
    ) -> list[AnnouncementError]:
        """Tell what a channel would refuse once the longest of all names is filled in."""
        writer = self.writer(announcement)
        if writer.named.isdisjoint(("name", "place", "role")):
            return []
        query = select(Person.name).where(*self.receiving(announcement))
        longest = query.order_by(func.length(Person.name).desc()).limit(_LONGEST)
        name = max(await session.scalars(longest), key=_units, default="")
        place = max(places().values(), key=lambda place: len(place.name))
        found = self._form_faults(writer.letter(Reader(name, place.code, "manager")))
        return [AnnouncementError("longest_name", fault=str(fault)) for fault in found]

    async def _counted_notices(
        self, session: AsyncSession, announcement: Announcement, people: Count
    ) -> AsyncIterator[str]:
        """Tell of a twin, and of how many a field of their own fills nothing for."""
        say = self.library.phrases.say
        twin = await approval.find_twin(session, announcement)
        if twin is not None:
            yield say("announcement_notice_twin", twin=twin.id, title=twin.title)
        for name, number in (await self._unfilled(session, announcement)).items():
            yield say("announcement_notice_unfilled", field=name, number=number, total=people.total)

    async def _unfilled(self, session: AsyncSession, announcement: Announcement) -> dict[str, int]:
        """Count of each field that the text names those recipients of whom it is not known."""
        try:
            named = self.writer(announcement).named
        except AnnouncementError:
            return {}
        unknown = {
            "name": Person.name == "",
            "place": or_(Person.place.is_(None), Person.place.not_in(tuple(places()))),
            "role": or_(Person.role.is_(None), Person.role.not_in(ROLES)),
        }
        asked = {name: rule for name, rule in unknown.items() if name in named}
        if not asked:
            return {}
        counts = [func.count().filter(rule) for rule in asked.values()]
        row = (await session.execute(select(*counts).where(*self.receiving(announcement)))).one()
        return {name: number for name, number in zip(asked, row, strict=True) if number}

    def _notices(self, announcement: Announcement) -> Iterator[str]:
        """Tell of words that mislead, and of topics that nobody can have chosen."""
        say = self.library.phrases.say
        if _MARKED.search(announcement.title):
            yield say("announcement_notice_title")
        audience = Audience.stored(announcement.audience)
        for topic in dict.fromkeys((announcement.topic, *audience.topics)):
            if topic not in self.library.topics:
                yield say("announcement_notice_topic", topic=topic)
        yield from warnings.of_words(announcement, self.library.phrases, day_of(self.now()))


def _written_faults(announcement: Announcement) -> Iterator[AnnouncementError]:
    """Tell what is wrong with the words themselves, before anything is filled in."""
    lines = [str(getattr(announcement, name) or "") for name in OPTIONAL]
    text = "\n".join((announcement.title, *lines, announcement.body))
    if not announcement.body:
        yield AnnouncementError("body_missing")
    for blank in blanks(text):
        yield AnnouncementError("blank_left", blank=blank)
    if in_old_font(text):
        yield AnnouncementError("font_old")
    for address in lost_links(announcement.body):
        yield AnnouncementError("link_without_https", address=address)


def in_old_font(text: str) -> bool:
    """Say whether a text was copied out of a document in an old Vietnamese font."""
    words = text.split()
    odd = sum(_OLD_FONT.search(word) is not None for word in words)
    return odd >= _OLD_FONT_WORDS and odd * _OLD_FONT_SHARE >= len(words)


def lost_links(body: str) -> list[str]:
    """Return the addresses of links that no channel shows, for they are not whole."""
    tokens = (t for block in _MARKDOWN.parse(body) for t in block.children or ())
    addresses = (str(t.attrGet("href") or "") for t in tokens if t.type == "link_open")
    return list(dict.fromkeys(a for a in addresses if not a.startswith(_SCHEMES)))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass"))


def _hash(path: Path) -> str | None:
    """Return the hash of a file that can be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
