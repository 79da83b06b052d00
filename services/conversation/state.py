"""Where a conversation stands between two messages: all that a turn knows of those before it."""

from dataclasses import dataclass

from services.conversation.question import Question
from services.conversation.reply import Reply


@dataclass(frozen=True)
class ConversationState:
    """What was answered last, what was asked back, and what was asked before."""

    article: str | None = None
    """The article that answered last."""
    offered: tuple[str, ...] = ()
    """The articles that the last reply asked back about, in the order of their buttons."""
    question: str = ""
    """The question before, masked."""
    shown: str = ""
    """The version of an article that this conversation read last, where its verdict is pressed."""

    @property
    def open_article(self) -> str | None:
        """The article that a message is read beside: the first of those offered, or the last."""
        return self.offered[0] if self.offered else self.article

    def after(self, question: Question, reply: Reply) -> "ConversationState":
        """Return where the conversation stands once a question got this reply.

        What was asked back is forgotten with the next reply, whatever that is: else “2” would
        choose from a list that has long scrolled away, and nothing would be asked back again.
        """
        return ConversationState(
            article=reply.articles[-1] if reply.articles else self.article,
            offered=reply.offered,
            question=question.masked or self.question,
        )
