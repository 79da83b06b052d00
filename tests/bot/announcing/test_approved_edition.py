"""What is sent is what was approved, whatever becomes of the content meanwhile."""

from pathlib import Path

from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import TEXT, Broadcast
from tests.doubles.databases import on_one
from tests.doubles.terminal import Terminal
from tests.doubles.worker import Worker, environment

pytestmark = on_one("sqlite")

PEOPLE = 3
OLD, NEW = "Không muốn nhận nữa", "Khung mới"


async def queued(terminal: Terminal, broadcast: Broadcast, api: BotApi, folder: Path) -> int:
    """Write, approve and send an announcement in the terminal; return its number."""
    for chat in range(1, PEOPLE + 1):
        api.chats.open(chat)
    await broadcast.settle(range(1, PEOPLE + 1))
    file = folder / "tin.md"
    file.write_text(TEXT, encoding="utf-8")
    drafted = await terminal.told("announce", "draft", "--file", str(file), "--as", "Lan")
    number = str(drafted["id"])
    await terminal.approve(number)
    await terminal.told("announce", "send", number, "--as", "Lan")
    return int(number)


async def test_frame_is_the_one_that_was_approved(
    broadcast: Broadcast, api: BotApi, terminal: Terminal, tmp_path: Path
) -> None:
    """Another frame in the folder, even on a worker that starts now, is for what comes after."""
    number = await queued(terminal, broadcast, api, tmp_path)
    frame = broadcast.settings.content_dir / "phrases/announcements.yml"
    frame.write_text(frame.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    async with Worker(environment(broadcast.settings)):
        await broadcast.ended(number)

    texts = {sent[0].text for sent in api.chats.sent.values()}
    assert len(texts) == PEOPLE
    assert all(OLD in text and NEW not in text for text in texts)


async def test_content_that_is_broken_stops_no_announcement(
    broadcast: Broadcast, api: BotApi, terminal: Terminal, tmp_path: Path
) -> None:
    """An article in the midst of being written, a file half saved: what was approved goes out."""
    number = await queued(terminal, broadcast, api, tmp_path)
    content = broadcast.settings.content_dir
    (content / "articles/ocop/dang-viet.md").write_text("---\ntitle: Đang viết\n", encoding="utf-8")
    (content / "phrases/announcements.yml").write_text("announcement: '", encoding="utf-8")
    async with Worker(environment(broadcast.settings)):
        await broadcast.ended(number)

    assert await broadcast.counted(number) == {"sent": PEOPLE}
