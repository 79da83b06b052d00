"""All checks of the content, by what comes of a fault.

`broken` finds what can't be served at all, `faults` that and whatever else holds a change back.
`check` finds all that a writer has to mend: also what nobody is told, articles that a lapse has
stopped, and questions that the trained model takes for another article's.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from services.knowledge.checks.choices import menu, unreached, wishes
from services.knowledge.checks.citations import citations, days, lapses, scopes
from services.knowledge.checks.coverage import covers, unanswered
from services.knowledge.checks.figures import disagreement, figures
from services.knowledge.checks.parts import parts
from services.knowledge.checks.prose import old_names, sentences, shape
from services.knowledge.checks.questions import Misfit, beliefs, misfits, particulars, twins
from services.knowledge.checks.references import borrowed, links, references, unused, unworded
from services.knowledge.checks.rules import beginnings, rules
from services.knowledge.checks.sheets import sheets, tools
from services.knowledge.finding import Finding
from services.knowledge.library import Library

Check = Callable[[Library], Iterable[Finding]]

ALONE: tuple[Check, ...] = (
    references,
    shape,
    citations,
    covers,
    figures,
    old_names,
    sentences,
    parts,
    scopes,
    beliefs,
)
"""What looks at each article by itself."""

AMONG: tuple[Check, ...] = (twins, disagreement, links, menu)
"""What looks at an article among the others."""

BROKEN: tuple[Check, ...] = (references, unworded, shape, twins)
"""What is refused when content is loaded: a reply would lead nowhere or could not be written."""

CHECKS: tuple[Check, ...] = (
    citations,
    covers,
    figures,
    disagreement,
    old_names,
    sentences,
    parts,
    links,
    scopes,
    beliefs,
    particulars,
    wishes,
    menu,
    rules,
    sheets,
    tools,
    beginnings,
)
"""What else may not be told as it stands."""

UNTOLD: tuple[Check, ...] = (unanswered, unused, borrowed, unreached)
"""What nobody is told, or in other words: to be mended, but no answer is wrong by it, so it holds
nothing back."""


def broken(library: Library) -> list[Finding]:
    """Return what must not be served: the roots, not what only follows from an unread file."""
    return _roots(library, (one for check_ in BROKEN for one in check_(library)))


def faults(library: Library, today: date) -> list[Finding]:
    """Return everything that holds a change back, in the order of the files."""
    found = (one for check_ in CHECKS for one in check_(library))
    return sorted({*library.findings, *days(library, today), *_roots(library, found)})


def faults_of(library: Library, name: str, today: date) -> list[Finding]:
    """Return everything that holds one article back, in its file or where it clashes with others.

    It is what `faults` finds of it, in a tenth of the time: a writer waits for it at each pause.
    """
    file = f"articles/{name}.md"
    alone = replace(library, articles={name: library.articles[name]})
    own = (*days(alone, today), *(one for check_ in ALONE for one in check_(alone)))
    among = (one for check_ in AMONG for one in check_(library))
    found = [one for one in own if one.file == file]
    found += (one for one in among if one.file == file or name in one.what)
    return sorted(set(_roots(library, found)))


def check(library: Library, today: date, guesses: Iterable[Misfit] = ()) -> list[Finding]:
    """Return everything that is wrong in a library that was read, in the order of the files.

    `guesses` are the example questions that the trained model takes for another article's.
    """
    untold = _roots(library, (one for check_ in UNTOLD for one in check_(library)))
    others = (*lapses(library, today), *misfits(library, guesses))
    return sorted({*faults(library, today), *untold, *others})


def _roots(library: Library, found: Iterable[Finding]) -> list[Finding]:
    """Leave out what goes away by itself once the files that can't be read are mended."""
    return [finding for finding in found if library.unread.isdisjoint(finding.causes)]
