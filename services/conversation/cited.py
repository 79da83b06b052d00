"""What stands behind an answer: each source on a line, and all of them on one."""

from collections.abc import Iterator
from datetime import date

from services.conversation.reply import CitedSource, Reply
from services.knowledge.article import places_of
from services.knowledge.library import Library
from services.knowledge.schema import Citation, Source

_WIDE = 52
"""Characters of a source that stand on two lines of a phone, with what is said of it."""


def shown(source: Source, citation: Citation, today: date) -> CitedSource:
    """Return a citation as it is shown on a day."""
    return CitedSource(citation.source, citation.clause, source.title, source.in_force(today))


def line_of(cited: CitedSource, library: Library, today: date) -> str:
    """Return the line on a citation: its document, its clause, and whether that is in force."""
    source = library.sources[cited.source]
    newer = ", ".join(library.sources[name].short for name in source.replaced_by)
    coming = source.is_coming(today)
    values = {"title": source.short, "clause": cited.clause, "in_force": cited.in_force}
    return library.phrases.say("source_line", **values, coming=coming, replaced_by=newer)


def in_short(source: Source, place: str) -> str:
    """Return a place and its document, by its number alone where that leaves no room."""
    name = source.short if len(source.short) + len(place) <= _WIDE else source.number
    return f"{name}, {place}"


def lines_in_short(reply: Reply, library: Library) -> tuple[str, ...]:
    """Return the first place in force and how many more there are; what has lapsed stays whole."""
    told = list(zip(reply.citations, reply.source_lines, strict=True))
    lapsed = tuple(line for cited, line in told if not cited.in_force)
    places = [(c.source, place) for c, _ in told if c.in_force for place in places_of(c.clause)]
    return (*_first_of(places, library), *lapsed)


def _first_of(places: list[tuple[str, str]], library: Library) -> Iterator[str]:
    for name, place in places[:1]:
        more = f" +{len(places) - 1}" if places[1:] else ""
        yield f"{in_short(library.sources[name], place)}{more}"
