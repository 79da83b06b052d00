"""Whether the process lives, is ready, and what it has counted."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.web.callers import Callers
from bot.web.refusal import RefusedError
from services.storage.models import Turn
from services.storage.session import Sessions
from services.telemetry import Meters

_FRESH_SECONDS = 2.0


class Alive(BaseModel):
    """The process lives."""

    status: Literal["ok"]


class NluState(BaseModel):
    """How the NLU server is."""

    nlu: Literal["ok", "down"]


@dataclass
class Health:
    """Asks the parts how they are; once ready, always ready."""

    sessions: Sessions
    nlu_ready: Callable[[], Awaitable[bool]]
    clock: Callable[[], float] = time.monotonic
    _ready: bool = False
    _nlu: bool = False
    _asked_at: float = float("-inf")
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the NLU is asked: of many who want to know, one does it for all."""

    async def nlu_up(self) -> bool:
        """Say whether the NLU answers, as of at most two seconds ago; who asks meanwhile waits."""
        async with self._asking:
            if self.clock() - self._asked_at >= _FRESH_SECONDS:
                self._nlu = await self.nlu_ready()
                self._asked_at = self.clock()
        return self._nlu

    async def ready(self) -> bool:
        """Say whether the database was migrated and the NLU has answered, ever since the start."""
        if not self._ready:
            self._ready = await self.nlu_up() and await self._migrated()
        return self._ready

    async def _migrated(self) -> bool:
        try:
            async with self.sessions() as session:
                await session.execute(select(Turn.id).limit(1))
        except SQLAlchemyError:
            return False
        return True


def health_router(health: Health, meters: Meters, callers: Callers) -> APIRouter:
    """Return the routes of `/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["vận hành"])

    @router.get("/healthz", summary="Tiến trình còn sống")
    async def healthz() -> Alive:
        """Say that the process lives."""
        return Alive(status="ok")

    @router.get(
        "/readyz",
        summary="Sẵn sàng trả lời; sau đó vẫn 200 khi máy hiểu hỏng",
        response_model=NluState,
        responses={503: {"model": NluState, "description": "Chưa sẵn sàng"}},
    )
    async def readyz() -> Response:
        """Say whether questions are answered well, and how the NLU is now."""
        status = HTTPStatus.OK if await health.ready() else HTTPStatus.SERVICE_UNAVAILABLE
        state = NluState(nlu="ok" if await health.nlu_up() else "down")
        return JSONResponse(state.model_dump(), status)

    @router.get(
        "/metrics",
        summary="Số đo cho Prometheus, chỉ cho máy này và máy của văn phòng",
        response_class=PlainTextResponse,
        responses={404: {"description": "Hỏi từ nơi khác"}},
    )
    async def metrics(request: Request) -> Response:
        """Give what was counted since the start, to who may know."""
        if not callers.is_inside(request):
            raise RefusedError(HTTPStatus.NOT_FOUND, "page_missing")
        return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)

    return router
