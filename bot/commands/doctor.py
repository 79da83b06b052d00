"""`htx doctor`: every dependency pinged, every setting explained, in plain words."""

import asyncio
from collections.abc import Iterator

import typer
from sqlalchemy import make_url

from bot import examination
from bot.commands.content import all_findings, missing_contacts
from bot.commands.db import reading
from bot.examination import Diagnosis
from bot.terminal import result
from services.clock import day_of, utc_now
from services.errors import HtxError
from services.knowledge.checks.citations import lapses
from services.knowledge.library import Library
from services.knowledge.loader import read_library
from services.publishing.editions import last_recorded
from services.settings import Networks, Settings, load_settings
from services.storage.migrate import upgrade

_MOST_SHOWN = 10


def doctor() -> None:
    """Khám từng phần của sản phẩm và giải thích từng cài đặt."""
    settings = load_settings()
    library, served = read_library(settings.content_dir), last_recorded(settings)
    found = [
        *_content(settings, library),
        *examination.by_settings(settings, served.library if served else library),
        *asyncio.run(_services(settings)),
    ]
    for finding in found:
        result(f"{finding.mark} {finding.sentence}")
    result("\nCài đặt (biến môi trường hoặc tệp .env):")
    for line in _settings(settings):
        result(line)
    if any(finding.well is False for finding in found):
        raise typer.Exit(1)


def _content(settings: Settings, library: Library) -> Iterator[Diagnosis]:
    found = all_findings(settings, library)
    lapsed = set(lapses(library, day_of(utc_now())))  # told of by themselves, all of them
    listed = [str(finding) for finding in found if finding not in lapsed][:_MOST_SHOWN]
    listed += ["xem hết bằng “htx content check”"] if found else []
    told = f"Nội dung: {len(library.articles)} bài, {len(found)} chỗ cần sửa"
    yield Diagnosis(not found, "\n  ".join([f"{told}:" if found else f"{told}.", *listed]))
    empty = missing_contacts(library)
    if empty:
        where = "content/places/contacts.yml"
        yield Diagnosis(None, f"Chưa điền ở {where}: {'; '.join(empty)}.")


async def _services(settings: Settings) -> list[Diagnosis]:
    found = [await _database(settings)]
    try:
        async with reading(settings) as session:
            found += await examination.by_rows(session, settings)
    except HtxError:
        pass  # the database is told of by itself
    return [*found, *await examination.by_processes(settings)]


async def _database(settings: Settings) -> Diagnosis:
    try:
        await upgrade(settings.database_url)
    except HtxError as error:
        return Diagnosis(well=False, sentence=str(error))
    return Diagnosis(well=True, sentence="Cơ sở dữ liệu mở được, ở bản mới nhất.")


def _listed(networks: Networks) -> str:
    """Write networks as people do: a single address without its bits."""
    return ",".join(sorted(str(one).removesuffix(f"/{one.max_prefixlen}") for one in networks))


def _settings(settings: Settings) -> Iterator[str]:
    shown = {
        "database_url": make_url(settings.database_url),  # written without its password
        "publish": str(settings.publish).lower(),
        "trusted_proxies": _listed(settings.trusted_proxies),
        "own_addresses": _listed(settings.own_addresses),
    }
    for name, field in Settings.model_fields.items():
        value = shown.get(name, getattr(settings, name))
        yield f"  HTX_{name.upper()} = {value}\n      {field.description}"
