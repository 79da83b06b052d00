"""`htx`: the product's command line. Its verbs stand in `bot/commands`, listed here in order."""

import gc

gc.disable()  # what imports make stays: looking through it again and again is a quarter of a start

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

import typer
from typer.exceptions import TyperException

from bot.commands import (
    check,
    content,
    db,
    doctor,
    due,
    incident,
    insight,
    new,
    nlu,
    paper,
    preview,
    run,
    staff,
    tool,
)
from bot.commands.announce import drafts, sending
from bot.commands.ask import ask
from bot.commands.filling import fill
from bot.commands.people import correction, links, lists, record
from bot.terminal import misuse_of, progress, sentence_of
from services.errors import HtxError
from services.private_files import keep_to_this_account
from services.staff.audit import from_shell_of
from services.telemetry import configure_logs, trace

gc.freeze()
gc.enable()

_Verbs: TypeAlias = Mapping[str, Callable[..., None]]

_ALONE: _Verbs = {
    "run": run.run,
    "ask": ask,
    "telegram": run.telegram,
    "web": run.web,
    "worker": run.worker,
    "audit": staff.audit,
    "gaps": insight.gaps,
    "talk": insight.talk,
    "incident": incident.incident,
    "doctor": doctor.doctor,
}
_GROUPS: Mapping[str, tuple[str, _Verbs]] = {
    "announce": (
        "Thông báo: soạn, xem trước, duyệt, gửi, theo dõi.",
        {
            "templates": drafts.templates,
            "new": drafts.new,
            "draft": drafts.draft,
            "copy": drafts.copy,
            "delete": drafts.delete,
            "list": drafts.list_all,
            "show": drafts.show,
            "preview": drafts.preview,
            "test": sending.try_one,
            "rehearse": sending.rehearse,
            "approve": sending.approve,
            "send": sending.send,
            "reschedule": sending.reschedule,
            "pause": sending.pause,
            "resume": sending.resume,
            "cancel": sending.cancel,
            "report": sending.report,
        },
    ),
    "nlu": (
        "Máy hiểu câu hỏi: huấn luyện, chạy, đo.",
        {"train": nlu.train, "serve": nlu.serve, "evaluate": nlu.evaluate},
    ),
    "content": (
        "Nội dung: kiểm tra, độ phủ, xem lại, xem trước, văn bản đổi.",
        {
            "coverage": content.coverage,
            "review": content.review,
            "preview": preview.preview,
            "new": new.new,
            "add": new.add,
            "affected": insight.affected,
            "show": insight.show,
            "check": content.check,
            "hold-back": content.hold_back_in,
        },
    ),
    "people": (
        "Bà con: nhập, xuất, xem, sửa, xóa, nhóm, liên kết mời.",
        {
            "import": lists.import_people,
            "show": record.show,
            "export": lists.export,
            "correct": correction.correct,
            "erase": record.erase,
            "places": lists.places,
            "groups": lists.groups,
            "group": lists.group,
            "link": links.link,
        },
    ),
    "staff": (
        "Cán bộ: thêm, liệt kê, khóa, nối Telegram, vào trang cán bộ.",
        {
            "add": staff.add,
            "list": staff.everyone,
            "role": staff.role,
            "disable": staff.disable,
            "link": staff.link,
            "session": staff.session,
        },
    ),
    "tool": (
        "Công cụ cho hợp tác xã: tự chấm OCOP, tính vay, tính hạn, nơi nộp hồ sơ, giấy tờ.",
        {
            "list": tool.tools,
            "fill": fill,
            "ocop": tool.ocop,
            "loan": tool.loan,
            "due": due.due,
            "check": check.check,
            "office": due.office,
            "paper": paper.paper,
        },
    ),
    "db": (
        "Cơ sở dữ liệu: nâng cấp, sao lưu, khôi phục.",
        {"upgrade": db.upgrade, "backup": db.backup, "restore": db.restore},
    ),
}
_SETTINGS: Mapping[str, dict[str, Any]] = {
    "hold-back": {"hidden": True},
    "evaluate": {"context_settings": {"allow_extra_args": True, "ignore_unknown_options": True}},
}
"""What typer is told of a verb besides its function."""


def _app() -> typer.Typer:
    """Return the command line, its verbs in the order in which help lists them."""
    made = _group("Trợ lý HTX: hỏi đáp về hợp tác xã, có ghi nguồn.", _ALONE)
    for name, (told, verbs) in _GROUPS.items():
        made.add_typer(_group(told, verbs), name=name)
    return made


def _group(told: str, verbs: _Verbs) -> typer.Typer:
    group = typer.Typer(
        help=told, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    for name, command in verbs.items():
        group.command(name, **_SETTINGS.get(name, {}))(command)
    return group


app = _app()
_RUNNING = ("run", "web", "telegram", "worker")
"""Commands in which others act than whoever typed them."""


def _login() -> str:
    """Return whose shell this is, and who became that by sudo; nobody's of what goes on running."""
    if sys.argv[1:2] and sys.argv[1] in _RUNNING:
        return ""
    with suppress(OSError, KeyError):  # no such user, as in a container
        before = os.environ.get("SUDO_USER", "")
        return f"{getpass.getuser()} ({before})" if before else getpass.getuser()
    return str(os.getuid())


def main() -> None:
    """Run a command; an error is one sentence and exit code 1, one of typing 2, Ctrl-C is 130.

    Of an error that nobody foresaw it is also told where it arose, but nothing of its words.
    """
    keep_to_this_account()
    configure_logs("WARNING")
    try:
        with from_shell_of(_login()):
            sys.exit(app(standalone_mode=False))
    except TyperException as error:
        if told := misuse_of(error):
            progress(told)
        sys.exit(error.exit_code)
    except HtxError as error:
        progress(sentence_of(error))
        sys.exit(1)
    except KeyboardInterrupt:
        progress("Đã dừng.")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:  # noqa: BLE001  # because whoever typed it must read a sentence
        progress(
            "Chương trình gặp lỗi không lường trước nên việc này chưa xong. "
            f"Gửi phần dưới đây cho người phụ trách kỹ thuật:\n{trace(error)}"
        )
        sys.exit(1)
