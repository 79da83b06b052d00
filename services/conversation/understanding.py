"""What a message means in its conversation: what was asked before, answered, or offered."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from services.conversation import cues
from services.conversation.enquiries import Enquiry, asks, enquiries
from services.conversation.needs import (
    EnquiryReading,
    Need,
    by_words,
    is_settled,
    need_of,
    together,
)
from services.conversation.policy import (
    AnswerArticle,
    AskSubject,
    Decision,
    Decline,
    MakeSmallTalk,
    OfferArticles,
    OfferWish,
    decide,
)
from services.conversation.reply import read_payload
from services.conversation.state import ConversationState
from services.conversation.wishes import choice_named, wish_in
from services.edition import Edition
from services.errors import NluError
from services.knowledge.library import Library
from services.knowledge.wishes import Wish
from services.understanding.interpretation import Interpretation, Interpreter

_log = structlog.get_logger()

_MOST_READ = 5
"""Questions of a message that are read: all readings share one patience, and a reply holds no more.
What comes after them is quoted."""

Read = Callable[[str, str | None], Awaitable[Interpretation]]
"""Reads a text beside the open article, if any."""

_AGAIN_WITHIN = 0.5
"""Seconds for what was read already, should it have been forgotten."""

_BARE = 2
"""Words of a message that is a name alone: the bars are measured on whole questions."""
_LIKELIER = 0.5
"""A name is answered only where one article is likelier than all the others together."""


@dataclass(frozen=True)
class Understood:
    """What to do, and whether it was read by words alone."""

    decision: Decision
    degraded: bool = False
    named: bool = False
    """Whether it was chosen by its name, of what a wish may mean."""


async def understand(
    text: str, state: ConversationState, interpreter: Interpreter, library: Library
) -> Understood:
    """Say what a message calls for; `library` holds what may be served today.

    All readings of the message share one patience. Where one of them fails or the time is up the
    whole message is read by its words: half of it understood would be another message.
    """
    place = cues.choice(library.cues, text, len(state.offered))
    if place is not None:
        return Understood(AnswerArticle(state.offered[place], 1.0))
    named = _named(text, state, library)
    if named is not None:
        return Understood(AnswerArticle(named, 1.0), named=True)
    message = _Utterance(text, state, interpreter, library)
    try:
        async with asyncio.timeout(interpreter.patience):
            return Understood(await message.meaning(interpreter.read))
    except (NluError, TimeoutError) as error:
        _log.warning("nlu.failed", kind=type(error).__name__, reason=str(error))
        return Understood(await message.meaning(interpreter.read_by_words), degraded=True)


async def parts_asked(
    text: str,
    articles: Iterable[str],
    state: ConversationState,
    edition: Edition,
    *,
    degraded: bool,
) -> dict[str, list[Mapping[str, float]]]:
    """Return, for each article that has parts, how like they are to each question that asks for it.

    Which question that is was read just now: the reader remembers, and is hardly asked again.
    """
    parted = [name for name in articles if edition.library.articles[name].parts]
    asked = [part.text for part in enquiries(edition.library.cues, text)[:_MOST_READ]]
    several = bool(parted and asked[1:])
    read = await _read_again(asked, state, edition, degraded=degraded) if several else []
    found: dict[str, list[Mapping[str, float]]] = {}
    for name in parted:
        own = [one for one, r in zip(asked, read, strict=False) if r.is_of(name)]
        found[name] = [edition.parts.likeness(name, one) for one in own or [text]]
    return found


async def _read_again(
    texts: Sequence[str], state: ConversationState, edition: Edition, *, degraded: bool
) -> list[Interpretation]:
    """Return the readings of texts, as many of them as are had in time; all share one patience."""
    read = edition.interpreter.read_by_words if degraded else edition.interpreter.read
    found: list[Interpretation] = []
    with suppress(NluError, TimeoutError):
        async with asyncio.timeout(_AGAIN_WITHIN):
            for text in texts:
                found.append(await read(text, state.open_article))  # noqa: PERF401  # because one that is late must take nothing from those before it
    return found


def _named(text: str, state: ConversationState, library: Library) -> str | None:
    """Return the article that a message names of what the wish may mean that was shown last."""
    wish = library.wishes.named(state.wish or "")
    if wish is None and not asks(library.cues, text):
        wish = _gone_through(state, library)
    named = choice_named(library.wishes, wish, text) if wish else None
    return named.article if named and named.article in library.articles else None


def _gone_through(state: ConversationState, library: Library) -> Wish | None:
    """Return the wish whose choices alone were looked at since they were shown."""
    looked_at: set[str] = set()
    for step in filter(None, reversed(state.trail)):
        shown = read_payload(step)
        if shown and shown.verb == "k":
            wish = library.wishes.named(shown.name)
            return wish if wish and looked_at <= {c.article for c in wish.choices} else None
        looked_at.add(shown.article if shown else step)
    return None


@dataclass(frozen=True)
class _Utterance:
    """One message in its conversation."""

    text: str
    state: ConversationState
    interpreter: Interpreter
    library: Library

    async def meaning(self, read: Read) -> Decision:
        """Read it whole; where it asks more than once, each of its questions too."""
        whole = await self._whole(read)
        decided = self._decide(whole, _LIKELIER if self._is_bare() else 0.0)
        parts = enquiries(self.library.cues, self.text)
        read_now, left = parts[:_MOST_READ], parts[_MOST_READ:]
        if parts[1:] and whole.degraded:
            found = [await self._part(part, whole, None, read) for part in read_now]
            decided = by_words(found, decided, self._decide)
        elif parts[1:]:
            needs = await self._needs(read_now, whole, read)
            decided = together([*needs, *(Need(part.text, None) for part in left)], decided)
        return self._wished(decided) or self._settle(decided)

    async def _needs(
        self, parts: Sequence[Enquiry], whole: Interpretation, read: Read
    ) -> list[Need]:
        """Return what each question asks for, but for those that lean on the one before."""
        found: list[Need] = []
        first: str | None = None
        for part in parts:
            need = need_of(await self._part(part, whole, first, read), first, self._decide)
            if need is not None:
                found.append(need)
                first = need.article or first
        return found

    async def _part(
        self, part: Enquiry, whole: Interpretation, first: str | None, read: Read
    ) -> EnquiryReading:
        """Read a part by itself and, where that does not settle it, beside the answer before it.

        All readings share one patience: what would change nothing is not read.
        """
        opened = self._open_article()
        alone = await self._alone(part, None if first else opened, read)
        reading = EnquiryReading(part, alone, alone, whole)
        if is_settled(reading, first, self._decide):
            return reading
        return replace(reading, beside=await read(part.text, first or opened))

    async def _alone(self, part: Enquiry, opened: str | None, read: Read) -> Interpretation:
        """Read a part with the story before it, or without where that is surer."""
        told = await read(part.told, opened)
        if part.told == part.text or isinstance(self._decide(told), AnswerArticle):
            return told
        return max(told, await read(part.text, opened), key=self._sureness)

    async def _whole(self, read: Read) -> Interpretation:
        """Read a message; one that turns the question before is read together with it too."""
        meant = cues.correction(self.library.cues, self.text)
        named = meant or cues.change(self.library.cues, self.text)
        reading = await read(meant or self.text, self._open_article())
        if named is None or not self.state.question:
            return reading
        joined = await read(f"{self.state.question} {named}", None)
        return max(reading, joined, key=self._sureness)

    def _open_article(self) -> str | None:
        """Return what the message is read beside; nothing that went away is."""
        opened = self.state.open_article
        return opened if opened in self.library.articles else None

    def _sureness(self, reading: Interpretation) -> float:
        decision = self._decide(reading)
        known = isinstance(decision, AnswerArticle | OfferArticles)
        return decision.confidence if known else 0.0

    def _is_bare(self) -> bool:
        """Say whether it names a matter and no need, as “giải thể” does, with nothing open."""
        return len(self.text.split()) <= _BARE and self._open_article() is None

    def _decide(self, reading: Interpretation, least: float = 0.0) -> Decision:
        return decide(reading, self.interpreter.thresholds, self.library.articles, least)

    def _wished(self, decision: Decision) -> OfferWish | None:
        """Ask what is meant by a bare word, where no article leads by its bar."""
        unsure = isinstance(decision, Decline | AskSubject | MakeSmallTalk) or (
            isinstance(decision, OfferArticles) and not decision.several
        )
        wish = wish_in(self.library.wishes, self.library.cues, self.text) if unsure else None
        known = self.library.articles
        named = tuple(c.article for c in wish.choices if c.article in known) if wish else ()
        if wish is None or not named:
            return None
        return OfferWish(wish.id, named, decision.confidence, again=wish.id == self.state.wish)

    def _settle(self, decision: Decision) -> Decision:
        """Ask back once only: then take what was offered both times, or say it is not known.

        Whoever was asked about a wish had asked nothing yet.
        """
        if not isinstance(decision, OfferArticles) or decision.several or not self.state.offered:
            return decision
        twice = [name for name in decision.articles if name in self.state.offered]
        if twice:
            return AnswerArticle(twice[0], decision.confidence)
        if self.state.wish:
            return decision
        return Decline(decision.confidence, decision.articles[0], decision.articles)
