"""What lists and links of staff do with people who write to the bot themselves."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli import app
from services.bootstrap import Services
from services.settings import Settings
from services.storage.models import GroupMember
from tests.doubles.bot_api import NAME
from tests.doubles.lists import HEADER
from tests.doubles.people import only_person
from tests.doubles.phone import ME, Phone

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture(autouse=True)
def _same_database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands use the bot's database and content."""
    monkeypatch.setenv("HTX_CONTENT_DIR", str(settings.content_dir))
    monkeypatch.setenv("HTX_DATA_DIR", str(settings.data_dir))


@pytest.fixture
def roll(tmp_path: Path) -> str:
    """Return the office's list, in which the person stands as agreed."""
    path = tmp_path / "ds.csv"
    path.write_text(f"{HEADER}\ntelegram,{ME},Tâm,farmer,,ocop,yes\n", encoding="utf-8")
    return str(path)


async def htx(*words: str) -> Result:
    """Run a command beside the bot."""
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert done.exit_code == 0, done
    return done


async def test_erased_person_is_not_agreed_by_an_old_list(
    phone: Phone, services: Services, roll: str
) -> None:
    """Not even after they ask a question; their own /start lets lists count again."""
    await htx("people", "import", roll, "--basis", "Phiếu 01")
    await phone.say("/xoa")
    await htx("people", "import", roll, "--basis", "Phiếu 01")
    await phone.say("/dulieu")
    asked = (await only_person(services)).agreed
    told = await htx("people", "import", roll, "--basis", "Phiếu 01")
    still = (await only_person(services)).agreed
    await phone.start()
    await htx("people", "import", roll, "--basis", "Phiếu 01")

    assert not asked
    assert not still
    assert "1 người đã xóa dữ liệu" in told.output
    assert (await only_person(services)).agreed


async def test_link_of_an_event_joins_its_group(phone: Phone, services: Services) -> None:
    """The event is made by whoever prints its link, and gone when its group is deleted."""
    address = (await htx("people", "link", "--event", "hop-xa", "--bot", NAME)).stdout.strip()
    groups = (await htx("people", "groups")).stdout
    await phone.start(f"/start {address.partition('=')[2]}")

    async with services.sessions() as session:
        assert list(await session.scalars(select(GroupMember.name))) == ["event-hop-xa"]
    assert "event-hop-xa: 0 người" in groups

    await htx("people", "group", "event-hop-xa", "--delete")
    await phone.start(f"/start {address.partition('=')[2]}")

    async with services.sessions() as session:
        assert list(await session.scalars(select(GroupMember.name))) == []
