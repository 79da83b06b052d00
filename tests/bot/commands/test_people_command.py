"""`htx people …` on an empty data folder, and what it leaves in the audit."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError

from services.errors import PeopleError, SettingsError, StaffError, StorageError
from services.storage.models import Consent, Conversation, Person, Staff, TopicChoice
from tests.conftest import NOON
from tests.doubles.commands import Keep, Run
from tests.doubles.lists import HEADER
from tests.doubles.log import turn

File = Callable[..., str]
MANY = 2500
PAPER = "Phiếu đồng ý 01/2026, UBND xã giữ"


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Return what writes lines into a file and gives its name."""

    def write(*lines: str, header: str = HEADER, name: str = "bang.csv") -> str:
        path = tmp_path / name
        path.write_text("\n".join((header, *lines)), encoding="utf-8")
        return str(path)

    return write


def done(run: Run) -> list[tuple[str, str, Any]]:
    entries = json.loads(run("audit", "--json").stdout)
    return [(entry["who"], entry["did"], entry["note"]) for entry in entries]


def test_good_rows_are_kept_and_bad_ones_told(run: Run, file: File) -> None:
    """The result on stdout, the report of bad lines beside it."""
    told = run("people", "import", file("telegram,1,Bà Ba", "telegram,x", "telegram,2"))

    assert told.exit_code == 0
    assert told.stdout == "Đã nhập 2 người (2 mới, 0 cập nhật), bỏ 1 dòng.\n"
    assert "Dòng 3: chat_id “x” của telegram không phải số" in told.stderr


def test_import_as_json_is_json_alone(run: Run, file: File) -> None:
    """With every number, and line and reason of what is bad."""
    name = file("telegram,1,,,,,yes,a", "telegram,,,,,,,", header=f"{HEADER},ghi chú")

    run("db", "upgrade")  # of a new database it is told that it is new

    told = run("people", "import", name, "--json", "--basis", PAPER)

    assert json.loads(told.stdout) == {
        "imported": 1,
        "new": 1,
        "updated": 0,
        "unchanged_consent": 0,
        "erased": 0,
        "bad": [{"line": 3, "reason": "thiếu chat_id"}],
        "notices": [],
        "unknown_columns": ["ghi chú"],
        "unsent_channels": {},
    }
    assert told.stderr == ""


def test_unknown_column_is_told(run: Run, file: File) -> None:
    """So that a misspelt one is seen."""
    told = run("people", "import", file("telegram,1,yes", header="channel,chat_id,consnt"))

    assert "Không đọc cột lạ: consnt." in told.stderr


@pytest.mark.parametrize(("lines", "code"), [((), 0), (("telegram,x",), 1)])
def test_exit_code_says_whether_anything_was_good(
    run: Run, file: File, lines: tuple[str, ...], code: int
) -> None:
    """A list without rows is no failure, one without a good row is."""
    assert run("people", "import", file(*lines)).exit_code == code


def test_wrong_encoding_is_refused_and_nothing_kept(run: Run, tmp_path: Path) -> None:
    """In one sentence."""
    (tmp_path / "a.csv").write_bytes(f"{HEADER}\ntelegram,1,Bà Ba".encode("cp1258"))

    assert isinstance(run("people", "import", "a.csv").exception, PeopleError)
    assert done(run) == []


def test_topics_are_known_by_their_labels(run: Run, file: File) -> None:
    """Those of the content."""
    run("people", "import", file("telegram,1,,,,đăng ký sản phẩm OCOP,"))

    shown = json.loads(run("people", "show", "1", "--json").stdout)
    assert shown["topics"] == {"ocop": True}


def test_many_people_are_all_imported(run: Run, file: File) -> None:
    """More than are written at a time."""
    name = file(*(f"telegram,{number},,,,ocop,yes" for number in range(1, MANY + 1)))

    told = json.loads(
        run("people", "import", name, "--group", "tất cả", "--json", "--basis", PAPER).stdout
    )

    assert (told["new"], told["bad"]) == (MANY, [])
    assert json.loads(run("people", "groups", "--json").stdout) == {"tất cả": MANY}
    assert len(json.loads(run("people", "export", "--json").stdout)["people"]) == MANY


def test_own_no_is_a_notice(run: Run, keep: Keep, file: File) -> None:
    """The row counts as good, its yes does not."""
    keep(Person(channel="telegram", chat="1", who="x", created_at=NOON))
    refusal = Consent(
        person_id=1, at=NOON, given=False, source="self", purpose="announcements", wording="hỏi"
    )
    keep(refusal)

    told = run("people", "import", file("telegram,1,,,,,yes"), "--basis", PAPER)

    assert told.exit_code == 0
    assert "Dòng 2: đã tự nói không nhận thông báo" in told.stderr


@pytest.mark.parametrize(("times", "kept"), [(1, 2), (9, 0)])
def test_who_writes_to_the_bot_meanwhile_is_no_failure(
    run: Run, file: File, times: int, kept: int
) -> None:
    """What collides with a row that came at this moment is written again, but not for ever."""
    collisions = [IntegrityError("", {}, Exception())] * times

    def collide(*executed: Any) -> None:
        if executed[2].startswith("INSERT INTO person") and collisions:
            raise collisions.pop()

    event.listen(Engine, "before_cursor_execute", collide)
    try:
        told = run("people", "import", file("telegram,1", "telegram,2"), "--json")
    finally:
        event.remove(Engine, "before_cursor_execute", collide)

    assert isinstance(told.exception, StorageError) is (kept == 0)
    assert done(run)[0][2]["new"] == kept


def test_export_is_imported_elsewhere_as_it_was(
    run: Run, file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel's mark at its head, formulas guarded, nothing lost on the way back."""
    run(
        "people",
        "import",
        file('telegram,1,"=1+1;",farmer,20332,ocop;fund,yes', "zalo,z"),
        "--basis",
        PAPER,
    )
    told = run("people", "export", "ra.csv")
    first = (tmp_path / "ra.csv").read_bytes()
    monkeypatch.setenv("HTX_DATA_DIR", str(tmp_path / "other"))

    run("people", "import", "ra.csv", "--basis", PAPER)

    assert told.stdout == "Đã xuất 2 người ra ra.csv.\n"
    assert first.startswith(b"\xef\xbb\xbfchannel,chat_id,")
    assert "telegram,1,'=1+1;,farmer,Xã Hòa Tiến,fund;ocop,yes\r\n" in first.decode()
    assert run("people", "export").stdout_bytes == first


def test_folder_that_is_not_there_is_one_sentence(run: Run) -> None:
    """Nothing is exported then."""
    assert "Không ghi được" in str(run("people", "export", "no/ra.csv").exception)
    assert done(run) == []


def test_all_that_is_held_is_shown_in_words(run: Run, keep: Keep, file: File) -> None:
    """Consents with their wording, topics turned off, why nothing arrives, every question."""
    run(
        "people",
        "import",
        file("telegram,1,Bà Ba,farmer,20332,ocop,yes"),
        "--group",
        "xa",
        "--basis",
        PAPER,
    )
    keep(
        TopicChoice(person_id=1, topic="fund", wanted=False),
        turn("lãi suất", channel="telegram", key="1"),
        Conversation(channel="telegram", key="1", updated_at=NOON, question="vay bao lâu"),
        Staff(name="Lan", role="author", created_at=NOON, chat="1"),
    )

    shown = run("people", "show", "1").stdout

    assert "Tên: Bà Ba\nVai trò: farmer. Nơi ở: Xã Hòa Tiến\nNhận thông báo: có\n" in shown
    assert "Chủ đề: " in shown
    assert "fund (đã tắt)" in shown
    assert "Nhóm: xa\n" in shown
    assert "đồng ý nhận thông báo (cán bộ nhập): Danh sách do cán bộ nhập" in shown
    assert "12:00 24/11/2026 hỏi: lãi suất\nCâu đang mở: vay bao lâu\n" in shown
    assert "Tài khoản cán bộ đã nối: Lan\n" in shown


def test_who_only_asked_is_shown_and_erased_too(run: Run, keep: Keep) -> None:
    """By the questions alone."""
    keep(turn("lãi suất", channel="telegram", key="1"))

    assert "hỏi: lãi suất" in run("people", "show", "1").stdout
    assert "Đã xóa 1 lượt hỏi." in run("people", "erase", "1").stdout
    assert "Không giữ gì" in str(run("people", "show", "1").exception)


def test_person_is_shown_then_erased(run: Run, file: File) -> None:
    """Afterwards nobody is known, and staff are told how long backups last."""
    run("people", "import", file("telegram,1,Bà Ba,,20332,,yes"), "--basis", PAPER)
    shown = run("people", "show", "1").stdout
    told = run("people", "erase", "1").stdout

    assert "Tên: Bà Ba" in shown
    assert "đồng ý nhận thông báo (cán bộ nhập)" in shown
    assert "Đã xóa hồ sơ" in told
    assert "30 ngày (HTX_BACKUP_DAYS)" in told
    for verb in ("show", "erase"):
        assert "Không giữ gì" in str(run("people", verb, "1").exception)


def test_erased_is_gone_from_the_disk(run: Run, file: File, tmp_path: Path) -> None:
    """No file of the data folder has the name or the chat any more."""
    run(
        "people",
        "import",
        file("telegram,987654321,Nguyễn Văn Xóa,,,ocop,yes"),
        "--group",
        "xa",
        "--basis",
        PAPER,
    )
    run("people", "erase", "987654321", "--json")

    left = b"".join(path.read_bytes() for path in (tmp_path / "var").glob("htx.db*"))
    assert b"987654321" not in left
    assert "Nguyễn Văn Xóa".encode() not in left


def test_audit_has_numbers_alone_and_who_did_it(run: Run, file: File) -> None:
    """By the name of staff, who must be known."""
    run("staff", "add", "An", "--role", "content")
    name = file("telegram,1,Bà Ba", "telegram,x")
    run("people", "import", name, "--as", "An")
    run("people", "export", "ra.csv", "--as", "An")
    run("people", "group", "xa", name, "--as", "An")
    run("people", "erase", "1")

    assert isinstance(run("people", "import", name, "--as", "Lạ").exception, StaffError)
    counted = {"imported": 1, "new": 1, "updated": 0, "unchanged_consent": 0, "erased": 0, "bad": 1}
    assert done(run)[1:] == [
        ("An", "people.import", counted),
        ("An", "people.export", {"exported": 1}),
        ("An", "people.group", {"members": 1, "bad": 1}),
        ("system", "people.erase", {"known": True, "turns": 0}),
    ]


def test_group_is_saved_from_chats_alone(run: Run, file: File) -> None:
    """Telegram's, when no channel is named; who is unknown is told."""
    run("people", "import", file("telegram,1", "telegram,2", "zalo,z"))

    told = run("people", "group", "xa", file("1", "3", "2", "1", header="chat_id"))

    assert told.exit_code == 0
    assert told.stdout == "Nhóm xa: đã lưu 2 người, bỏ 2 dòng.\n"
    assert "Dòng 3: chưa biết chat này" in told.stderr
    assert "Dòng 5: trùng" in told.stderr
    assert run("people", "groups").stdout == "xa: 2 người\n"


def test_group_stays_when_no_row_is_good(run: Run, file: File) -> None:
    """A wrong file does not empty it."""
    run("people", "import", file("telegram,1"), "--group", "xa")

    told = run("people", "group", "xa", file("9", header="chat_id"), "--json")

    assert told.exit_code == 1
    assert json.loads(told.stdout)["members"] == 0
    assert json.loads(run("people", "groups", "--json").stdout) == {"xa": 1}


def test_group_is_deleted_by_name(run: Run, file: File) -> None:
    """One that is not there is a sentence, and so is neither file nor option."""
    run("people", "import", file("telegram,1"), "--group", "xa")

    assert "Đã xóa nhóm xa" in run("people", "group", "xa", "--delete").stdout
    assert "Chưa có nhóm nào" in run("people", "groups").stdout
    assert "Không có nhóm" in str(run("people", "group", "xa", "--delete").exception)
    assert "một trong hai" in str(run("people", "group", "xa").exception)


def test_places_are_found_by_a_word(run: Run) -> None:
    """All 94 without one."""
    assert run("people", "places", "hoa tien").stdout == "20332  Xã Hòa Tiến\n"
    assert len(json.loads(run("people", "places", "--json").stdout)) == 94
    assert "Không có" in run("people", "places", "Sài Gòn").stdout


def test_link_fills_in_place_topic_and_event(run: Run) -> None:
    """In any spelling of the bot's name."""
    words = ("--place", "Hòa Tiến", "--topic", "Đăng ký sản phẩm OCOP", "--event", "hoi-cho")
    for bot in ("htx_bot", "@htx_bot", "https://t.me/htx_bot"):
        told = run("people", "link", *words, "--bot", bot)
        assert told.stdout == "https://t.me/htx_bot?start=p20332_tocop_ehoi-cho\n"

    assert run("people", "link", "--bot", "htx_bot").stdout == "https://t.me/htx_bot\n"


def test_qr_is_big_enough_for_an_a5_sheet(run: Run, tmp_path: Path) -> None:
    """Twelve centimetres at 300 dots an inch, or in millimetres."""
    for name in ("qr.png", "qr.svg"):
        assert run("people", "link", "--bot", "htx_bot", "--out", name).exit_code == 0

    picture = (tmp_path / "qr.png").read_bytes()
    assert int.from_bytes(picture[16:20], "big") >= 1417
    assert 'width="120.0mm"' in (tmp_path / "qr.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--bot", "htx_bot", "--out", "qr.jpg"), ".png hoặc .svg"),
        (("--bot", "htx_bot", "--out", "no/qr.png"), "Không ghi được"),
        (("--bot", "htx_bot", "--place", "Sài Gòn"), "Không có xã"),
        (("--bot", "htx_bot", "--topic", "quỹ gì"), "Không có chủ đề “quỹ gì”"),
        (("--bot", "htx_bot", "--event", "hội chợ"), "Đường dẫn"),
    ],
)
def test_link_that_cannot_be_is_one_sentence(run: Run, words: tuple[str, ...], why: str) -> None:
    """That says what to write instead."""
    refused = run("people", "link", *words).exception

    assert isinstance(refused, PeopleError)
    assert why in str(refused)


def test_bot_without_name_and_token_is_one_sentence(run: Run) -> None:
    """And so is a name that is none."""
    assert "HTX_TELEGRAM_TOKEN" in str(run("people", "link").exception)
    assert isinstance(run("people", "link", "--bot", "a b").exception, SettingsError)


def test_erased_person_is_left_out_of_the_next_import(run: Run, file: File) -> None:
    """The office's old list does not bring back who erased themselves; the import says so."""
    name = file("telegram,1,Bà Ba,,,ocop,yes", "telegram,2")
    run("people", "import", name, "--basis", PAPER)
    run("people", "erase", "1")

    told = run("people", "import", name, "--group", "xa", "--basis", PAPER)

    assert told.exit_code == 0
    assert "1 người đã xóa dữ liệu" in told.output
    assert "Không giữ gì" in str(run("people", "show", "1").exception)
    assert json.loads(run("people", "groups", "--json").stdout) == {"xa": 1}
    again = run("people", "import", name, "--json", "--basis", PAPER)
    assert json.loads(again.stdout)["erased"] == 1


def test_channel_that_nothing_is_sent_through_is_told(run: Run, file: File) -> None:
    """So that a misspelt one is seen; the row is kept."""
    told = run("people", "import", file("telegrm,1", "zalo,2", "telegram,3"))

    assert "telegrm (1 người), zalo (1 người)" in told.stderr
    assert "telegram (" not in told.stderr


@pytest.mark.parametrize("topics", ["ocop,fund", "ocop fund", "ocop/fund"])
def test_wrong_separator_of_topics_is_told_with_the_right_one(
    run: Run, file: File, topics: str
) -> None:
    """Topics are parted by semicolons."""
    told = run("people", "import", file(f'telegram,1,,,,"{topics}",'))

    assert "nhiều chủ đề thì cách nhau bằng “;”" in told.stderr


def test_looking_at_a_person_stands_in_the_audit(run: Run, file: File) -> None:
    """With who looked, and nothing of whom they looked at."""
    run("staff", "add", "An", "--role", "agent")
    run("people", "import", file("telegram,1,Bà Ba"))

    run("people", "show", "1", "--as", "An")

    assert done(run)[-1] == ("An", "people.show", {})


def test_a_yes_of_a_list_bears_its_proof(run: Run, file: File) -> None:
    """Who took it in and on what paper stands beside it; without a paper, the file it was in."""
    run("staff", "add", "An", "--role", "content")
    proved = run(
        "people", "import", file("telegram,1,Bà Ba,,,,yes"), "--basis", PAPER, "--as", "An"
    )
    name = file("telegram,2,Bà Tư,,,,yes")
    unproved = run("people", "import", name)

    assert proved.stdout.startswith("Đã nhập 1 người (1 mới")
    assert "theo giấy nào" not in proved.stderr
    shown = run("people", "show", "1").stdout
    assert (PAPER in shown, "(An)" in shown) == (True, True)
    assert "theo giấy nào" in unproved.stderr
    digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
    assert f"tệp {Path(name).name}, SHA-256 {digest}" in run("people", "show", "2").stdout


def test_paper_that_comes_later_is_noted(run: Run, file: File) -> None:
    """Once, beside the list's own yes; a yes that the person said bears no paper of others."""
    name = file("telegram,1,,,,,yes")
    run("people", "import", name)
    for _ in range(2):
        run("people", "import", name, "--basis", PAPER)
    run("people", "import", name)
    words = json.loads(run("people", "show", "1", "--json").stdout)["consent"]

    assert len(words) == 2
    assert PAPER in words[-1]["wording"]


def test_what_a_program_asked_is_found_by_its_name(run: Run, keep: Keep) -> None:
    """Kept under a mark of where it came from, or as given; what only looks alike is left."""
    marked, given = "abc.0123456789abcdef", "given:abcdefghijklmnopqrstuv"
    for key in (marked, "abc.x", "abc.0123456789abcdefg", given):
        keep(turn("hỏi", key=key))
    shown = [
        len(json.loads(run("people", "show", name, "--channel", "web", "--json").stdout)["turns"])
        for name in ("abc", given.partition(":")[2])
    ]
    talked = json.loads(run("talk", "abc", "--json").stdout)
    erased = run("people", "erase", "abc", "--channel", "web", "--json")
    left = json.loads(run("talk", "--json").stdout)

    assert shown == [1, 1]
    assert [one["key"] for one in talked] == [marked]
    assert json.loads(erased.stdout)["turns"] == 1
    assert {one["key"] for one in left} == {"abc.x", "abc.0123456789abcdefg", given}


def test_what_is_wrong_is_set_right(run: Run, file: File) -> None:
    """What is named is changed or taken out, the rest stays; the audit says which, not what."""
    run("people", "import", file("telegram,1,Bà Ba,farmer,20332"), "--group", "xa")
    run("people", "correct", "1", "--name", "Bà Bốn", "--place", "", "--leave", "xa")
    shown = json.loads(run("people", "show", "1", "--json").stdout)

    person = shown["person"]
    assert (person["name"], person["role"], person["place"]) == ("Bà Bốn", "farmer", None)
    assert shown["groups"] == []
    assert [note["fields"] for _, did, note in done(run) if did == "people.correct"] == [
        ["name", "place", "leave"]
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2", "--name", "A"), "people_nothing_held"),
        (("1", "--role", "vua"), "role_unknown"),
        (("1", "--place", "Paris"), "place_unknown"),
        (("1", "--leave", "lạ"), "group_unknown"),
    ],
)
def test_what_can_not_be_right_is_refused(
    run: Run, file: File, words: tuple[str, ...], code: str
) -> None:
    """Nothing is changed then."""
    run("people", "import", file("telegram,1,Bà Ba"))
    refused = run("people", "correct", *words).exception

    assert isinstance(refused, PeopleError)
    assert refused.code == code
    assert "people.correct" not in [did for _, did, _ in done(run)]
