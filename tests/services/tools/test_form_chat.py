"""Whatever is pressed and typed in a form of a chat, there is a way on and nothing is lost."""

import os
import random
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.bootstrap import Services
from services.conversation.reply import Button, Payload, read_payload
from services.settings import ROOT
from services.tools.form_chat import FormChat, FormTurn
from services.tools.forms import runs
from services.tools.forms.bounds import Value
from services.tools.forms.values import Typed
from tests.conftest import NOON

CHAT = ("telegram", "7")
TYPED = (
    "300 triệu",
    "24 tháng",
    "6,5",
    "0,8",
    "tháng",
    "0",
    "2",
    "có",
    "không",
    "quay lại",
    "bỏ qua",
    "12",
    "abc",
    "Nguyễn Văn Mẫu; 1/2/1980; 048",
    "Trần Thị Mẫu\nLê Văn Mẫu",
    "xong",
    "bỏ dòng cuối",
)
PAPER = "paper-danh-sach-thanh-vien"
STEPS = 40
BLOCK = 20
"""Walks that share a database."""
WALKS = int(os.environ.get("TOOL_CASES", "100")) // 5


@dataclass
class Walker:
    """Presses what is offered, or types something."""

    chat: FormChat
    chance: random.Random

    async def step(self, offered: list[Button]) -> FormTurn | None:
        """Do something that can be done now."""
        if offered and self.chance.random() < 0.6:
            payload = read_payload(self.chance.choice(offered).payload)
            assert payload is not None
            return await self.chat.press(payload)
        return await self.chat.write(self.chance.choice(TYPED))


@pytest.fixture
def content(content: Path) -> Path:
    """Return the small content, with papers and the names of communes."""
    shutil.copytree(ROOT / "content/papers", content / "papers")
    shutil.copy(ROOT / "content/places/communes.yml", content / "places/communes.yml")
    return content


@pytest.fixture
async def chat(services: Services) -> AsyncIterator[FormChat]:
    """Return the forms of one chat."""
    async with services.sessions() as session:
        by = Typed(NOON.date())
        yield FormChat(session, CHAT, services.library, by, NOON, "http://htx.test")


def offered_by(told: FormTurn) -> list[Button]:
    last = told.replies[-1]
    return [*last.buttons, *last.verdicts]


@pytest.mark.parametrize("block", range(-(-WALKS // BLOCK)))
async def test_any_walk_has_a_way_on(chat: FormChat, block: int) -> None:
    """Each turn says something and offers a way on; what was answered stays until it is dropped."""
    for seed in range(block * BLOCK, block * BLOCK + BLOCK):
        await walk(replace(chat, chat=("telegram", str(seed))), seed)
        await chat.session.rollback()


async def walk(chat: FormChat, seed: int) -> None:
    """Press and type at random; every walk is of another chat."""
    walker = Walker(chat, random.Random(seed))  # noqa: S311  # because it only walks
    name = walker.chance.choice(("loan", "loan", "ocop", PAPER))
    told = await chat.begin(name)
    assert told is not None
    offered, answered = offered_by(told), set[str]()
    for _ in range(STEPS):
        turn = await walker.step(offered)
        opened = await runs.opened(chat.session, chat.chat, NOON)
        held = next((run for run in opened if run.form == name), None)
        answers: dict[str, Value] = dict(held.answers) if held else {}
        if turn is not None:
            assert all(reply.lead.strip() for reply in turn.replies), seed
            offered = offered_by(turn) or offered
        fresh = turn is not None and held is not None and held.version == 0
        assert held is None or fresh or answers.keys() >= answered, seed
        answered = set(answers)
        assert held is None or offered, seed
    again = await chat.begin(name, page=1)
    assert again is not None, seed


async def typed(chat: FormChat, *texts: str) -> str:
    """Write one message after another, and return what is asked behind the last."""
    asked = [await chat.write(text) for text in texts][-1]
    assert asked is not None
    return asked.replies[-1].lead


async def test_a_list_is_filled_in_cell_by_cell(chat: FormChat) -> None:
    """A message each, with an example; what is left out stays empty, a slip is asked again."""
    await chat.begin(PAPER)
    first = await typed(chat, "bỏ qua", "bỏ qua", "bỏ qua")
    wrong = await typed(chat, "Nguyễn Văn Mẫu", "hôm nào đó")
    await typed(chat, "5/3/1980", "bỏ qua", "Việt Nam", "Thôn Mẫu", "chính thức")
    back = await typed(chat, "quay lại", "quay lại")
    more = await typed(chat, "Xã Mẫu", "2", "20 triệu", "bỏ qua")
    await typed(chat, "Trần Thị Mẫu", "xong")
    [run] = await runs.opened(chat.session, CHAT, NOON)
    beyond = await typed(chat, "xong")

    assert "Ví dụ: Nguyễn Văn Mẫu" in first
    assert "Ghi một ngày có thật" in wrong
    assert "đang ghi: Thôn Mẫu)" in back
    assert "Dòng 2, nếu còn thì nhắn" in more
    assert run.answers["members"] == [
        "Nguyễn Văn Mẫu; 5/3/1980; ; Việt Nam; Xã Mẫu; Liên kết góp vốn; 20.000.000",
        "Trần Thị Mẫu",
    ]
    assert "Người ký" in beyond


async def test_whole_rows_are_taken_wherever_a_cell_is_asked(chat: FormChat) -> None:
    """They stand below what is there, and the row that was begun is as it was."""
    await chat.begin(PAPER)
    await typed(chat, "bỏ qua", "bỏ qua", "bỏ qua", "Nguyễn Văn Mẫu")
    asked = await typed(chat, "Trần Thị Mẫu; 5/3/1980\nLê Văn Mẫu")
    [run] = await runs.opened(chat.session, CHAT, NOON)

    assert "Dòng 4, nếu còn thì nhắn" in asked
    assert run.answers["members"] == ["Nguyễn Văn Mẫu", "Trần Thị Mẫu; 5/3/1980", "Lê Văn Mẫu"]


async def test_how_long_answers_are_kept_is_chosen(chat: FormChat) -> None:
    """From what is left or has ended; another number of days is none."""
    await chat.begin("loan")
    await typed(chat, "300 triệu")
    left = await chat.write("để sau")
    assert left is not None
    asks = await press(chat, left.replies[0].buttons[-1])
    for button in asks.replies[0].buttons:
        told = await press(chat, button)
    [run] = await runs.opened(chat.session, CHAT, NOON + timedelta(days=4000))
    again = await chat.press(Payload("q", "loan", 4, 99))

    assert [one.label for one in asks.replies[0].buttons[1:]] == [
        "30 ngày",
        "90 ngày",
        "365 ngày",
        "đến khi tôi xóa",
    ]
    assert "đến khi bà con xóa" in told.replies[0].lead
    assert run.keep_days == runs.UNTIL_ERASED
    assert again is not None
    assert again.replies == asks.replies


async def press(chat: FormChat, button: Button) -> FormTurn:
    """Press a button that does something."""
    payload = read_payload(button.payload)
    told = await chat.press(payload) if payload else None
    assert told is not None
    return told


async def test_the_buttons_of_a_result_lose_no_answers(chat: FormChat) -> None:
    """Pressed while the form is filled in anew, they ask whether that is gone on with."""
    told = await chat.begin("loan")
    for text in ("300 triệu", "24 tháng", "6,5", "1", "1", "0", "bỏ qua", "1"):
        told = await chat.write(text)
    assert told is not None
    [done] = [one for one in offered_by(told) if one.payload.endswith(".done")]
    buttons = offered_by(await press(chat, done))
    await chat.begin("loan")
    await chat.write("200 triệu")
    for button in buttons:
        await press(chat, button)
        [held] = await runs.opened(chat.session, CHAT, NOON)
        assert held.answers == {"amount": 200_000_000}
    assert len(buttons) == 3


async def test_of_what_time_a_low_rate_is_is_asked(chat: FormChat) -> None:
    """A press, a word or the whole rate tells; until then nothing is kept."""
    ways = ("month", "tháng", "theo tháng", "của một tháng", "0,8% một tháng")
    for way, rate in [*((one, 9.6) for one in ways), ("năm", 0.8), ("theo năm", 0.8)]:
        await chat.begin("loan", {"amount": 300_000_000, "months": 24})
        asked = await chat.write("0,8")
        assert asked is not None
        buttons = {one.payload.rpartition(".")[2]: one for one in offered_by(asked)}
        told = await (press(chat, buttons[way]) if way in buttons else chat.write(way))
        [held] = await runs.opened(chat.session, CHAT, NOON)

        assert "là của một tháng hay một năm" in asked.replies[0].lead
        assert [one.label for one in asked.replies[0].buttons] == ["Một tháng", "Một năm"]
        assert told is not None
        assert held.answers["rate"] == rate


async def test_a_score_sheet_is_outlined_before_it_begins(chat: FormChat) -> None:
    """How many questions, which are of which part, which hold a mandatory box."""
    told = [await chat.begin("ocop"), *[await chat.write(one) for one in ("nước mắm", "9")]]
    first, gate = told[0], told[2]
    assert first is not None
    assert gate is not None

    assert "câu 1**" in first.replies[0].lead
    assert "câu 3/34**" in gate.replies[-1].lead
    assert "A – sản phẩm và sức mạnh cộng đồng: 40 điểm, câu 4–18" in gate.replies[-1].lead
    assert "3 sao: câu 4, " in gate.replies[-1].lead


async def test_one_question_has_one_answer(chat: FormChat) -> None:
    """There is nothing to look over."""
    await chat.begin("office")
    told = await chat.write("Tam Thăng")
    again = await chat.begin("office", page=2)

    assert told is not None
    assert "Phường Bàn Thạch" in told.replies[0].lead
    assert again is not None
    assert "đang ghi: Tam Thăng" in again.replies[0].lead


async def test_a_place_that_is_not_found_is_asked_again(chat: FormChat) -> None:
    """It says so, and the next message is taken for another name."""
    await chat.begin("office")
    none = await typed(chat, "Xyz Uvw")
    found = await typed(chat, "Tam Thăng")

    assert "Không thấy xã" in none
    assert "Xã, phường nào?" in none
    assert "Phường Bàn Thạch" in found
