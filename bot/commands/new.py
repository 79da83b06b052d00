"""`htx content new`: a new article from a few answers, asked for or given as options."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.insight import gap_questions
from bot.preview import fit
from bot.terminal import progress, result
from services.clock import day_of, utc_now
from services.errors import ContentError, MachineError, why_of
from services.knowledge.article_draft import PROMPTS, AnswerRefused, ArticleDraft, Prompt
from services.knowledge.article_file import read_article_file
from services.knowledge.loader import read_content
from services.knowledge.schema import MIN_QUESTIONS
from services.private_files import share_as_its_folder
from services.settings import Settings, load_settings

_MOST_FROM_GAP = 30
"""Example questions taken from a gap; more of one kind teach nothing new."""


def new(  # noqa: PLR0913  # because every answer may be given as an option
    *,
    topic: Annotated[str | None, typer.Option(help="Chủ đề: thư mục của bài")] = None,
    title: Annotated[str | None, typer.Option(help="Tên bài")] = None,
    slug: Annotated[str | None, typer.Option(help="Tên tệp, không dấu")] = None,
    readers: Annotated[str | None, typer.Option(help="Người đọc, cách nhau dấu phẩy")] = None,
    answer: Annotated[str | None, typer.Option(help="Câu trả lời ngắn")] = None,
    source: Annotated[str | None, typer.Option(help="Văn bản: số, tên hoặc mã")] = None,
    clause: Annotated[str | None, typer.Option(help="Điều, khoản")] = None,
    covers: Annotated[str | None, typer.Option(help="Số dữ kiện, mục, cách dấu phẩy")] = None,
    verification: Annotated[
        str | None, typer.Option(help="Biết chắc tới đâu: verified, secondary, inferred")
    ] = None,
    scope: Annotated[
        str | None, typer.Option(help="Đúng ở đâu: national, da-nang, old-quang-nam")
    ] = None,
    next_step: Annotated[str | None, typer.Option(help="Bước tiếp theo")] = None,
    related: Annotated[str | None, typer.Option(help="1 đến 3 mã bài, cách dấu phẩy")] = None,
    question: Annotated[list[str] | None, typer.Option(help="Câu hỏi mẫu, nhiều lần")] = None,
    questions: Annotated[Path | None, typer.Option(help="Tệp câu hỏi, mỗi dòng một câu")] = None,
    from_gap: Annotated[
        str | None, typer.Option(help="Lấy câu hỏi của nhóm này, xem htx gaps")
    ] = None,
) -> None:
    """Viết bản nháp một bài: hỏi từng điều, kiểm tra ngay; điều đã cho bằng tùy chọn thì thôi."""
    given = {
        "topic": topic,
        "title": title,
        "slug": slug,
        "readers": readers,
        "answer": answer,
        "source": source,
        "clause": clause,
        "covers": covers,
        "verification": verification,
        "scope": scope,
        "next_step": next_step,
        "related": related,
    }
    known = {name: typed for name, typed in given.items() if typed is not None}
    settings = load_settings()
    asked = gap_questions(settings, from_gap)[:_MOST_FROM_GAP] if from_gap else []
    if asked:
        progress("Câu hỏi lấy từ lời bà con: xem lại từng câu, bỏ tên người, địa chỉ, số riêng.")
    write_new(settings, known, [*(question or ()), *_lines(questions), *asked])


def add(draft: Annotated[Path, typer.Argument(help="Tệp bản nháp")]) -> None:
    """Đưa một bản nháp đã sạch lỗi vào nội dung; chương trình đang chạy sẽ tự dùng.

    Raises:
        ContentError: something in it is to be mended, it lies in no topic's folder, or there is an
            article of that name.
        MachineError: the disk refuses it; the draft is kept.

    """
    root = load_settings().content_dir
    read = read_article_file(root, _known(draft))
    file, topic = f"articles/{read.article.id}.md", draft.resolve().parent.name
    if read.article.topic != topic:
        message = f"Chưa rõ chủ đề: để bản nháp trong thư mục mang tên chủ đề, thay vì “{topic}”."
        raise ContentError(message)
    unfit = [one for one in fit(read.library, day_of(utc_now())) if one.file == file]
    if found := [*read.findings, *unfit]:
        raise ContentError("\n".join(["Bản nháp còn chỗ cần sửa:", *map(str, found)]))
    path = root / file
    _write(path, read.article.raw)
    share_as_its_folder(path)
    draft.unlink()
    result(f"Đã đưa vào nội dung: {path}")


def write_new(settings: Settings, given: Mapping[str, str], questions: Sequence[str] = ()) -> Path:
    """Write the draft of a new article out of what is given and what the writer answers.

    It stands apart from what is served, below the data folder, until `add` moves it.

    `questions` are example questions that are known already. Returns the file.

    Raises:
        ContentError: something that is given can't be used, or an answer is missing.

    """
    root = settings.content_dir
    draft = ArticleDraft(read_content(root))
    for prompt in PROMPTS:
        setattr(draft, prompt.name, _answered(draft, prompt, given.get(prompt.name)))
    _gather(draft, questions)
    path = settings.data_dir / f"drafts/articles/{draft.id}.md"
    _write(path, draft.text(day_of(utc_now())))
    _say_what_is_next(root, path, draft)
    return path


def _known(path: Path) -> Path:
    if not path.is_file():
        message = f"Không có tệp {path}; bản nháp nằm ở nơi “htx content new” đã in ra."
        raise ContentError(message)
    return path


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        message = f"Đã có tệp {path}; sửa tệp đó, hoặc chọn tên khác bằng --slug."
        raise ContentError(message) from None
    except OSError as error:
        path.unlink(missing_ok=True)  # half of it would be taken for the article
        message = f"Không ghi được {path} ({why_of(error)}); kiểm tra ổ đĩa và quyền ghi."
        raise MachineError(message) from None


def _answered(draft: ArticleDraft, prompt: Prompt, given: str | None) -> object:
    """Return what goes into a field: as given, or asked for until it can be used."""
    if given is not None:
        return _given(draft, prompt, given)
    for hint in prompt.hints(draft):
        progress(f"  {hint}")
    proposed = prompt.propose(draft)
    while True:
        typed = _typed(f"{prompt.ask}{f' [{proposed}]' if proposed else ''}")
        if typed is None:
            return _given(draft, prompt, _unasked(prompt, proposed))
        try:
            return prompt.read(draft, typed or proposed)
        except AnswerRefused as error:
            progress(f"  ✗ {error}")


def _unasked(prompt: Prompt, proposed: str) -> str:
    """Return what is taken where nobody answers.

    Raises:
        ContentError: only a writer can know it.

    """
    if not proposed and not prompt.may_be_empty:
        message = f"Chưa có câu trả lời cho --{_option(prompt)}. {prompt.ask}"
        raise ContentError(message)
    return proposed


def _given(draft: ArticleDraft, prompt: Prompt, given: str) -> object:
    try:
        return prompt.read(draft, given)
    except AnswerRefused as error:
        message = f"--{_option(prompt)}: {error}"
        raise ContentError(message) from None


def _option(prompt: Prompt) -> str:
    return prompt.name.replace("_", "-")


def _gather(draft: ArticleDraft, known: Sequence[str]) -> None:
    """Take in the questions that are known, then those that are typed, until an empty line."""
    for question in known:
        _take(draft, question)
    if not draft.lacking:
        return
    progress(f"Câu hỏi mẫu, mỗi dòng một câu, dòng trống để dừng (còn {draft.lacking} câu):")
    while typed := _typed(""):
        _take(draft, typed)


def _take(draft: ArticleDraft, question: str) -> None:
    try:
        draft.ask_also(question)
    except AnswerRefused as error:
        progress(f"  ✗ {error}")


def _typed(ask: str) -> str | None:
    """Return a line that the writer types, or None when there is nobody to ask."""
    if ask:
        progress(ask)
    try:
        return input("> ").strip()
    except EOFError:
        return None


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        message = f"Không đọc được tệp câu hỏi {path}; kiểm tra đường dẫn, lưu tệp với mã UTF-8."
        raise ContentError(message) from None
    return [line for line in text.splitlines() if line.strip()]


def _say_what_is_next(root: Path, path: Path, draft: ArticleDraft) -> None:
    result(f"Đã viết bản nháp {path}")
    if draft.lacking:
        result(f"Còn thiếu {draft.lacking} câu hỏi mẫu cho đủ {MIN_QUESTIONS}: mở tệp, viết thêm.")
    for finding in read_article_file(root, path).findings:
        result(f"  {finding}")
    result("Phần chi tiết viết dưới câu trả lời ngắn, cách một dòng trống. Sau đó:")
    result(f"  xem trước:           htx content preview {path}")
    result(f"  đưa vào nội dung:    htx content add {path}")
