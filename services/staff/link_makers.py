"""Links into others' accounts: who made one is told, and gets no yes by it to their own work.

Whoever can make a link into another's account could open it and approve in that name. The account
and all other administrators hear of it at once; for a day, a session that rests on such a link
approves nothing that the link's maker wrote.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.conversation.plain import literal
from services.errors import StaffError
from services.notices import notices
from services.people.person import TELEGRAM
from services.staff import account, audit
from services.storage.models import Audit, Passkey, Staff, StaffPassword, StaffSession

REMEMBERED = timedelta(hours=24)
_A_MOMENT = timedelta(minutes=1)
"""Within it of a proof the passkey was used by which it was given."""
_MOST = 10


async def tell(
    session: AsyncSession, staff: Staff, say: Callable[..., str], now: datetime, by: str
) -> None:
    """Tell an account and the other administrators in Telegram that a link into it was made."""
    told = {one.chat for one in await account.administrators(session) if one.name != by}
    text = say("staff_link_made", name=literal(staff.name), by=literal(by))
    cause = f"link into {staff.id} {now:%y%m%d%H%M%S}"
    for chat in {*told, staff.chat} - {None}:
        await notices.queue(session, (TELEGRAM, str(chat)), cause, text, now, urgent=True)


async def of_late(session: AsyncSession, staff: Staff, now: datetime) -> Sequence[Audit]:
    """Return what others made of links into an account; for administrators, into all."""
    into = await account.everyone(session) if staff.role == "admin" else [staff]
    return await _made(session, [one.name for one in into], staff.name, now)


async def require_another(
    session: AsyncSession, signed: StaffSession, writers: Iterable[str], now: datetime
) -> None:
    """Refuse the yes of a session that a link opened to what the maker of the link wrote.

    It is its person's own where they proved it by what the account had before the link was made.

    Raises:
        StaffError: one of the writers made such a link within the last day.

    """
    names, me = list(writers), signed.staff
    for made in await _made(session, [me.name], me.name, now):
        if not any(account.same_name(made.who, name) for name in names):
            continue
        if not await _proved_before(session, signed, made.at):
            raise StaffError("approval_by_link", by=made.who)


async def _made(
    session: AsyncSession, into: Sequence[str], but: str, now: datetime
) -> Sequence[Audit]:
    query = select(Audit).where(
        Audit.about.in_([f"staff {name}" for name in into]),
        Audit.did == "staff.session",
        Audit.at > now - REMEMBERED,
        Audit.who.not_in([but, audit.SYSTEM]),
    )
    return (await session.scalars(query.order_by(Audit.id.desc()).limit(_MOST))).all()


async def _proved_before(session: AsyncSession, signed: StaffSession, moment: datetime) -> bool:
    """Say whether what proved a session last was the account's own before a moment."""
    mine = {
        "password": exists().where(
            StaffPassword.staff_id == signed.staff_id,
            StaffPassword.secret != "",
            StaffPassword.set_at < moment,
        ),
        "passkey": exists().where(
            Passkey.staff_id == signed.staff_id,
            Passkey.added_at < moment,
            Passkey.used_at > signed.proved_at - _A_MOMENT,
        ),
    }
    known = mine.get(signed.how)
    return known is not None and bool(await session.scalar(select(known)))
