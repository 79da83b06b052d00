"""Lists as staff keep them, and what writes their entries."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.people.people_csv import CsvTable, read_csv
from services.people.people_import import COLUMNS, NEEDED, Entries, Entry, PeopleImport, Tally
from services.people.person import Identity
from tests.conftest import NOON
from tests.doubles.lists import HEADER, Read, Take


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., CsvTable]:
    """Return what reads a list of these lines below the usual header."""

    def read(*lines: str, header: str = HEADER) -> CsvTable:
        path = tmp_path / "bang.csv"
        path.write_text("\n".join((header, *lines)), encoding="utf-8")
        return read_csv(path, COLUMNS, NEEDED)

    return read


@pytest.fixture
def read(table: Callable[..., CsvTable]) -> Read:
    """Return what gives the entries of these lines, and the lines that are bad."""

    def entries(*lines: str, **options: str) -> tuple[list[Entry], list[tuple[int, str]]]:
        reader = Entries({"vay von": "fund"})
        good = list(reader.read(table(*lines, **options)))
        return good, [(bad.line, bad.reason) for bad in reader.bad]

    return entries


@pytest.fixture
def take(session: AsyncSession, read: Read) -> Take:
    """Return what imports these lines, committed."""

    async def write(*lines: str, group: str = "") -> Tally:
        importing = PeopleImport(Identity("khoa"), "Danh sách của xã", NOON, group)
        tally = await importing.write(session, read(*lines)[0])
        await session.commit()
        return tally

    return write
