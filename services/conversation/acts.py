"""Acts of talk: messages about the talk itself, by the words of `content/phrases/acts.yml`.

A message is an act only as a whole: every word of it must be one of the act's, or a filler. So no
question of the field is one, however it begins, for it has a word that no act knows.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from nlu.text import fold, has_diacritics, normalise, read_lexicon, until_answered
from services.conversation.gazetteer import Phrase, phrase, words_of
from services.knowledge.act_words import ActName, Acts, ActWords
from services.knowledge.once import once
from services.knowledge.schema import PartKind
from services.masking.shadow import MASK

LAST, LATTER = -1, -2
"""The places of the last choice, and of the second of two."""

_LONGEST = 18
"""Words of a message that may be an act; a longer one tells something. The longest of the wordings
of another hand (tests/understanding/acts.yml) that is no correction has 14; the rest is room for
what people say before and behind it."""
_NAMES = 9
"""Words of a message that goes back to something and names it, “cho tôi xem lại cái hợp đồng vay
hồi nãy” among them; more ask something."""
_NAME = 3
"""Words that name something told earlier where each of them may mean nothing."""
_PARTED = re.compile(r"(?P<named>[^,;:.?!]+)[,;:.?!]\s+(?P<question>.+)", re.DOTALL)
_ENDED = re.compile(r"(?P<question>.+?)[,;:.?!]\s+(?P<named>[^,;:.?!]+)[.!?]*", re.DOTALL)
_FOR = "cho"
_BRIEF: frozenset[ActName] = frozenset({"shorter", "plainer"})
_BEFORE = 2
"""Small words that may stand before an opening."""
_EXACT = "="
"""Before a form that counts only as it is written: `cho` without its mark is no dog."""


@dataclass(frozen=True)
class _Typed:
    """A word of a message, and whether it may lack its diacritics."""

    written: str
    plain: str
    loose: bool

    def fits(self, form: tuple[str, str]) -> bool:
        """Say whether it is a word of a form."""
        written, plain = form
        return self.written == written or (self.loose and self.written == plain)


_Words = Sequence[_Typed]
_Group = Mapping[str, Sequence[Phrase]]
"""Phrases that mean the same here, by their first word without diacritics."""
_Ways = Sequence[Sequence[_Group]]


@dataclass(frozen=True)
class Act:
    """What a message does to the talk."""

    name: ActName
    place: int = 0
    """Which choice is meant, from 1 on; `LAST` for the last one, `LATTER` for that of two."""
    of: PartKind | None = None
    """Which list of an article the place is in: its papers, its steps; None where none is named."""
    rest: tuple[str, ...] = ()
    """The words that say what it is about, without diacritics."""
    sure: bool = True
    """Whether it means nothing else as often: then nobody is asked."""
    clear: bool = False
    """Whether it is sure as well in a message that asks nothing, whatever that holds beside it."""
    asked: bool = False
    """Whether it is asked where it is, or whether there is any: an open article may tell that."""


def acts_in(acts: Acts, text: str) -> Iterator[Act]:
    """Yield what a message may do to the talk, in the order of the file; most messages do nothing.

    Who types no diacritics at all may lack any; who types some means every word as it is written.
    Short forms are read through the lexicon. A letter that is nothing else is a slip of the thumb,
    and so is a number that no article knows.
    """
    spellings = _spellings(text)
    written = spellings[0]
    if len(written) <= _LONGEST:
        held = frozenset(word.plain for words in spellings for word in words)
        for act in _readable(acts):
            if not act.firsts.isdisjoint(held):  # of most acts a question has no word
                yield from act.read(spellings)
    is_number = len(written) == 1 and written[0].plain.isdigit()
    if not written or is_number or (len(written) == 1 and len(written[0].plain) == 1):
        yield Act("sign", sure=not is_number)


@dataclass(frozen=True)
class Resumption:
    """What a question is asked of, where it first goes back to that."""

    named: tuple[str, ...]
    """The words that name it, without diacritics."""
    first: bool
    """Whether it is what the talk began with."""
    question: str


def return_in(acts: Acts, text: str) -> Resumption | None:
    """Return what a message goes back to and then asks: “quay lại cái máy cày, hỏi ở đâu?”.

    So does “còn vụ máy cày hồi nãy, hỏi ở đâu?”, with a comma or without.
    """
    parted, ready = _PARTED.match(text), _readable(acts)
    if parted:
        words = _spellings(parted["named"])[0]
        named = next(filter(None, (act.behind_opening(words) for act in ready)), ())
        first = any(act.is_held_by(words) for act in ready if act.name == "back_first")
        if named or first:
            return Resumption(named, first, parted["question"])
    named = _pointed_at(acts, _spellings(text)[0])
    return Resumption(named, first=False, question=text) if named else None


def _pointed_at(acts: Acts, words: _Words) -> tuple[str, ...]:
    """Return what stands before “hồi nãy”, but for what any act may hold.

    Without marks `vay toi da` is nothing else: then its last words name it.
    """
    forms = _group(acts.earlier)
    ends = (at for at in range(len(words)) if any(_is_at(form, words, at) for form in forms))
    end = min(next(ends, 0), _NAMES)
    backs = [act for act in _readable(acts) if act.name == "back"]
    named = [word.plain for word in words[:end] if not any(act.is_idle(word) for act in backs)]
    return tuple(named) or tuple(word.plain for word in words[max(end - _NAME, 0) : end])


def wanted_brief(acts: Acts, text: str) -> str | None:
    """Return what a message asks that wants it short or plain: “nói ngắn thôi: cần mấy người”.

    Beside the question stands nothing else but for whom it is: “… cho ông già nghe”.
    """
    ways = [act for act in _readable(acts) if act.name in _BRIEF]
    for parted in filter(None, (_PARTED.fullmatch(text), _ENDED.fullmatch(text))):
        words = _spellings(parted["named"])[0]
        end = next((at for at, word in enumerate(words) if at and word.plain == _FOR), len(words))
        if len(words) <= _LONGEST and _want_brief(words[:end], ways):
            return parted["question"]
    return None


def _want_brief(words: _Words, acts: Sequence["_Readable"]) -> bool:
    """Say whether words are nothing but one of some acts, or several of them."""
    if not any(act.is_held_by(words) for act in acts):  # so it is with most
        return False
    forms = chain.from_iterable(chain.from_iterable(act.known.values() for act in acts))
    return _cover(words, _by_first(forms))


@dataclass(frozen=True)
class _Readable:
    """An act's words, made ready to be found."""

    name: ActName
    ways: _Ways
    anywhere: _Ways
    clear: Sequence[Phrase]
    known: _Group
    """All that the message may hold."""
    opens: Sequence[Phrase]
    idle: _Group
    """The single words that say nothing of what an act is about."""
    numbers: Sequence[tuple[Phrase, int]]
    names: Sequence[Phrase]
    """What makes a number behind it a name: `chị hai`."""
    lists: Sequence[tuple[Phrase, PartKind]]
    """What a number stands behind that counts in such a list, the longest first."""
    doubtful: frozenset[Phrase]
    asked: Sequence[Phrase]
    firsts: frozenset[str]
    """Words without diacritics, one of which stands in every message that is the act."""

    def read(self, spellings: Sequence[_Words]) -> Iterator[Act]:
        """Yield the act, if one of the spellings is it."""
        if self.numbers:  # as written: `w8` is no number
            yield from self._numbered(spellings[0])
            return
        covered = [words for words in spellings if self._covers(words)]
        if any(self._holds(self.ways, words) for words in covered):
            sure = any(self._holds(self.ways, words, self.doubtful) for words in covered)
            asked = any(_stands(form, words) for form in self.asked for words in covered)
            yield Act(self.name, sure=sure, asked=asked)
        elif any(_stands(form, words) for form in self.clear for words in spellings):
            yield Act(self.name, sure=False, clear=True)
        elif any(self._holds(self.anywhere, words) for words in spellings):
            yield Act(self.name, sure=False)
        elif rest := self._rest(spellings[0]):
            yield Act(self.name, rest=rest)

    def is_held_by(self, words: _Words) -> bool:
        """Say whether the words hold the act, whatever else they hold."""
        return self._holds(self.ways, words)

    def behind_opening(self, words: _Words) -> tuple[str, ...]:
        """Return what an opening names, where only small words stand before it."""
        for start in range(_BEFORE + 1):
            if named := self._named(words[start:]):
                return named
            if words[start : start + 1] and not self.is_idle(words[start]):
                break
        return ()

    def _rest(self, words: _Words) -> tuple[str, ...]:
        return () if len(words) > _NAMES else self._named(words)

    def _named(self, words: _Words) -> tuple[str, ...]:
        """Return what stands behind the longest opening, but for what any act may hold."""
        sizes = [len(form) for form in self.opens if _is_at(form, words, 0)]
        behind = words[max(sizes, default=len(words)) :]
        return tuple(word.plain for word in behind if not self.is_idle(word))

    def is_idle(self, word: _Typed) -> bool:
        """Say whether a word says nothing of what an act is about, as it is written."""
        return any(word.fits(form) for [form] in self.idle.get(word.plain, ()))

    def _numbered(self, words: _Words) -> Iterator[Act]:
        """Yield the act where the words hold one number alone, right behind one of a way if any."""
        if not self._covers(words):
            return
        found = [
            (len(form), at, place)
            for at in range(len(words))
            for form, place in self.numbers
            if _is_at(form, words, at) and not self._is_within(words, at)
        ]
        size, start, _ = max(found, key=lambda one: one[0], default=(0, 0, 0))
        before = words[:start]
        if not all(start <= at < start + size for _, at, _ in found) or _ends(before, self.names):
            return
        named = list(_forms(self.ways))
        of = next((kind for form, kind in self.lists if _ends(before, [form])), None)
        if of or not named or _ends(before, named):
            sure = not any(_stands(form, words) for form in self.doubtful)
            for place in dict.fromkeys(place for long, _, place in found if long == size):
                yield Act(self.name, place, of, sure=sure)

    def _is_within(self, words: _Words, at: int) -> bool:
        """Say whether a word stands within what a number is behind: “gạch đầu dòng thứ”."""
        forms = [*_forms(self.ways), *(form for form, _ in self.lists)]
        starts = ((form, at - place) for form in forms for place in range(1, len(form)))
        return any(_is_at(form, words, start) for form, start in starts)

    @staticmethod
    def _holds(ways: _Ways, words: _Words, without: frozenset[Phrase] = frozenset()) -> bool:
        """Say whether the words hold one phrase of each group of a way."""
        held = {word.plain for word in words}
        return any(
            all(
                not held.isdisjoint(group)
                and any(
                    form not in without and _is_at(form, words, at)
                    for at, word in enumerate(words)
                    for form in group.get(word.plain, ())
                )
                for group in way
            )
            for way in ways
        )

    def _covers(self, words: _Words) -> bool:
        return _cover(words, self.known)


@once
def _readable(acts: Acts) -> tuple[_Readable, ...]:
    return tuple(_made_ready(acts, act) for act in acts.acts)


def _made_ready(acts: Acts, act: ActWords) -> _Readable:
    ways = _ways(act.ways)
    places = (*enumerate(acts.numbers, 1), (LAST, acts.last), (LATTER, acts.latter))
    counts = act.act in {"nth", "item"}
    numbers = [(form, place) for place, forms in places for form in _group(forms) if counts]
    lists = [(form, kind) for kind, forms in act.lists.items() for form in _group(forms)]
    lists.sort(key=lambda one: -len(one[0]))
    forms = [*_forms(ways), *_group(act.beside), *(form for form, _ in (*numbers, *lists))]
    known = _by_first((*forms, *_group(acts.particles if act.bare else acts.fillers)))
    doubtful = frozenset(_group(act.doubtful or ""))
    opens = _group(act.opens or "")
    single = [form for forms in known.values() for form in forms if len(form) == 1]
    anywhere = _ways(act.anywhere)
    needed = list(_forms([way[:1] for way in (*ways, *anywhere)]))
    clear = _group(act.clear or "")
    needed += [*clear, *opens, *(form for form, _ in numbers)]
    firsts = frozenset(fold(form[0][0]) for form in needed)
    return _Readable(
        name=act.act,
        ways=ways,
        anywhere=anywhere,
        clear=clear,
        known=known,
        opens=opens,
        idle=_by_first(single),
        numbers=numbers,
        names=_group(acts.names),
        lists=lists,
        doubtful=doubtful,
        asked=_group(act.asked or ""),
        firsts=firsts,
    )


def _ways(written: Sequence[Sequence[str]]) -> _Ways:
    return [[_by_first(_group(group)) for group in way] for way in written]


def _forms(ways: _Ways) -> Iterator[Phrase]:
    for group in chain.from_iterable(ways):
        yield from chain.from_iterable(group.values())


def _by_first(forms: Iterable[Phrase]) -> _Group:
    found = defaultdict(list)
    for form in dict.fromkeys(forms):
        found[fold(form[0][0])].append(form)
    return dict(found)


def _group(forms: str) -> list[Phrase]:
    return [_form(form.strip()) for form in forms.split("|") if form.strip()]


def _form(text: str) -> Phrase:
    if text.startswith(_EXACT):
        return tuple((written, written) for written, _ in phrase(text))
    return phrase(text)


@until_answered(maxsize=64)
def _spellings(text: str) -> tuple[_Words, ...]:
    """Return the words as written, and with short forms written out: the sure ones, then all.

    What is written out the same has one spelling.
    """
    loose = not has_diacritics(text.replace(MASK, ""))
    written = words_of(text)
    others = dict.fromkeys(read_lexicon().expand(normalise(text)))
    as_written = [word.written for word in written]
    read = (written, *(words_of(t) for t in others if t.split() != as_written))
    return tuple(tuple(_Typed(w.written, w.plain, loose) for w in words) for words in read)


def _cover(words: _Words, known: _Group) -> bool:
    """Say whether the words are nothing but known phrases, one behind the other."""
    reached = {0}
    for at, word in enumerate(words):
        if at in reached:
            forms = known.get(word.plain, ())
            reached |= {at + len(form) for form in forms if _is_at(form, words, at)}
        elif max(reached) < at:
            return False
    return len(words) in reached


def _is_at(form: Phrase, words: _Words, at: int) -> bool:
    if not 0 <= at < len(words) or not words[at].fits(form[0]):  # most are told by their first
        return False
    found = words[at : at + len(form)]
    return len(found) == len(form) and all(map(_Typed.fits, found, form))


def _ends(words: _Words, forms: Sequence[Phrase]) -> bool:
    """Say whether the words end with one of these."""
    return any(_is_at(form, words, len(words) - len(form)) for form in forms)


def _stands(form: Phrase, words: _Words) -> bool:
    return any(_is_at(form, words, at) for at in range(len(words)))
