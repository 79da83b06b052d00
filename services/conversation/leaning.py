"""What the next message may lean on of what was asked: “80” alone asks nothing, “thế” neither."""

from services.conversation.composer import Composer
from services.conversation.quantities import read_quantities
from services.conversation.reply import Reply
from services.conversation.state import ConversationState


def leaned_on(
    text: str, reply: Reply, state: ConversationState, composer: Composer, *, figure: str = ""
) -> str:
    """Return what a question leaves for the next message, once it got this reply.

    A `figure` that was asked for is told behind what asked it. What only asks on about the figures
    of the question before leaves that; what asks anything else of the article that made something
    of them is told behind them, in a line of its own.
    """
    question, opened = state.question, state.article
    if figure:
        return f"{question}. {figure}"
    if reply.leans:
        return f"{question}\n{text}" if reply.tool else question
    told = question.partition("\n")[0]
    goes_on = opened in (reply.article, *reply.offered)
    if opened is None or not goes_on or read_quantities(text, composer.today):
        return text
    return f"{told}\n{text}" if composer.work_out((opened,), (told,)) else text
