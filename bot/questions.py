"""Questions: what every face asks in the same way."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.state import TurnResult, load_state, save_turn
from services.conversation.turn import turn


async def answer(question: Question, session: AsyncSession, app: Services) -> TurnResult:
    """Answer a question out of the edition that is served now, and leave its turn in the session.

    While it is read, the session holds no connection.
    """
    now = app.now()
    stored = await load_state(session, question, now)
    await session.commit()  # gives the connection to others: a question may be read for long
    current = app.current
    edition = await current.settled() if question.text else current.edition
    result = await turn(stored.state, question, edition, now)
    save_turn(session, question, stored, result, now)
    app.meters.answered(question.channel, result)
    return result
