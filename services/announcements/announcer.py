"""The announcer: what staff do with announcements, one method for each; of drafts, in `drafts`.

Each step checks before it changes anything; what it refuses leaves the announcement as it is, and
what it does is noted with who did it. Faces call these and translate; the caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.announcements import approval, deliveries, describe
from services.announcements.announcement import BEFORE, DELETED, ENDED, GOING, UNDER_WAY, UNENDED
from services.announcements.audience import Count
from services.announcements.drafts import Drafts
from services.announcements.report import Report, Unreached, as_csv, gather, unreached
from services.clock import write_day
from services.errors import AnnouncementError
from services.staff import account, audit
from services.storage.models import Announcement, Staff
from services.storage.session import alone

Listing = Literal["drafts", "asked", "going", "ended", "all"]
"""One's own drafts, what waits for one's approval, what is on its way, what has ended, or all."""
_A_MOMENT = timedelta(minutes=1)
"""Within it a second wish for a yes is a second tap; later it is a reminder."""


@dataclass(frozen=True)
class Announcer(Drafts):
    """Has drafts approved, sends them on their way and tells how they went."""

    async def ask(self, session: AsyncSession, number: int, by: str) -> list[Staff]:
        """Ask for another's yes; return all who may give it and are linked to Telegram.

        Nobody is asked about what is approved as it stands.

        Raises:
            AnnouncementError: there is no such draft, or it can't be sent as it is.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await self._let_in(session, by)
        announcement = await self._held(session, number)
        self.require_state(announcement, BEFORE, "ask")
        people = await self.require_sendable(session, announcement)
        if await approval.holds(session, announcement, people.total, self.now()):
            return []
        announcement.state = "draft"
        announcement.asked = approval.fingerprint(announcement)
        self._note(session, by, "ask", announcement, hash=announcement.asked)
        return await self.approvers(session, announcement)

    async def asked_just_now(self, session: AsyncSession, number: int) -> bool:
        """Say whether a yes to exactly what stands there was asked for a moment ago."""
        announcement = await self.find(session, number)
        rows = await audit.entries(session, f"announcement {number}")
        asked_at = [row.at for row in rows if row.did == "announce.ask"]
        if not asked_at or announcement.asked != approval.fingerprint(announcement):
            return False
        return self.now() - asked_at[-1] < _A_MOMENT

    async def listed(
        self,
        session: AsyncSession,
        listing: Listing,
        by: str,
        *,
        skip: int = 0,
        most: int | None = None,
    ) -> list[Announcement]:
        """Return the announcements of a list as an account sees it, the newest first."""
        rules: dict[str, tuple[ColumnElement[bool], ...]] = {
            "all": (Announcement.state != DELETED,),
            "drafts": (Announcement.state.in_(BEFORE), Announcement.author == by),
            "asked": (Announcement.state.in_(("draft", "paused")), Announcement.author != by),
            "going": (Announcement.state.in_(UNDER_WAY),),
            "ended": (Announcement.state.in_(ENDED),),
        }
        query = select(Announcement).where(*rules[listing]).order_by(Announcement.id.desc())
        if listing != "asked":
            return list(await session.scalars(query.offset(skip).limit(most)))
        # What changed since it was asked waits for nobody: no database can tell which that is.
        found = [a for a in await session.scalars(query) if await self.awaits_yes(session, a)]
        return found[skip:][:most]

    async def awaits_yes(self, session: AsyncSession, announcement: Announcement) -> bool:
        """Say whether a yes is asked to what stands there: of what is held, where its own fell."""
        if announcement.state == "paused":
            return await approval.standing(session, announcement, self.now()) is None
        asked = announcement.asked == approval.fingerprint(announcement)
        return announcement.state == "draft" and asked

    @staticmethod
    async def chat_of(session: AsyncSession, name: str) -> str | None:
        """Return the Telegram chat of an account in use; None where it is not linked."""
        return await session.scalar(select(Staff.chat).where(Staff.name == name, ~Staff.disabled))

    async def approvers(self, session: AsyncSession, announcement: Announcement) -> list[Staff]:
        """Return all who may approve it and are linked to Telegram, by name."""
        others = select(Staff).where(
            Staff.role.in_(account.APPROVERS),
            ~Staff.disabled,
            Staff.chat.is_not(None),
            Staff.name != announcement.author,
        )
        return list(await session.scalars(others.order_by(Staff.name)))

    async def approve(  # noqa: PLR0913  # because a yes is to all that its giver was shown
        self,
        session: AsyncSession,
        number: int,
        by: str,
        seen: str = "",
        *,
        counted: int | None = None,
        again: bool = False,
        urgent: bool = False,
    ) -> Announcement:
        """Note another person's yes to exactly what stands there now, framed as it is framed now.

        What is paused may be approved anew, where its approval fell; it goes on when it is resumed.
        `seen` is the hash of what that person was shown, or its beginning; `counted`, how many they
        were told would get it. `again` says yes also to what says the same to the same people as
        one that was approved before; `urgent`, that it is urgent, where its author says so.

        Raises:
            AnnouncementError: it is the author's own, can't be sent, reaches nobody, changed, is
                the twin of another, or is urgent by its author's word alone.
            StaffError: the account is unknown, disabled, or may not approve.

        """
        announcement = await self._held(session, number)
        approver = await self.require_may_approve(session, announcement, by)
        approval.require_seen(announcement, self.shown(announcement), seen)
        if announcement.urgent and not urgent:
            raise AnnouncementError("approval_urgent_untold", number=number)
        await self.require_same_file(session, announcement)
        people = await self.require_sendable(session, announcement)
        if counted is not None:
            approval.require_about(counted, people.total, "approval_count_unseen")
        await alone(session, f"approve {announcement.title}")  # of two twins one sees the other
        if not again:
            await approval.require_no_twin(session, announcement)
        given = approval.approve(session, announcement, approver.name, people.total, self.now())
        if announcement.state != "paused":
            announcement.state, announcement.reason = "approved", ""
        announcement.edition = self.library.edition
        self._note(session, by, "approve", announcement, hash=given.hash, count=people.total)
        return announcement

    async def refuse(
        self, session: AsyncSession, number: int, by: str, seen: str = "", *, why: str = ""
    ) -> Announcement:
        """Note that what was shown is not approved: it is no longer asked, no yes before counts.

        The reason stands with the draft until it is changed or sent.

        Raises:
            AnnouncementError: it is the author's own, changed, or is on its way.
            StaffError: the account is unknown, disabled, or may not approve.

        """
        announcement = await self._held(session, number)
        await self.require_may_approve(session, announcement, by, BEFORE)
        approval.require_seen(announcement, self.shown(announcement), seen)
        announcement.asked, announcement.state = "", "draft"
        say, name = self.library.phrases.say, account.plain_name(by)
        announcement.reason = say("announcement_refused", by=name, why=why) if why else ""
        await approval.take_back(session, announcement, self.now())
        self._note(session, by, "refuse", announcement, hash=approval.fingerprint(announcement))
        return announcement

    async def require_may_approve(
        self,
        session: AsyncSession,
        announcement: Announcement,
        by: str,
        states: Sequence[str] = (*BEFORE, "paused"),
    ) -> Staff:
        """Return the account of one who may say yes or no to an announcement.

        Raises:
            AnnouncementError: it is the author's own, or is on its way.
            StaffError: the account is unknown, disabled, or may not approve.

        """
        approval.require_another(announcement, account.plain_name(by))
        approver = await account.require(session, by, account.APPROVERS)
        self.require_state(announcement, states, "approve")
        return approver

    async def send(
        self, session: AsyncSession, number: int, by: str, at: datetime | None = None
    ) -> Announcement:
        """Queue an approved announcement, for now or for a moment to come.

        Raises:
            AnnouncementError: it is not approved as it stands, reaches others than were approved,
                or the moment is past or after the announcement's last day.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await self._let_in(session, by)
        announcement = await self._held(session, number)
        self.require_state(announcement, BEFORE, "send")
        await self.require_same_file(session, announcement)
        people = await self.require_sendable(session, announcement)
        await approval.require(session, announcement, people.total, self.now())
        self.require_moment(announcement, at)
        announcement.state, announcement.reason = "queued", ""
        announcement.queued_at, announcement.starts_at = self.now(), at
        if at is None:
            await self._fill(session, announcement, people)
        self._note(session, by, "send", announcement, count=people.total, at=str(at or ""))
        return announcement

    async def reschedule(
        self, session: AsyncSession, number: int, by: str, at: datetime
    ) -> Announcement:
        """Give what is to be sent at a moment another; the approval stands.

        Raises:
            AnnouncementError: it does not wait for a moment, or the new one is past or after the
                announcement's last day.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await account.require(session, by, account.WRITERS)
        announcement = await self._held(session, number)
        if announcement.state not in ("queued", "paused") or announcement.starts_at is None:
            raise AnnouncementError("announcement_not_scheduled", number=number)
        self.require_moment(announcement, at)
        announcement.starts_at = at
        self._note(session, by, "reschedule", announcement, at=str(at))
        return announcement

    async def begin(self, session: AsyncSession, announcement: Announcement) -> None:
        """Begin to send what is due; who joined since a scheduled one was queued is told too.

        What has its deliveries and may not go on is paused: a draft could be changed, half sent.

        Raises:
            AnnouncementError: the approval no longer holds, or the last day is past.

        """
        announcement = await self._held(session, announcement.id)
        at = announcement.starts_at
        if announcement.state != "queued" or (at and at > self.now()):
            return  # held, or given a later hour, since it was found due
        if at:
            people = await self.require_sendable(session, announcement)
            ordered = announcement.queued_at or self.now()
            await approval.require(session, announcement, people.total, ordered)
            await self._fill(session, announcement, people)
            announcement.starts_at = None
            self._note(session, audit.SYSTEM, "begin", announcement, count=people.total)
        else:
            announcement.state = "paused"  # if it is refused: some may have theirs, it is no draft
            await approval.require_standing(session, announcement)  # its giver may have left since
            if self.has_lapsed(announcement):
                raise _lapsed(announcement)
        announcement.state = "sending"

    async def pause(self, session: AsyncSession, number: int, by: str, reason: str = "") -> None:
        """Stop sending until it is resumed; what is under way ends by itself.

        Raises:
            AnnouncementError: it is not on its way.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await account.require(session, by, account.WRITERS)
        announcement = await self._held(session, number)
        self.require_state(announcement, GOING, "pause")
        announcement.state, announcement.reason = "paused", reason
        self._note(session, by, "pause", announcement)

    async def resume(self, session: AsyncSession, number: int, by: str) -> None:
        """Go on with what was paused.

        Raises:
            AnnouncementError: it is not paused, its approval fell, or its last day is past.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await account.require(session, by, account.WRITERS)
        announcement = await self._held(session, number)
        self.require_state(announcement, ("paused",), "resume")
        await approval.require_standing(session, announcement)
        if self.has_lapsed(announcement):
            raise _lapsed(announcement)
        announcement.state, announcement.reason = "queued", ""
        self._note(session, by, "resume", announcement)

    async def cancel(self, session: AsyncSession, number: int, by: str) -> None:
        """Give up for good all that was not sent yet.

        Raises:
            AnnouncementError: it has ended already.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await account.require(session, by, account.WRITERS)
        announcement = await self._held(session, number)
        self.require_state(announcement, UNENDED, "cancel")
        announcement.state, announcement.finished_at = "cancelled", self.now()
        await deliveries.cancel(session, number)
        self._note(session, by, "cancel", announcement)

    async def report(self, session: AsyncSession, number: int, by: str = audit.SYSTEM) -> Report:
        """Gather how an announcement went, or goes.

        Raises:
            AnnouncementError: there is none of that number.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await self._let_in(session, by)
        return await gather(session, await self.find(session, number))

    async def export(self, session: AsyncSession, number: int, by: str) -> str:
        """Return a table of recipients by name; that is noted.

        Raises:
            AnnouncementError: there is none of that number.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await self._let_in(session, by)
        announcement = await self.find(session, number)
        why = partial(describe.why, self.library.phrases)
        lines, listed = await as_csv(session, number, why)
        self._note(session, by, "list", announcement, listed=listed)
        return lines

    async def unreached(
        self, session: AsyncSession, number: int, by: str, *, skip: int, most: int
    ) -> list[Unreached]:
        """Return some of those whom it did not reach, by name; that is noted.

        Raises:
            AnnouncementError: there is none of that number.
            StaffError: the account is unknown, disabled, or writes no announcements.

        """
        await self._let_in(session, by)
        announcement = await self.find(session, number)
        found = await unreached(session, number, skip=skip, most=most)
        self._note(session, by, "list", announcement, listed=len(found))
        return found

    @staticmethod
    async def move(
        session: AsyncSession, announcement: Announcement, states: Sequence[str], to: str
    ) -> bool:
        """Change the state, unless somebody else has changed it meanwhile; say whether it did."""
        mine = (Announcement.id == announcement.id, Announcement.state.in_(states))
        query = update(Announcement).where(*mine).values(state=to).returning(Announcement.id)
        moved = (await session.execute(query)).first() is not None
        await session.refresh(announcement)
        return moved

    async def _fill(self, session: AsyncSession, announcement: Announcement, people: Count) -> None:
        """Make the deliveries; note how many of those meant get none."""
        await deliveries.fill(session, announcement, self.receiving(announcement))
        announcement.left_out = people.left_out


def _lapsed(announcement: Announcement) -> AnnouncementError:
    return AnnouncementError(
        "announcement_lapsed", number=announcement.id, day=write_day(announcement.valid_until)
    )
