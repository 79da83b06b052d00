"""Awaiting: whoever asked what nobody could answer may be told, once, when somebody can.

The wish is a button under the decline; it is kept with its question, masked, as long as questions
are, and ends when it was told, taken back or erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Select, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import day_of
from services.conversation.composer import Composer
from services.conversation.plain import literal
from services.conversation.question import Question
from services.conversation.reply import Button, Payload, Reply, read_payload
from services.conversation.state import ConversationState, TurnResult
from services.knowledge.library import Library
from services.notices import notices
from services.staff import audit, stops
from services.storage.dialects import insert
from services.storage.models import Awaited, Chat, GapQuestion, KeptGap, Turn, TurnArticle

PURPOSE = "answers"
"""What whoever wants to hear agrees to."""
_DIGITS = 16
_LATEST = 60
"""Turns of a talk among which the question is looked for."""
_QUOTED = 200


def known_by(text: str) -> str:
    """Return by what a question, masked, is known again."""
    return sha256(" ".join(text.split()).casefold().encode()).hexdigest()[:_DIGITS]


def offered(question: Question, result: TurnResult) -> TurnResult:
    """Return a decline with a button under it that asks to be told when there is an answer."""
    if not (result.reply.unknown and result.asked and question.is_alone):
        return result
    label = result.library.phrases.say("button_await")
    button = Button(label, str(Payload("r", known_by(result.asked))))
    reply = replace(result.reply, buttons=(*result.reply.buttons, button))
    return replace(result, reply=reply)


async def press(
    session: AsyncSession,
    question: Question,
    state: ConversationState,
    library: Library,
    now: datetime,
) -> TurnResult | None:
    """Note what such a button says, and say so; None for any other message."""
    pressed = read_payload(question.payload)
    if pressed is None or pressed.verb != "r":
        return None
    act = _wish if pressed.name else _take_back
    reply = await act(session, question.chat, library, now, pressed.name)
    return TurnResult(reply, library, state)


async def is_awaited(session: AsyncSession, channel: str, key: str) -> bool:
    """Say whether a conversation waits to hear of an answer."""
    waits = exists().where(
        Awaited.channel == channel, Awaited.key == key, Awaited.told_at.is_(None)
    )
    return bool(await session.scalar(select(waits)))


async def _wish(
    session: AsyncSession, chat: Chat, library: Library, now: datetime, asked: str
) -> Reply:
    channel, key = chat
    mine = select(Turn.text).where(Turn.channel == channel, Turn.key == key, Turn.text != "")
    latest = await session.scalars(mine.order_by(Turn.id.desc()).limit(_LATEST))
    text = next((one for one in latest if known_by(one) == asked), None)
    say = library.phrases.say
    if text is None:
        return Composer(library, day_of(now)).stale()
    wording = say("await_wording")
    await notices.agree(session, chat, PURPOSE, now, given=True, wording=wording)
    row = {"channel": channel, "key": key, "asked": asked, "text": text, "at": now}
    anew = {"text": text, "at": now, "told_at": None}
    wish = insert(session, Awaited).values(**row)
    names = ["channel", "key", "asked"]
    await session.execute(wish.on_conflict_do_update(index_elements=names, set_=anew))
    told = say("await_noted", question=literal(text[:_QUOTED]))
    undo = Button(say("button_await_not"), str(Payload("r")))
    return Reply("smalltalk", told, buttons=(undo,), confidence=1.0)


async def _take_back(
    session: AsyncSession, chat: Chat, library: Library, now: datetime, _asked: str
) -> Reply:
    say, (channel, key) = library.phrases.say, chat
    await notices.agree(session, chat, PURPOSE, now, given=False, wording=say("button_await_not"))
    await session.execute(delete(Awaited).where(Awaited.channel == channel, Awaited.key == key))
    return Reply("smalltalk", say("await_taken_back"), confidence=1.0)


@dataclass(frozen=True)
class _Answer:
    """An article that answers a gap, as those who asked are told of it."""

    library: Library
    article: str
    now: datetime

    def text(self, wish: Awaited) -> str:
        """Return what one of them is told: their own question first."""
        composer = Composer(self.library.served(day_of(self.now)), day_of(self.now))
        reply = composer.article(self.article)
        return self.library.phrases.say(
            "answered_now",
            day=f"{day_of(wish.at):%d/%m/%Y}",
            question=literal(wish.text[:_QUOTED]),
            title=self.library.articles[self.article].head.title,
            lead=reply.lead,
            sources=[literal(line) for line in reply.source_lines],
        ).strip()

    @property
    def buttons(self) -> Sequence[tuple[str, str]]:
        """What stands below it."""
        say = self.library.phrases.say
        more = (say("button_answer"), str(Payload("a", self.article)))
        return more, (say("button_await_not"), str(Payload("r")))


async def tell_answered(session: AsyncSession, library: Library, now: datetime) -> int:
    """Tell those who wait of every gap whose article is served by now; return how many.

    An article that was there before counts as published once it says something else, or knows one
    of the gap's questions. Nobody is told while staff have stopped answers; later they are.
    """
    if await stops.find(session, "answers") is not None:
        return 0
    linked = select(KeptGap).where(KeptGap.state == "linked").order_by(KeptGap.id)
    count = 0
    for gap in await session.scalars(linked):
        if await _is_published(session, gap, library):
            count += await tell(session, gap, library, now, audit.SYSTEM)
    return count


async def tell(
    session: AsyncSession, gap: KeptGap, library: Library, now: datetime, by: str
) -> int:
    """Tell those who wait for a gap of the article that answers it, each once; return how many.

    Whoever was given that article since they asked knows already.
    """
    mine = and_(KeptGap.id == gap.id, KeptGap.state == "linked")
    done = update(KeptGap).where(mine).values(state="told", changed_at=now)
    article, since = gap.article, gap.changed_at or gap.created_at
    if article is None or (await session.execute(done.returning(KeptGap.id))).first() is None:
        return 0
    answer, count, seen = _Answer(library, article, now), 0, set[Chat]()
    cause = f"gap {gap.id} of {since:%y%m%d%H%M%S}"
    for wish, knows in (await session.execute(_wishes(gap.id, article))).all():
        chat = (wish.channel, wish.key)
        wish.told_at = now
        if not knows and chat not in seen:
            seen.add(chat)
            given = {"purpose": PURPOSE, "buttons": answer.buttons}
            count += await notices.queue(session, chat, cause, answer.text(wish), now, **given)  # type: ignore[arg-type]  # because the values fit by name
    await session.execute(
        update(KeptGap).where(KeptGap.id == gap.id).values(told=KeptGap.told + count)
    )
    audit.note(session, now, by, "gap.told", f"gap {gap.id}", article=article, told=count)
    return count


async def _is_published(session: AsyncSession, gap: KeptGap, library: Library) -> bool:
    article = library.articles.get(gap.article or "")
    if article is None or article.hash != gap.before:
        return article is not None
    asked = set(map(known_by, article.questions))
    held = await session.scalars(select(GapQuestion.asked).where(GapQuestion.gap_id == gap.id))
    return not asked.isdisjoint(held)


def _wishes(gap: int, article: str) -> Select[Awaited, bool]:
    """Select the wishes of a gap that were not told, and whether its article was read since."""
    given = (
        select(Turn.id)
        .join(TurnArticle, TurnArticle.turn_id == Turn.id)
        .where(
            Turn.channel == Awaited.channel,
            Turn.key == Awaited.key,
            Turn.at > Awaited.at,
            TurnArticle.article == article,
        )
        .exists()
    )
    theirs = exists().where(
        GapQuestion.gap_id == gap,
        GapQuestion.channel == Awaited.channel,
        GapQuestion.key == Awaited.key,
        GapQuestion.asked == Awaited.asked,
    )
    waiting = select(Awaited, given).where(theirs, Awaited.told_at.is_(None))
    return waiting.order_by(Awaited.at, Awaited.channel, Awaited.key)
