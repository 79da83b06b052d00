"""What is looked for in the content: one module for each kind of mistake.

`broken` finds what must never be served and is refused when content is loaded; `check` finds that
and everything else that a writer has to mend.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from services.knowledge.checks.citations import citations
from services.knowledge.checks.covers import covers
from services.knowledge.checks.days import days
from services.knowledge.checks.disagreement import disagreement
from services.knowledge.checks.figures import figures
from services.knowledge.checks.links import links
from services.knowledge.checks.misfits import misfits
from services.knowledge.checks.old_names import old_names
from services.knowledge.checks.references import references
from services.knowledge.checks.sentences import sentences
from services.knowledge.checks.shape import shape
from services.knowledge.checks.twins import twins
from services.knowledge.checks.unused import unused
from services.knowledge.finding import Finding
from services.knowledge.holdings import Library
from services.knowledge.misfit import Misfit

Check = Callable[[Library], Iterable[Finding]]

BROKEN: tuple[Check, ...] = (references, shape, twins)
"""What is refused when content is loaded: a reply would lead nowhere or could not be written."""

CHECKS: tuple[Check, ...] = (
    citations,
    covers,
    figures,
    disagreement,
    unused,
    old_names,
    sentences,
    links,
)
"""What else is to be mended."""


def broken(library: Library) -> Iterator[Finding]:
    """Yield what must not be served."""
    for check_ in BROKEN:
        yield from check_(library)


def check(library: Library, today: date, guesses: Iterable[Misfit] = ()) -> list[Finding]:
    """Return everything that is wrong in a library that was read, in the order of the files.

    `guesses` are the example questions that the trained model takes for another article's.
    """
    found = [*library.findings, *days(library, today), *misfits(library, guesses)]
    for check_ in CHECKS:
        found += check_(library)
    return sorted(set(found))
