"""Whatever is written, pressed, read or taken away: a turn replies, and leaves a state behind.

Fifty talks are held; the whole is a thousand, `TOOL_CASES=10000`.
"""

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.bootstrap import Services
from services.conversation.question import Question
from services.conversation.reply import Reply
from services.conversation.state import ConversationState, load_state
from services.conversation.turn import turn
from services.edition import Edition
from services.errors import NluAnswerInvalid, NluUnavailable
from services.knowledge.library import Library
from services.knowledge.loader import load_library
from services.storage.models import Turn
from services.understanding.interpretation import Interpretation, Interpreter
from services.understanding.words import WordReader
from tests.conftest import BARS, NOON
from tests.doubles.citizen import Citizen, withdraw
from tests.doubles.content import ARTICLES, write_content
from tests.doubles.nlu import FakeNlu, reading

INTENTS = (
    *(name.replace("/", ".") for name in ARTICLES),
    *("founding.da-xoa", "smalltalk.greeting", "smalltalk.la", "handoff", "followup"),
    "out_of_scope",
)
WORDS = (
    "hồ sơ",
    "hồ sơ? mấy sao?",
    "1",
    "cái thứ hai",
    "còn ocop thì sao?",
    "À nhầm, ý tôi là sao",
    "Ở Huế hồ sơ gồm gì? OCOP mấy sao?",
    "Hồ sơ của tôi tới đâu rồi?",
    "nói ngắn thôi",
    "cái sau",
    "cái sáu",
    "cảm ơn",
    "giấy thứ hai",
    "đúng rồi",
)
VERBS = "adfkvcstmhunwxpbg-"
TALKS = int(os.environ.get("TOOL_CASES", "500")) // 10

readings = st.one_of(
    st.sampled_from([NluUnavailable, NluAnswerInvalid]),
    st.lists(st.tuples(st.sampled_from(INTENTS), st.floats(0, 1)), max_size=4).map(
        lambda ranked: reading(*sorted(ranked, key=lambda pair: -pair[1]))
    ),
)
payloads = st.builds(
    "{}:{}:{}".format,
    st.sampled_from(VERBS),
    st.sampled_from((*ARTICLES, "x", "ocop")),
    st.integers(0, 9),
)


@dataclass(frozen=True)
class Step:
    """A message or a pressed button, what the NLU makes of it, and what was taken away before."""

    text: str
    payload: str
    read: Interpretation | type[Exception]
    gone: frozenset[str]


steps = st.builds(
    Step,
    text=st.one_of(st.sampled_from(WORDS), st.text(max_size=40)),
    payload=st.one_of(st.just(""), payloads, st.text(max_size=70)),
    read=readings,
    gone=st.frozensets(st.sampled_from(list(ARTICLES))),
)


class ToldNlu:
    """Reads every text as it is told to."""

    def __init__(self, read: Interpretation | type[Exception]) -> None:
        self.read = read

    async def parse(self, text: str, opened: str | None = None) -> Interpretation:
        """Return it, or raise it."""
        del text, opened
        if isinstance(self.read, Interpretation):
            return self.read
        raise self.read


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return the small content, loaded once for all sequences."""
    return load_library(write_content(tmp_path_factory.mktemp("content")))


@pytest.fixture(scope="module")
def words(small: Library) -> WordReader:
    """Return what reads by the words of all of it, also of what was taken away since."""
    return WordReader.of(small)


@settings(deadline=None, max_examples=TALKS)
@given(taken=st.lists(steps, max_size=6))
def test_any_sequence_of_turns_leads_from_state_to_state(
    small: Library, words: WordReader, taken: Sequence[Step]
) -> None:
    """No turn raises; each says something and remembers what was said last."""
    state = ConversationState()
    for step in taken:
        result = asyncio.run(turn(state, *_asked(small, words, step), NOON))
        state = result.state

        assert result.reply.lead
        assert state.offered == result.reply.offered
        assert set(result.reply.articles) <= set(small.articles) - step.gone


def _asked(small: Library, words: WordReader, step: Step) -> tuple[Question, Edition]:
    left = {name: one for name, one in small.articles.items() if name not in step.gone}
    interpreter = Interpreter(ToldNlu(step.read), words, BARS)
    question = Question("web", "a", "" if step.payload else step.text, step.payload)
    return question, Edition(replace(small, articles=left), interpreter)


async def test_every_turn_of_a_long_talk_saves_its_state(services: Services, nlu: FakeNlu) -> None:
    """What a next message finds is what the last reply left, whatever came of it."""
    dice = random.Random(11)  # noqa: S311  # because it picks test messages, no secrets
    citizen = Citizen(services)
    for word in WORDS:
        nlu.table[word] = reading(("founding.ho-so", 0.4), ("ocop.ho-so", 0.3))
    article = None
    for number in range(40):
        if number == 20:
            withdraw(services, "founding/ho-so")
        nlu.down = dice.random() < 0.2
        reply = await _one(citizen, dice)
        article = reply.articles[-1] if reply.articles else article
        async with services.sessions() as session:
            kept = (await load_state(session, Question("web", "a"), NOON)).state
            turns = await session.scalar(select(func.count()).select_from(Turn))

        assert (kept.article, kept.offered, turns) == (article, reply.offered, number + 1)


async def _one(citizen: Citizen, dice: random.Random) -> Reply:
    if dice.random() < 0.3:
        return await citizen.press(f"{dice.choice(VERBS)}:{dice.choice(list(ARTICLES))}")
    return await citizen.say(dice.choice(WORDS))
