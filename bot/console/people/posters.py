"""Posters: a link and a QR picture that bring people in with place and topic filled, to print."""

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.console.request import ConsoleRequest
from bot.telegram.links import bot_name, link_of
from services.errors import HtxError
from services.people import groups
from services.people.deeplink import Deeplink, encode
from services.people.places import place_name, places
from services.staff import audit

_FIELDS = ("place", "topic", "event", "bot")


async def show(desk: ConsoleRequest) -> Response:
    """Ask what the poster is for."""
    return _form(desk)


async def again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Ask once more, with what was typed."""
    return _form(desk, str(error))


async def draw(desk: ConsoleRequest) -> Response:
    """Show a poster; an event gets its group."""
    asked = {name: desk.field(name) for name in _FIELDS}
    link = Deeplink(asked["place"], asked["topic"], asked["event"])
    address = link_of(await bot_name(desk.services.settings, asked["bot"]), encode(link))
    if link.event and await groups.make_event(desk.session, link.event, desk.now):
        about = f"event {link.event}"
        audit.note(desk.session, desk.now, desk.staff.name, "people.event", about)
    picture = segno.make_qr(address, error="m").svg_inline(
        scale=8, border=4, dark="#000", light="#fff", title="Mã QR mở trợ lý trong Telegram"
    )
    topic = desk.services.library.topics.get(link.topic)
    return desk.page(
        "people_poster.html",
        picture=Markup(picture),  # noqa: S704  # because it is made of squares
        address=address,
        place=place_name(link.place),
        topic=topic.label if topic else "",
        event=link.event,
        office=desk.services.settings.office_name,
    )


def _form(desk: ConsoleRequest, problem: str = "") -> Response:
    topics = desk.services.library.topics
    return desk.page(
        "people_poster_form.html",
        typed={name: desk.field(name) for name in _FIELDS},
        places=[("", "không điền"), *((one.code, one.name) for one in places().values())],
        topics=[("", "không điền"), *((name, one.label) for name, one in topics.items())],
        needs_bot=not desk.services.settings.telegram_token.get_secret_value(),
        problem=problem,
    )
