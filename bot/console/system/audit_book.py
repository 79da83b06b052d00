"""The audit as a page: who did what, when, to what; the newest first, some a page."""

from urllib.parse import urlencode

from starlette.responses import Response

from bot.console.audit_words import ACTS, ANNOUNCED, KINDS, AuditWords
from bot.console.request import HOME, ConsoleRequest, figure
from services.staff import account, audit

_FIELDS = ("who", "did", "about")


async def show(desk: ConsoleRequest) -> Response:
    """Show a page of the audit, as asked for by who, what, about what."""
    accounts = await account.everyone(desk.session)
    words = AuditWords(desk.services.library, {one.id: one.name for one in accounts})
    asked = {name: desk.asked(name) for name in _FIELDS}
    sought = {**asked, "about": words.kept(asked["about"])}
    rows = await audit.page(desk.session, **sought, before=figure(desk.asked("before")))
    shown, more = rows[: audit.PAGE], len(rows) > audit.PAGE
    older = urlencode({**asked, "before": shown[-1].id}) if more else ""
    return desk.page(
        "system_audit.html",
        rows=shown,
        words=words,
        older=f"{HOME}/system/audit?{older}" if more else "",
        asked=asked,
        names=[
            ("", "ai cũng được"),
            ("system", "máy"),
            *((one.name, one.name) for one in accounts),
        ],
        kinds=[(kind, label, _acts(words, kind)) for kind, label in KINDS.items()],
    )


def _acts(words: AuditWords, kind: str) -> list[tuple[str, str]]:
    """Return the acts of a kind that are more than the kind itself, in words."""
    known = (*(f"announce.{did}" for did in ANNOUNCED), *ACTS)
    return [(did, words.act(did)) for did in known if did.startswith(f"{kind}.")]
