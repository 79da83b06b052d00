"""Liveness, readiness and counters."""

from datetime import timedelta

import httpx
from sqlalchemy import text

from bot.runner import Runner
from bot.web.app import make_app
from bot.web.health import Health
from services.bootstrap import Services
from services.publishing.status import Publishing, record_path
from tests.conftest import NOON
from tests.doubles.nlu import FakeNlu
from tests.doubles.web import ASKED, Probe


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


async def test_alive_at_once(client: httpx.AsyncClient, probe: Probe) -> None:
    """The process is alive whatever the NLU does."""
    probe.up = False

    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_not_ready_before_the_first_probe(client: httpx.AsyncClient, probe: Probe) -> None:
    """Until the NLU has answered once, the app is not ready and says why."""
    probe.up = False
    response = await client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"nlu": "down"})


async def test_ready_once_is_ready_for_ever(services: Services) -> None:
    """After its first answer the NLU may die: the app still serves, and says that it is down."""
    probe, clock = Probe(), Clock()
    health = Health(services.sessions, probe, clock)
    first = await health.ready(), await health.nlu_up()
    probe.up, clock.now = False, 10.0
    later = await health.ready(), await health.nlu_up()

    assert (first, later) == ((True, True), (True, False))


async def test_nlu_is_not_asked_more_than_every_two_seconds(services: Services) -> None:
    """Monitoring that asks often does not load the NLU."""
    probe, clock = Probe(), Clock()
    health = Health(services.sessions, probe, clock)
    for moment in (0.0, 0.5, 1.9, 2.0, 2.1):
        clock.now = moment
        await health.nlu_up()

    assert probe.asked == 2


async def test_not_ready_without_tables(client: httpx.AsyncClient, services: Services) -> None:
    """A database that is not migrated keeps the app from being ready."""
    async with services.sessions.begin() as session:
        await session.execute(text("DROP TABLE turn"))

    assert (await client.get("/readyz")).status_code == 503


async def test_turns_are_counted(client: httpx.AsyncClient, nlu: FakeNlu) -> None:
    """Turns are counted by outcome on the web channel, their time and the degraded ones too."""
    await client.post("/api/messages", json={"conversation": "c1", "text": ASKED})
    nlu.down = True
    await client.post("/", data={"text": "số thành viên để lập hợp tác xã"})
    counted = (await client.get("/metrics")).text

    assert 'htx_turns_total{channel="web",outcome="answered"} 2.0' in counted
    assert 'htx_turn_seconds_count{channel="web"} 2.0' in counted
    assert 'htx_degraded_turns_total{channel="web"} 1.0' in counted


async def test_metrics_tell_the_age_of_the_edition_and_a_refusal(
    services: Services, probe: Probe
) -> None:
    """Where the process publishes, the edition's age and a refused change are measured."""
    moments = [NOON]
    publishing = Publishing(record_path(services.settings), "a820", now=lambda: moments[-1])
    moments.append(NOON + timedelta(minutes=1))
    publishing.refuse(("sai",))
    transport = httpx.ASGITransport(
        make_app(Runner(services), nlu_ready=probe, publishing=publishing)
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        measured = (await client.get("/metrics")).text

    assert "htx_edition_age_seconds 60.0" in measured
    assert "htx_edition_refused 1.0" in measured
