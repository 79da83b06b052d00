"""What a choice opens: a button, a number of a list, a yes to what was asked back."""

from dataclasses import replace

from services.conversation.composer import Composer
from services.conversation.policy import AnswerArticle, answering
from services.conversation.reply import Reply, read_payload
from services.conversation.scope import within_scope
from services.conversation.state import ConversationState
from services.conversation.trail import offered_last
from services.understanding.parts import PartIndex, order


def choose(payload: str, state: ConversationState, composer: Composer, parts: PartIndex) -> Reply:
    """Return what a button brings; an article that was asked back about answers its question.

    A decline came instead: what stands under that is told as it is, else it declined again.
    """
    pressed, offered = read_payload(payload), state.offered
    if payload in state.choices and not state.declines:
        offered = (*offered, *offered_last(state.trail))
    if pressed and pressed.verb == "a" and pressed.name in offered:
        return chosen(pressed.name, state, composer, parts)
    if pressed and pressed.verb == "h":
        return composer.handoff(article=state.article)
    return composer.pressed(payload)


def chosen(name: str, state: ConversationState, composer: Composer, parts: PartIndex) -> Reply:
    """Answer the question that was asked back about: for its place, its figures, by its part.

    Whoever wished had asked for no part yet.
    """
    question = state.question
    decision = within_scope(AnswerArticle(name, 1.0), (question,), composer.library)
    likeness = {} if state.wish else parts.likeness(name, question)
    asked = {name: order([likeness], new=name != state.article)}
    found = composer.work_out(answering(decision), (question,))
    return replace(composer, computed=found).compose(decision, question, asked)
