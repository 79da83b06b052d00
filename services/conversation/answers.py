"""Replies out of an article: its lead, one of its parts, all of it, its checklist.

The words come from the library, never from here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.conversation.plain import plain_markdown
from services.conversation.reply import Button, CitedSource, Payload, Reply, part_named
from services.knowledge.article import Article, Part, joined
from services.knowledge.beliefs import belief_in
from services.knowledge.library import Library
from services.knowledge.schema import READERS, Citation, Office

MOST_EXTRAS = 3
"""Buttons under an answer beside those of related articles."""
_SHORT_TOGETHER = 700
"""Characters of a part and the lead behind it: they stand on one screen of a phone."""
MOST_PARTS = 4
"""Buttons to parts under a lead or a part: two rows on a phone."""


@dataclass(frozen=True)
class AnswerWriter:
    """Writes what the articles of a library say, as of a day."""

    library: Library
    today: date

    def opening(
        self,
        article: Article,
        confidence: float = 1.0,
        belief: int = 0,
        beside: Sequence[Part] = (),
    ) -> Reply:
        """Write what is said first: the lead alone where the article has parts, else all of it.

        It opens with the sentence that settles a belief, named by its place from 1; what was asked
        `beside` follows.
        """
        if not article.parts:
            whole = self.whole(article, confidence, belief)
            return replace(whole, again=Payload("a", article.id, belief))
        told = self.say("lead", told=article.short, condition=article.head.condition)
        cited = (*article.head.citations, *self._cited_by(article, beside))
        return replace(
            self._reply(article, joined(cited)),
            lead=self.settled(told, article.settles(belief)),
            detail="\n\n".join(self._named(part) for part in beside),
            next_step=self.next_step(article.head.next_step, article.short),
            again=Payload("a", article.id, belief),
            buttons=(*self._to_parts(article, beside), *self._ways_on(article)),
            confidence=confidence,
        )

    def parts(
        self, article: Article, told: Sequence[Part], confidence: float = 1.0, belief: int = 0
    ) -> Reply:
        """Write parts under the name of what they are about, and the ways to the others."""
        first, *others = told
        label = article.head.label or article.head.title
        lead = self.say("part", label=label, name=first.name, told=first.text)
        return replace(
            self._reply(article, joined(self._cited_by(article, told))),
            lead=self.settled(lead, article.settles(belief)),
            detail="\n\n".join(self._named(part) for part in others),
            next_step=self.next_step("", *(part.text for part in told)),
            again=Payload("d", f"{article.id}{part_named(first.id)}", belief),
            part=first.id,
            buttons=(*self._to_parts(article, told), *self._ways_on(article)),
            confidence=confidence,
        )

    def with_lead(self, reply: Reply) -> Reply:
        """Return a reply of parts with the lead of its article behind them, if both are short.

        What was not told before may change what a part says by itself.
        """
        article = self.library.articles.get(reply.article or "")
        if article is None or reply.part is None:
            return reply
        if len(reply.lead) + len(reply.detail) + len(article.short) > _SHORT_TOGETHER:
            return reply
        own = [Citation(source=c.source, clause=c.clause) for c in reply.citations]
        lead = self.say("lead", told=article.short, condition=article.head.condition)
        cited = joined((*own, *article.head.citations))
        detail = "\n\n".join(filter(None, (reply.detail, lead)))
        return replace(reply, detail=detail, **self.sources(cited))

    def whole(self, article: Article, confidence: float = 1.0, belief: int = 0) -> Reply:
        """Write all that an article says."""
        return replace(
            self._reply(article, article.citations),
            lead=self.settled(article.short, article.settles(belief)),
            detail=article.detail,
            next_step=self.next_step(article.head.next_step, article.body),
            again=Payload("f", article.id, belief),
            buttons=self._choices(article),
            confidence=confidence,
        )

    def variant(self, article: Article, place: int) -> Reply | None:
        """Write what an article says to one kind of reader, named by the place in `READERS`."""
        told = article.variants.get(READERS[place]) if place < len(READERS) else None
        if told is None:
            return None
        step = self.next_step(article.head.next_step, article.short, told)
        own = Payload("v", article.id, place)
        return self._instead(article, own, detail=told, next_step=step)

    def checklist(self, article: Article) -> Reply | None:
        """Write the papers of an article's procedure as a list to tick."""
        procedure = self.library.procedures.get(article.head.procedure or "")
        if procedure is None:
            return None
        return self._instead(
            article,
            Payload("c", article.id),
            lead=self.say("procedure_checklist_lead", title=procedure.title),
            detail=self.library.filler.checklist(procedure),
            **self.sources(procedure.citations),
        )

    def several(
        self,
        articles: Sequence[Article],
        confidence: float,
        asked: str,
        parts: Mapping[str, Sequence[str]],
    ) -> Reply:
        """Write the short answers of several articles, each under its heading, all cited.

        Of one that was asked for a part, that part is its answer.
        """
        chosen = [list(filter(None, map(a.part, parts.get(a.id, ())))) for a in articles]
        told = [self._shortly(article, own) for article, own in zip(articles, chosen, strict=True)]
        cited = [
            citation
            for article, own in zip(articles, chosen, strict=True)
            for citation in (self._cited_by(article, own) if own else article.head.citations)
        ]
        notices = [n for article in articles for n in self._notices(article)]
        settled = [a.settles(belief_in(a.head.beliefs, asked)) for a in articles]
        return Reply(
            "answered",
            lead=self.settled(told[0], *settled),
            detail="\n\n".join(told[1:]),
            notices=tuple(dict.fromkeys(notices)),
            next_step=self.next_step("", *told),
            articles=tuple(article.id for article in articles),
            buttons=tuple(self.button(article) for article in articles),
            confidence=confidence,
            **self.sources(joined(cited)),
        )

    def _shortly(self, article: Article, parts: Sequence[Part]) -> str:
        """Return the short answer of an article under its heading, or the parts asked for."""
        if not parts:
            return self.say("one_of_several", title=article.head.title, short=article.short)
        label = article.head.label or article.head.title
        told = (self.say("part", label=label, name=p.name, told=p.text) for p in parts)
        return "\n\n".join(told)

    def button(self, article: Article, asked: str = "") -> Button:
        """Return the button to an article; what was asked tells which belief it settles first."""
        belief = belief_in(article.head.beliefs, asked)
        return Button(article.head.title, str(Payload("a", article.id, belief)))

    def settled(self, told: str, *sentences: str) -> str:
        """Open an answer with the sentences that it does not open with already."""
        new = [s for s in dict.fromkeys(sentences) if not plain_markdown(told).startswith(s)]
        return self.say("settled", settles=" ".join(new), told=told)

    def sources(self, citations: Iterable[Citation]) -> dict[str, Any]:
        """Return what a reply cites, and a line on each."""
        cited = tuple(map(self._cited, citations))
        return {"citations": cited, "source_lines": tuple(map(self._source_line, cited))}

    def next_step(self, step: str, *told: str) -> str:
        """Return the step with the way to reach each office that the step or the reply names."""
        text = "\n".join((step, *told))
        named = [o for o in self.library.offices if o.known and any(n in text for n in o.named)]
        ways = (self.say("contact", **self.values_of(office)) for office in named)
        return " ".join(filter(None, (step, *ways)))

    def values_of(self, office: Office) -> dict[str, Any]:
        """Return what the phrases on an office say of it, the name of who told among it."""
        source = self.library.sources.get(office.source or "")
        return office.model_dump() | {"told_by": source.number if source else None}

    def say(self, phrase: str, **values: Any) -> str:
        """Say a phrase of the library."""
        return self.library.phrases.say(phrase, **values)

    def _reply(self, article: Article, citations: Iterable[Citation]) -> Reply:
        return Reply(
            "answered",
            lead="",
            notices=tuple(self._notices(article)),
            articles=(article.id,),
            verdicts=self._verdicts(article.id),
            **self.sources(citations),
        )

    def _instead(self, article: Article, own: Payload, **other: Any) -> Reply:
        """Return an article's reply with other words in it, and without the button to itself."""
        buttons = self._choices(article, own)
        return replace(self.whole(article), again=own, buttons=buttons, **other)

    def _choices(self, article: Article, own: Payload | None = None) -> tuple[Button, ...]:
        others = [b for b in extras(article, self.library) if b.payload != str(own)]
        return (*self._related(article), *others[:MOST_EXTRAS])

    def _related(self, article: Article) -> tuple[Button, ...]:
        known = (self.library.articles.get(name) for name in article.head.related)
        return tuple(self.button(other) for other in known if other)

    def _named(self, part: Part) -> str:
        return self.say("part_beside", name=part.name, told=part.text)

    def _cited_by(self, article: Article, parts: Sequence[Part]) -> list[Citation]:
        """Return what stands behind parts; behind one that names nothing, its procedure's."""
        procedure = self.library.procedures.get(article.head.procedure or "")
        heads = [article.head.parts[part.id] for part in parts if part.id in article.head.parts]
        of_procedure = procedure.citations if procedure else ()
        return [cited for head in heads for cited in head.citations or of_procedure]

    def _to_parts(self, article: Article, told: Sequence[Part]) -> list[Button]:
        """Return the buttons to the parts after those told, then to the others."""
        buttons, ids = part_buttons(article), [part.id for part in article.parts]
        shown = {ids.index(part.id) for part in told}
        after = max(shown, default=-1)
        order = [*range(after + 1, len(ids)), *range(after)]
        return [buttons[at] for at in order if at not in shown][:MOST_PARTS]

    def _ways_on(self, article: Article) -> Iterator[Button]:
        """Yield the buttons to all of an article, to what is nearest to it, and to a person."""
        yield Button(self.say("button_whole"), str(Payload("f", article.id)))
        known = self.library.articles
        for near in [known[name] for name in article.head.related if name in known][:1]:
            yield Button(near.head.label or near.head.title, str(Payload("a", near.id)))
        yield Button(self.say("button_person"), str(Payload("h")))

    def _verdicts(self, name: str) -> tuple[Button, ...]:
        return (
            Button(self.say("button_useful"), str(Payload("u", name))),
            Button(self.say("button_not_useful"), str(Payload("n", name))),
        )

    def _notices(self, article: Article) -> Iterable[str]:
        if article.head.verification != "verified":
            yield self.say(f"answered_{article.head.verification}")

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
        return self.say("source_line", **values, coming=coming, replaced_by=newer)


def part_buttons(article: Article) -> list[Button]:
    """Return the buttons to the parts of an article, in their order."""
    names = ((part.name, f"{article.id}{part_named(part.id)}") for part in article.parts)
    return [Button(name, str(Payload("d", payload))) for name, payload in names]


def extras(article: Article, library: Library) -> Iterator[Button]:
    """Yield what an article offers beside related ones: its checklist, and each reader's part."""
    say = library.phrases.say
    procedure = library.procedures.get(article.head.procedure or "")
    if procedure and procedure.papers:
        yield Button(say("button_checklist"), str(Payload("c", article.id)))
    for place, reader in enumerate(READERS):
        if reader in article.variants:
            yield Button(say(f"button_{reader}"), str(Payload("v", article.id, place)))
