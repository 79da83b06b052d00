"""Links into others' accounts: who made one is told, and gets no yes by it to their own work.

Whoever can make a link into another's account could open it and approve in that name: one that
signs in, or one that ties a chat. The account and all other administrators hear of it at once; for
a day, a session that rests on such a link, and a chat, approve nothing that the link's maker wrote.
At a shell anybody acts in any name: there the login is told beside it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select
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
SIGNS_IN, TIES = "staff.session", "staff.link"
"""How the audit calls the making of a link that signs in, and of one that ties a chat."""
_BY_SOMEBODY = or_(Audit.who != audit.SYSTEM, Audit.note["login"].as_string().is_not(None))
"""Made by an account, or at a shell; not by a script that fills a console with made-up life."""


async def tell(session: AsyncSession, staff: Staff, say: Callable[..., str], now: datetime) -> None:
    """Tell an account and the other administrators of the last link that was made into it.

    `say` says a phrase, and is asked where somebody can be told.
    """
    last = _into([staff.name]).order_by(Audit.id.desc()).limit(1)
    made = (await session.scalars(last)).one()
    login = made.note.get("login", "")
    others = await account.administrators(session)
    told = {one.chat for one in others if login or one.name != made.who} | {staff.chat}
    for chat in filter(None, told):
        text = say(
            "staff_link_made",
            name=literal(staff.name),
            by="" if made.who == audit.SYSTEM else literal(made.who),
            login=literal(login),
            ties=made.did == TIES,
        )
        await notices.queue(
            session, (TELEGRAM, chat), f"link made {made.id}", text, now, urgent=True
        )


async def of_late(session: AsyncSession, staff: Staff, now: datetime) -> Sequence[Audit]:
    """Return what others made of links into an account, of each the last; administrators: all."""
    into = await account.everyone(session) if staff.role == "admin" else [staff]
    made = await _made(session, [one.name for one in into], staff.name, now)
    last = {(one.who, one.did, one.about): one for one in reversed(made)}
    return sorted(last.values(), key=lambda one: one.id, reverse=True)


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
        if made.did != SIGNS_IN or not any(account.same_name(made.who, name) for name in names):
            continue
        if not await _proved_before(session, signed, made.at):
            raise StaffError("approval_by_link", by=made.who)


async def require_another_chat(
    session: AsyncSession, staff: Staff, author: str, now: datetime
) -> None:
    """Refuse the yes of a chat, tied of late by a link, to what the maker of that link wrote.

    Raises:
        StaffError: the author made it, and it was used within the last day.

    """
    if staff.linked_at is None or staff.linked_at <= now - REMEMBERED:
        return
    used = Audit.did == TIES, Audit.at <= staff.linked_at
    query = _into([staff.name]).where(*used).order_by(Audit.id.desc()).limit(1)
    made = await session.scalar(query)
    if made is not None and account.same_name(made.who, author):
        raise StaffError("approval_by_link", by=made.who)


async def _made(
    session: AsyncSession, into: Sequence[str], but: str, now: datetime
) -> Sequence[Audit]:
    late = Audit.at > now - REMEMBERED, Audit.who != but, _BY_SOMEBODY
    query = _into(into).where(*late).order_by(Audit.id.desc()).limit(_MOST)
    return (await session.scalars(query)).all()


def _into(names: Sequence[str]) -> Select[Audit]:
    about = [f"staff {name}" for name in names]
    return select(Audit).where(Audit.about.in_(about), Audit.did.in_((SIGNS_IN, TIES)))


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
