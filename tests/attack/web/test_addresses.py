"""Who is counted as whom: no header, and no proxy beside the product, lifts a limit (review H3)."""

import httpx
import pytest
from fastapi import FastAPI

from bot.limits import ASKING, ERASING, MessageLimit, Quota
from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.errors import SettingsError
from services.settings import load_settings
from tests.doubles.web import Probe, Visit

PROXY = "10.0.0.2"
ENOUGH = 31


async def statuses(clients: list[httpx.AsyncClient], forwarded: list[str]) -> list[int]:
    """Send a message of a new conversation for each address that is forwarded."""
    return [
        (
            await clients[number % len(clients)].post(
                "/api/messages",
                json={"conversation": f"cuộc trò chuyện số {number}", "text": "giá vàng"},
                headers={"X-Forwarded-For": value} if value else {},
            )
        ).status_code
        for number, value in enumerate(forwarded)
    ]


def behind(services: Services, proxies: str) -> FastAPI:
    """Return the app behind proxies, as the environment names them."""
    services.settings.trusted_proxies = load_settings(trusted_proxies=proxies).trusted_proxies
    return make_app(Runner(services), nlu_ready=Probe())


async def through(app: FastAPI, peer: str, forwarded: list[str]) -> list[int]:
    """Send messages through a peer."""
    transport = httpx.ASGITransport(app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://htx.test") as client:
        return await statuses([client], forwarded)


@pytest.mark.parametrize(
    "forwarded",
    [
        ["203.0.113.7"] * ENOUGH,
        [f"203.0.113.{number}" for number in range(ENOUGH)],
    ],
)
async def test_a_proxy_on_this_machine_lifts_no_limit(visit: Visit, forwarded: list[str]) -> None:
    """What comes over loopback is counted, whatever it says of others, unless it is trusted."""
    assert (await statuses([visit("127.0.0.1")], forwarded))[-1] == 429


async def test_a_script_on_this_machine_may_ask_more_and_not_without_end(visit: Visit) -> None:
    """Ten a second of all its conversations together; any other loopback thirty a minute."""
    assert set(await statuses([visit("127.0.0.1")], [""] * ENOUGH)) == {200}
    assert (await statuses([visit("127.0.0.2")], [""] * ENOUGH))[-1] == 429
    assert ASKING.over("127.0.0.1", near=True)["message:127.0.0.1"] == 600


async def test_a_network_of_proxies_is_trusted(services: Services) -> None:
    """Behind a trusted network each person has their own thirty."""
    people = [f"203.0.113.{number}" for number in range(ENOUGH)]
    passed = await through(behind(services, "10.0.0.0/24"), PROXY, people)

    assert set(passed) == {200}


@pytest.mark.parametrize("proxies", ["nginx", "10.0.0.0/40", "10.0.0.1;10.0.0.2"])
def test_rubbish_for_proxies_is_refused(proxies: str) -> None:
    """What names no address is said at the start, and not believed to be one."""
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        load_settings(trusted_proxies=proxies)


@pytest.mark.parametrize(
    "forwarded",
    [
        [f"8.8.8.8:{port}" for port in range(ENOUGH)],
        [f"[2001:db8::1]:{port}" for port in range(ENOUGH)],
        [f"rubbish-{number}" for number in range(ENOUGH)],
        ["127.0.0.2"] * ENOUGH,
    ],
)
async def test_other_spellings_of_an_address_are_the_same(
    services: Services, forwarded: list[str]
) -> None:
    """A port makes nobody new; what is no address counts for the proxy; loopback is one more."""
    assert (await through(behind(services, PROXY), PROXY, forwarded))[-1] == 429


async def test_a_site_of_ipv6_has_a_bound(visit: Visit) -> None:
    """Of the 65,536 networks that a site of IPv6 has, not each has its own thirty."""
    clients = [visit(f"2001:db8:7:{number:x}::1") for number in range(130)]

    assert (await statuses(clients, [""] * 130))[-1] == 429


def test_a_flood_makes_the_limit_forget_nobody() -> None:
    """Who was refused stays refused, however many others write meanwhile."""
    limit = MessageLimit()
    for _ in range(ENOUGH):
        limit.allow("a")
    for number in range(6_000):
        limit.allow(f"another {number}")

    assert not limit.allow("a")


def test_all_together_have_a_bound() -> None:
    """Addresses without end get no more than is allowed over all; who is refused counts nowhere."""
    quota = Quota()
    served = [quota.allow(ASKING.over(f"203.0.{n // 250}.{n % 250}")) for n in range(2_000)]
    another = quota.allow(ERASING.over("203.0.113.7"))

    assert served == [True] * ASKING.all + [False] * (2_000 - ASKING.all)
    assert another
