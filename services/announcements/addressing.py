"""Addressing: reads whom a file says that it is for; what can't be used is kept as a fault."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nlu.text import fold
from services.announcements.audience import Audience, Rule
from services.announcements.beside import beside
from services.announcements.roster import read_roster
from services.errors import AnnouncementError, PeopleError

_EVERYBODY = ("all", "tat ca", "moi nguoi")
_FIELDS = ("topics", "roles", "places", "groups", "chats", "csv", "active_days", "exclude")
_FORM = "viết như audience: {roles: [farmer], places: [Hòa Tiến]}, hoặc audience: all cho mọi người"
_WRONG = {
    "active_days": "active_days phải là số ngày, từ 1 đến 3650",
    "exclude": "exclude phải là danh sách nhóm, hoặc các mục như của audience",
}


def read_audience(written: Any, folder: Path) -> Audience:
    """Return the audience that a file names; `all` is everybody, nothing at all is a fault."""
    try:
        return _read(written, folder)
    except ValidationError as error:
        return Audience(fault=f"audience (người nhận) sai: {_wrong(error)}.")
    except (AnnouncementError, PeopleError) as error:
        return Audience(fault=str(error))


def _read(written: Any, folder: Path) -> Audience:
    if isinstance(written, str) and fold(written.strip()) in _EVERYBODY:
        return Audience()
    if written and not isinstance(written, Mapping):
        msg = f"audience (người nhận) viết chưa đúng dạng; {_FORM}."
        raise AnnouncementError(msg)
    audience = Audience.model_validate(_with_rosters(written or {}, folder))
    if audience == Audience():
        msg = f"Chưa ghi thông báo gửi cho ai; {_FORM}."
        raise AnnouncementError(msg)
    return audience


def _with_rosters(written: Mapping[Any, Any], folder: Path) -> dict[str, Any]:
    """Put the chats of a CSV in its name's place, also of those who are left out."""
    rule = {str(name): value for name, value in written.items()}
    if isinstance(rule.get("exclude"), Mapping):
        rule["exclude"] = _with_rosters(rule["exclude"], folder)
    name = rule.pop("csv", None)
    if name:
        chats = read_roster(beside(folder, str(name)))
        rule["chats"] = (*Rule(chats=rule.get("chats") or ()).chats, *chats)
    return rule


def _wrong(error: ValidationError) -> str:
    """Say which part is wrong; of several, the first."""
    first = error.errors()[0]
    names = [str(name) for name in first["loc"] if not isinstance(name, int)]
    if first["type"] == "extra_forbidden":
        return f"không có mục “{names[-1]}”; chỉ dùng {', '.join(_FIELDS)}"
    return _WRONG.get(names[0], f"mục {names[-1]} phải là danh sách chữ") if names else _FORM
