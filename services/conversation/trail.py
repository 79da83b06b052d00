"""Where a talk has been: each thing that was shown, as a code that brings it again; no words."""

from collections.abc import Sequence

from services.conversation.composer import NO_PARTS, Composer
from services.conversation.policy import AnswerSeveral, OfferArticles
from services.conversation.reply import Reply, read_payload, to_part
from services.knowledge.article import Article
from services.knowledge.library import Library
from services.understanding.parts import LEAD

MOST = 20
"""Things shown that a talk can come back to."""

_NOT_LONG = 5
"""Steps back that “nộp ở đâu” may go on with; of what lies further back nobody thinks."""
_ASIDE = ""
_OFFER, _GUESS, _SEVERAL = "offer:", "guess:", "several:"
"""Articles to choose from, the same where the first of them is told, and several that are told."""
_LISTS = (_OFFER, _GUESS, _SEVERAL, "k:", "m:", "s:", "t:")
"""What the code of anything that chooses from begins with."""


def step_of(reply: Reply) -> str:
    """Return the code of what a reply shows; empty where it shows nothing to come back to."""
    if reply.again is not None:
        return str(reply.again)
    if reply.article and reply.part and not reply.offered:
        return str(to_part(reply.article, reply.part))
    if reply.offered:
        return (_GUESS if reply.told else _OFFER) + ",".join(reply.offered)
    if reply.articles[1:]:
        return _SEVERAL + ",".join(reply.articles)
    return f"a:{reply.article}" if reply.article else ""


def walked(trail: tuple[str, ...], step: str) -> tuple[str, ...]:
    """Return a trail with one more step; going back to the step before takes the last one off.

    A reply that shows nothing, a decline or a thank-you, leaves an empty step until the next one.
    """
    shown = trail[:-1] if trail[-1:] == (_ASIDE,) else trail
    if shown[-1:] == (step,):
        return shown
    if step and shown[-2:-1] == (step,):
        return shown[:-1]
    return (*shown, step)[-MOST:] if shown or step else ()


def is_list(step: str) -> bool:
    """Say whether a step is a list to choose from."""
    return step.startswith(_LISTS)


def is_guess(step: str) -> bool:
    """Say whether a step asks of one article, which it tells, if that is meant."""
    return step.startswith(_GUESS)


def last_shown(trail: Sequence[str]) -> str:
    """Return the step that was shown last, whatever came aside; empty where none was."""
    return next(filter(None, reversed(trail)), "")


def offered_last(trail: tuple[str, ...]) -> tuple[str, ...]:
    """Return the articles of the offer that was shown last, if it was one, whatever came aside."""
    kind, _, names = last_shown(trail).partition(":")
    return tuple(names.split(",")) if f"{kind}:" in {_OFFER, _GUESS} else ()


def still_offered(offered: Sequence[str], opened: str | None, trail: Sequence[str]) -> str | None:
    """Return the first of the articles offered last, as long as a message is read beside it.

    What was asked back of another topic than the open article's, and not taken, is left; a warning,
    which offers one article and asks nothing, leaves that open.
    """
    asked = bool(offered[1:]) or is_guess(last_shown(trail))
    topics = {name.partition("/")[0] for name in (*offered[:1], opened) if name}
    return None if asked and len(topics) > 1 else next(iter(offered), None)


def told_of(step: str) -> tuple[str, ...]:
    """Return the articles of a reply that several answered; of another none."""
    return tuple(step.removeprefix(_SEVERAL).split(",")) if step.startswith(_SEVERAL) else ()


def told_before(trail: Sequence[str], library: Library) -> tuple[Article, ...]:
    """Return the articles that were told not long before the one told last, the latest first."""
    last, *before = [name for step in reversed(trail) if (name := _told_first(step))] or [""]
    names = dict.fromkeys(name for name in before[:_NOT_LONG] if name != last)
    return tuple(library.articles[name] for name in names if name in library.articles)


def told_lately(trail: Sequence[str]) -> tuple[str, ...]:
    """Return the articles that the last steps told; lists to choose from tell none."""
    told = (step for step in trail[-_NOT_LONG:] if not is_list(step))
    return tuple(filter(None, map(_told_first, told)))


def told_last(trail: Sequence[str]) -> tuple[str, str] | None:
    """Return the article and the part that the last step told; None where it told no article."""
    names, shown = told_lately(trail[-1:]), read_payload(trail[-1]) if trail else None
    return (names[0], shown.part if shown and shown.verb == "d" else LEAD) if names else None


def _told_first(step: str) -> str:
    """Return the first article that a step tells, if it tells any."""
    shown = None if is_list(step) else read_payload(step)
    return (told_of(step) or offered_last((step,)) or (shown.article if shown else "",))[0]


def show_again(step: str, composer: Composer) -> Reply:
    """Write what a step shows, as of today; what is gone is told so."""
    for kind in (_OFFER, _GUESS, _SEVERAL):
        if step.startswith(kind):
            named = step.removeprefix(kind).split(",")
            known = tuple(name for name in named if name in composer.library.articles)
            if not known:
                return composer.stale()
            if kind == _SEVERAL:
                return composer.compose(AnswerSeveral(known, 1.0))
            parts = {known[0]: (LEAD,)} if kind == _GUESS else NO_PARTS
            return composer.compose(OfferArticles(known, 1.0), parts=parts)
    return composer.pressed(step)
