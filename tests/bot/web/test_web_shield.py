"""What protects the pages and their readers."""

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.runner import Runner
from bot.web.app import make_app
from services.bootstrap import Services
from services.storage.models import Turn
from tests.doubles.web import ASKED, Probe

OWN = "http://htx.test"
OTHER = "https://evil.example"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/bai/founding/ho-so",
        "/bai/khong-co",
        "/api/docs",
        "/api/khong-co",
        "/healthz",
        "/metrics",
        "/static/page.css",
    ],
)
async def test_every_response_is_shielded(client: httpx.AsyncClient, path: str) -> None:
    """Each response, also of an error, forbids foreign and inline code and sniffing."""
    headers = (await client.get(path)).headers

    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("path", "ancestors"),
    [
        ("/?embed=1", "*"),
        ("/", "'none'"),
        ("/bai/founding/ho-so?embed=1", "'none'"),
        ("/api/docs", "'none'"),
    ],
)
async def test_only_the_chat_may_be_framed(
    client: httpx.AsyncClient, path: str, ancestors: str
) -> None:
    """Other sites may show the chat in a frame, and nothing else."""
    policy = (await client.get(path)).headers["content-security-policy"]

    assert policy.endswith(f"frame-ancestors {ancestors}")


async def test_pages_hold_no_inline_code(client: httpx.AsyncClient) -> None:
    """Nothing on a page needs what the policy forbids."""
    pages = [await client.get("/"), await client.post("/", data={"text": ASKED})]

    for page in pages:
        assert "style=" not in page.text
        assert "<style" not in page.text
        assert "<script>" not in page.text
        assert " on" not in page.text.partition("<body")[2].partition(">")[0]


@pytest.mark.parametrize("path", ["/", "/xoa"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": OWN},
        {"Origin": OTHER},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://htx.test.evil.example"},
        {"Origin": OTHER, "X-Forwarded-Host": "evil.example"},
    ],
)
async def test_forms_of_other_sites_are_refused(
    client: httpx.AsyncClient, services: Services, path: str, headers: dict[str, str]
) -> None:
    """A form that another site sends neither asks nor erases."""
    await client.post("/", data={"text": ASKED})
    response = await client.post(path, data={"text": ASKED}, headers=headers)
    async with services.sessions() as session:
        kept = await session.scalar(select(func.count()).select_from(Turn))

    assert response.status_code == 403
    assert "từ một trang khác" in response.text
    assert kept == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": OWN},
        {"Sec-Fetch-Site": "same-origin", "Origin": OWN},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_own_forms_are_served(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """The page's own forms are served, also in a frame and in old browsers."""
    assert (await client.post("/", data={"text": ASKED}, headers=headers)).status_code == 200


async def test_static_files_are_kept_by_browsers(client: httpx.AsyncClient) -> None:
    """Files whose address changes with their content are kept; pages with a key are not."""
    page = await client.get("/")
    article = await client.get("/bai/founding/ho-so")
    style = await client.get("/static/page.css")

    assert "/static/page.css?v=" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert article.headers["cache-control"] == "private, max-age=300"
    assert "immutable" in style.headers["cache-control"]


async def test_routes_of_others_are_added_and_fail_in_words(
    services: Services,
) -> None:
    """A router given from outside is served, and what breaks in it is said, not shown."""
    router = APIRouter()

    @router.get("/hong/{secret}")
    async def broken(secret: str) -> None:
        msg = f"mật khẩu {secret}"
        raise RuntimeError(msg)

    transport = httpx.ASGITransport(
        make_app(Runner(services), nlu_ready=Probe(), routers=(router,))
    )
    async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
        with capture_logs() as logs:
            response = await client.get("/hong/bi-mat")

    assert response.status_code == 500
    assert [one["path"] for one in logs if one["event"] == "web.failed"] == ["/hong/{secret}"]
    assert "trục trặc" in response.text
    assert "mật khẩu" not in response.text
    assert "default-src 'self'" in response.headers["content-security-policy"]
