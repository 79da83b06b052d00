import json

import pytest

from bot.reaction import Reaction, ReportFile, ToStaff, Wording, read, written
from services.announcements.letter import Letter
from services.conversation.reply import Button, CitedSource, Payload, Reply

REPLY = Reply(
    "answered",
    "**Năm** thành viên.",
    citations=(CitedSource("luat-17", "4", "Luật", in_force=True),),
    source_lines=("Luật 17, Điều 4",),
    articles=("founding/ho-so",),
    again=Payload("a", "founding/ho-so", 1),
    buttons=(Button("Xem thêm", "a:founding/ho-so:0:3"),),
    verdicts=(Button("👍", "u:x"),),
    confidence=0.9,
)
LETTER = Letter("**Mời họp**", ())
FILE = ReportFile("bao-cao.csv", b"\xef\xbb\xbf\x00\xff\x80PK", "Báo cáo")


@pytest.mark.parametrize("wording", [REPLY, LETTER, FILE, Reply("smalltalk", "chào")])
def test_reaction_is_read_as_it_was_written(wording: Wording) -> None:
    """Whatever is to be said comes back from a database as it went in."""
    reaction = Reaction(
        (wording,), instead_of=7, notices=(ToStaff("Minh", "8", (wording, REPLY)),), then="b:menu"
    )

    assert read(json.loads(json.dumps(written(reaction)))) == reaction
