"""What an act of talk gets: a reply out of what this conversation was shown before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.conversation.acts import LAST, LATTER, Act, acts_in, return_in
from services.conversation.choices import choose, chosen
from services.conversation.composer import Composer
from services.conversation.computed import NOTHING, Computed
from services.conversation.enquiries import asks
from services.conversation.plain import SENTENCE_END, folded, items_in, plain_markdown
from services.conversation.policy import OfferArticles
from services.conversation.reply import Button, Outcome, Reply, read_payload
from services.conversation.smalltalk import asks_of_open
from services.conversation.state import ConversationState
from services.conversation.steps import step_of
from services.conversation.trail import is_guess, is_list, last_shown, show_again, told_lately
from services.knowledge.act_words import ActName
from services.knowledge.article import Article, Part
from services.knowledge.schema import PartKind
from services.knowledge.search import LexicalIndex
from services.understanding.parts import PartIndex, asked_word_for_word, order

_STANDS_ALONE = 7
"""Words of a sentence that says something by itself: “Được.” does not."""


@dataclass(frozen=True)
class ActReply:
    """What is said to an act of talk."""

    reply: Reply
    sure: bool
    """Whether it is said without asking if an article answers the message."""

    @property
    def greets(self) -> bool:
        """Whether it was only told who speaks: that asks nothing, but of what is open."""
        return self.reply.act == "introduction"

    def wins_over(self, answered: Sequence[str], opened: str | None) -> bool:
        """Say whether it is said though articles answer.

        What asks for an item asks for no part; how this bot sends announcements no article tells.
        Whom to ask is told where an article is only offered.
        """
        goes_on = opened in answered
        insists = self.reply.act == "sending" or (self.reply.act == "item" and bool(answered))
        insists |= self.reply.act == "whom" and not answered
        return insists or (self.greets and not goes_on)


def reply_to_act(
    text: str, state: ConversationState, composer: Composer, parts: PartIndex
) -> ActReply | None:
    """Return the reply to a message about the talk; None to one that asks something.

    So does one that a part of what is open is asked with word for word.
    """
    talk = _TalkSoFar(state, composer, parts)
    if talk.article and asked_word_for_word(talk.article, text) is not None:
        return None
    acts = acts_in(composer.library.acts, text)
    for act in sorted(acts, key=lambda act: (talk.lacks(act), not act.sure)):
        if asks_of_open(act, text, talk.article, composer.library, parts):
            continue
        if talk.lacks(act):
            return ActReply(replace(talk.nothing(act), act=act.name), sure=False)
        if reply := _REPLIES[act.name](talk, act):
            clear = act.clear and not asks(composer.library.cues, text)
            return ActReply(replace(reply, act=act.name), act.sure or clear)
    return None


def resumed(
    text: str, state: ConversationState, composer: Composer
) -> tuple[str, ConversationState]:
    """Return a message and where it stands; one that first goes back is asked of what it names.

    “The first” names nothing that is asked: what stands behind it does.
    """
    back = return_in(composer.library.acts, text)
    if back is None or not asks(composer.library.cues, back.question):
        return text, state
    shown = [read_payload(step) for step in reversed(state.trail)]
    known = composer.library.articles
    told = [known[payload.article] for payload in shown if payload and payload.article in known]
    if told and back.first:
        return back.question, replace(state, article=told[-1].id, offered=())
    named = {one.id: one for one in told if _speaks_of(one, back.named)}
    likest = LexicalIndex.of(named.values()).likeness(" ".join(back.named)).articles
    if not likest:
        return text, state
    return text, replace(state, article=next(iter(likest)), offered=())


@dataclass(frozen=True)
class _TalkSoFar:
    """A talk as it stands when somebody speaks about it."""

    state: ConversationState
    composer: Composer
    parts: PartIndex

    @property
    def article(self) -> Article | None:
        """What was answered last, if it can still be served."""
        return self.composer.library.articles.get(self.state.article or "")

    @property
    def part(self) -> Part | None:
        """The part of that article that was told last, if it was one."""
        shown = read_payload(last_shown(self.state.trail))
        if self.article is None or shown is None or shown.article != self.article.id:
            return None
        return self.article.part(shown.part) if shown.verb == "d" else None

    @property
    def told_last(self) -> str:
        """What was said last of the article: its part, or its short answer."""
        return self.part.text if self.part else self.article.short if self.article else ""

    @property
    def worked_out(self) -> Computed:
        """What a rule made of the figures of the question that the article answered last."""
        if self.article is None or not self.state.question:
            return NOTHING
        return self.composer.work_out((self.article.id,), (self.state.question,))

    @property
    def choices(self) -> tuple[str, ...]:
        """What the buttons shown last carry; before any turn the greeting shows the menu."""
        if self.state == ConversationState():
            return tuple(button.payload for button in self.composer.menu().buttons)
        return self.state.choices

    def lacks(self, act: Act) -> bool:
        """Say whether there is nothing yet that the act could be about."""
        if act.name == "nth" and self.choices:
            most = len(self.choices)
            return most != _TWO if act.place == LATTER else most < act.place
        if act.name in _ANSWERS and not self.state.offered:
            return True  # a yes or a no though nothing was asked
        lacks_article = act.name in _OF_ARTICLE and self.article is None
        lacks_trail = act.name in _OF_TRAIL and not self.state.trail
        return not act.rest and (lacks_article or lacks_trail)

    def yes(self, _: Act) -> Reply:
        """Answer what was asked back about; of a list say again that one is to be chosen."""
        likeliest, *others = self.state.offered
        shown = last_shown(self.state.trail) or "m:"
        if others and not is_guess(shown):
            return show_again(shown, self.composer)
        return chosen(likeliest, self.state, self.composer, self.parts)

    def no(self, act: Act) -> Reply:
        """Ask of the next that may be meant, as of the first; behind the last for other words."""
        known = self.composer.library.articles
        others = tuple(filter(known.__contains__, self.state.offered[1:]))
        if not others or not is_guess(last_shown(self.state.trail)):
            return self.tell(replace(act, name="no"), "clarify")
        asked = self.state.question
        part = {others[0]: order([self.parts.likeness(others[0], asked)], new=True)}
        return self.composer.compose(OfferArticles(others, 0.0), asked, part)

    def nth(self, act: Act) -> Reply | None:
        """Open the choice of that place among those shown last."""
        if not self.choices:
            return None
        place = LAST if act.place in {LAST, LATTER} else act.place - 1
        return choose(self.choices[place], self.state, self.composer, self.parts)

    def item(self, act: Act) -> Reply | None:
        """Say the item of that place in the list that is meant of the last answer, if any.

        Where that lists none, its procedure does: its papers, unless others are named.
        """
        article, library = self.article, self.composer.library
        if article is None:
            return None
        part = self._listing(article, act.of)
        near = step_of(library, article, act.of or "papers") if article.parts else None
        if part is None and near:
            article = library.articles[near[0]]
            part = article.part(near[1])
        items = items_in(part.text if part else "" if article.parts else article.detail)
        place = len(items) if act.place == LAST else act.place
        if not 0 < place <= len(items):
            return None
        told = self._say(f"act_{act.name}", n=place, told=items[place - 1])
        return self._lead_of(article, told, part)

    def _listing(self, article: Article, kind: PartKind | None) -> Part | None:
        """Return the part whose list is meant: the one told last, unless that lists another kind.

        A step is none of the papers, nor a paper one of the steps, whichever stands first.
        """
        kinds = {name: head.kind for name, head in article.head.parts.items()}
        others = _LISTED - {kind} if kind else frozenset()
        told = [self.part] if self.part and kinds.get(self.part.id) not in others else []
        named = [part for part in article.parts if kind and kinds.get(part.id) == kind]
        return next((part for part in (*told, *named) if items_in(part.text)), None)

    def again(self, _: Act) -> Reply:
        """Say once more what was shown last, with what was worked out."""
        composer = replace(self.composer, computed=self.worked_out)
        return show_again(last_shown(self.state.trail), composer)

    def back(self, act: Act) -> Reply | None:
        """Show what was shown before; after a reply that showed nothing what was shown last.

        So it is where nothing was shown before that.
        """
        if act.rest:
            return self._back_to(act.rest)
        before = self.state.trail[:-1]
        return show_again(before[-1], self.composer) if before else self.again(act)

    def back_first(self, _: Act) -> Reply:
        """Show what this talk began with."""
        return show_again(self.state.trail[0], self.composer)

    def back_list(self, _: Act) -> Reply:
        """Show the last list to choose from; the menu where there was none."""
        lists = list(filter(is_list, self.state.trail))
        return show_again(lists[-1], self.composer) if lists else self.composer.menu()

    def menu(self, _: Act) -> Reply:
        """Show the subjects, whatever list there was."""
        return self.composer.menu()

    def shorter(self, _: Act) -> Reply | None:
        """Say the first sentence of the last answer, where it says something by itself.

        Of an answer to somebody's own figures that is what was worked out.
        """
        if self.article is None:
            return None
        if figures := self.worked_out:
            return self._lead_of(self.article, figures.told, self.part)
        first = SENTENCE_END.split(self.told_last, maxsplit=1)[0]
        alone = len(plain_markdown(first).split()) >= _STANDS_ALONE and not first.count("**") % 2
        return self._lead_of(self.article, first if alone else self.told_last, self.part)

    def plainer(self, act: Act) -> Reply | None:
        """Say the short answer alone, and how to ask on about what is still not clear.

        A part has no plainer words, which is said.
        """
        if self.article is None:
            return None
        plain = self.article.head.plain
        told = self.part.text if self.part else plain or self.article.short
        lead = self._say(f"act_{act.name}", told=told, plain=self.part is None)
        reply = self._lead_of(self.article, lead, self.part)
        return replace(reply, buttons=(*reply.buttons, self.composer.ways_on()[1]))

    def more(self, _: Act) -> Reply | None:
        """Say the whole of the last answer, in as many messages as it takes."""
        if self.article is None:
            return None
        return replace(self.composer.whole(self.article.id), again=None)

    def beside(self, act: Act) -> Reply | None:
        """Say what to do next, or the clauses behind it, of what is open; if it was told last."""
        article = self.article
        if article is None or told_lately(self.state.trail[-1:]) != (article.id,):
            return None
        shown = self._lead_of(article, "", self.part)
        step = self.composer.answers.next_step(article.head.next_step)
        told = step if act.name == "next" else "; ".join(shown.source_lines)
        return replace(shown, lead=self._say(f"act_{act.name}", label=article.label, told=told))

    def wrong(self, act: Act) -> Reply:
        """Offer what is near the last answer, where there is something; to an offer it is a no."""
        if self.state.offered:
            return self.no(act)
        near = self._near("a:")
        reply = self.tell(act, "clarify", near=bool(near))
        return replace(reply, buttons=(*near, *self.composer.ways_on())) if near else reply

    def file(self, act: Act) -> Reply:
        """Say that no file can be sent, and where the forms of the last answer are."""
        library = self.composer.library
        named = self.article.head.procedure if self.article else None
        procedure = library.procedures.get(named or "")
        forms = library.filler.forms_of(procedure) if procedure else ""
        near = self._near("a:", "c:")
        reply = self.tell(act, forms=forms, near=bool(near))
        return replace(reply, detail=forms, buttons=(*near, *self.composer.ways_on()))

    def phone(self, act: Act) -> Reply:
        """Say that nobody calls back from here, and whom to call."""
        reply = self.person(act)
        return replace(reply, lead=f"{self._say(f'act_{act.name}')}\n\n{reply.lead}")

    def person(self, _: Act) -> Reply:
        """Name the offices."""
        return self.composer.handoff(article=self.state.article)

    def whom(self, act: Act) -> Reply | None:
        """Say whom to ask about what is open, if that is what is named."""
        if act.rest and not (self.article and _speaks_of(self.article, act.rest)):
            return None
        return self.composer.whom(self.state.article)

    def courtesy(self, act: Act) -> Reply:
        """Say the act's sentence, and leave what was shown before where it is."""
        return replace(self.tell(act), buttons=self.composer.ways_on()[:1])

    def unable(self, act: Act) -> Reply:
        """Say what can't be done, and the way that there is."""
        return replace(self.tell(act), buttons=self.composer.ways_on())

    def tell(self, act: Act, outcome: Outcome = "smalltalk", **values: Any) -> Reply:
        """Say the act's sentence, above the menu."""
        lead = self._say(f"act_{act.name}", **values)
        return Reply(outcome, lead, buttons=self.composer.menu().buttons)

    def nothing(self, act: Act) -> Reply:
        """Say that there is nothing to do it with, above the menu; a list stays to choose from."""
        lead = self._say(f"act_{act.name}_nothing", most=len(self.choices))
        buttons = () if act.name == "nth" else self.composer.menu().buttons
        return Reply("clarify", lead, buttons=buttons)

    def _back_to(self, words: tuple[str, ...]) -> Reply | None:
        """Show the article that speaks of these words among those shown, the latest first."""
        for step in reversed(self.state.trail):
            shown = read_payload(step)
            article = self.composer.library.articles.get(shown.article if shown else "")
            if article and _speaks_of(article, words):
                return show_again(step, self.composer)
        return None

    def _lead_of(self, article: Article, lead: str, part: Part | None) -> Reply:
        """Return the reply of an article, or its part, with this alone in it, and the whole."""
        whole = self.composer.answers.to_whole(article.id)
        shown = self.composer.article(article.id, parts=(part.id,) if part else ())
        return replace(shown, lead=lead, detail="", next_step="", again=None, buttons=(whole,))

    def _near(self, *kinds: str) -> tuple[Button, ...]:
        """Return the buttons of these kinds that the last answer had."""
        had = self.composer.article(self.article.id).buttons if self.article else ()
        return tuple(button for button in had if button.payload.startswith(kinds))

    def _say(self, phrase: str, **values: Any) -> str:
        return self.composer.library.phrases.say(phrase, **values)


def _speaks_of(article: Article, words: Sequence[str]) -> bool:
    """Say whether all these words stand in an article: one alone may be of any."""
    return set(words) <= set(folded(article.raw).split())


_TWO = 2
_LISTED: frozenset[PartKind | None] = frozenset({"papers", "steps", "who"})
"""The kinds of parts whose lists people call by a name of their own."""
_ANSWERS = {"yes", "no"}
_OF_ARTICLE = {"shorter", "plainer", "more"}
_OF_TRAIL = {"again", "back", "back_first"}
_UNABLE: tuple[ActName, ...] = (
    *("picture", "reminder", "voice", "letters", "news", "sending", "erasure", "dossier"),
)
_REPLIES: Mapping[ActName, Callable[[_TalkSoFar, Act], Reply | None]] = {
    **dict.fromkeys(_UNABLE, _TalkSoFar.unable),
    "yes": _TalkSoFar.yes,
    "no": _TalkSoFar.no,
    "nth": _TalkSoFar.nth,
    "item": _TalkSoFar.item,
    "again": _TalkSoFar.again,
    "back": _TalkSoFar.back,
    "back_first": _TalkSoFar.back_first,
    "back_list": _TalkSoFar.back_list,
    "menu": _TalkSoFar.menu,
    "shorter": _TalkSoFar.shorter,
    "plainer": _TalkSoFar.plainer,
    "more": _TalkSoFar.more,
    "next": _TalkSoFar.beside,
    "thanks": _TalkSoFar.courtesy,
    "goodbye": _TalkSoFar.courtesy,
    "anger": _TalkSoFar.tell,
    "abilities": _TalkSoFar.tell,
    "introduction": _TalkSoFar.tell,
    "identity": _TalkSoFar.courtesy,
    "sign": _TalkSoFar.tell,
    "wrong": _TalkSoFar.wrong,
    "file": _TalkSoFar.file,
    "phone": _TalkSoFar.phone,
    "person": _TalkSoFar.person,
    "whom": _TalkSoFar.whom,
    "source": _TalkSoFar.beside,
}
