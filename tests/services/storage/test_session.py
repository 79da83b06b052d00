import traceback

import pytest
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import IntegrityError

from services.bootstrap import Services
from services.storage.models import Conversation, Turn
from services.storage.session import make_engine
from tests.conftest import NOON
from tests.doubles.postgres import Server

on_postgresql = pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)


async def test_error_tells_nothing_of_what_was_to_be_kept(services: Services) -> None:
    """What a row holds stands in no error, for errors are logged."""
    whole = []
    for _ in range(2):
        try:
            async with services.sessions.begin() as session:
                session.add(Conversation(channel="telegram", key="777000", updated_at=NOON))
        except IntegrityError:
            whole.append(traceback.format_exc())

    [found] = whole
    assert "IntegrityError" in found
    assert "777000" not in found


@on_postgresql
async def test_server_that_was_restarted_costs_nobody_a_turn(
    services: Services, postgres_server: Server
) -> None:
    """Connections that were lost while nobody used them are replaced before one is lent."""
    count = select(func.count()).select_from(Turn)
    async with services.sessions() as one, services.sessions() as other:
        await one.scalar(count)
        await other.scalar(count)
    postgres_server.cut_off(services.settings.database_url)

    async with services.sessions() as session:
        assert await session.scalar(count) == 0


async def test_patience_can_be_set_in_the_address(postgres_url: str) -> None:
    """How long to wait for the server is what the address says, where it says it."""
    url = make_url(postgres_url).update_query_dict({"connect_timeout": "9"})
    engine = make_engine(url.render_as_string(hide_password=False))
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        found = driver.info.get_parameters() if driver else {}
    await engine.dispose()

    assert found["connect_timeout"] == "9"
    assert found["tcp_user_timeout"] == "10000"
