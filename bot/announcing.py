"""What every hand that works on announcements needs: an announcer with the channels' forms."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.telegram.letter import TelegramForm
from services.announcements.announcer import Announcer
from services.announcements.quiet import Quiet
from services.clock import utc_now
from services.knowledge.library import Library
from services.people.person import Identity
from services.settings import Settings

FORMS = {"telegram": TelegramForm()}
"""The form of each channel that announcements are sent on."""


def attachments(settings: Settings) -> Path:
    """Return the folder where attachments are kept."""
    return settings.data_dir / "attachments"


def announcer_of(
    settings: Settings, library: Library, now: Callable[[], datetime] = utc_now
) -> Announcer:
    """Return an announcer out of a library.

    Raises:
        SettingsError: the quiet hours are written wrong.

    """
    return Announcer(
        library=library,
        forms=FORMS,
        folder=attachments(settings),
        now=now,
        identity=Identity(settings.secret_key.get_secret_value()),
        quiet=Quiet.read(settings.quiet_hours),
        rate=settings.bulk_rate,
    )
