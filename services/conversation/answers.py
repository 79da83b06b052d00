"""Replies out of an article: its lead, one of its parts, all of it, its checklist.

The words come from the library, never from here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.conversation.cited import line_of, shown
from services.conversation.computed import NOTHING, Computed
from services.conversation.gazetteer import holds_any, phrases_of, words_of
from services.conversation.plain import plain_markdown
from services.conversation.reply import Button, Payload, Reply, to_dossier, to_part
from services.conversation.screen import fits, is_line
from services.knowledge.article import Article, Part, joined
from services.knowledge.beliefs import belief_in
from services.knowledge.library import Library
from services.knowledge.place_names import Office
from services.knowledge.schema import READERS, Citation
from services.understanding.parts import LEAD

MOST_EXTRAS = 3
"""Buttons under an answer beside those of related articles."""
_MOST_OTHERS = 2
"""Buttons under an answer to what else may be meant."""
MOST_PARTS = 4
"""Buttons to parts under a lead or a part: two rows on a phone."""


@dataclass(frozen=True)
class AnswerWriter:
    """Writes what the articles of a library say, as of a day."""

    library: Library
    today: date
    computed: Computed = NOTHING
    """What was worked out from the figures in the message: it opens the answer."""
    goes_on: str | None = None
    """The article that was answered before the few words that are answered now, if they are that:
    whoever asks on wants a line, not a screen."""

    @property
    def _asks_on(self) -> bool:
        return self.goes_on is not None

    def told(
        self,
        article: Article,
        order: Sequence[str] = (LEAD,),
        confidence: float = 1.0,
        belief: int = 0,
    ) -> Reply:
        """Write the lead and parts that were asked for, by their ids, in this order.

        The first is told whole, the others as far as all stand on one screen; what has no room
        there is the first button. A lead among the first two is told before a part that alone has
        no room. Who asks on reads a few lines more than the first, and no next step; of a lead
        behind a part, or behind a sentence that answers, only the condition, which changes what
        that says: behind a part of what is open it was told. It opens with the sentence that
        settles a belief, named by its place from 1. An article without parts is told whole.
        """
        if not article.parts:
            whole = self.whole(article, confidence, belief)
            return replace(whole, again=Payload("a", article.id, belief))
        names = list(dict.fromkeys(name if article.part(name) else LEAD for name in order))
        opening, room = names[:1], is_line if self._asks_on else fits
        if self._asks_on and LEAD in names[1:]:
            names.remove(LEAD)
            untold = article.head.condition and article.id != self.goes_on
            opening = [*names[:1], LEAD] if untold else names[:1]
        told = self._short(article, opening, confidence, belief)
        if LEAD in names[1:2] and not fits(told):
            names = [LEAD, *(name for name in names if name != LEAD)]
            told = self._short(article, names[:1], confidence, belief)
        for name in names[1:]:
            more = self._short(article, (*told.told, name), confidence, belief)
            told = more if room(more) else told
        wanted = [name for name in names if name not in {*told.told, LEAD}]
        return replace(told, buttons=self._around(article, told.told, wanted))

    def _short(
        self, article: Article, names: Sequence[str], confidence: float, belief: int
    ) -> Reply:
        """Write the lead and parts of these ids one below the other, each with its sources."""
        first, *others = names
        part, again = article.part(first), Payload("a", article.id, belief)
        if part:
            again = to_part(article.id, part.id, belief)
        settles = article.settles(belief)
        lead = self.settled(self._opening(article, part, settles), settles)
        detail = "\n\n".join(self._beside(article, name) for name in others)
        late = self.computed.late
        step = "" if part or self._asks_on or late else article.head.next_step
        return replace(
            self._reply(article, joined(self.cited_by(article, names))),
            lead=lead,
            detail=detail,
            next_step=self.next_step(step, lead, detail),
            again=again,
            part=part.id if part else None,
            told=tuple(names),
            buttons=self._around(article, names),
            verdicts=self._verdicts(again.name),
            confidence=confidence,
        )

    def _around(
        self, article: Article, told: Sequence[str], wanted: Sequence[str] = ()
    ) -> tuple[Button, ...]:
        """Return the buttons under what is told; to what was wanted too come first."""
        to_parts = self._to_parts(article, told, wanted)
        return (*to_parts, *self._to_checklist(article, told), *self._ways_on(article))

    def _opening(self, article: Article, part: Part | None, settles: str = "") -> str:
        """Write a part under its name, or the lead; what holds for it where a sentence answers."""
        if part:
            return self.say("part", label=article.label, name=part.name, told=part.text)
        worked_out = self.computed.told and not self.computed.asks
        if self._asks_on and (settles or worked_out):
            return article.head.condition or ""
        return self._lead(article)

    def _beside(self, article: Article, name: str) -> str:
        part = article.part(name)
        if part is None:
            return article.head.condition or "" if self._asks_on else self._lead(article)
        return self.say("part_beside", name=part.name, told=part.text)

    def _lead(self, article: Article) -> str:
        return self.say("lead", told=article.short, condition=article.head.condition)

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
        told = self._instead(
            article,
            Payload("c", article.id),
            lead=self.say("procedure_checklist_lead", title=procedure.title),
            detail=self.library.filler.checklist(procedure),
            **self.sources(procedure.citations),
        )
        keep = Button(self.say("dossier_save"), str(to_dossier(article.head.procedure or "")))
        return replace(told, buttons=(keep, *told.buttons))

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
        each = [(article, parts.get(article.id, (LEAD,))[0]) for article in articles]
        told = [self._shortly(article, name) for article, name in each]
        cited = [c for article, name in each for c in self.cited_by(article, (name,))]
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

    def _shortly(self, article: Article, name: str) -> str:
        """Return the short answer of an article under its heading, or the part asked for."""
        part = article.part(name)
        if part is None:
            return self.say("one_of_several", title=article.head.title, short=article.short)
        return self._opening(article, part)

    def button(self, article: Article, asked: str = "") -> Button:
        """Return the button to an article; what was asked tells which belief it settles first."""
        belief = belief_in(article.head.beliefs, asked)
        return Button(article.head.title, str(Payload("a", article.id, belief)))

    def buttons(self, names: Iterable[str], asked: str = "") -> tuple[Button, ...]:
        """Return the buttons to those of the articles that there are."""
        known = (self.library.articles.get(name) for name in names)
        return tuple(self.button(article, asked) for article in known if article)

    def naming(self, reply: Reply, others: Mapping[str, str], asked: str) -> Reply:
        """Return an answer with buttons to what else may be meant, in the place of a neighbour.

        Each leads to the part that was asked of it, and is told of as that. And in the place of the
        last parts: one button more than under any answer would stick out of a phone.
        """
        named = []
        for name, part in tuple(others.items())[:_MOST_OTHERS]:
            article = self.library.articles[name]
            button, other = self.button(article, asked), article.part(part)
            leads = str(to_part(name, part)) if other else button.payload
            named.append(Button(self.say("button_other", label=article.label), leads))
        *ways, person = (one for one in reply.buttons if not one.payload.startswith("a:"))
        crowded = [one for one in ways if one.payload.startswith("d:")][MOST_PARTS - len(named) :]
        kept = (one for one in ways if one not in crowded)
        told = (*reply.told, *(f"{name}#{part}" for name, part in others.items()))
        return replace(reply, buttons=(*kept, *named, person), told=told)

    def counting_sets(self, reply: Reply, asked: str) -> Reply:
        """Return an answer that tells papers; opened by how many sets, where that is asked."""
        article = self.library.articles.get(reply.article or "")
        part = article.head.parts.get(reply.part or "") if article else None
        procedure = self.library.procedures.get((article and article.head.procedure) or "")
        sets = procedure.terms.get("so_bo") if procedure else None
        papers = part is not None and part.kind == "papers"
        if not (papers and sets and holds_any(words_of(asked), phrases_of(self.library.cues.sets))):
            return reply
        return reply.opened_by(self.say("papers_sets", sets=sets))

    def to_whole(self, name: str) -> Button:
        """Return the button to all of an article."""
        return Button(self.say("button_whole"), str(Payload("f", name)))

    def to_person(self) -> Button:
        """Return the button to those who can be asked."""
        return Button(self.say("button_person"), str(Payload("h")))

    def settled(self, told: str, *sentences: str) -> str:
        """Open an answer with the sentences that it does not open with already.

        What was worked out from the person's own figures stands behind them.
        """
        wanted = list(filter(None, dict.fromkeys(sentences)))
        opening = plain_markdown(told) if wanted else ""
        new = [s for s in wanted if not opening.startswith(s)]
        computed = self.computed.told
        return self.say("settled", settles=" ".join(new), computed=computed, told=told).strip()

    def sources(self, citations: Iterable[Citation]) -> dict[str, Any]:
        """Return what a reply cites, and a line on each; first what was worked out rests on."""
        if self.computed:
            citations = joined((*self.computed.citations, *citations))
        known, today = self.library, self.today
        cited = tuple(shown(known.sources[one.source], one, today) for one in citations)
        return {"citations": cited, "source_lines": tuple(line_of(c, known, today) for c in cited)}

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
        tools = tuple(self._to_tools(article))
        return (*self._related(article), *others[: MOST_EXTRAS - len(tools)], *tools)

    def _related(self, article: Article) -> tuple[Button, ...]:
        known = (self.library.articles.get(name) for name in article.head.related)
        return tuple(self.button(other) for other in known if other)

    def cited_by(self, article: Article, names: Sequence[str]) -> Iterator[Citation]:
        """Yield what stands behind parts and the lead; behind one without, its procedure's."""
        procedure = self.library.procedures.get(article.head.procedure or "")
        for name in names:
            head = article.head.parts.get(name)
            if head is None:
                yield from article.head.citations
            else:
                yield from head.citations or (procedure.citations if procedure else ())

    def _to_parts(
        self, article: Article, told: Sequence[str], wanted: Sequence[str]
    ) -> list[Button]:
        """Return the buttons to parts: those wanted, those after what is told, the others."""
        buttons, ids = part_buttons(article), [part.id for part in article.parts]
        shown = {ids.index(name) for name in told if name in ids}
        after = max(shown, default=-1)
        order = [*map(ids.index, wanted), *range(after + 1, len(ids)), *range(after)]
        return [buttons[at] for at in dict.fromkeys(order) if at not in shown][:MOST_PARTS]

    def _to_checklist(self, article: Article, told: Iterable[str]) -> Iterator[Button]:
        """Yield the button to the list that is ticked off, where the papers were told."""
        heads = [article.head.parts[name] for name in told if name in article.head.parts]
        if any(head.kind == "papers" for head in heads):
            for button in extras(article, self.library):
                if button.payload.startswith("c:"):
                    yield button

    def _ways_on(self, article: Article) -> Iterator[Button]:
        """Yield the buttons to all of an article, to its tool or what is nearest, and to a person.

        With both the reply would stick out of a phone.
        """
        yield self.to_whole(article.id)
        known = (self.library.articles.get(name) for name in article.head.related)
        near = (Button(one.label, str(Payload("a", one.id))) for one in known if one)
        yield from tuple(self._to_tools(article)) or tuple(near)[:1]
        yield self.to_person()

    def to_tool(self, name: str) -> Iterator[Button]:
        """Yield the button that begins a tool, where it asks questions of its own."""
        if form := self.library.tools.get(name):
            yield Button(form.begin, str(Payload("q", name)))

    def _to_tools(self, article: Article) -> Iterator[Button]:
        for tool in self.library.beginnings.tools:
            if article.id in tool.articles:
                yield from self.to_tool(tool.tool)

    def _verdicts(self, name: str) -> tuple[Button, ...]:
        return (
            Button(self.say("button_useful"), str(Payload("u", name))),
            Button(self.say("button_not_useful"), str(Payload("n", name))),
        )

    def _notices(self, article: Article) -> Iterable[str]:
        if article.head.verification != "verified" and article.id != self.goes_on:
            yield self.say(f"answered_{article.head.verification}")


def part_buttons(article: Article) -> list[Button]:
    """Return the buttons to the parts of an article, in their order."""
    return [Button(part.name, str(to_part(article.id, part.id))) for part in article.parts]


def first_to(article: Article, name: str, buttons: Sequence[Button]) -> tuple[Button, ...]:
    """Return buttons under an article with the one to a part of it before the others."""
    own = str(to_part(article.id, name))
    to_it = tuple(one for one in part_buttons(article) if one.payload == own)
    return (*to_it, *(one for one in buttons if one.payload != own))


def extras(article: Article, library: Library) -> Iterator[Button]:
    """Yield what an article offers beside related ones: its checklist, and each reader's part."""
    say = library.phrases.say
    procedure = library.procedures.get(article.head.procedure or "")
    if procedure and procedure.papers:
        yield Button(say("button_checklist"), str(Payload("c", article.id)))
    for place, reader in enumerate(READERS):
        if reader in article.variants:
            yield Button(say(f"button_{reader}"), str(Payload("v", article.id, place)))
