"""How a gap gets its answer: an article that shall know its questions, or one to be written."""

from collections.abc import Sequence

from starlette.responses import Response

from bot.console.content.view import is_named
from bot.console.request import HOME, ConsoleRequest
from bot.preview import fit
from services.editing import proposals
from services.editing.article_text import ArticleText, title_in
from services.editing.editor import Editor
from services.errors import GapError
from services.insight import awaiting, gap_list, gap_work
from services.masking.mask import mask
from services.masking.shadow import MASK

_MOST_OFFERED = 6
_MOST_FOUND = 20
_MOST_EXAMPLES = 30
"""Wordings that are offered as examples; more of one kind teach nothing new."""


def address_of(number: int) -> str:
    """Return where a gap is shown."""
    return f"{HOME}/gaps/{number}"


def examples(worded: Sequence[gap_list.Worded]) -> list[gap_list.Worded]:
    """Return the wordings that may stand in an article: those with a personal number may not.

    They are masked again: an older release may have let one through.
    """
    clean = (one for one in worded if MASK not in one.text and mask(one.text) == one.text)
    return list(clean)[:_MOST_EXAMPLES]


async def offered(desk: ConsoleRequest, detail: gap_list.GapDetail) -> list[tuple[str, str]]:
    """Return the articles that may answer, by id and title: as sought, else the nearest.

    What is being written for the first time is offered too.
    """
    library, sought = desk.services.library, desk.asked("q")
    known = library.articles
    if sought:
        found = [name for name, a in known.items() if is_named(a, sought)]
        return [(name, known[name].head.title) for name in found[:_MOST_FOUND]]
    reading = desk.services.current.edition.interpreter
    near = (await reading.read_by_words(detail.summary.title, None)).articles()
    names = [one.name for one in near if one.name in known][:_MOST_OFFERED]
    nearest = detail.summary.gap.nearest
    names = list(dict.fromkeys([*([nearest] if nearest in known else []), *names]))
    going = await _editor(desk).waiting(desk.session, "draft", "submitted", "returned")
    fresh = [one for one in going if one.article not in known][:_MOST_OFFERED]
    titled = [(name, known[name].head.title) for name in names if name is not None]
    return [
        *titled,
        *((one.article, f"{title_in(one.text) or one.article} (đang viết)") for one in fresh),
    ]


async def link(desk: ConsoleRequest) -> Response:
    """Say which article is to answer a gap; what was ticked is put to its draft as examples."""
    number, article = desk.number(), desk.field("article")
    room = _editor(desk)
    going = await proposals.open_of(desk.session, article)
    if going is None and article not in (await room.library()).articles:
        raise GapError("gap_article_unknown", article=article)
    ticked = desk.fields("example")
    library, by = desk.services.library, desk.staff.name
    await gap_work.link(desk.session, number, article, library, by=by, now=desk.now)
    detail = await gap_list.detail(desk.session, number, desk.now)
    wanted = [one.text for one in examples(detail.worded) if str(one.number) in ticked]
    if not wanted:
        return desk.to(address_of(number), "Đã gắn bài; bài ra thì báo những ai chờ.")
    draft = await room.begin(desk.session, article, by)
    text = ArticleText.read(draft.text)
    asked = list(dict.fromkeys([*text.listed("questions"), *wanted]))
    written = text.with_({"questions": asked}, text.body).text
    await room.save(desk.session, draft.id, draft.hash, written, by)
    told = f"Đã gắn bài và thêm {len(wanted)} câu mẫu vào bản nháp; xem lại rồi gửi duyệt."
    return desk.to(f"{HOME}/content/drafts/{draft.id}", told)


async def tell(desk: ConsoleRequest) -> Response:
    """Tell those who wait at once: the article that is served answers already.

    Raises:
        GapError: the gap is not linked any more, or its article is not served.

    """
    gap = await gap_work.find(desk.session, desk.number())
    if gap.state != "linked":
        raise GapError("gap_changed", number=gap.id)
    if gap.article not in desk.services.library.articles:
        raise GapError("gap_article_not_served", article=gap.article)
    library, by = desk.services.library, desk.staff.name
    count = await awaiting.tell(desk.session, gap, library, desk.now, by)
    return desk.to(address_of(gap.id), f"Đang báo {count} cuộc trò chuyện, mỗi nơi một lần.")


def _editor(desk: ConsoleRequest) -> Editor:
    services = desk.services
    return Editor(services.settings, services.current, services.now, fit)
