"""From a decision to a reply: the words come from the library, never from here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import Any

from services.conversation.answers import AnswerWriter
from services.conversation.beginnings import Begun
from services.conversation.computed import NOTHING, Computed, computed
from services.conversation.declines import DeclineWriter
from services.conversation.gazetteer import Elsewhere
from services.conversation.known import Background
from services.conversation.menus import MenuWriter
from services.conversation.plain import SENTENCE_END, quoted
from services.conversation.policy import (
    AnswerArticle,
    AnswerElsewhere,
    AnswerSeveral,
    AskSubject,
    Decision,
    Decline,
    DeclineElsewhere,
    DeclineParticular,
    HandOff,
    MakeSmallTalk,
    OfferArticles,
    OfferWish,
)
from services.conversation.reply import REASONS, Button, Payload, Reply, read_payload
from services.conversation.screen import fits
from services.knowledge.article import joined
from services.knowledge.beliefs import belief_in
from services.knowledge.library import Library
from services.understanding.parts import LEAD

NO_PARTS: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Composer:
    """Writes replies out of the library, as of a day."""

    library: Library
    today: date
    computed: Computed = NOTHING
    """What was worked out from the figures in the message."""
    background: Background = field(default_factory=Background)
    """What the talk knows: a message need not tell it again."""
    asked_on: date | None = None
    """The day of what is answered, where it is not today: “hôm qua” is then another day."""
    goes_on: str | None = None
    """The article that was answered before a few words that ask on; None where nothing was, or more
    is asked: then a screen is wanted, and no line."""

    def work_out(self, articles: Sequence[str], messages: Sequence[str]) -> Computed:
        """Return what a rule of these articles says to messages, the newest first."""
        return computed(
            self.library, articles, messages, self.today, self.asked_on, background=self.background
        )

    @property
    def answers(self) -> AnswerWriter:
        """What writes the replies out of articles."""
        return AnswerWriter(self.library, self.today, self.computed, self.goes_on)

    @property
    def menus(self) -> MenuWriter:
        """What writes the lists to choose from."""
        return MenuWriter(self.library)

    @property
    def declines(self) -> DeclineWriter:
        """What writes the replies that tell nothing, and names offices."""
        return DeclineWriter(self.library, self.answers, self.menus)

    def compose(
        self,
        decision: Decision,
        asked: str = "",
        parts: Mapping[str, Sequence[str]] = NO_PARTS,
        *,
        degraded: bool = False,
    ) -> Reply:
        """Write the reply that a decision calls for; one found by words says it is less sure.

        A belief in what was asked is settled by the first words of the answer. `parts` are those
        that were asked for, by article; LEAD stands for what it says first.
        """
        figures = self.computed
        decided = self._decided(decision, asked, parts)
        reply = replace(decided, asks=figures.asks, leans=figures.again)
        if not degraded:
            return reply
        less_sure = () if reply.outcome == "declined" else (self._say("degraded"),)
        return replace(reply, notices=(*less_sure, *reply.notices), degraded=True)

    def pressed(self, payload: str) -> Reply:  # noqa: C901, PLR0911, PLR0912  # because each verb has its reply
        """Write the reply to a button that asks for content, by its payload."""
        match read_payload(payload):
            case Payload("a", name, place):
                return self.article(name, belief=place)
            case Payload("d", _, place) as told:
                return self.article(told.article, belief=place, parts=(told.part,))
            case Payload("f", name, place):
                return self.whole(name, belief=place)
            case Payload("v", name, place):
                return self.variant(name, place)
            case Payload("c", name):
                return self.checklist(name)
            case Payload("s", subject):
                return self._listed(self.menus.subject(subject))
            case Payload("t") as chosen:
                return self._listed(self.menus.topic(chosen.topic, chosen.group))
            case Payload("k", name):
                return self._listed(self.menus.wish(name))
            case Payload("m"):
                return self.menu()
            case Payload("h"):
                return self.handoff()
            case Payload("q", name):
                return self.tool(name)
            case Payload("o"):
                return Reply("smalltalk", self._say("dossier_where"), buttons=self.ways_on())
            case _:
                return self.stale()

    def article(
        self, name: str, confidence: float = 1.0, belief: int = 0, parts: Sequence[str] = ()
    ) -> Reply:
        """Write what an article says first, or some of its parts; say so where it is gone.

        It opens with the sentence that settles a belief, named by its place from 1.
        """
        article = self.library.articles.get(name)
        if article is None:
            return self.stale()
        return self.answers.told(article, parts or (LEAD,), confidence, belief)

    def whole(self, name: str, belief: int = 0) -> Reply:
        """Write all that an article says, or say that it is gone."""
        article = self.library.articles.get(name)
        return self.answers.whole(article, belief=belief) if article else self.stale()

    def variant(self, name: str, place: int) -> Reply:
        """Write what an article says to one kind of reader, named by the place in `READERS`."""
        article = self.library.articles.get(name)
        return (self.answers.variant(article, place) if article else None) or self.stale()

    def checklist(self, name: str) -> Reply:
        """Write the papers of an article's procedure as a list to tick."""
        article = self.library.articles.get(name)
        return (self.answers.checklist(article) if article else None) or self.stale()

    def thanks(self, phrase: str, article: str = "") -> Reply:
        """Thank for a verdict; one that names an article asks why it was of no use."""
        buttons = tuple(
            Button(self._say(f"reason_{reason}"), str(Payload("w", article, place)))
            for place, reason in enumerate(REASONS)
            if article
        )
        return Reply("smalltalk", self._say(phrase), buttons=buttons, confidence=1.0)

    def handoff(self, confidence: float = 1.0, article: str | None = None) -> Reply:
        """Name the offices that a person can turn to; of the open article's subject, if any."""
        return self.declines.handoff(confidence, article)

    def whom(self, article: str | None = None) -> Reply:
        """Say whom to ask about an article, or which offices there are; nobody is sent for."""
        return replace(self.declines.whom(article), buttons=self.ways_on())

    def menu(self, phrase: str = "menu", **values: Any) -> Reply:
        """Show the subjects, under a phrase."""
        return self.menus.menu(phrase, **values)

    def tool(self, name: str) -> Reply:
        """Say how a tool is begun; without a name, show them all; say so where it is gone."""
        title = self.library.beginnings.titles.get(name)
        if title and name in self.library.tools:
            return self.begin(Begun(name, title))
        return (None if name else self.menus.tools()) or self.stale()

    def begin(self, tool: Begun) -> Reply:
        """Say which tool was understood to be wanted, and what it is filled in with."""
        return Reply(
            "form",
            self._say("tool_begins", title=tool.title, told=tool.told, offered=tool.offered),
            tool=tool.tool,
            values=tool.values,
            buttons=(*self.answers.to_tool(tool.tool), *self.ways_on()),
            confidence=1.0,
        )

    def ways_on(self) -> tuple[Button, ...]:
        """Return what leads on from anywhere: the button to the subjects, and to a person."""
        return Button(self._say("button_menu"), str(Payload("m"))), self.answers.to_person()

    def stale(self) -> Reply:
        """Say that a button no longer leads anywhere."""
        return Reply("declined", self._say("stale_button"), buttons=self.menus.subjects())

    def sentence(self, phrase: str, **values: Any) -> Reply:
        """Say one sentence that asks for another message."""
        return Reply("declined", self._say(phrase, **values))

    def _decided(self, decision: Decision, asked: str, parts: Mapping[str, Sequence[str]]) -> Reply:  # noqa: C901, PLR0911  # the same of decisions
        match decision:
            case AnswerArticle(article, confidence, others):
                reply = self._answers((article,), confidence, asked, parts)
                meant = {name: parts.get(name, (LEAD,))[0] for name in others}
                return self.answers.naming(reply, meant, asked) if meant else reply
            case AnswerSeveral():
                return self._several(decision, asked, parts)
            case OfferArticles():
                return self._offer(decision, asked, parts)
            case MakeSmallTalk(name, confidence):
                return self._small_talk(name, confidence)
            case HandOff(confidence):
                return self.handoff(confidence)
            case AskSubject(confidence):
                lead = self._say("clarify_subject")
                return Reply("clarify", lead, buttons=self.menus.subjects(), confidence=confidence)
            case Decline():
                return self.declines.decline(decision, asked)
            case OfferWish(name, _, confidence, again):
                return self._listed(self.menus.wish(name, confidence, again=again))
            case AnswerElsewhere(answer, place, local):
                return self._national(self._decided(answer, asked, parts), place, local)
            case DeclineElsewhere(place, near, confidence, unread):
                phrase = "elsewhere_abroad" if place.abroad else "elsewhere_local"
                reply = self.declines.unknown(phrase, confidence, near, asked, place=place.name)
                return self._quoting(reply, unread)
            case DeclineParticular():
                return self.declines.particular(decision, asked)

    def warned(self, reply: Reply, about: str) -> Reply:
        """Return a reply that opens with what to do about swindlers, or a stolen name."""
        return reply.opened_by(self._say("money_warning", about=about))

    def _listed(self, reply: Reply | None) -> Reply:
        """Return a list; of one entry alone that entry, of nothing the word that it is gone."""
        if reply is None:
            return self.stale()
        return reply if reply.buttons[1:] else self.pressed(reply.buttons[0].payload)

    def _offer(
        self, decision: OfferArticles, asked: str, parts: Mapping[str, Sequence[str]]
    ) -> Reply:
        """Ask which is meant; where one is, say at once what the likeliest would answer."""
        names = decision.articles
        if names[0] in parts and not decision.several:
            return self._guess(decision, asked, parts)
        return Reply(
            "clarify",
            self._say("clarify", one=len(names) == 1, several=decision.several),
            offered=names,
            buttons=self.answers.buttons(names, asked),
            confidence=decision.confidence,
        )

    def _guess(
        self, decision: OfferArticles, asked: str, parts: Mapping[str, Sequence[str]]
    ) -> Reply:
        """Ask whether an article is meant, above what it would answer.

        Below stands what the next one would, where that is about as likely and both have room; who
        asks on with a few words has it as a button.
        """
        known = [name for name in decision.articles if name in parts]
        told = [self._told(name, asked, parts[name][:1]) for name in known]
        first, *others = told
        ways = [told, [first, *map(_opening, others)]] if others and not self.goes_on else []
        for way in ways:
            both = self._asking(decision, asked, way)
            if fits(both):
                return both
        return self._asking(decision, asked, [first])

    def _told(self, name: str, asked: str, part: Sequence[str]) -> Reply:
        """Write the part of an article that is asked for; its lead where that is long."""
        belief = self._belief(name, asked)
        told = self.article(name, belief=belief, parts=part)
        return told if fits(told) else self.article(name, belief=belief, parts=(LEAD,))

    def _asking(self, decision: OfferArticles, asked: str, told: Sequence[Reply]) -> Reply:
        """Ask whether what is told is meant; its parts are named, of another article with that."""
        first, *others = told
        each = [(self.library.articles[one.articles[0]], one) for one in told]
        lead = self._say(
            "clarify_guess",
            title=each[0][0].head.title,
            told=first.lead,
            too=[{"title": article.head.title, "told": one.lead} for article, one in each[1:]],
            others=len(decision.articles) - len(told),
        )
        named = (f"{one.articles[0]}#{name}" for one in others for name in one.told)
        cited = (
            c for article, one in each for c in self.answers.cited_by(article, one.told or (LEAD,))
        )
        return replace(
            first,
            outcome="clarify",
            lead=lead,
            detail="",
            notices=tuple(dict.fromkeys(chain.from_iterable(one.notices for one in told))),
            next_step="",
            told=(*first.told, *named),
            again=None,
            part=None,
            articles=(),
            offered=decision.articles,
            buttons=(*self.answers.buttons(decision.articles, asked), *self.ways_on()),
            verdicts=(),
            confidence=decision.confidence,
            **self.answers.sources(joined(cited)),
        )

    def _several(
        self, decision: AnswerSeveral, asked: str, parts: Mapping[str, Sequence[str]]
    ) -> Reply:
        """Write the answers; name what may have been asked too, and quote what was not read."""
        reply = self._answers(decision.articles, decision.confidence, asked, parts)
        if decision.beside:
            titles = self._titles(decision.beside)
            buttons = self.answers.buttons(decision.beside, asked)
            reply = _told_first(reply, self._say("asked_beside", titles=titles), buttons)
        return self._quoting(reply, decision.unread)

    def _quoting(self, reply: Reply, unread: Sequence[str]) -> Reply:
        """Quote what was not understood, before all else: no button tells of it."""
        if not unread:
            return reply
        return _told_first(reply, self._say("asked_unread", words=quoted(unread)))

    def _answers(
        self,
        names: tuple[str, ...],
        confidence: float,
        asked: str,
        parts: Mapping[str, Sequence[str]],
    ) -> Reply:
        """Write the short answers of several articles; of one alone what it says first."""
        if not names[1:]:
            belief = self._belief(names[0], asked)
            told = self.article(names[0], confidence, belief, parts.get(names[0], ()))
            return self.answers.counting_sets(told, asked)
        articles = [self.library.articles[name] for name in names]
        return self.answers.several(articles, confidence, asked, parts)

    def _belief(self, name: str, asked: str) -> int:
        """Return the place of the belief of an article that was stated or asked; 0 for none."""
        article = self.library.articles.get(name)
        return belief_in(article.head.beliefs, asked) if article else 0

    def _small_talk(self, name: str, confidence: float) -> Reply:
        wording = self.library.smalltalk.get(name)
        if wording is None:
            return self.menu()
        return Reply("smalltalk", wording, buttons=self.ways_on()[:1], confidence=confidence)

    def _national(self, reply: Reply, place: Elsewhere, local: tuple[str, ...]) -> Reply:
        """Tell an answer as a rule of the whole country; whom to ask is not ours to say.

        Its opening stays within the first paragraph: what is shown later is counted in these.
        """
        told = replace(
            reply,
            lead=self._say("elsewhere_national", place=place.name, told=reply.lead),
            next_step=self._say("elsewhere_next", place=place.name),
        )
        if not local:
            return told
        notice = self._say("elsewhere_beside", titles=self._titles(local), place=place.name)
        return _told_first(told, notice, self.answers.buttons(local))

    def _titles(self, names: Iterable[str]) -> list[str]:
        known = (self.library.articles.get(name) for name in names)
        return [article.head.title for article in known if article]

    def _say(self, phrase: str, **values: Any) -> str:
        return self.library.phrases.say(phrase, **values)


def _told_first(reply: Reply, notice: str, buttons: Sequence[Button] = ()) -> Reply:
    """Return a reply with a notice and its buttons before the others; no label stands twice."""
    different: dict[str, Button] = {}
    for button in (*buttons, *reply.buttons):
        different.setdefault(button.label, button)
    return replace(reply, notices=(notice, *reply.notices), buttons=tuple(different.values()))


def _opening(reply: Reply) -> Reply:
    """Return a reply that says its first sentence alone: it answers by itself."""
    return replace(reply, lead=SENTENCE_END.split(reply.lead, maxsplit=1)[0])
