"""What the pages of announcements share: the announcer, and an announcement as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bot.console.request import ConsoleRequest
from bot.telegram.letter import FORMS, announcer_of
from services.announcements import describe
from services.announcements.announcer import Announcer
from services.announcements.attachments import Attachment
from services.announcements.audience import Audience
from services.announcements.letter import Reader
from services.conversation.plain import capital, plain_markdown
from services.errors import AnnouncementError
from services.knowledge.phrases import Phrases
from services.staff.account import STAFF_ROLES
from services.storage.models import Announcement

HERE = "/console/announcements"
EVERYONE = frozenset(STAFF_ROLES)
CHANNELS: Mapping[str, str] = {"telegram": "Telegram"}
"""How the channels are called on which announcements are sent."""


@dataclass(frozen=True)
class Bubble:
    """One message as its reader sees it."""

    words: Markup
    file: str
    address: str
    """Where the file is had; nothing while the announcement is not kept."""
    picture: str
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What one channel makes of a letter, and the same as plain text."""

    channel: str
    bubbles: tuple[Bubble, ...]
    plain: str


@dataclass(frozen=True)
class Look:
    """An announcement before it is sent: as it is read, who gets it, what is wrong with it."""

    previews: tuple[Preview, ...]
    rule: tuple[str, ...]
    links: tuple[str, ...]
    counted: str = ""
    total: int = 0
    faults: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being sent but a missing approval."""
        return not self.faults


def announcer(desk: ConsoleRequest) -> Announcer:
    """Return an announcer over what is served now."""
    services = desk.services
    return announcer_of(services.settings, services.library, services.now)


def phrases(desk: ConsoleRequest) -> Phrases:
    """Return the words that staff read."""
    return desk.services.library.phrases


async def look(desk: ConsoleRequest, announcement: Announcement) -> Look:
    """Look at an announcement as it would be sent now; also at one that is being written."""
    found = await announcer(desk).inspect(desk.session, announcement)
    people = found.people
    return replace(
        glance(desk, announcement),
        counted=plain_markdown(describe.people(phrases(desk), people.total, people.left_out)),
        total=people.total,
        faults=tuple(map(str, found.faults)),
        notices=found.notices,
    )


def glance(desk: ConsoleRequest, announcement: Announcement) -> Look:
    """Return how an announcement reads and whom it is for; nobody is counted."""
    return Look(
        previews=_previews(announcer(desk), announcement),
        rule=tuple(
            describe.audience(desk.services.library, Audience.stored(announcement.audience))
        ),
        links=tuple(describe.links(announcement.body)),
    )


def topics(desk: ConsoleRequest) -> dict[str, str]:
    """Return the labels of topics by name."""
    return {name: capital(one.label) for name, one in desk.services.library.topics.items()}


def topic_label(desk: ConsoleRequest, name: str) -> str:
    """Return how a topic is called; its name where the content has it no more."""
    return topics(desk).get(name, name)


def state_of(desk: ConsoleRequest, announcement: Announcement) -> str:
    """Tell the state of an announcement, that a yes to it is waited for included."""
    if announcement.state == "draft" and announcement.asked:
        return "đang chờ duyệt"
    return describe.state(phrases(desk), announcement.state)


def held_until(desk: ConsoleRequest, announcement: Announcement) -> datetime | None:
    """Return when sending begins that quiet hours hold now; None where they do not."""
    return announcer(desk).quiet_for(announcement).ends_after(desk.now)


def _file(announcement: Announcement, file: Attachment | None) -> tuple[str, str, str]:
    """Return a file's name, where it is had, and the same once more where it is a picture."""
    if file is None:
        return "", "", ""
    if not announcement.id:
        return file.name, "", ""
    place = [row["sha256"] for row in announcement.attachments].index(file.sha256)
    address = f"{HERE}/{announcement.id}/files/{place}"
    return file.name, address, address if file.kind == "photo" else ""


def _previews(room: Announcer, announcement: Announcement) -> tuple[Preview, ...]:
    """Return what each channel shows; nothing of a text that is no template of ours."""
    try:
        letter = room.writer(announcement).letter(Reader())
    except AnnouncementError:
        return ()
    shown = []
    for channel, form in FORMS.items():
        bubbles = tuple(
            Bubble(
                Markup(part.html),  # noqa: S704  # because the form escapes all that people wrote
                *_file(announcement, part.attachment),
                tuple(
                    button.text
                    for row in (part.buttons.inline_keyboard if part.buttons else ())
                    for button in row
                ),
            )
            for part in form.parts(letter)
        )
        shown.append(Preview(CHANNELS[channel], bubbles, form.preview(letter)))
    return tuple(shown)
