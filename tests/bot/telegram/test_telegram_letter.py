"""A letter in Telegram: which messages it takes, and that the preview is what arrives."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from bot.telegram.carrier import TelegramCarrier
from bot.telegram.letter import CAPTION, TelegramForm
from bot.telegram.markup import units
from bot.telegram.render import WHOLE
from services.announcements.attachments import Attachment, Uploads
from services.announcements.letter import Letter
from services.bootstrap import Services
from services.conversation.reply import Button
from services.storage.models import Upload
from tests.doubles.bot_api import BOT, TOKEN, BotApi

FORM = TelegramForm()
BYTES = {"Ảnh lớp.PNG": b"abc", "thu.pdf": b"abd"}
PICTURE = Attachment("Ảnh lớp.PNG", "photo", hashlib.sha256(BYTES["Ảnh lớp.PNG"]).hexdigest(), 3)
PAPER = Attachment("thu.pdf", "document", hashlib.sha256(BYTES["thu.pdf"]).hexdigest(), 3)
BUTTONS = (Button("Tôi đã đọc", "x:7"), Button("Hỏi thêm", "x:7:1"))


def sizes(letter: Letter) -> list[tuple[int, str | None, bool]]:
    """Return of each message: its text's length, its file, whether it has the buttons."""
    return [
        (len(part.html), part.attachment.name if part.attachment else None, bool(part.buttons))
        for part in FORM.parts(letter)
    ]


def test_text_alone_is_one_message() -> None:
    """With the buttons under it."""
    assert sizes(Letter("Mời.", BUTTONS)) == [(4, None, True)]


def test_short_text_stands_under_its_one_file() -> None:
    """One message, the buttons with it."""
    assert sizes(Letter("a" * CAPTION, BUTTONS, (PICTURE,))) == [(CAPTION, "Ảnh lớp.PNG", True)]


def test_longer_text_comes_before_its_file() -> None:
    """Telegram shows 1,024 characters under a file."""
    letter = Letter("a" * (CAPTION + 1), BUTTONS, (PICTURE,))

    assert sizes(letter) == [(CAPTION + 1, None, True), (0, "Ảnh lớp.PNG", False)]


def test_several_files_come_after_the_text() -> None:
    """Each a message of its own."""
    letter = Letter("Mời.", BUTTONS, (PICTURE, PAPER))

    assert [name for _, name, _ in sizes(letter)] == [None, "Ảnh lớp.PNG", "thu.pdf"]


@pytest.mark.parametrize(("text", "length"), [("a", WHOLE), ("🌾", WHOLE // 2)])
def test_text_is_counted_as_telegram_does(text: str, length: int) -> None:
    """In UTF-16 units of what is read, Markdown's signs not counted."""
    assert FORM.faults(Letter(f"**{text * length}**")) == []
    assert "dài 4097 ký tự" in FORM.faults(Letter(f"{text * length}a"))[0]


def test_button_that_telegram_would_refuse_is_a_fault() -> None:
    """Rather than left out in silence."""
    assert "Mã của một nút" in FORM.faults(Letter("Mời.", (Button("Đọc", "x" * 65),)))[0]


def test_length_of_a_name_counts_twice_where_telegram_counts_so() -> None:
    """A sign outside the basic plane is two units."""
    assert units("🌾") == 2


@pytest.fixture
async def carrier(
    services: Services, api: BotApi, tmp_path: Path
) -> AsyncIterator[TelegramCarrier]:
    """Return a carrier of a bot at the double, both files kept."""
    api.chats.open(7)
    for file in (PICTURE, PAPER):
        (tmp_path / file.sha256).write_bytes(BYTES[file.name])
    async with Bot(TOKEN, base_url=services.settings.telegram_base_url) as bot:
        yield TelegramCarrier(bot, tmp_path, Uploads(services.sessions, "telegram"))


LETTERS = {
    "text": Letter("**📢 Lớp**\n\n- một\n- hai\n\nMời *bà con* <b>.", BUTTONS),
    "picture": Letter("Mời **bà con**.", BUTTONS, (PICTURE,)),
    "long": Letter("dài " * 400, BUTTONS, (PAPER,)),
    "two": Letter("Mời.", BUTTONS, (PICTURE, PAPER)),
}


@pytest.mark.parametrize("kind", LETTERS)
async def test_preview_is_what_arrives(carrier: TelegramCarrier, api: BotApi, kind: str) -> None:
    """Message by message: file, text, buttons."""
    letter = LETTERS[kind]
    for part in carrier.parts(letter):
        await carrier.carry("7", part)
    arrived = []
    for sent, part in zip(api.chats.sent[7], carrier.parts(letter), strict=True):
        file = [f"[📎 {part.attachment.name}]"] if part.attachment else []
        buttons = ["", *(f"[ {label} ]" for label in sent.buttons)] if sent.buttons else []
        arrived.append("\n".join([*file, *([sent.text] if sent.text else []), *buttons]))

    assert "\n\n· · ·\n\n".join(arrived) == FORM.preview(letter)


async def test_file_is_uploaded_once(
    carrier: TelegramCarrier, api: BotApi, services: Services
) -> None:
    """Then Telegram's own name for it is enough."""
    (part,) = carrier.parts(LETTERS["picture"])
    await carrier.carry("7", part)
    await carrier.carry("7", part)
    async with services.sessions() as session:
        kept = await session.get(Upload, ("telegram", BOT["id"], PICTURE.sha256))

    assert kept is not None
    assert [call.parameters["photo"] == kept.file for call in api.called("sendPhoto")] == [
        False,
        True,
    ]


async def test_two_that_upload_at_the_same_time_do_not_trip(services: Services) -> None:
    """One of the names is kept; either is as good."""
    uploads = Uploads(services.sessions, "telegram")
    names = [f"file {number}" for number in range(8)]
    await asyncio.gather(*(uploads.find(1, "c" * 64) for _ in names))  # all connected beforehand
    await asyncio.gather(*(uploads.keep(1, "c" * 64, name) for name in names))

    assert await uploads.find(1, "c" * 64) in names
