"""What an act of talk gets: a reply out of what this conversation was shown before."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from services.conversation.acts import LAST, Act, acts_in
from services.conversation.composer import Composer
from services.conversation.plain import plain_markdown
from services.conversation.policy import AnswerArticle
from services.conversation.reply import Button, Outcome, Payload, Reply, read_payload
from services.conversation.scope import within_scope
from services.conversation.state import ConversationState

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_STANDS_ALONE = 7
"""Words of a sentence that says something by itself: “Được.” does not."""


def reply_to_act(text: str, state: ConversationState, composer: Composer) -> Reply | None:
    """Return the reply to a message about the talk; None to one that asks something."""
    talk = _TalkSoFar(state, composer)
    replies = (talk.reply(act) for act in acts_in(composer.library.acts, text))
    return next(filter(None, replies), None)


def choose(payload: str, state: ConversationState, composer: Composer) -> Reply:
    """Return what a button brings; an article that was asked back about holds for its question."""
    pressed = read_payload(payload)
    if pressed and pressed.verb == "a" and pressed.name in state.offered:
        chosen = AnswerArticle(pressed.name, 1.0)
        decision = within_scope(chosen, (state.question,), composer.library)
        if decision is not chosen:
            return composer.compose(decision, state.question)
    return composer.pressed(payload)


@dataclass(frozen=True)
class _TalkSoFar:
    """A talk as it stands when somebody speaks about it."""

    state: ConversationState
    composer: Composer

    def reply(self, act: Act) -> Reply | None:
        """Return the reply to an act, or None where it means nothing here."""
        reply = _REPLIES.get(act.name)
        return reply(self, act) if reply else None

    def nth(self, act: Act) -> Reply | None:
        """Open the choice of that place among those shown last."""
        choices = self.state.choices
        if not choices:
            return None
        place = len(choices) if act.place == LAST else act.place
        if place > len(choices):
            return self._nothing(act, most=len(choices))
        return choose(choices[place - 1], self.state, self.composer)

    def shorter(self, act: Act) -> Reply:
        """Say the first sentence of the last answer, where it says something by itself."""
        article = self.composer.library.articles.get(self.state.article or "")
        if article is None:
            return self._nothing(act)
        whole = self.composer.article(article.id)
        first = _SENTENCE_END.split(article.short, maxsplit=1)[0]
        alone = len(plain_markdown(first).split()) >= _STANDS_ALONE and not first.count("**") % 2
        return replace(
            whole,
            lead=first if alone else article.short,
            detail="",
            next_step="",
            again=None,
            buttons=(Button(self._say("button_whole"), str(Payload("a", article.id))),),
        )

    def _nothing(self, act: Act, **values: Any) -> Reply:
        """Say that there is nothing to do it with."""
        return self._told(f"act_{act.name}_nothing", "clarify", **values)

    def _told(self, phrase: str, outcome: Outcome = "smalltalk", **values: Any) -> Reply:
        menu = self.composer.menu()
        lead = self._say(phrase, **values)
        return Reply(outcome, lead, buttons=menu.buttons, confidence=1.0)

    def _say(self, phrase: str, **values: Any) -> str:
        return self.composer.library.phrases.say(phrase, **values)


_REPLIES: dict[str, Callable[[_TalkSoFar, Act], Reply | None]] = {
    "nth": _TalkSoFar.nth,
    "shorter": _TalkSoFar.shorter,
}
