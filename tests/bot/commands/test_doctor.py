from datetime import timedelta
from pathlib import Path

import pytest

from services.clock import utc_now
from services.publishing.status import Publishing
from services.storage.models import Announcement, Approval
from tests.conftest import NOON
from tests.doubles.commands import Keep, Run
from tests.doubles.log import turn


def test_doctor_says_what_is_served_and_what_was_refused(run: Run, tmp_path: Path) -> None:
    """The edition served, and why the last change is not, stand in words."""
    (tmp_path / "var").mkdir()
    publishing = Publishing(tmp_path / "var/publishing.json", "a820d3c3f2dd9e9f")
    publishing.refuse(("content/articles/ocop/ho-so.md:3: [subject] Sai → Sửa lại.",))

    done = run("doctor")

    assert "Bản nội dung đang dùng: a820d3c3f2dd9e9f, từ " in done.output
    assert "✗ Lần sửa lúc " in done.output
    assert "bị từ chối: content/articles/ocop/ho-so.md:3" in done.output


def test_doctor_knows_that_a_change_is_being_learnt(run: Run, tmp_path: Path) -> None:
    """Nobody is told to train beside it; of a process that died at it that is told no longer."""
    (tmp_path / "var").mkdir()
    now = [utc_now()]
    publishing = Publishing(tmp_path / "var/publishing.json", "a820d3c3f2dd9e9f", lambda: now[0])
    publishing.enter("training")
    learning = run("doctor").output
    now[0] -= timedelta(hours=2)
    publishing.enter("training")
    left = run("doctor").output

    assert "• Nội dung vừa đổi; máy đang tự học bản mới từ" in learning
    assert "chưa trả lời: máy đang học hay đổi sang bản mới" in learning
    assert "chạy “htx nlu train”" not in learning
    assert "chạy “htx nlu train”" in left


def test_doctor_names_what_is_to_be_approved_anew(keep: Keep, run: Run) -> None:
    """An approval that does not count any more is told before somebody wants to send by it."""
    for state, reason in (("approved", ""), ("draft", "phải duyệt lại"), ("draft", "")):
        keep(
            Announcement(
                title="Họp",
                topic="",
                body="Mời.",
                audience={},
                author="Lan",
                created_at=NOON,
                state=state,
                reason=reason,
            )
        )
    keep(*(Approval(announcement_id=n, hash="0", by="Minh", at=NOON, count=1) for n in (1, 2, 3)))

    assert "• Thông báo phải duyệt lại: 1, 2;" in run("doctor").output


def test_doctor_is_silent_where_nothing_was_published(run: Run) -> None:
    """Before the first start nothing is said about editions."""
    assert "Bản nội dung đang dùng" not in run("doctor").output


def test_doctor_counts_people_and_says_who_is_lacking(run: Run, tmp_path: Path) -> None:
    """Without two people of staff nothing can be approved."""
    (tmp_path / "a.csv").write_text(
        "channel,chat_id,consent\ntelegram,1,yes\ntelegram,2,\n", encoding="utf-8"
    )
    run("people", "import", "a.csv", "--basis", "Phiếu 01")
    run("staff", "add", "An", "--role", "author")
    before = run("doctor").output
    run("staff", "add", "Bình", "--role", "approver")

    assert "Bà con: 2 người, 1 người đồng ý nhận thông báo." in before
    assert "• Chưa gửi được thông báo: cần một người soạn và một người khác duyệt" in before
    assert "đủ người soạn và người khác duyệt" in run("doctor").output


def test_doctor_says_what_is_missing_in_words(run: Run) -> None:
    """Of the content it names what is empty, and it explains each setting."""
    told = run("doctor").stdout

    assert "content/places/contacts.yml" in told
    assert "HTX_KEEP_DAYS" in told


def test_doctor_writes_settings_as_people_write_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it shows may be copied into `.env`; hours that can't be read are told."""
    monkeypatch.setenv("HTX_TRUSTED_PROXIES", "10.0.0.2,10.0.0.1")
    monkeypatch.setenv("HTX_QUIET_HOURS", "25-3")
    told = run("doctor").stdout

    assert "HTX_TRUSTED_PROXIES = 10.0.0.1,10.0.0.2\n" in told
    assert "HTX_PUBLISH = true\n" in told
    assert "✗ HTX_QUIET_HOURS là “25-3”, phải viết như 21:00-06:00" in told


def test_doctor_names_an_address_in_clear(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address of another machine to which a token goes without HTTPS is told, no more."""
    monkeypatch.setenv("HTX_NLU_URL", "http://nlu.example:5005")

    assert "• HTX_NLU_URL là máy khác mà không phải https" in run("doctor").stdout


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("Đã có 16 tiến trình gửi đang chạy.", "Nhật ký dừng ở: Đã có 16 tiến trình"),
        ('{"event": "worker.started", "level": "info"}', "chưa tin nào được gửi.\n"),
    ],
)
def test_doctor_says_why_the_worker_ended(run: Run, tmp_path: Path, last: str, told: str) -> None:
    """A sentence or an error of its log; not what it writes while all is well."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var/worker.log").write_text(f"{last}\n", encoding="utf-8")

    assert told in run("doctor").stdout


def test_doctor_asks_whom_people_in_distress_may_call(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the office names somebody and confirms a line it is asked to; then no more."""
    before = run("doctor").output
    monkeypatch.setenv("HTX_CARE_CONTACT", "cán bộ trực, 0000")
    monkeypatch.setenv("HTX_CARE_LINE", "Đường dây thử 0001")
    after = run("doctor").output

    assert "• Chưa có ai để người đang nguy khốn gọi" in before
    assert "096 306 1414" in before
    assert "gọi thử" in before
    assert "Chưa có ai" not in after
    assert "096 306 1414" not in after


def test_doctor_tells_how_to_open_the_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is open without HTTPS is told of, and a proxy that may have been forgotten."""
    monkeypatch.setenv("HTX_WEB_HOST", "0.0.0.0")
    told = run("doctor").stdout
    monkeypatch.setenv("HTX_TRUSTED_PROXIES", "127.0.0.1")

    assert "• Trang web mở ra ngoài mà không có HTTPS: xem docs/van-hanh/may-chu.md." in told
    assert "• Chưa khai máy chủ nào đứng trước trang web" in told
    assert "• Chưa khai máy chủ nào" not in run("doctor").stdout


def test_doctor_shows_every_end(run: Run) -> None:
    """What is kept how long, and that nothing is overdue."""
    told = run("doctor").output

    for kept in ("lượt hỏi", "bà con không quay lại", "lần gửi", "sao lưu", "việc của cán bộ"):
        assert kept in told
    for kept in ("sổ người đã xóa", "chặn gửi trùng", "máy của cán bộ đã nối: 90 ngày", "nhật ký"):
        assert kept in told
    assert "không gì quá hạn" in told
    assert "HTX_PEOPLE_DAYS" in told


def test_doctor_asks_who_answers_for_personal_data(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the office says so people read that it is unknown; then no more is asked."""
    before = run("doctor").output
    for name in ("NAME", "CONTACT", "SERVER"):
        monkeypatch.setenv(f"HTX_OFFICE_{name}", "thử")
    after = run("doctor").output

    assert "• Về dữ liệu cá nhân, bà con đang được trả lời là “chưa rõ”: cơ quan nào" in before
    assert "(HTX_OFFICE_SERVER)." in before
    assert "đang được trả lời là" not in after


def test_doctor_counts_what_should_be_gone(run: Run, keep: Keep) -> None:
    """Words that outlived their days mean that nothing tidies."""
    keep(turn("lời cũ", start=utc_now() - timedelta(days=92)), turn("mới", start=utc_now()))

    assert "✗ Giữ bao lâu (1 dòng đã quá hạn" in run("doctor").output
