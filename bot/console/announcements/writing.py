"""Writing an announcement: the form, what it says so far, and the draft that is made of it."""

from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from bot.console.announcements import view
from bot.console.request import ConsoleRequest, figure
from services.announcements.announcement import (
    BEFORE,
    DAYS,
    OPTIONAL,
    AnnouncementForm,
    longest,
)
from services.announcements.announcer import Announcer
from services.announcements.audience import Audience
from services.announcements.audience_words import Naming, read_audience
from services.announcements.draft_file import Draft, find_template, read_draft, templates
from services.clock import day_of, read_day, write_day
from services.conversation.plain import capital
from services.errors import AnnouncementError, HtxError
from services.people import groups
from services.people.person import ROLES
from services.people.places import place_name
from services.storage.models import Announcement

_LISTS = ("roles", "topics", "groups")
"""The lists of an audience of which names are ticked."""
_LINES = ("title", *OPTIONAL)


@dataclass(frozen=True)
class WrittenForm:
    """What stands in the fields of the page, as it was typed."""

    lines: dict[str, str] = field(default_factory=dict)
    body: str = ""
    topic: str = ""
    everybody: bool = False
    urgent: bool = False
    ticked: dict[str, list[str]] = field(default_factory=dict)
    places: str = ""
    active_days: str = ""
    left_out: list[str] = field(default_factory=list)
    """Groups whose people get nothing."""


async def begin(desk: ConsoleRequest) -> Response:
    """Show the form of a new announcement, empty or begun from a template."""
    name, form = desk.asked("template"), WrittenForm()
    if name:
        settings, room = desk.services.settings, view.announcer(desk)
        path = find_template(settings.content_dir, name).path
        today = day_of(desk.now)
        draft = read_draft(path, Naming.of(room.library, room.identity), today)
        form = _as_written(draft.form)
    return await _page(desk, form)


async def change(desk: ConsoleRequest) -> Response:
    """Show the form of a draft of one's own."""
    draft = await _own(desk)
    return await _page(desk, _as_written(AnnouncementForm.of(draft)), draft)


async def keep(desk: ConsoleRequest) -> Response:
    """Keep what was written as a new draft."""
    draft = Draft(_read(desk, AnnouncementForm()))
    made = await view.announcer(desk).draft(desk.session, draft, desk.staff.name)
    return desk.to(f"{view.HERE}/{made.id}", f"Đã giữ bản nháp {made.id}.")


async def keep_change(desk: ConsoleRequest) -> Response:
    """Put what was written in a draft's place."""
    own = await _own(desk)
    form = _read(desk, AnnouncementForm.of(own))
    await view.announcer(desk).change(desk.session, own.id, Draft(form), desk.staff.name)
    return desk.to(f"{view.HERE}/{own.id}", f"Đã sửa bản nháp {own.id}; phải duyệt lại.")


async def look(desk: ConsoleRequest) -> Response:
    """Show what is being written as it would be read, and whom it would reach; nothing is kept."""
    looked = await _look(desk, _read(desk, await _before(desk)))
    if desk.request.headers.get("hx-request"):
        return desk.part("announcements_look.html", look=looked)
    return await _page(desk, _typed(desk), await _draft(desk), look=looked)


async def again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Show the form once more, with what was typed, below what is wrong with it."""
    if desk.request.headers.get("hx-request"):
        return desk.part("announcements_look.html", look=None, problem=error)
    return await _page(desk, _typed(desk), await _draft(desk), error=error)


async def _page(
    desk: ConsoleRequest,
    form: WrittenForm,
    draft: Announcement | None = None,
    *,
    look: view.Look | None = None,
    error: HtxError | None = None,
) -> Response:
    say = view.phrases(desk).say
    return desk.page(
        "announcements_form.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        form=form,
        draft=draft,
        look=look,
        error=error,
        most={name: longest(name) for name in _LINES if name not in DAYS},
        topics=view.topics(desk),
        roles={role: capital(say(f"role_{role}")) for role in ROLES},
        groups=await groups.sizes(desk.session),
        templates=_templates(desk) if draft is None else {},
    )


async def _look(desk: ConsoleRequest, form: AnnouncementForm) -> view.Look:
    """Look at what is no announcement yet."""
    unkept = Announcement(**form.columns(), author=desk.staff.name, created_at=desk.now)
    return await view.look(desk, unkept)


async def _draft(desk: ConsoleRequest) -> Announcement | None:
    """Return the draft that is being changed; None while a new one is being written."""
    number = figure(desk.field("draft"))
    return await _own(desk, number) if number else None


async def _own(desk: ConsoleRequest, number: int | None = None) -> Announcement:
    room = view.announcer(desk)
    own = await room.own(desk.session, number or desk.number(), desk.staff.name)
    room.require_state(own, BEFORE, "change")
    return own


async def _before(desk: ConsoleRequest) -> AnnouncementForm:
    draft = await _draft(desk)
    return AnnouncementForm.of(draft) if draft else AnnouncementForm()


def _templates(desk: ConsoleRequest) -> dict[str, str]:
    """Return the titles of the templates by name; a broken one is left out."""
    found = {}
    for name, template in templates(desk.services.settings.content_dir).items():
        try:
            found[name] = template.title
        except AnnouncementError:
            continue
    return found


def _typed(desk: ConsoleRequest) -> WrittenForm:
    """Return what was typed, as it was."""
    return WrittenForm(
        lines={name: desk.field(name) for name in _LINES},
        body=desk.field("body"),
        topic=desk.field("topic"),
        everybody=bool(desk.field("everybody")),
        urgent=bool(desk.field("urgent")),
        ticked={name: _listed(desk, name) for name in _LISTS},
        places=desk.field("places"),
        active_days=desk.field("active_days"),
        left_out=_listed(desk, "left_out"),
    )


def _listed(desk: ConsoleRequest, name: str) -> list[str]:
    return list(filter(None, desk.fields(name)))


def _read(desk: ConsoleRequest, before: AnnouncementForm) -> AnnouncementForm:
    """Return the fields that were typed, over what the draft said before.

    Raises:
        AnnouncementError: one can't be read, or is missing.
        PlaceUnknown: a place is none of Đà Nẵng's.

    """
    typed, today = _typed(desk), day_of(desk.now)
    fields: dict[str, Any] = {"topic": typed.topic, "body": typed.body.replace("\r\n", "\n")}
    for name, written in typed.lines.items():
        fields[name] = _day(written, today) if name in DAYS else _line(name, written)
    if not fields["title"]:
        raise AnnouncementError("title_missing")
    if typed.topic not in desk.services.library.topics:
        raise AnnouncementError("topic_not_chosen")
    audience = _audience(view.announcer(desk), typed, Audience.stored(before.audience))
    attachments = before.attachments
    return AnnouncementForm.model_validate(
        {
            **fields,
            "audience": audience.row(),
            "attachments": attachments,
            "urgent": typed.urgent,
        }
    )


def _audience(room: Announcer, typed: WrittenForm, before: Audience) -> Audience:
    """Return the audience that was ticked; single chats that a file named stay in it.

    Raises:
        AnnouncementError: nobody is chosen, or a part can't be read.
        PlaceUnknown: a place is none of Đà Nẵng's.

    """
    written: Any = {name: chosen for name, chosen in typed.ticked.items() if chosen}
    written["places"] = [name.strip() for name in _parted(typed.places)]
    written = {name: value for name, value in written.items() if value}
    if typed.active_days:
        written["active_days"] = typed.active_days
    if typed.left_out:
        written["exclude"] = {"groups": typed.left_out}
    some = bool(set(written).difference({"exclude"}) or before.who)
    if some == typed.everybody:
        raise AnnouncementError("audience_all_and_some" if some else "audience_not_chosen")
    naming = Naming.of(room.library, room.identity)
    read = read_audience(written or "all", room.folder, naming)
    if read.fault:
        raise AnnouncementError(read.fault)
    exclude = read.exclude.model_copy(update={"who": before.exclude.who})
    return read.model_copy(update={"who": before.who, "exclude": exclude})


def _parted(text: str) -> list[str]:
    names = text.replace(";", ",").replace("\n", ",").split(",")
    return [name for name in names if name.strip()]


def _line(name: str, written: str) -> str:
    line, most = " ".join(written.split()), longest(name)
    if len(line) > most:
        raise AnnouncementError("line_too_long", field=name, most=most)
    return line


def _day(written: str, today: date) -> date | None:
    if not written:
        return None
    read = read_day(written, today)
    if read < today:
        raise AnnouncementError("day_past", day=write_day(read))
    return read


def _as_written(form: AnnouncementForm) -> WrittenForm:
    """Return a draft as its form shows it."""
    audience = Audience.stored(form.audience)
    some = audience.conditions() or audience.active_days
    values = {name: getattr(form, name) for name in _LINES}
    return WrittenForm(
        lines={n: v if isinstance(v, str) else write_day(v) for n, v in values.items()},
        body=form.body,
        topic=form.topic,
        urgent=form.urgent,
        everybody=form.audience is not None and not audience.fault and not some,
        ticked={name: list(getattr(audience, name)) for name in _LISTS},
        places=", ".join(map(place_name, audience.places)),
        active_days=str(audience.active_days or ""),
        left_out=list(audience.exclude.groups),
    )
