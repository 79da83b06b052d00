"""The way of an announcement by the terminal alone, with a worker that runs."""

import asyncio
from pathlib import Path

from services.settings import Settings
from tests.doubles.bot_api import BotApi
from tests.doubles.broadcast import Broadcast
from tests.doubles.databases import on_one
from tests.doubles.terminal import Terminal
from tests.doubles.worker import Worker, environment

pytestmark = on_one("sqlite")

PEOPLE = 150
TEXT = """---
title: Lịch họp hợp tác xã
topic: ocop
audience:
  places: [Xã Hòa Tiến]
  exclude:
    roles: [officer]
---
Mời {{ name }} đến họp.
"""


def write_people(file: Path) -> None:
    """Write a list: farmers who agree, ten who do not, an officer, two bad lines."""
    head = "channel,chat_id,name,role,place,topics,consent"
    farmers = [
        f"telegram,{n},Bà con {n},farmer,Xã Hòa Tiến,ocop,{'yes' if n > 10 else 'no'}"
        for n in range(1, PEOPLE + 11)
    ]
    others = [
        "telegram,999,Cán bộ,officer,Xã Hòa Tiến,,yes",
        "telegram,1000,Xa,farmer,Huyện Hòa Vang cũ,,yes",
        "telegram,khong-phai-so,Ai,farmer,,,yes",
    ]
    file.write_text("\n".join([head, *farmers, *others]), encoding="utf-8")


async def drafted(terminal: Terminal, people: Path, text: Path) -> str:
    """Import, draft, preview and rehearse; return the announcement's number."""
    imported = await terminal.told("people", "import", str(people), "--basis", "Phiếu 01")
    assert (imported["imported"], [bad["line"] for bad in imported["bad"]]) == (
        PEOPLE + 11,
        [PEOPLE + 13, PEOPLE + 14],
    )
    drafted = await terminal.told("announce", "draft", "--file", str(text), "--as", "Lan")
    number = str(drafted["id"])
    assert drafted["total"] == PEOPLE
    assert drafted["left_out"] == {"excluded": 1, "no_consent": 10}
    shown = await terminal.told("announce", "preview", number)
    assert "Mời bà con đến họp." in shown["telegram"]
    rehearsed = await terminal.told("announce", "rehearse", number)
    assert (rehearsed["total"], rehearsed["approved"]) == (PEOPLE, False)
    return number


async def test_walk_by_the_terminal(
    broadcast: Broadcast, api: BotApi, settings: Settings, terminal: Terminal, tmp_path: Path
) -> None:
    """Import, draft, preview, rehearse, refusals, approve, send, pause, resume, report."""
    people, text = tmp_path / "nguoi.csv", tmp_path / "hop.md"
    write_people(people)
    text.write_text(TEXT, encoding="utf-8")
    for chat in (*range(1, PEOPLE + 11), 999):
        api.chats.open(chat)

    number = await drafted(terminal, people, text)
    assert "chưa được duyệt" in await terminal.refused("announce", "send", number)
    own = await terminal.refused("announce", "approve", number, "--as", "Lan")
    assert "không tự duyệt" in own
    await terminal.approve(number)
    queued = await terminal.told("announce", "send", number, "--as", "Lan")
    assert (queued["state"], queued["pending"]) == ("queued", PEOPLE)

    gate = asyncio.Event()
    api.fail("sendMessage", chat=60, gate=gate)
    async with Worker(environment(settings)):
        await api.until(lambda: any(call.chat == 60 for call in api.called("sendMessage")))
        await terminal.told("announce", "pause", number, "--as", "Minh")
        gate.set()
        paused = await terminal.told("announce", "report", number)
        assert paused["state"] == "paused"
        await terminal.told("announce", "resume", number, "--as", "Lan")
        await broadcast.ended(int(number))
    told = await terminal.told("announce", "report", number)

    assert (told["state"], told["total"], told["sent"], told["pending"]) == (
        "done",
        PEOPLE,
        PEOPLE,
        0,
    )
    assert {len(sent) for sent in api.chats.sent.values()} == {1}
    assert set(api.chats.sent) == set(range(11, PEOPLE + 11))
    assert f"{PEOPLE} đã nhận" in (await terminal.type("announce", "report", number)).stdout


async def test_text_changed_after_the_approval_is_not_sent(
    broadcast: Broadcast, api: BotApi, terminal: Terminal, tmp_path: Path
) -> None:
    """Another text needs another approval, whether it is drafted anew or only its file changed."""
    await broadcast.settle(range(1, 6))
    text = tmp_path / "tin.md"
    text.write_text(TEXT.replace("Xã Hòa Tiến", "20242"), encoding="utf-8")
    await broadcast.settle(range(6, 9), place="20332")
    draft = ("announce", "draft", "--file", str(text), "--as", "Lan")
    number = str((await terminal.told(*draft))["id"])
    await terminal.approve(number)
    text.write_text(text.read_text(encoding="utf-8") + "\nXong.", encoding="utf-8")
    changed = await terminal.refused("announce", "send", number)
    await terminal.told(*draft, "--id", number)
    drafted = await terminal.refused("announce", "send", number)

    assert "đã đổi" in changed
    assert "duyệt" in drafted
    assert not api.called("sendMessage")
