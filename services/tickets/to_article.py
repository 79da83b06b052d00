"""From a reply to an article: what an agent answered once becomes the draft of what all are told.

The draft lacks what an agent does not know, its source above all; whoever writes articles finishes
it, and another approves it, as any other.
"""

import re
from collections.abc import Sequence

from services.conversation.plain import folded
from services.editing import proposals
from services.editing.editor import Editor
from services.editing.proposals import Hand
from services.errors import TicketError
from services.knowledge.article_draft import ArticleDraft, one_line
from services.knowledge.library import Library
from services.knowledge.schema import READERS, TITLE_CHARS
from services.staff import audit
from services.storage.models import Proposal, Ticket, TicketMessage
from services.tickets.counter import Counter

_SLUG_CHARS = 30
_WISH = re.compile(r"^(?:\w+ ){0,3}gặp cán bộ\s*[^\w\s]\W*(?=\w)", re.IGNORECASE)
"""The wish for a person, before the question that is said with it."""


async def begin_article(
    counter: Counter,
    editor: Editor,
    ticket: Ticket,
    message: TicketMessage,
    near: Sequence[str],
) -> Proposal:
    """Begin the draft of an article out of an answer; the question is its first example.

    `near` are the topics of the articles that are nearest to it, the nearest first. Pressed again,
    the draft that is open is returned as it is.

    Raises:
        TicketError: the message is no answer of this ticket.
        ProposalError: there is an article of that name by now.

    """
    if message.ticket_id != ticket.id or message.kind != "answer" or message.article:
        raise TicketError("ticket_no_answer")
    library = await editor.library()
    draft = _draft(ticket, message, library, near)
    text = draft.text(counter.now.date())
    checked = await editor.check(draft.id, text)
    hand = Hand(counter.me.name, counter.now)
    begun = await proposals.begin(counter.session, draft.id, "", text, hand)
    if begun.text == text:
        seen = hand._replace(seen=begun.hash)
        await proposals.save(counter.session, begun, text, checked.findings, seen)
    about = f"ticket {ticket.id}"
    audit.note(
        counter.session, counter.now, counter.me.name, "ticket.article", about, proposal=begun.id
    )
    return begun


def _draft(
    ticket: Ticket, message: TicketMessage, library: Library, near: Sequence[str]
) -> ArticleDraft:
    """Return what is known of the article; the number of the ticket keeps its name its own."""
    question = _WISH.sub("", one_line(ticket.about))
    words = "-".join("".join(filter(str.isalnum, word)) for word in folded(question).split())
    slug = f"{words[:_SLUG_CHARS].strip('-')}-{ticket.id}-{message.id}".strip("-")
    draft = ArticleDraft(
        library,
        topic=_topic(ticket.subject, library, near),
        title=question[:TITLE_CHARS],
        slug="-".join(part for part in slug.split("-") if part),
        readers=list(READERS),
        answer=message.text,
    )
    if question and draft.place_of(question) is None:
        draft.questions.append(question)
    return draft


def _topic(subject: str, library: Library, near: Sequence[str]) -> str:
    """Return the topic of the nearest article, within the ticket's subject where that is known."""
    written = {name: one.subject for name, one in library.topics.items() if one.subject}
    fitting = [name for name, its in written.items() if its == subject] or [*written]
    return next((name for name in near if name in fitting), fitting[0])
