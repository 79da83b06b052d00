"""`htx announce`: the whole walk through the terminal, in words and as JSON."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from services.people.person import Identity
from services.settings import ROOT, load_settings
from services.storage.models import GroupMember, Person, Staff
from tests.conftest import NOON
from tests.doubles.bot_api import TOKEN, running_bot_api
from tests.doubles.broadcast import TEXT
from tests.doubles.commands import Keep
from tests.doubles.scene import PNG


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout holds, which is that alone."""
        return json.loads(self.out)


Htx = Callable[..., Done]


@pytest.fixture
def htx(keep: Keep, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Htx:
    """Return what runs `htx announce` as from the shell.

    There are two farmers who agree, one who does not, one who writes and one who approves.
    """
    monkeypatch.setenv("HTX_QUIET_HOURS", "")
    key = load_settings().secret_key.get_secret_value()
    keep(
        Staff(name="Lan", role="author", created_at=NOON),
        Staff(name="Minh", role="approver", created_at=NOON, chat="77"),
        *(
            Person(
                channel="telegram",
                chat=str(chat),
                who=Identity(key).of("telegram", str(chat)),
                role="farmer",
                agreed=agreed,
                created_at=NOON,
            )
            for chat, agreed in ((1, True), (2, True), (3, False))
        ),
    )

    def run(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["htx", "announce", *map(str, words)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a sound announcement file."""
    path = tmp_path / "tin.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def number(htx: Htx, file: Path) -> int:
    """Return the number of a draft."""
    return int(htx("draft", "--file", file, "--as", "Lan", "--json").json["id"])


def approve(htx: Htx, number: int, *more: str) -> Done:
    """Approve an announcement as it stands, as one who has seen it."""
    seen = htx("show", number, "--json").json["hash"]
    return htx("approve", number, "--as", "Minh", "--hash", seen, *more)


def refused(done: Done, says: str) -> None:
    """Check that a command said no in one sentence on stderr, and that it was this one."""
    assert done.code == 1
    assert says in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err


def test_walk_through_the_terminal(htx: Htx, file: Path) -> None:
    """Draft, preview, rehearse, refuse own approval, approve, send, pause, resume, cancel."""
    kept = htx("draft", "--file", file, "--as", "Lan", "--json").json
    number = kept["id"]
    assert (kept["total"], kept["left_out"], kept["faults"]) == (2, {"no_consent": 1}, [])
    assert "Chào bà con, mời bà con dự lớp." in htx("preview", number, "--json").json["telegram"]
    played = htx("rehearse", number, "--json").json
    assert (played["total"], played["parts"], played["approved"]) == (2, 2, False)

    refused(htx("send", number, "--json"), "chưa được duyệt")
    refused(htx("approve", number, "--as", "Lan", "--json"), "không tự duyệt được")
    approved = htx("approve", number, "--as", "Minh", "--hash", played["hash"][:10], "--json")
    assert approved.json == {"id": number, "state": "approved", "approved_by": "Minh"}
    assert htx("rehearse", number, "--json").json["approved"]

    queued = htx("send", number, "--as", "Lan", "--json").json
    assert (queued["state"], queued["total"], queued["pending"]) == ("queued", 2, 2)
    for verb, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
        done = htx(verb, number, "--as", "Minh", "--json")
        assert (done.code, done.json) == (0, {"id": number, "state": state})

    told = htx("report", number, "--json").json
    assert (told["state"], told["total"], told["cancelled"]) == ("cancelled", 2, 2)
    assert [row["state"] for row in htx("list", "--json").json] == ["cancelled"]


def test_walk_in_words(htx: Htx, file: Path) -> None:
    """Without --json each step says in a sentence what was done."""
    words = [
        htx("draft", "--file", file, "--as", "Lan"),
        htx("preview", 1),
        htx("rehearse", 1),
        approve(htx, 1),
        htx("send", 1),
        htx("pause", 1, "--as", "Lan"),
        htx("resume", 1, "--as", "Lan"),
        htx("cancel", 1, "--as", "Lan"),
        htx("report", 1),
        htx("list"),
    ]
    says = [
        "Đã giữ bản nháp số 1. 2 người sẽ nhận. Không nhận: 1 người chưa đồng ý nhận tin.\n",
        "--- telegram ---\n📢 Lớp tập huấn OCOP\n",
        "- 2 người nhận, 2 tin nhắn\n",
        "Đã duyệt thông báo 1.\n",
        "Đã xếp hàng thông báo 1, gửi ngay khi bộ phận gửi chạy",
        "Đã tạm dừng thông báo 1.\n",
        "Thông báo 1 sẽ được gửi tiếp.\n",
        "Đã hủy phần chưa gửi của thông báo 1.\n",
        "Thông báo 1 “Lớp tập huấn OCOP”: đã hủy.\n",
        "1\tđã hủy\tLớp tập huấn OCOP (Lan)\n",
    ]

    assert [done.code for done in words] == [0] * len(words)
    assert [
        sentence for done, sentence in zip(words, says, strict=True) if sentence not in done.out
    ] == []
    notice = "Lưu ý: 2 trong 2 người nhận chưa có tên"
    assert words[0].err.startswith(notice)
    assert [done.err for done in words[1:]] == [""] * (len(words) - 1)


def test_draft_with_faults_is_kept(htx: Htx, file: Path) -> None:
    """Its number and faults are printed; the sentence goes to stderr, with exit code 1."""
    file.write_text(TEXT.replace("{{ name }}", "{{ phone }}"), encoding="utf-8")
    done = htx("draft", "--file", file, "--as", "Lan", "--json")

    refused(done, f"Bản nháp số {done.json['id']} vẫn được giữ.")
    assert done.json["faults"][0] in done.err
    assert [row["id"] for row in htx("list", "--json").json] == [done.json["id"]]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{{ name }}", "{{ phone }}", "Chỗ điền {{ phone }} không có"),
        ("  roles: [farmer]", "  roles: [officer]", "Không ai nhận được"),
        ("audience:\n  roles: [farmer]", "audience:", "Chưa ghi thông báo gửi cho ai"),
        ("bà con", "bà con" * 800, "Telegram chỉ nhận 4096"),
        ("source:", "attachments: to.pdf\nsource:", "nặng 51.0 MB"),
        ("source:", "valid_until: 2020-01-01\nsource:", "Hạn 01/01/2020 đã qua"),
        ("roles: [farmer]", "csv: sai.csv", "sai.csv không phải chữ UTF-8"),
        ("roles: [farmer]", "places: [Hòa Tiếng]", "tên “Hòa Tiếng”"),
        ("roles: [farmer]", "groups: [tổ 9]", "Nhóm “tổ 9” chưa có ai"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_kept(
    htx: Htx, file: Path, old: str, new: str, says: str
) -> None:
    """At the draft, and again at each step after it; no delivery is made."""
    with (file.parent / "to.pdf").open("wb") as big:
        big.truncate(51 * 1024 * 1024)
    (file.parent / "sai.csv").write_bytes("chat_id\nĐà".encode("utf-16-le"))
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    done = htx("draft", "--file", file, "--as", "Lan", "--json")
    number = done.json["id"]

    refused(done, says)
    refused(htx("rehearse", number, "--json"), says)
    refused(approve(htx, number), says)
    refused(htx("send", number), says)
    assert htx("report", number, "--json").json["total"] == 0
    assert htx("show", number, "--json").json["state"] == "draft"


def test_text_that_changed_is_not_approved(htx: Htx, file: Path, number: int) -> None:
    """Not as a file, and not as a draft that was approved before."""
    file.write_text(TEXT.replace("mời", "xin mời"), encoding="utf-8")
    refused(approve(htx, number), "đã đổi sau khi soạn")
    htx("draft", "--file", file, "--as", "Lan", "--id", number)
    assert approve(htx, number).code == 0
    file.write_text(TEXT.replace("mời", "kính mời"), encoding="utf-8")
    htx("draft", "--file", file, "--as", "Lan", "--id", number)

    refused(htx("send", number), "đã đổi sau khi duyệt nên phải duyệt lại")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("draft", "--file", "khong-co.md", "--as", "Lan"), "Không đọc được tệp khong-co.md"),
        (("draft", "--file", "tin.md", "--as", "La"), "Chưa có cán bộ tên “La”"),
        (("rehearse", 1, "--as", "La"), "Chưa có cán bộ tên “La”"),
        (("preview", 99), "Không có thông báo số 99"),
        (("show", 99), "Không có thông báo số 99"),
        (("report", 99, "--json"), "Không có thông báo số 99"),
        (("report", 1, "--csv", "khong/co.csv"), "Không ghi được tệp"),
        (("pause", 1, "--as", "Lan"), "còn là bản nháp nên không tạm dừng được"),
        (("resume", 1, "--as", "Lan"), "không gửi tiếp được"),
        (("send", 1, "--at", "mai"), "Giờ hẹn “mai” không đọc được"),
        (("new", "la"), "Không có mẫu “la”"),
        (
            ("test", 1, "--as", "Lan"),
            "chưa nối Telegram nên không gửi thử được. Chạy htx staff link 'Lan'",
        ),
        (("test", 1, "--as", "Minh"), "đặt HTX_TELEGRAM_TOKEN"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    htx: Htx, number: int, words: tuple[Any, ...], says: str
) -> None:
    """Exit code 1, the sentence on stderr, nothing on stdout."""
    assert number == 1
    done = htx(*words)

    refused(done, says)
    assert done.out == ""


@pytest.mark.parametrize("at", ["2100-12-31 08:00", "2100-12-31T08:00", "8:00 31/12/2100"])
def test_sending_may_be_scheduled(htx: Htx, number: int, at: str) -> None:
    """In Việt Nam's time; the deliveries are made when it begins."""
    approve(htx, number)
    queued = htx("send", number, "--at", at, "--json").json

    assert (queued["starts_at"], queued["total"]) == ("2100-12-31T08:00:00+07:00", 0)


def test_moment_that_is_past_is_refused(htx: Htx, number: int) -> None:
    """The announcement stays approved."""
    approve(htx, number)

    refused(htx("send", number, "--at", "2020-01-01 08:00"), "Giờ hẹn gửi đã qua")
    assert htx("show", number, "--json").json["state"] == "approved"


def test_moment_in_quiet_hours_is_told(
    htx: Htx, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On stderr, with when it begins."""
    monkeypatch.setenv("HTX_QUIET_HOURS", "21:00-06:00")
    approve(htx, number)
    done = htx("send", number, "--at", "2100-12-31 23:00", "--json")

    assert done.json["state"] == "queued"
    assert "bắt đầu gửi từ 06:00 ngày 01/01/2101" in done.err


def test_topic_of_no_menu_is_told_beside_the_result(htx: Htx, file: Path) -> None:
    """It is no fault."""
    file.write_text(TEXT.replace("topic: ocop", "topic: ocopp"), encoding="utf-8")
    done = htx("draft", "--file", file, "--as", "Lan", "--json")

    assert (done.code, done.json["faults"]) == (0, [])
    assert done.err.startswith("Lưu ý: Chủ đề “ocopp”")


def test_show_tells_who_did_what(htx: Htx, file: Path, number: int) -> None:
    """Every field, the hash, whose approvals still count, the audit."""
    approve(htx, number)
    file.write_text(TEXT.replace("mời", "xin mời"), encoding="utf-8")
    htx("draft", "--file", file, "--as", "Lan", "--id", number)
    approve(htx, number)
    shown = htx("show", number, "--json").json

    assert shown["audience"] == {"roles": ["farmer"]}
    assert (shown["source"], shown["valid_until"]) == ("Liên minh Hợp tác xã", None)
    assert [(one["by"], one["count"], one["current"]) for one in shown["approvals"]] == [
        ("Minh", 2, False),
        ("Minh", 2, True),
    ]
    assert [step["did"].removeprefix("announce.") for step in shown["audit"]] == [
        "draft",
        "approve",
        "redraft",
        "approve",
    ]


def test_show_in_words(htx: Htx, number: int) -> None:
    """What an approver reads before a yes."""
    approve(htx, number)
    told = htx("show", number).out

    assert "Gửi cho: Vai trò: nông dân." in told
    assert "Lan: soạn" in told
    assert "Minh: duyệt" in told
    assert "Mã bản này: " in told
    assert "  Minh, " in told
    assert "Chào {{ name }}, mời **bà con** dự lớp." in told


def test_show_writes_a_day_as_the_letter_does(htx: Htx, file: Path) -> None:
    """Not as machines do; those have `--json`."""
    file.write_text(TEXT.replace("source:", "valid_until: 31/12/2030\nsource:"), encoding="utf-8")
    htx("draft", "--file", file, "--as", "Lan")

    assert "Hạn: 31/12/2030." in htx("show", 1).out


def test_show_counts_single_chats(htx: Htx, file: Path) -> None:
    """It names nobody, neither meant nor left out."""
    rule = "chats: [1, 2], exclude: {chats: [2]}"
    file.write_text(TEXT.replace("\n  roles: [farmer]", f" {{{rule}}}"), encoding="utf-8")
    htx("draft", "--file", file, "--as", "Lan")

    assert htx("show", 1, "--json").json["audience"] == {"chats": 2, "exclude": {"chats": 1}}
    assert "Gửi cho: 2 người nêu riêng; Trừ: 1 người nêu riêng." in htx("show", 1).out


def test_everybody_is_shown_as_such(htx: Htx, file: Path) -> None:
    """An approver must see it."""
    file.write_text(TEXT.replace("\n  roles: [farmer]", " tất cả"), encoding="utf-8")
    htx("draft", "--file", file, "--as", "Lan")

    assert "Gửi cho: Tất cả người đã đồng ý nhận tin." in htx("show", 1).out


def test_report_is_written_as_csv(htx: Htx, number: int, tmp_path: Path) -> None:
    """With Excel's mark, a line for each recipient; the report itself on stdout."""
    approve(htx, number)
    htx("send", number)
    done = htx("report", number, "--csv", tmp_path / "ra.csv", "--json")

    assert done.json["total"] == 2
    lines = (tmp_path / "ra.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert [line.split(",")[1] for line in lines[:3]] == ["chat_id", "1", "2"]


def test_template_is_copied_and_its_blanks_are_told(htx: Htx, content: Path, file: Path) -> None:
    """A copy can be drafted, and not approved before it is filled in."""
    (content / "announcements").mkdir()
    (content / "announcements/lop.md").write_text(TEXT.replace("lớp.", "[nơi]."), encoding="utf-8")
    copy = file.parent / "moi.md"

    assert htx("templates", "--json").json == {"lop": "Lớp tập huấn OCOP"}
    assert htx("templates").out == "lop\tLớp tập huấn OCOP\n"
    assert htx("new", "lop", "--file", copy, "--json").json == {"file": str(copy)}
    refused(htx("new", "lop", "--file", copy), "Đã có tệp")
    refused(htx("draft", "--file", copy, "--as", "Lan"), "Còn chỗ trống [nơi] chưa điền")


def test_template_is_copied_beside_by_its_name(htx: Htx, content: Path, tmp_path: Path) -> None:
    """Without --file into the folder one is in."""
    (content / "announcements").mkdir()
    (content / "announcements/lop.md").write_text(TEXT, encoding="utf-8")
    done = htx("new", "lop")

    assert done.out == "Đã viết lop.md\n"
    assert (tmp_path / "lop.md").read_text(encoding="utf-8") == TEXT


@pytest.fixture
def with_picture(htx: Htx, file: Path, number: int) -> int:
    """Return the number of a draft with a picture."""
    (file.parent / "Ảnh.png").write_bytes(PNG)
    file.write_text(TEXT.replace("source:", "attachments: Ảnh.png\nsource:"), encoding="utf-8")
    htx("draft", "--file", file, "--as", "Lan", "--id", number)
    return number


async def test_trial_goes_to_ones_own_chat(
    htx: Htx, with_picture: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter with its picture, once, without a delivery; the audit tells of it."""
    number = with_picture
    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", TOKEN)
    async with running_bot_api() as api:
        api.chats.open(77)
        monkeypatch.setenv("HTX_TELEGRAM_BASE_URL", api.base_url)
        done = await asyncio.to_thread(htx, "test", number, "--as", "Minh", "--json")
        (sent,) = api.chats.sent[77]

    assert done.json == {"id": number, "messages": 1}
    assert "Chào bà con, mời bà con dự lớp." in sent.text
    assert list(sent.buttons) == ["Tôi đã đọc", "Hỏi thêm", "Dừng nhận tin"]
    shown = (await asyncio.to_thread(htx, "show", number, "--json")).json
    assert shown["audit"][-1]["did"] == "announce.test"
    report = (await asyncio.to_thread(htx, "report", number, "--json")).json
    assert report["total"] == 0


UNSENT: list[tuple[dict[str, Any], str]] = [
    ({"code": 403}, "bấm Bắt đầu"),
    ({"code": 400, "description": "can't parse entities"}, "Telegram không nhận nội dung này"),
    ({"code": 429, "parameters": {"retry_after": 3}}, "bảo chờ 3 giây"),
    ({"code": 500}, "không gửi được"),
    ({"dropped": True, "afterwards": True}, "Không rõ tin thử đã tới chưa"),
]


@pytest.mark.parametrize(("fault", "says"), UNSENT)
async def test_trial_that_does_not_arrive_is_one_sentence(
    htx: Htx, number: int, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any], says: str
) -> None:
    """What Telegram said, and what to do."""
    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", TOKEN)
    async with running_bot_api() as api:
        api.chats.open(77)
        monkeypatch.setenv("HTX_TELEGRAM_BASE_URL", api.base_url)
        api.fail("sendMessage", **fault)
        done = await asyncio.to_thread(htx, "test", number, "--as", "Minh")

    refused(done, says)
    assert TOKEN not in done.err


async def test_wrong_token_is_one_sentence(
    htx: Htx, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a Telegram that can't be reached."""
    monkeypatch.setenv("HTX_TELEGRAM_TOKEN", "1:wrong")
    async with running_bot_api() as api:
        monkeypatch.setenv("HTX_TELEGRAM_BASE_URL", api.base_url)
        refused(await asyncio.to_thread(htx, "test", number, "--as", "Minh"), "xem lại HTX_TELEGR")
    refused(await asyncio.to_thread(htx, "test", number, "--as", "Minh"), "Không nối được Telegram")


def test_group_that_is_saved_may_be_meant_or_left_out(htx: Htx, file: Path, keep: Keep) -> None:
    """By its name, also in a plain list of exclusions."""
    keep(GroupMember(name="tổ 1", person_id=1))
    rule = "audience: {roles: farmer, exclude: [tổ 1]}"
    text = TEXT.replace("audience:\n  roles: [farmer]", rule)
    file.write_text(text, encoding="utf-8")
    done = htx("draft", "--file", file, "--as", "Lan", "--json")

    assert (done.json["total"], done.json["left_out"]) == (1, {"excluded": 1, "no_consent": 1})


@pytest.mark.usefixtures("htx")
def test_command_works_on_an_empty_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own makes the database first; stdout holds the result alone."""
    monkeypatch.setenv("HTX_DATA_DIR", str(tmp_path / "moi"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = [sys.executable, "-c", "from bot.cli import main; main()", "announce", "list"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_list_of_recipients_stands_in_the_audit(htx: Htx, number: int, tmp_path: Path) -> None:
    """Who took it, and of which announcement; numbers alone are no list."""
    htx("report", number, "--as", "Minh")
    htx("report", number, "--as", "Minh", "--csv", tmp_path / "ra.csv")

    listed = [one for one in htx("show", number, "--json").json["audit"] if "list" in one["did"]]

    assert [(one["who"], one["did"]) for one in listed] == [("Minh", "announce.list")]


def test_draft_is_copied_and_deleted(htx: Htx, number: int) -> None:
    """A copy is a draft of its own; what was deleted is in no list."""
    copied = htx("copy", number, "--as", "Minh", "--json").json
    deleted = htx("delete", number, "--as", "Lan", "--json").json

    assert (copied["id"], copied["state"], copied["total"]) == (number + 1, "draft", 2)
    assert deleted == {"id": number, "state": "deleted"}
    assert [row["id"] for row in htx("list", "--json").json] == [copied["id"]]
    refused(htx("show", number), f"Không có thông báo số {number}")


def test_hour_is_changed_as_people_write_it(htx: Htx, number: int) -> None:
    """Every form of a moment that staff write in Telegram is taken here too."""
    approve(htx, number)
    htx("send", number, "--at", "31/12/2100 8h")
    changed = htx("reschedule", number, "--at", "30.12.2100 7 giờ 30", "--as", "Lan", "--json")

    assert changed.json["starts_at"] == "2100-12-30T07:30:00+07:00"


def test_same_text_for_the_same_people_needs_a_second_yes(htx: Htx, file: Path) -> None:
    """The approval is refused with the number of the other one; --again says yes to that too."""
    htx("draft", "--file", file, "--as", "Lan")
    htx("draft", "--file", file, "--as", "Lan")
    approve(htx, 1)

    refused(approve(htx, 2, "--json"), "giống hệt thông báo 1")
    assert approve(htx, 2, "--again", "--json").code == 0


def test_day_that_is_in_no_calendar(htx: Htx, file: Path) -> None:
    """In a file as in Telegram."""
    file.write_text(TEXT.replace("source:", "valid_until: 31/11/2026\nsource:"), encoding="utf-8")

    refused(
        htx("draft", "--file", file, "--as", "Lan"), "Không có ngày 31/11/2026: tháng 11 có 30 ngày"
    )


def test_contact_of_a_file_reaches_the_reader(htx: Htx, file: Path) -> None:
    """Written above the text, kept, shown, and below the text of the letter."""
    file.write_text(TEXT.replace("source:", 'contact: "Chị Lan: 0905 123 456"\nsource:'), "utf-8")
    htx("draft", "--file", file, "--as", "Lan")

    assert htx("show", 1, "--json").json["contact"] == "Chị Lan: 0905 123 456"
    assert "Liên hệ: Chị Lan: 0905 123 456." in htx("show", 1).out
    assert "dự lớp.\n\nLiên hệ: Chị Lan: 0905 123 456\n\nNguồn:" in htx("preview", 1).out
