"""A ticket from Telegram in the console, on both databases: answered with a file, closed."""

import os
import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, expect

from services.settings import ROOT
from tests.browser.console.conftest import SignedIn
from tests.doubles.beside import Beside, beside
from tests.doubles.bot_api import TOKEN, BotApi, running_bot_api
from tests.doubles.console_house import ConsoleHouse, follow
from tests.doubles.phone import Phone
from tests.doubles.product import HTX

FORM: FilePayload = {
    "name": "Mẫu đơn.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7" + bytes(3_000),
}


@pytest.fixture(scope="module")
def telegram() -> Iterator[tuple[BotApi, Beside]]:
    """Return a Bot API that runs beside the browser."""
    with beside() as loop, loop.open(running_bot_api()) as api:
        yield api, loop


@pytest.fixture
def bot(house: ConsoleHouse, telegram: tuple[BotApi, Beside]) -> Iterator[None]:
    """Have the bot run beside the console, over the same data."""
    folder = house.web.log.parent
    variables = {
        "HTX_DATA_DIR": str(folder / "var"),
        "HTX_CONTENT_DIR": str(folder / "content"),
        "HTX_DATABASE_URL": house.database_url,
        "HTX_NLU_URL": "http://127.0.0.1:9",
        "HTX_TELEGRAM_TOKEN": TOKEN,
        "HTX_TELEGRAM_BASE_URL": telegram[0].base_url,
        "HTX_WEB_PORT": str(house.web.port),
    }
    with (folder / "telegram.log").open("wb") as log:
        process = subprocess.Popen(
            [HTX, "telegram"], cwd=ROOT, env=os.environ | variables, stdout=log, stderr=log
        )
        yield
        process.terminate()
        process.wait(20)


@pytest.mark.usefixtures("bot")
def test_a_ticket_from_telegram(
    house: ConsoleHouse, telegram: tuple[BotApi, Beside], signed_in: SignedIn
) -> None:
    """It is taken and answered there, arrives in the same chat once, and the bot answers again."""
    api, loop = telegram
    phone = Phone(api)
    opened = loop.do(phone.say("gặp cán bộ"))
    number = re.search(r"phiếu số (\d+)", opened.text)
    assert number, opened.text
    agent = signed_in("agent", name="Lan")
    agent.goto(f"{house.url}/console/inbox")
    follow(agent, agent.get_by_role("button", name=f"Nhận phiếu {number[1]}"))
    assert "Đã chuyển lời này tới cán bộ" in loop.do(phone.say("hồ sơ nộp trễ có sao không")).text
    expect(agent.get_by_role("status").filter(has_text="vừa viết thêm")).to_be_visible()
    agent.reload()
    agent.get_by_label("Trả lời bà con").fill("Nộp trễ vì lũ thì được nhận.")
    agent.get_by_label("Kèm ảnh hay PDF").set_input_files(FORM)
    follow(agent, agent.get_by_role("button", name=f"Gửi bà con phiếu {number[1]}"))
    loop.do(_read(api, phone, "Nộp trễ vì lũ thì được nhận."))
    follow(agent, agent.get_by_role("button", name=f"Khép phiếu {number[1]}"))
    loop.do(_read(api, phone, "khép phiếu"))

    texts = [sent.text for sent in api.chats.sent[phone.chat]]
    [answer] = [text for text in texts if "Nộp trễ vì lũ" in text]
    assert "Cán bộ trả lời" in answer
    assert "Mẫu đơn.pdf" in answer
    assert "chuyển lời" not in loop.do(phone.say("hồ sơ ocop gồm gì")).text


async def _read(api: BotApi, phone: Phone, words: str) -> None:
    await api.until(lambda: any(words in one.text for one in api.chats.sent[phone.chat]))
