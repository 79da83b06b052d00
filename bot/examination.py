"""What is looked at in a product that runs, told in plain words by `htx doctor` and the console."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.terminal import HOW_TO_OPEN, IN_CLEAR
from services.announcements import approval
from services.announcements.quiet import Quiet
from services.announcements.sending.lease import borrow
from services.clock import VIETNAM, day_of, utc_now
from services.errors import HtxError
from services.knowledge.library import Library
from services.people.end_dates import EndDates, overdue
from services.people.person import count
from services.private_files import open_to_others
from services.publishing.status import Record, read_record, record_path
from services.settings import Settings
from services.staff import link as links
from services.staff.account import can_approve, everyone
from services.understanding.client import client_of
from services.understanding.model import model_path, newest_model, require_embedding
from services.understanding.thresholds import load_thresholds

_GIB = 1024**3
_LOW_DISK = 2 * _GIB


_SECRET = re.compile(
    r"""^[^#\n=]*(?:TOKEN|KEYS?|SECRET|PASSWORD)\s*=[ \t"']*[^\s"'#]|^[^#\n=]*=.*://[^/\s]*:[^/\s]*@""",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of `.env` that sets a key, or an address with a password in it."""
_NOT_HEARD = "chưa chạy; “make run” sẽ khởi động"
_STARTING = "chưa trả lời: máy đang học hay đổi sang bản mới, câu hỏi tạm được đọc theo chữ"
_HELD = {"refused": "bị từ chối", "waiting": "chưa đưa lên được, sẽ thử lại"}
"""What became of a change, by the state of publishing."""


@dataclass(frozen=True)
class Diagnosis:
    """One thing looked at: whether it is well (None: to be told, no more), and a sentence."""

    well: bool | None
    sentence: str

    @property
    def mark(self) -> str:
        """What opens its line."""
        return "•" if self.well is None else "✓" if self.well else "✗"


def by_settings(settings: Settings, library: Library) -> list[Diagnosis]:
    """Look at the content served, the machine and the settings."""
    record = read_record(record_path(settings))
    return [
        *_lapsed(library),
        *_machine(settings, record),
        *_open_files(settings),
        *_office(settings),
        *_care(settings),
        *_door(settings),
        *_published(record),
    ]


async def by_rows(session: AsyncSession, settings: Settings) -> list[Diagnosis]:
    """Look at people, staff and what is kept too long."""
    known, agreed = await count(session)
    ready = can_approve(await everyone(session))
    fallen = await approval.fallen(session)
    late = await overdue(session, EndDates.of(settings, utc_now()))
    told = f"Bà con: {known} người, {agreed} người đồng ý nhận thông báo."
    staff = (
        "Cán bộ: đủ người soạn và người khác duyệt thông báo."
        if ready
        else "Chưa gửi được thông báo: cần một người soạn và một người khác duyệt; "
        "thêm bằng “htx staff add”."
    )
    return [
        Diagnosis(well=True, sentence=told),
        Diagnosis(ready or None, staff),
        *_fallen(fallen),
        Diagnosis(well=not late, sentence=_kept(settings, late)),
    ]


async def by_processes(settings: Settings) -> list[Diagnosis]:
    """Look at the processes beside this one."""
    client = client_of(settings)
    heard = await client.ping()
    await client.close()
    record = read_record(record_path(settings))
    learning = not heard and record is not None and record.is_at_work(utc_now())
    nlu = "đang trả lời" if heard else _STARTING if learning else _NOT_HEARD
    told = f"Máy hiểu câu hỏi ở {settings.nlu_url} {nlu}."
    return [await _worker(settings), Diagnosis(None if learning else heard, told)]


def _lapsed(library: Library) -> Iterator[Diagnosis]:
    """Tell which articles are not told any more."""
    lapsed = [article.id for article in library.lapsed(day_of(utc_now()))]
    if lapsed:
        told = f"{len(lapsed)} bài không được đem ra trả lời nữa vì mọi căn cứ đã hết hiệu lực"
        yield Diagnosis(well=False, sentence=f"{told}: {', '.join(lapsed)}.")


def _machine(settings: Settings, record: Record | None) -> Iterator[Diagnosis]:
    free = shutil.disk_usage(settings.data_dir).free
    yield Diagnosis(free > _LOW_DISK, f"Ổ đĩa còn {free / _GIB:.1f} GB ở {settings.data_dir}.")
    yield _tried("Máy hiểu đã cài, đọc được nghĩa câu.", require_embedding)
    yield _tried("Ngưỡng trả lời đọc được.", load_thresholds)
    yield _tried("Giờ yên lặng đọc được.", lambda: Quiet.read(settings.quiet_hours))
    yield _model(settings, record)


def _model(settings: Settings, record: Record | None) -> Diagnosis:
    """Tell whether what is served was learnt; who learns it at this moment needs no other."""
    if model_path(settings).exists():
        return Diagnosis(well=True, sentence="Mô hình khớp với nội dung.")
    if record is not None and record.is_at_work(utc_now()):
        told = (
            f"Nội dung vừa đổi; máy đang tự học bản mới từ {_at(record.since)}, xong thì tự dùng."
        )
        return Diagnosis(None, told)
    older = "có mô hình cũ" if newest_model(settings) else "chưa có mô hình nào"
    return Diagnosis(well=False, sentence=f"Nội dung đã đổi, {older}; chạy “htx nlu train”.")


def _open_files(settings: Settings) -> Iterator[Diagnosis]:
    """Tell of secrets and data that other accounts of the machine may read.

    A data folder whose files are closed, and an `.env` without a secret, are told of, no more.
    """
    env, folder = Path(".env"), settings.data_dir
    calm = {folder} if _SECRET.search(_read(env)) else {folder, env}
    database = (settings.sqlite_path,) if settings.sqlite_path else ()
    for path in open_to_others((env, folder, folder / "secret-key", *database)):
        told = f"Tài khoản khác trên máy này đọc được {path.absolute()}; chạy “chmod go= {path}”."
        yield Diagnosis(None if path in calm else False, told)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _office(settings: Settings) -> Iterator[Diagnosis]:
    """Ask who answers for people's data: wherever they agree they are told that it is unknown."""
    asked = {
        "HTX_OFFICE_NAME": (settings.office_name, "cơ quan nào chịu trách nhiệm"),
        "HTX_OFFICE_CONTACT": (settings.office_contact, "ai nhận yêu cầu, số điện thoại nào"),
        "HTX_OFFICE_SERVER": (settings.office_server, "máy giữ dữ liệu đặt ở đâu"),
    }
    lacking = [f"{what} ({name})" for name, (value, what) in asked.items() if not value.strip()]
    if lacking:
        told = "Về dữ liệu cá nhân, bà con đang được trả lời là “chưa rõ”"
        yield Diagnosis(None, f"{told}: {'; '.join(lacking)}.")


def _care(settings: Settings) -> Iterator[Diagnosis]:
    """Ask for whom people in distress are told to call; without them 115 alone is named."""
    if not settings.care_contact.strip():
        told = "Chưa có ai để người đang nguy khốn gọi; ghi tên, số, giờ vào HTX_CARE_CONTACT."
        yield Diagnosis(None, told)
    if not settings.care_line.strip():
        told = (
            "Chưa có đường dây tư vấn tâm lý nào. Báo năm 2022 ghi Ngày Mai 096 306 1414, 13h đến "
            "20h30, thứ tư đến chủ nhật: gọi thử, còn đúng thì ghi vào HTX_CARE_LINE."
        )
        yield Diagnosis(None, told)


def _door(settings: Settings) -> Iterator[Diagnosis]:
    """Tell how the page and tokens are open, and what to set when a proxy stands before it."""
    for name in settings.in_clear:
        yield Diagnosis(None, IN_CLEAR.format(name))
    if settings.is_open:
        yield Diagnosis(None, f"Trang web mở ra ngoài mà không có HTTPS: {HOW_TO_OPEN}.")
    if not settings.trusted_proxies:
        told = "Chưa khai máy chủ nào đứng trước trang web (HTX_TRUSTED_PROXIES)"
        yield Diagnosis(None, f"{told}; nếu có thì mọi người đang bị đếm chung: {HOW_TO_OPEN}.")


def _published(record: Record | None) -> Iterator[Diagnosis]:
    if record is None:
        return
    yield Diagnosis(
        well=True,
        sentence=f"Bản nội dung đang dùng: {record.edition}, từ {_at(record.served_since)}.",
    )
    if record.refused_at is not None:
        what = _HELD.get(record.state, "có chỗ bị giữ như bản trước, phần còn lại đã dùng")
        why = "\n  ".join(record.findings)
        yield Diagnosis(well=False, sentence=f"Lần sửa lúc {_at(record.refused_at)} {what}: {why}")


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"


async def _worker(settings: Settings) -> Diagnosis:
    """Tell whether a worker is at work; where none is, what the last one said at its end."""
    try:
        async with borrow(settings, 0) as free:
            idle = free
    except (HtxError, SQLAlchemyError):
        return Diagnosis(None, "Chưa xét được bộ phận gửi thông báo: cơ sở dữ liệu không mở được.")
    if not idle:
        return Diagnosis(well=True, sentence="Bộ phận gửi thông báo đang chạy.")
    log = settings.data_dir / "worker.log"
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    last = next((line for line in reversed(lines) if line.strip()), "")
    calm = '"level": "info"' in last  # it ended because it was told to
    told = f" Nhật ký dừng ở: {last.strip()}" if last and not calm else ""
    return Diagnosis(None, f"Bộ phận gửi thông báo không chạy, chưa tin nào được gửi.{told}")


def _fallen(numbers: list[int]) -> Iterator[Diagnosis]:
    """Name what nobody may send by the approval that it has."""
    if numbers:
        which = ", ".join(map(str, numbers))
        told = f"Thông báo phải duyệt lại: {which}; xem “htx announce show SỐ” rồi nhờ duyệt."
        yield Diagnosis(None, told)


def _kept(settings: Settings, late: int) -> str:
    """Tell what is kept how long, and whether anything is kept longer."""
    told = f"{late} dòng đã quá hạn; “htx run” dọn mỗi ngày một lần" if late else "không gì quá hạn"
    records = f"{settings.record_days} ngày"
    each = (
        f"lượt hỏi, lần chấm, câu đang hỏi dở: {settings.keep_days} ngày (HTX_KEEP_DAYS)",
        "tin nhắn: đến khi trả lời xong; số hiệu của tin: vài ngày",
        f"bà con không quay lại mà không nhận tin: {settings.people_days} ngày (HTX_PEOPLE_DAYS)",
        "lời đồng ý sau cùng: như bà con",
        f"lời đồng ý đã thay; lần gửi, lần bấm nút là của ai: {records} (HTX_RECORD_DAYS)",
        f"bản sao lưu, sổ người đã xóa: {settings.backup_days} ngày (HTX_BACKUP_DAYS)",
        "mã băm chặn danh sách đưa lại người đã xóa, đã từ chối: đến khi họ nhắn /start",
        "mã băm chặn gửi trùng cho người đã xóa: đến khi tin ấy gửi xong",
        f"máy của cán bộ đã nối: {links.LASTS.days} ngày; liên kết nối chưa dùng: một ngày",
        "phiên đăng nhập của cán bộ: 12 giờ; bảng bà con đang xem thử, khóa kín: một giờ",
        "nhật ký nlu.log, worker.log: cắt bớt mỗi ngày, không có lời bà con",
        "sổ việc của cán bộ, bài thông báo, số đếm theo ngày: giữ mãi, không có tên bà con",
    )
    return "\n  ".join([f"Giữ bao lâu ({told}):", *each])


def _tried(sentence: str, look: Callable[[], object]) -> Diagnosis:
    try:
        look()
    except HtxError as error:
        return Diagnosis(well=False, sentence=str(error))
    return Diagnosis(well=True, sentence=sentence)
