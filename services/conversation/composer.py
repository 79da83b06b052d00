"""From a decision to a reply: the words come from the library, never from here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from services.conversation.gazetteer import Elsewhere
from services.conversation.plain import capital, plain_markdown, quoted
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
)
from services.conversation.reply import REASONS, Button, CitedSource, Payload, Reply, read_payload
from services.knowledge.article import Article
from services.knowledge.beliefs import belief_in
from services.knowledge.library import Library
from services.knowledge.schema import READERS, Citation, Office, Subject

PAGE = 8
"""Articles on one page of a topic's menu."""

MOST_EXTRAS = 3
"""Buttons under an answer beside those of related articles."""
_DECLINED = ("declined", "declined_again", "declined_easy")
"""The words of a decline, in turn."""
MOST_NEAR = 2
"""Buttons to the rule near what is not known."""


@dataclass(frozen=True)
class Composer:
    """Writes replies out of the library, as of a day."""

    library: Library
    today: date

    def compose(self, decision: Decision, asked: str = "", *, degraded: bool = False) -> Reply:
        """Write the reply that a decision calls for; one found by words says it is less sure.

        A belief in what was asked is settled by the first words of the answer.
        """
        reply = self._decided(decision, asked)
        if not degraded:
            return reply
        less_sure = () if reply.outcome == "declined" else (self._say("degraded"),)
        return replace(reply, notices=(*less_sure, *reply.notices), degraded=True)

    def pressed(self, payload: str) -> Reply:  # noqa: PLR0911  # because each verb has its reply
        """Write the reply to a button that asks for content, by its payload."""
        match read_payload(payload):
            case Payload("a", name, place):
                return self.article(name, belief=place)
            case Payload("v", name, place):
                return self.variant(name, place)
            case Payload("c", name):
                return self.checklist(name)
            case Payload("s", subject):
                return self.subject(subject)
            case Payload("t", folder, page):
                return self.topic(folder, page)
            case Payload("m"):
                return self.menu()
            case Payload("h"):
                return self.handoff()
            case _:
                return self.stale()

    def article(self, name: str, confidence: float = 1.0, belief: int = 0) -> Reply:
        """Write the reply that an article gives, or say that it is gone, whatever led to it.

        It opens with the sentence that settles a belief, named by its place from 1.
        """
        article = self.library.articles.get(name)
        if article is None:
            return self.stale()
        return Reply(
            "answered",
            lead=self._settled(article.short, article.settles(belief)),
            detail=article.detail,
            notices=tuple(self._notices(article)),
            next_step=self._next_step(article.head.next_step, article.body),
            articles=(name,),
            again=Payload("a", name, belief),
            buttons=self._choices(article),
            verdicts=self._verdicts(name),
            confidence=confidence,
            **self._sources(article.citations),
        )

    def variant(self, name: str, place: int) -> Reply:
        """Write what an article says to one kind of reader, named by the place in `READERS`."""
        article = self.library.articles.get(name)
        parts = article.variants if article else {}
        part = parts.get(READERS[place]) if place < len(READERS) else None
        if article is None or part is None:
            return self.stale()
        step = self._next_step(article.head.next_step, article.short, part)
        return self._instead(article, Payload("v", name, place), detail=part, next_step=step)

    def checklist(self, name: str) -> Reply:
        """Write the papers of an article's procedure as a list to tick."""
        article = self.library.articles.get(name)
        procedure = self.library.procedures.get(article.head.procedure or "") if article else None
        if article is None or procedure is None:
            return self.stale()
        return self._instead(
            article,
            Payload("c", name),
            lead=self._say("procedure_checklist_lead", title=procedure.title),
            detail=self.library.filler.checklist(procedure),
            **self._sources(procedure.citations),
        )

    def thanks(self, phrase: str, article: str = "") -> Reply:
        """Thank for a verdict; one that names an article asks why it was of no use."""
        buttons = tuple(
            Button(self._say(f"reason_{reason}"), str(Payload("w", article, place)))
            for place, reason in enumerate(REASONS)
            if article
        )
        return Reply("smalltalk", self._say(phrase), buttons=buttons, confidence=1.0)

    def handoff(self, confidence: float = 1.0) -> Reply:
        """Name the offices that a person can turn to."""
        offices = self._offices(self.library.offices)
        return Reply("handoff", self._say("handoff", offices=offices), confidence=confidence)

    def menu(self, phrase: str = "menu", **values: Any) -> Reply:
        """Show the subjects, under a phrase."""
        return Reply(
            "clarify",
            self._say(phrase, **values),
            again=Payload("m"),
            buttons=self._subjects(),
            confidence=1.0,
        )

    def subject(self, subject: str) -> Reply:
        """Show the topics of a subject."""
        topics = {n: t for n, t in self.library.topics.items() if t.subject == subject}
        if not topics:
            return self.stale()
        buttons = tuple(Button(capital(t.label), str(Payload("t", n))) for n, t in topics.items())
        again = Payload("s", subject)
        return Reply("clarify", self._say("menu"), again=again, buttons=buttons, confidence=1.0)

    def topic(self, folder: str, page: int = 0) -> Reply:
        """Show a page of the articles of a topic."""
        topic = self.library.topics.get(folder)
        names = [name for name in self.library.articles if name.startswith(f"{folder}/")]
        shown = names[page * PAGE : (page + 1) * PAGE]
        if topic is None or not shown:
            return self.stale()
        buttons = self._articles(shown)
        if len(names) > (page + 1) * PAGE:
            buttons += (Button(self._say("button_page"), str(Payload("t", folder, page + 1))),)
        lead, again = self._say("menu_topic", label=topic.label), Payload("t", folder, page)
        return Reply("clarify", lead, again=again, buttons=buttons, confidence=1.0)

    def ways_on(self) -> tuple[Button, ...]:
        """Return what leads on from anywhere: the button to the subjects, and to a person."""
        menu, person = self._say("button_menu"), self._say("button_person")
        return Button(menu, str(Payload("m"))), Button(person, str(Payload("h")))

    def stale(self) -> Reply:
        """Say that a button no longer leads anywhere."""
        return Reply("declined", self._say("stale_button"), buttons=self._subjects())

    def sentence(self, phrase: str, **values: Any) -> Reply:
        """Say one sentence that asks for another message."""
        return Reply("declined", self._say(phrase, **values))

    def _decided(self, decision: Decision, asked: str) -> Reply:  # noqa: C901, PLR0911  # the same of decisions
        match decision:
            case AnswerArticle(article, confidence):
                return self.article(article, confidence, self._belief(article, asked))
            case AnswerSeveral():
                return self._several(decision, asked)
            case OfferArticles():
                return self._offer(decision, asked)
            case MakeSmallTalk(name, confidence):
                return self._small_talk(name, confidence)
            case HandOff(confidence):
                return self.handoff(confidence)
            case AskSubject(confidence):
                lead = self._say("clarify_subject")
                return Reply("clarify", lead, buttons=self._subjects(), confidence=confidence)
            case Decline():
                return self._decline(decision)
            case AnswerElsewhere(answer, place, _, local):
                return self._national(self._decided(answer, asked), place, local)
            case DeclineElsewhere(place, near, confidence, unread):
                phrase = "elsewhere_abroad" if place.abroad else "elsewhere_local"
                reply = self._unknown(phrase, confidence, near, place=place.name)
                return self._quoting(reply, unread)
            case DeclineParticular(about, near, confidence):
                return self._unknown(f"particular_{about}", confidence, near)

    def _instead(self, article: Article, own: Payload, **other: Any) -> Reply:
        """Return an article's reply with other words in it, and without the button to itself."""
        buttons = self._choices(article, own)
        return replace(self.article(article.id), again=own, buttons=buttons, **other)

    def _choices(self, article: Article, own: Payload | None = None) -> tuple[Button, ...]:
        others = [b for b in extras(article, self.library) if b.payload != str(own)]
        return (*self._articles(article.head.related), *others[:MOST_EXTRAS])

    def _verdicts(self, name: str) -> tuple[Button, ...]:
        return (
            Button(self._say("button_useful"), str(Payload("u", name))),
            Button(self._say("button_not_useful"), str(Payload("n", name))),
        )

    def _offer(self, decision: OfferArticles, asked: str) -> Reply:
        names = decision.articles
        return Reply(
            "clarify",
            self._say("clarify", one=len(names) == 1, several=decision.several),
            offered=names,
            buttons=self._articles(names, asked),
            confidence=decision.confidence,
        )

    def _several(self, decision: AnswerSeveral, asked: str) -> Reply:
        """Write the answers; name what may have been asked too, and quote what was not read."""
        reply = self._answers(decision.articles, decision.confidence, asked)
        if decision.beside:
            titles = self._titles(decision.beside)
            buttons = self._articles(decision.beside, asked)
            reply = _told_first(reply, self._say("asked_beside", titles=titles), buttons)
        return self._quoting(reply, decision.unread)

    def _quoting(self, reply: Reply, unread: Sequence[str]) -> Reply:
        """Quote what was not understood, before all else: no button tells of it."""
        if not unread:
            return reply
        return _told_first(reply, self._say("asked_unread", words=quoted(unread)))

    def _answers(self, names: tuple[str, ...], confidence: float, asked: str) -> Reply:
        """Write the short answers of several articles, each under its heading, all cited."""
        if not names[1:]:
            return self.article(names[0], confidence, self._belief(names[0], asked))
        articles = [self.library.articles[name] for name in names]
        told = [self._say("one_of_several", title=a.head.title, short=a.short) for a in articles]
        cited = [citation for article in articles for citation in article.citations]
        notices = [n for article in articles for n in self._notices(article)]
        settled = [article.settles(self._belief(article.id, asked)) for article in articles]
        return Reply(
            "answered",
            lead=self._settled(told[0], *settled),
            detail="\n\n".join(told[1:]),
            notices=tuple(dict.fromkeys(notices)),
            next_step=self._next_step("", *told),
            articles=names,
            buttons=self._articles(names),
            confidence=confidence,
            **self._sources(dict.fromkeys(cited)),
        )

    def _belief(self, name: str, asked: str) -> int:
        """Return the place of the belief of an article that was stated or asked; 0 for none."""
        article = self.library.articles.get(name)
        return belief_in(article.head.beliefs, asked) if article else 0

    def _settled(self, told: str, *sentences: str) -> str:
        """Open an answer with the sentences that it does not open with already."""
        new = [s for s in dict.fromkeys(sentences) if not plain_markdown(told).startswith(s)]
        return self._say("settled", settles=" ".join(new), told=told)

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
        return _told_first(told, notice, self._articles(local))

    def _decline(self, decision: Decline) -> Reply:
        """Say that it is not known, each time in other words; every third asks what is easy."""
        near = (decision.near,) if decision.near else ()
        words = _DECLINED[decision.before % len(_DECLINED)]
        reply = self._unknown(words, decision.confidence, near)
        asks = words == "declined_easy"
        return replace(reply, buttons=self._subjects() if asks else reply.buttons[-2:])

    def _unknown(
        self, phrase: str, confidence: float, near: tuple[str, ...], **values: Any
    ) -> Reply:
        """Say that something is not known, whom to ask, and where the rule near it stands."""
        article = next((self.library.articles[n] for n in near if n in self.library.articles), None)
        # Short: where an office sits is told when it is asked for, and by the handoff.
        near_by = self.library.offices_for(article.head.subject if article else None)
        short = [
            o.model_copy(update={"address": None, "source": o.phone and o.source}) for o in near_by
        ]
        return Reply(
            "declined",
            self._say(phrase, offices=self._offices(short), near=bool(near), **values),
            buttons=(*self._articles(near[:MOST_NEAR]), *self.ways_on()),
            confidence=confidence,
        )

    def _notices(self, article: Article) -> Iterable[str]:
        if article.head.verification != "verified":
            yield self._say(f"answered_{article.head.verification}")

    def _sources(self, citations: Iterable[Citation]) -> dict[str, Any]:
        cited = tuple(map(self._cited, citations))
        return {"citations": cited, "source_lines": tuple(map(self._source_line, cited))}

    def _cited(self, citation: Citation) -> CitedSource:
        source = self.library.sources[citation.source]
        return CitedSource(
            citation.source, citation.clause, source.title, source.in_force(self.today)
        )

    def _source_line(self, cited: CitedSource) -> str:
        source = self.library.sources[cited.source]
        newer = ", ".join(self.library.sources[name].title for name in source.replaced_by)
        coming = source.is_coming(self.today)
        values = {"title": cited.title, "clause": cited.clause, "in_force": cited.in_force}
        return self._say("source_line", **values, coming=coming, replaced_by=newer)

    def _next_step(self, step: str, *told: str) -> str:
        """Return the step with the way to reach each office that the step or the reply names."""
        text = "\n".join((step, *told))
        named = [o for o in self.library.offices if o.known and any(n in text for n in o.named)]
        ways = (self._say("contact", **self._values(office)) for office in named)
        return " ".join(filter(None, (step, *ways)))

    def _offices(self, offices: Iterable[Office]) -> list[str]:
        return [self._say("office", **self._values(office)) for office in offices]

    def _values(self, office: Office) -> dict[str, Any]:
        """Return what the phrases on an office say of it, the name of who told among it."""
        source = self.library.sources.get(office.source or "")
        return office.model_dump() | {"told_by": source.number if source else None}

    def _articles(self, names: Iterable[str], asked: str = "") -> tuple[Button, ...]:
        known = [(n, self.library.articles[n]) for n in names if n in self.library.articles]
        return tuple(
            Button(article.head.title, str(Payload("a", name, self._belief(name, asked))))
            for name, article in known
        )

    def _titles(self, names: Iterable[str]) -> list[str]:
        known = (self.library.articles.get(name) for name in names)
        return [article.head.title for article in known if article]

    def _subjects(self) -> tuple[Button, ...]:
        return tuple(
            Button(self._say(f"subject_{subject}"), str(Payload("s", subject)))
            for subject in get_args(Subject)
        )

    def _say(self, phrase: str, **values: Any) -> str:
        return self.library.phrases.say(phrase, **values)


def _told_first(reply: Reply, notice: str, buttons: Sequence[Button] = ()) -> Reply:
    """Return a reply with a notice and its buttons before the others; no label stands twice."""
    different: dict[str, Button] = {}
    for button in (*buttons, *reply.buttons):
        different.setdefault(button.label, button)
    return replace(reply, notices=(notice, *reply.notices), buttons=tuple(different.values()))


def extras(article: Article, library: Library) -> Iterator[Button]:
    """Yield what an article offers beside related ones: its checklist, and each reader's part."""
    say = library.phrases.say
    procedure = library.procedures.get(article.head.procedure or "")
    if procedure and procedure.papers:
        yield Button(say("button_checklist"), str(Payload("c", article.id)))
    for place, reader in enumerate(READERS):
        if reader in article.variants:
            yield Button(say(f"button_{reader}"), str(Payload("v", article.id, place)))
