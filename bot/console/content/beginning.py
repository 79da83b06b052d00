"""A new article: what a writer is asked of it, each answer checked, then its draft."""

from http import HTTPStatus

from starlette.responses import Response

from bot.console.content import view
from bot.console.content.form import READER_WORDS, SCOPE_WORDS, VERIFICATION_WORDS
from bot.console.request import ConsoleRequest
from services.clock import day_of
from services.conversation.plain import capital
from services.errors import HtxError
from services.knowledge.article_draft import PROMPTS, AnswerRefused, ArticleDraft


async def ask(desk: ConsoleRequest) -> Response:
    """Ask what an article is made of."""
    return await _page(desk, {})


async def keep(desk: ConsoleRequest) -> Response:
    """Begin the draft of a new article, or say beside each answer why it can't be used.

    Another page may send what it knows (`show`): a gap its questions, a ticket its reply.
    """
    draft = ArticleDraft(await view.editor(desk).library())
    wrong = {} if desk.field("show") else _read(desk, draft)
    if desk.field("show") or wrong:
        return await _page(desk, wrong)
    text = draft.text(day_of(desk.now))
    room = view.editor(desk)
    begun = await room.begin_new(desk.session, draft.id, text, desk.staff.name)
    checked = await room.save(desk.session, begun.id, begun.hash, text, desk.staff.name)
    lacking = f" Còn thiếu {draft.lacking} câu hỏi mẫu." if draft.lacking else ""
    return desk.to(
        view.draft_address(checked), f"Đã có bản nháp; viết tiếp phần chi tiết.{lacking}"
    )


async def again(desk: ConsoleRequest, error: HtxError) -> Response:
    """Show what was typed once more, and what keeps it from being begun."""
    return await _page(desk, {"slug": str(error)})


def _read(desk: ConsoleRequest, draft: ArticleDraft) -> dict[str, str]:
    """Put what was typed into a draft; return by field what can't be used, up to the first.

    Later answers lean on earlier ones: after one that can't be used nothing is proposed.
    """
    for prompt in PROMPTS:
        typed = ", ".join(map(str, desk.form.getlist(prompt.name))).strip()
        try:
            setattr(draft, prompt.name, prompt.read(draft, typed or prompt.propose(draft)))
        except AnswerRefused as refused:
            return {prompt.name: str(refused)}
    for line in desk.field("questions").splitlines():
        try:
            if line.strip():
                draft.ask_also(line)
        except AnswerRefused as refused:
            return {"questions": str(refused)}
    return {}


async def _page(desk: ConsoleRequest, wrong: dict[str, str]) -> Response:
    library = await view.editor(desk).library()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return desk.page(
        "content_new.html",
        status,
        prompts=PROMPTS,
        choices={
            "topic": [(name, capital(one.label)) for name, one in library.topics.items()],
            "verification": [*VERIFICATION_WORDS.items()],
            "scope": [*SCOPE_WORDS.items()],
        },
        readers=READER_WORDS,
        typed={prompt.name: desk.field(prompt.name) for prompt in PROMPTS},
        ticked=list(map(str, desk.form.getlist("readers"))) or list(READER_WORDS),
        questions=str(desk.form.get("questions", "")),
        sources=[(name, one.title) for name, one in library.sources.items()],
        wrong=wrong,
    )
