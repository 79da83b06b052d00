"""Updates that Telegram sends to the web app by itself, each with a secret that only it knows."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request, Response
from telegram import Bot, Update

from services.errors import SettingsError
from services.settings import Settings

_log = structlog.get_logger()

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
"""See https://core.telegram.org/bots/api#setwebhook."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_UNUSABLE = (
    "HTX_TELEGRAM_WEBHOOK_SECRET chỉ được có chữ không dấu, số, “_”, “-”, dài 1 đến 256; "
    "hoặc để trống để chương trình tự đặt."
)


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
    secret = webhook_secret(settings).encode()

    @routes.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        """Take an update: 403 without the secret, 503 until the bot runs."""
        given = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(given, secret):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        update = _read(await request.body(), telegram.bot)
        if update is None:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if not telegram.running:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        await telegram.take([update])
        return Response(status_code=HTTPStatus.OK)

    return routes


def _read(body: bytes, bot: Bot) -> Update | None:
    try:
        data: Any = json.loads(body)
        return Update.de_json(data, bot)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        _log.warning("telegram.update_unreadable", reason=type(error).__name__)
        return None
