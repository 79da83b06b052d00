"""Uploads: attachments that a channel holds already need not be sent to it again.

A channel's name for a file is one bot's own: another bot is refused it
(https://core.telegram.org/bots/api#sending-files). What can't be read or noted here costs another
upload and nothing else: a letter's fate never hangs on it.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from services.storage.models import Upload
from services.storage.session import Sessions

_log = structlog.get_logger()


@dataclass(frozen=True)
class Uploads:
    """A channel's own names for attachments, by bot and hash."""

    sessions: Sessions
    channel: str

    async def find(self, bot: int, sha256: str) -> str | None:
        """Return the name by which a bot may send a file again, if it was sent before."""
        try:
            async with self.sessions() as session:
                known = await session.get(Upload, (self.channel, bot, sha256))
        except SQLAlchemyError as error:
            _log.warning("upload.not_found", reason=type(error).__name__)
            return None
        return known.file if known else None

    async def keep(self, bot: int, sha256: str, file: str) -> None:
        """Note the channel's name for a file, whoever else notes one at this moment."""
        row = Upload(channel=self.channel, bot=bot, sha256=sha256, file=file)
        try:
            async with self.sessions.begin() as session:
                await session.merge(row)
        except IntegrityError:
            return  # another worker was first; its name is as good
        except SQLAlchemyError as error:
            _log.warning("upload.not_kept", reason=type(error).__name__)

    async def forget(self, bot: int, sha256: str) -> None:
        """Let go of a name that the channel refuses."""
        try:
            async with self.sessions.begin() as session:
                known = await session.get(Upload, (self.channel, bot, sha256))
                if known is not None:
                    await session.delete(known)
        except SQLAlchemyError as error:
            _log.warning("upload.not_forgotten", reason=type(error).__name__)
