"""A terminal that a test types in, over its own settings."""

import asyncio
import json
from typing import Any

from typer.testing import CliRunner, Result

from bot.cli import app


class Terminal:
    """Types commands over the settings of a test, without stopping what runs beside."""

    async def type(self, *words: str) -> Result:
        """Type a command."""
        return await asyncio.to_thread(CliRunner().invoke, app, words)

    async def told(self, *words: str) -> Any:
        """Type a command that must succeed; return the JSON that it prints."""
        result = await self.type(*words, "--json")
        assert result.exception is None, result.exception
        return json.loads(result.stdout)

    async def approve(self, number: str, by: str = "Minh") -> None:
        """Approve an announcement as it stands, as one who has seen it."""
        shown = await self.told("announce", "show", number)
        await self.told("announce", "approve", number, "--as", by, "--hash", shown["hash"])

    async def refused(self, *words: str) -> str:
        """Type a command that must be refused; return the sentence."""
        result = await self.type(*words)
        assert result.exception is not None, result.stdout
        return str(result.exception)
