"""Uploads: attachments that a channel holds already need not be sent to it again."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from services.storage.models import Upload
from services.storage.session import Sessions


@dataclass(frozen=True)
class Uploads:
    """The channel's own names for attachments, by hash."""

    sessions: Sessions
    channel: str

    async def find(self, sha256: str) -> str | None:
        """Return the channel's name for a file, if it holds it."""
        async with self.sessions() as session:
            known = await session.get(Upload, (self.channel, sha256))
        return known.file if known else None

    async def keep(self, sha256: str, file: str) -> None:
        """Note the channel's name for a file, whoever else notes one at this moment."""
        try:
            async with self.sessions.begin() as session:
                await session.merge(Upload(channel=self.channel, sha256=sha256, file=file))
        except IntegrityError:
            return  # another worker was first; its name is as good
