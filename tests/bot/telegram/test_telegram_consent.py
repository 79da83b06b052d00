"""Consent in Telegram: known by the words that were asked, whatever marks stand in them."""

from pathlib import Path

import pytest

from services.bootstrap import Services
from tests.doubles.bot_api import BotApi
from tests.doubles.people import ledger, only_person
from tests.doubles.phone import ME, Phone

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def content(content: Path) -> Path:
    """Return the content with marks in every sentence that a yes answers."""
    path = content / "phrases/people.yml"
    text = path.read_text(encoding="utf-8")
    for words in ("Bà con có đồng ý", "Bấm vào chủ đề", "Đã dừng, bà con"):
        assert words in text
        text = text.replace(words, f"**{words}**")
    path.write_text(text, encoding="utf-8")
    return content


async def test_yes_under_words_with_marks_counts(phone: Phone, services: Services) -> None:
    """The ledger keeps the words as they were read."""
    message = await phone.start()
    await phone.tap(message, "Bỏ qua")
    shown = await phone.tap(message, "Bỏ qua")
    await phone.tap(message, "Nhận tất cả")

    async with services.sessions() as session:
        [(given, wording)] = await ledger(session)
    assert given
    assert wording in shown
    assert (await only_person(services)).agreed


async def test_ticking_under_words_with_marks_counts(phone: Phone, services: Services) -> None:
    """The first topic that is ticked is a yes to it."""
    message = await phone.start()
    for label in ("Bỏ qua", "Bỏ qua", "Chọn chủ đề", "⬜ Đăng ký sản phẩm OCOP"):
        await phone.tap(message, label)

    assert (await only_person(services)).agreed


async def test_taking_back_a_no_under_words_with_marks_counts(
    phone: Phone, services: Services
) -> None:
    """“Nhận lại” takes back what was stopped a moment ago."""
    await phone.say("/nhantin")
    await phone.tap(await phone.say("/dungtin"), "Nhận lại")

    assert (await only_person(services)).agreed


async def test_yes_to_words_that_changed_is_asked_again(
    api: BotApi, phone: Phone, services: Services
) -> None:
    """A button that was made under other words than today's agrees to nothing."""
    message = await phone.start()
    edited = len(api.called("editMessageText"))
    api.press(ME, message, "p:yes")
    await api.until(lambda: len(api.called("editMessageText")) > edited)

    assert "/dungtin" in message.text
    assert not (await only_person(services)).agreed
