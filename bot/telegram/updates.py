"""How updates come: asked for (polling), or sent by Telegram to the web app (webhook).

Polling: those that were written down are confirmed by the next call, whose offset is higher than
their numbers (https://core.telegram.org/bots/api#getupdates). python-telegram-bot's own loop
confirms what it has only in its memory. Webhook: each comes with a secret that only Telegram knows.
Of one that can't be read the number alone is taken: else it would come again before all others.
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from services.errors import SettingsError
from services.settings import Settings

_log = structlog.get_logger()

UPDATES = ("message", "callback_query")
"""The kinds of updates that Telegram is asked for."""
TWICE = (
    "Bot Telegram này đang chạy ở một nơi khác nữa: tắt nơi kia rồi chạy lại, "
    "hoặc dùng mã bot khác trong HTX_TELEGRAM_TOKEN."
)
_WAITS = timedelta(seconds=10)
"""How long Telegram holds a call that has nothing to tell."""
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds after each failure; the last one repeats."""

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
"""See https://core.telegram.org/bots/api#setwebhook."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_UNUSABLE = (
    "HTX_TELEGRAM_WEBHOOK_SECRET chỉ được có chữ không dấu, số, “_”, “-”, dài 1 đến 256; "
    "hoặc để trống để chương trình tự đặt."
)

Take: TypeAlias = Callable[[Sequence[Update]], Awaitable[None]]
"""Writes updates down; raises `SQLAlchemyError` where it can't."""


@dataclass
class Polling:
    """Asks for updates."""

    bot: Bot
    take: Take
    _offset: int | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)
    _told_twice: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Ask for ever, less often while it fails; at the end, confirm what was taken."""
        try:
            while True:
                await self._poll()
        finally:
            await self._confirm()

    async def _poll(self) -> None:
        try:
            updates = await self._updates(_WAITS)
            await self.take(updates)
        except (TelegramError, SQLAlchemyError) as error:
            self._tell_of(error)
            await asyncio.sleep(self._pause(error))
            return
        self._failures = 0
        if updates:
            self._offset = updates[-1].update_id + 1

    async def _confirm(self) -> None:
        """Let Telegram forget what was taken; what it gives now is left for the next start."""
        if self._offset is None:
            return
        try:
            await self._updates(timedelta(0), limit=1)
        except TelegramError as error:
            _log.warning("telegram.polling_ended", reason=type(error).__name__)

    async def _updates(self, waits: timedelta, limit: int | None = None) -> tuple[Update, ...]:
        return await self.bot.get_updates(
            offset=self._offset, timeout=waits, limit=limit, allowed_updates=UPDATES
        )

    def _pause(self, error: Exception) -> float:
        pause = _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        told = error.retry_after if isinstance(error, RetryAfter) else pause
        return told.total_seconds() if isinstance(told, timedelta) else told

    def _tell_of(self, error: Exception) -> None:
        """Log an error; that the bot runs twice, once."""
        if not isinstance(error, Conflict):
            _log.warning("telegram.polling_failed", reason=type(error).__name__)
        elif not self._told_twice:
            self._told_twice = True
            _log.error("telegram.runs_twice", sentence=TWICE)


def webhook_url(settings: Settings) -> str:
    """Return the address for Telegram; one without a path is completed with `PATH`."""
    url = settings.telegram_webhook_url.rstrip("/")
    return url if urlsplit(url).path else url + PATH


def webhook_secret(settings: Settings) -> str:
    """Return the secret set, or one derived from the key that is kept under the data folder."""
    key = settings.secret_key.get_secret_value().encode()
    derived = hmac.new(key, PATH.encode(), hashlib.sha256).hexdigest()
    return settings.telegram_webhook_secret.get_secret_value() or derived


def usable_secret(settings: Settings) -> str:
    """Return the secret, checked.

    Raises:
        SettingsError: Telegram would not take it.

    """
    secret = webhook_secret(settings)
    if not _SECRET.fullmatch(secret):
        raise SettingsError(_UNUSABLE)
    return secret


def is_telegram(request: Request, settings: Settings) -> bool:
    """Say whether a request brings an update and holds the secret that only Telegram knows."""
    given = request.headers.get(HEADER, "").encode()
    secret = webhook_secret(settings).encode()
    return request.url.path == PATH and hmac.compare_digest(given, secret)


class Taker(Protocol):
    """Takes updates while it runs."""

    bot: Bot
    running: bool

    async def take(self, updates: Sequence[Update]) -> None:
        """Write updates down; raises `SQLAlchemyError` where it can't."""
        ...


def router(telegram: Taker, settings: Settings) -> APIRouter:
    """Return the route on which updates arrive; without a webhook's address, none.

    An update is acknowledged once it is written down: what can't be is sent again by Telegram.
    """
    routes = APIRouter()
    if not settings.telegram_webhook_url:
        return routes

    @routes.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        """Take an update: 403 without the secret, 503 until the bot runs."""
        if not is_telegram(request, settings):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        update = _read(await request.body(), telegram.bot)
        if update is None:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if not telegram.running:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        await telegram.take([update])
        return Response(status_code=HTTPStatus.OK)

    return routes


class UpdatesRequest(HTTPXRequest):
    """Asks for updates, and lets through those alone that python-telegram-bot can read.

    One that it can't would end the call for all, and be quoted in the log
    (https://docs.python-telegram-bot.org/en/stable/telegram.request.baserequest.html).
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return what was answered, with the number alone of what can't be read."""
        answer = HTTPXRequest.parse_json_payload(payload)
        given = answer.get("result")
        if isinstance(given, list):
            answer["result"] = [data for data in map(_readable, given) if data is not None]
        return answer


def _read(body: bytes, bot: Bot) -> Update | None:
    """Return the update that a body holds, or its number alone; None for what has no number."""
    try:
        data = _readable(json.loads(body))
    except ValueError as error:
        _log.warning("telegram.update_unreadable", reason=type(error).__name__)
        return None
    return Update.de_json(data, bot) if data is not None else None


def _readable(data: Any) -> dict[str, Any] | None:
    """Return an update's data, its number alone where nothing else can be read of it."""
    try:
        Update.de_json(data)
    except Exception as error:  # noqa: BLE001  # because whatever it is, the others are waiting
        _log.warning("telegram.update_unreadable", reason=type(error).__name__)
        number = data.get("update_id") if isinstance(data, dict) else None
        return {"update_id": number} if type(number) is int else None
    return dict(data)
