"""`htx people correct`: what somebody asks to have set right, by who takes what they ask."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

import typer

from bot.commands.db import writing
from bot.terminal import By, Channel, ChatId, result
from services.clock import utc_now
from services.errors import PeopleError
from services.people import groups
from services.people.people_import import LONGEST_NAME
from services.people.person import ROLES, TELEGRAM, find
from services.people.places import require_place
from services.settings import Settings, load_settings
from services.staff import account, audit

Name = Annotated[str | None, typer.Option(help="Tên đúng; “” là bỏ tên")]
Role = Annotated[str | None, typer.Option(help=f"Vai trò: {', '.join(ROLES)}; “” là bỏ")]
Place = Annotated[str | None, typer.Option(help="Xã, phường, tên hay mã; “” là bỏ")]
Leave = Annotated[str | None, typer.Option(help="Ra khỏi danh sách tên này")]


@dataclass(frozen=True)
class _Right:
    """What is right, in place of what is kept; None of what stays as it is."""

    name: str | None
    role: str | None
    place: str | None
    leave: str | None

    @property
    def fields(self) -> list[str]:
        """What is set right, by its name alone: that is all the audit may hold."""
        return [name for name, value in vars(self).items() if value is not None]


def correct(  # noqa: PLR0913  # because each is an option
    chat_id: ChatId,
    *,
    name: Name = None,
    role: Role = None,
    place: Place = None,
    leave: Leave = None,
    channel: Channel = TELEGRAM,
    by: By = audit.SYSTEM,
) -> None:
    """Sửa hay bỏ tên, vai trò, nơi ở của một người, đưa ra khỏi danh sách, theo yêu cầu của họ."""
    right = _Right(name, role, place, leave)
    if right.name and len(right.name) > LONGEST_NAME:
        raise PeopleError("row_name_long", most=LONGEST_NAME)
    if right.role and right.role not in ROLES:
        raise PeopleError("role_unknown", role=right.role, roles=ROLES)
    asyncio.run(_correct(load_settings(), channel, chat_id, right, by))
    result("Đã sửa." if right.fields else "Chưa nói sửa gì; xem --help.")


async def _correct(settings: Settings, channel: str, chat: str, right: _Right, by: str) -> None:
    """Set right what is wrong, and note that it was.

    Raises:
        PeopleError: nobody is known there, or they are not in the list, or there is no such place.

    """
    async with writing(settings) as session:
        who, person = await account.actor(session, by), await find(session, channel, chat)
        if person is None:
            raise PeopleError("people_nothing_held")
        if right.leave is not None:
            if right.leave not in await groups.of_person(session, person.id):
                raise PeopleError("group_unknown", name=right.leave)
            await groups.leave(session, right.leave, person.id)
        if right.name is not None:
            person.name = " ".join(right.name.split())
        if right.role is not None:
            person.role = right.role or None
        if right.place is not None:
            person.place = require_place(right.place).code if right.place else None
        if right.fields:
            audit.note(session, utc_now(), who, "people.correct", "", fields=right.fields)
