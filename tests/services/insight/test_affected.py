"""What stands on a document, and who was told by it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.insight.affected import (
    Affected,
    Reached,
    affected,
    dependents_of,
    near_sources,
)
from services.insight.versions import keep_versions
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.knowledge.schema import Citation
from services.storage.models import DailyCount
from tests.conftest import NOON
from tests.doubles.content import dump
from tests.doubles.log import turn
from tests.doubles.procedure import PROCEDURE, VARIED, write_varied

LAW, OLD = "luat-17-2023", "luat-23-2012"
NAME = "ocop/hang-sao"
TODAY = NOON.date()
FACT = {"id": "2.1", "says": "Họp.", "source": OLD, "mark": "verified"}


def citing(article: Article, *sources: str) -> Article:
    """Return an article that cites these documents instead."""
    citations = tuple(Citation(source=name, clause="Điều 9") for name in sources)
    return replace(article, head=article.head.model_copy(update={"citations": citations}))


def changed(library: Library, *sources: str) -> Library:
    """Return the library with one article that cites these documents instead."""
    article = citing(library.articles[NAME], *sources)
    return replace(library, articles={**library.articles, NAME: article})


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database: SQLite's, unless a test names one."""
    url: str = request.getfixturevalue(getattr(request, "param", "sqlite_url"))
    return url


async def of(session: AsyncSession, library: Library, source: str = LAW) -> Affected:
    return await affected(session, library, source, TODAY)


def test_articles_facts_procedures_and_forms_depend_on_a_document(content: Path) -> None:
    """What cites it, and what depends on it by way of a fact or a procedure."""
    write_varied(content)
    (content / "facts.yml").write_text(dump([FACT]), encoding="utf-8")
    library = load_library(content)
    law, old = dependents_of(library, LAW), dependents_of(library, OLD)
    varied = next(article for article in law.articles if article.id == VARIED)

    assert (varied.clauses, varied.by) == (("Điều 4",), (PROCEDURE,))
    assert (law.procedures, law.forms, law.facts) == ((PROCEDURE,), ("ii-1",), ())
    assert (old.facts, old.citing) == (("2.1",), frozenset())
    assert {article.by for article in old.articles} == {("2.1",)}


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
async def test_who_was_told_is_counted_by_channel(
    session: AsyncSession, services: Services
) -> None:
    """Turns, conversations, first and last day, of turns that the document's articles answered."""
    version = services.library.articles[NAME].hash
    day = timedelta(days=1)
    session.add_all(
        [
            turn(article=NAME, version=version),
            turn(article=NAME, version=version, after=day),
            turn(article=NAME, version=version, key="b", after=2 * day),
            turn(article=NAME, version=version, channel="telegram"),
            turn("không ai biết"),
        ]
    )

    assert (await of(session, services.library)).told == (
        Reached("telegram", 1, 1, TODAY, TODAY),
        Reached("web", 3, 2, TODAY, TODAY + 2 * day),
    )


async def test_version_that_cited_it_counts_though_todays_does_not(
    session: AsyncSession, services: Services
) -> None:
    """After the article moved to another document, who heard the old one is still known."""
    before = changed(services.library, OLD)
    await keep_versions(session, before, NOON)
    told = before.articles[NAME].hash
    session.add(turn(article=NAME, version=told))
    old, law = await of(session, services.library, OLD), await of(session, services.library)

    assert [(former.hash, former.article) for former in old.former] == [(told, NAME)]
    assert (old.dependents.articles, [reached.turns for reached in old.told]) == ((), [1])
    assert (law.former, law.told) == ((), ())


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
async def test_version_that_was_never_kept_counts_by_its_article(
    session: AsyncSession, services: Services
) -> None:
    """Turns older than the keeping of versions go by what the article cites today."""
    session.add(turn(article=NAME, version="xưa"))

    assert [reached.turns for reached in (await of(session, services.library)).told] == [1]
    assert (await of(session, services.library, OLD)).told == ()


async def test_counts_of_old_turns_are_told_apart(
    session: AsyncSession, services: Services
) -> None:
    """Turns that grew old count by their article; verdicts are no turns."""
    days = (date(2026, 1, 5), date(2026, 2, 1))
    for day, outcome in ((days[0], "answered"), (days[1], "answered"), (days[1], "useful")):
        session.add(DailyCount(day=day, channel="web", outcome=outcome, article=NAME, turns=3))
    found = await of(session, services.library)

    assert (found.told, found.counted.turns) == ((), 6)
    assert (found.counted.first, found.counted.last) == days


async def test_dates_of_a_document_tell_whether_it_is_in_force(
    session: AsyncSession, services: Services
) -> None:
    """Before its end it is in force; after, what replaced it is named, and the turns stay."""
    library = services.library
    session.add(turn(article=NAME, version=library.articles[NAME].hash))
    before = await of(session, library)
    ended = {"in_force_to": date(2026, 11, 23), "replaced_by": (OLD,)}
    law = library.sources[LAW].model_copy(update=ended)
    after = await of(session, replace(library, sources=library.sources | {LAW: law}))

    assert (before.in_force, before.replaced_by) == (True, ())
    assert (after.in_force, after.replaced_by) == (False, (OLD,))
    assert before.told == after.told


@pytest.mark.parametrize(
    ("text", "expected"),
    [("17/2023", LAW), ("luat hop tac xa 2012", OLD), ("luat-17-2032", LAW)],
)
def test_near_documents_are_found(library: Library, text: str, expected: str) -> None:
    """A number, words without diacritics or a slip of the finger lead to the document."""
    assert near_sources(library, text)[0] == expected
