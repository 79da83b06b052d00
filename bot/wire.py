"""A reply as the JSON object of the contract, the same over HTTP and in the terminal."""

from dataclasses import asdict
from typing import Any

from services.conversation.plain import plain_reply
from services.conversation.state import TurnResult


def as_json(answered: TurnResult) -> dict[str, Any]:
    """Return outcome, articles, text, citations, buttons, confidence and milliseconds."""
    reply, phrases = answered.reply, answered.library.phrases
    text = plain_reply(reply, sources=phrases.say("sources"), next_step=phrases.say("next_step"))
    return {
        "outcome": reply.outcome,
        "article": reply.article,
        "articles": list(reply.articles),
        "degraded": reply.degraded,
        "text": text,
        "citations": [asdict(citation) for citation in reply.citations],
        "buttons": [asdict(button) for button in (*reply.buttons, *reply.verdicts)],
        "confidence": round(reply.confidence, 4),
        "ms": answered.ms,
    }
