"""The steps that any procedure has: which one a few words ask for, and where it is told.

“Nộp ở đâu” names no matter: whoever says no more asks it of what is open.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from nlu.text import fold, has_diacritics, normalise, read_lexicon
from services.conversation.enquiries import question_in
from services.knowledge.act_words import Acts
from services.knowledge.article import Article
from services.knowledge.discourse_cues import DiscourseCues
from services.knowledge.library import Library
from services.knowledge.once import once
from services.knowledge.schema import PartKind
from services.knowledge.search import LexicalIndex

_MOST = 10
"""Words of a message that only asks for a step; the longest example of the cues has nine."""
_SURE = ((0.25, 1.15), (0.15, 1.5))
"""From such a likeness to the words for its kind on, it is so much liker than to those for any
other: “nộp cho ai” is .32, “đem giấy lên mô nộp hè” .17; small words alone reach .15."""
STEPS: frozenset[PartKind | None] = frozenset({"papers", "place", "ways", "time", "fee", "steps"})
OWN: frozenset[PartKind] = frozenset({"amount", "number", "deadline", "meeting", "late"})
"""What is told only of what is open: another article's is another amount, day, or meeting."""
_ASKED: frozenset[PartKind | None] = STEPS | OWN | {"signer"}
_BESIDE: frozenset[PartKind | None] = frozenset({"place", "ways", "time", "fee"})
"""What whoever tells why they ask still asks of the procedure: “cãi nhau rồi, làm sao” is more."""
_MATTERS = {"vay", "lai"}
"""What without its marks is the matter of a message, and no small word: `vay`, to borrow, is no
`vậy`, `lai`, an interest, no `lại`."""
_WORD = re.compile(r"[^\W_]+")


def step_asked(library: Library, text: str) -> PartKind | None:
    """Return the kind of part that a message asks for by words that fit any procedure.

    None where one of its words is of no such question: that names a matter of its own.
    """
    if len(text.split()) > _MOST or not _is_all_known(library, normalise(text)):
        return None
    if listed := _listed(library.cues).get(" ".join(_in_order(text, plain=True))):
        return next((one for one in _ASKED if one == listed), None)
    (kind, like), (_, next_like), *_ = [
        *_index(library.cues).likeness(text).articles.items(),
        *(("", 0.0), ("", 0.0)),
    ]
    sure = any(like >= least and like > margin * next_like for least, margin in _SURE)
    return next((one for one in _ASKED if one == kind and sure), None)


def step_beside(library: Library, text: str) -> PartKind | None:
    """Return the kind that the last question of a message asks for, whatever is told before it.

    None but for a place, a way, a time or a fee: “mất mấy tiền, tụi tui nghèo”.
    """
    kind = step_asked(library, question_in(library.cues, text) or "")
    return kind if kind in _BESIDE else None


def names(library: Library, text: str, article: Article) -> bool:
    """Say whether a message holds of an article's label what asks for no step of any.

    That is two words one behind the other, or one that stands in no question for a step.
    """
    plain = not has_diacritics(text)
    told, label = (_in_order(one, plain=plain) for one in (normalise(text), article.label))
    small = _vocabulary(library.cues, plain=plain) | idle(library.acts, plain=plain)
    return not (
        {*pairwise(told)}.isdisjoint(pairwise(label)) and {*told}.isdisjoint({*label} - small)
    )


def kind_like(cues: DiscourseCues, text: str) -> str:
    """Return the kind of part that a message is likest to ask for; empty where it is like none."""
    likeness = _index(cues).likeness(text).articles
    return next((kind for kind, like in likeness.items() if like >= _SURE[0][0]), "")


def step_of(library: Library, opened: Article, kind: PartKind) -> tuple[str, str] | None:
    """Return the article and its part that tell a step of what is open.

    That is its own; else one of its procedure, of the main article first; else of an article of its
    matter that it is related to and that is of a procedure, unless how much or by when is asked.
    """
    related = () if kind in OWN else opened.head.related
    near = filter(None, (library.articles.get(name) for name in related))
    told = (one for one in near if one.head.procedure and one.is_one_matter_with(opened))
    return step_in(library, opened, kind) or _first(told, kind)


def steps_told(
    library: Library, opened: Article, kinds: Sequence[PartKind]
) -> dict[str, list[str]] | None:
    """Return which parts tell several steps of what is open, by article.

    None where one is not told, or another article tells more than one: of such its first is told.
    """
    told: dict[str, list[str]] = {}
    for found in (step_of(library, opened, kind) for kind in kinds):
        if found is None or (found[0] != opened.id and found[0] in told):
            return None
        told.setdefault(found[0], []).append(found[1])
    return told


def step_in(library: Library, opened: Article, kind: PartKind) -> tuple[str, str] | None:
    """Return the same of an article itself or its procedure alone.

    How much and by when is told by the main article: the others tell it of a stage of their own.
    """
    same = (one for one in _same(library, opened) if one.head.main or kind not in OWN)
    return _first((opened, *same), kind)


def _first(articles: Iterable[Article], kind: PartKind) -> tuple[str, str] | None:
    for article in articles:
        for name, head in article.head.parts.items():
            if head.kind == kind:
                return article.id, name
    return None


def _same(library: Library, opened: Article) -> Iterator[Article]:
    procedure = opened.head.procedure
    others = [a for a in library.articles.values() if procedure and a.head.procedure == procedure]
    yield from sorted(others, key=lambda article: not article.head.main)


@once
def _listed(cues: DiscourseCues) -> Mapping[str, str]:
    """Return the kind of each text that asks for one, without marks; of two kinds it is none."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for kind, texts in _asking(cues).items():
        for text in texts:
            kinds[" ".join(_in_order(text, plain=True))].add(kind)
    return {text: next(iter(of)) for text, of in kinds.items() if len(of) == 1}


@once
def _index(cues: DiscourseCues) -> LexicalIndex:
    return LexicalIndex(_asking(cues))


def _asking(cues: DiscourseCues) -> Mapping[str, tuple[str, ...]]:
    kinds = {*cues.kinds, *cues.steps}
    return {kind: (*cues.kinds.get(kind, ()), *cues.steps.get(kind, ())) for kind in kinds}


def _is_all_known(library: Library, text: str) -> bool:
    """Say whether nothing but such words stands in a text, in one of the ways that it may be read.

    Who types diacritics means every word as it is written.
    """
    for reading in (text, *read_lexicon().expand(text)):
        plain = not has_diacritics(reading)
        known = _vocabulary(library.cues, plain=plain) | idle(library.acts, plain=plain)
        words = _words(reading, plain=plain)
        if words and words <= (known - _MATTERS if plain else known):
            return True
    return False


@once
def _vocabulary(cues: DiscourseCues, *, plain: bool) -> frozenset[str]:
    return _words(" ".join(one for texts in _asking(cues).values() for one in texts), plain=plain)


@once
def idle(acts: Acts, *, plain: bool = True) -> frozenset[str]:
    """Return the words that say nothing, which any act of talk may hold; without marks if plain."""
    return _words(f"{acts.fillers} {acts.particles}", plain=plain)


def _words(text: str, *, plain: bool) -> frozenset[str]:
    return frozenset(_in_order(text, plain=plain))


def _in_order(text: str, *, plain: bool) -> list[str]:
    return _WORD.findall(fold(text) if plain else text.lower())
