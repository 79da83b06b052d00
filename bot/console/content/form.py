"""The form of an article: its fields with help beside them, read from a file and put into one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from services.clock import day_of, read_day, utc_now
from services.editing.article_text import ArticleText
from services.errors import AnnouncementError
from services.knowledge.schema import (
    CONDITION_CHARS,
    LABEL_CHARS,
    MIN_QUESTIONS,
    PLAIN_CHARS,
    READERS,
    SCOPES,
    TITLE_CHARS,
    VERIFICATIONS,
)

READER_WORDS = {"manager": "quản lý hợp tác xã", "officer": "cán bộ", "farmer": "bà con"}
VERIFICATION_WORDS = {
    "verified": "đã đọc trong nguyên văn",
    "secondary": "báo hoặc trang luật kể lại",
    "inferred": "suy ra từ quy định",
}
SCOPE_WORDS = {
    "national": "cả nước",
    "da-nang": "thành phố Đà Nẵng",
    "old-quang-nam": "tỉnh Quảng Nam trước 1/7/2025",
}
_SPARE = 2
"""Empty lines for further citations."""


@dataclass(frozen=True)
class FormField:
    """A field as a writer meets it; `kind` is how it is typed."""

    name: str
    kind: str
    label: str
    help: str = ""
    rows: int = 3
    choices: tuple[tuple[str, str], ...] = ()


FIELDS = (
    FormField("title", "line", "Tên bài", f"Tối đa {TITLE_CHARS} ký tự; cũng là chữ trên nút."),
    FormField("label", "line", "Chữ trên nút", f"Tối đa {LABEL_CHARS} ký tự; trống thì dùng tên."),
    FormField(
        "readers",
        "ticks",
        "Viết cho ai",
        choices=tuple((name, READER_WORDS[name]) for name in READERS),
    ),
    FormField(
        "body",
        "area",
        "Bài",
        "Đoạn đầu là câu trả lời ngắn. Mỗi phần mở bằng “## Tên phần {#ma}”. "
        "Chữ đậm giữa **hai dấu sao**, gạch đầu dòng mở bằng “- ”.",
        16,
    ),
    FormField(
        "condition",
        "line",
        "Điều kiện hay bị quên",
        f"Một câu, tối đa {CONDITION_CHARS} ký tự; câu trả lời ngắn có rồi thì để trống.",
    ),
    FormField(
        "plain",
        "area",
        "Nói cho dễ hiểu nhất",
        f"Tối đa hai câu, {PLAIN_CHARS} ký tự, không có số nào mới.",
        2,
    ),
    FormField("next_step", "line", "Bước tiếp theo", "Một câu: giờ làm gì, hoặc hỏi ai."),
    FormField("citations", "citations", "Căn cứ của câu trả lời ngắn"),
    FormField(
        "covers",
        "names",
        "Dữ kiện bài dùng",
        "Số dữ kiện, mục của văn bản 2651, cách nhau dấu phẩy. Con số trong bài phải có ở đây.",
    ),
    FormField("procedure", "line", "Thủ tục", "Mã thủ tục, nếu bài nói về một thủ tục."),
    FormField("as_of", "line", "Ngày đối chiếu", "Ngày anh/chị xem lại bài với văn bản."),
    FormField(
        "verification",
        "pick",
        "Biết chắc tới đâu",
        choices=tuple((name, VERIFICATION_WORDS[name]) for name in VERIFICATIONS),
    ),
    FormField(
        "scope",
        "pick",
        "Đúng ở đâu",
        choices=tuple((name, SCOPE_WORDS[name]) for name in SCOPES),
    ),
    FormField("related", "names", "Bài liên quan", "Một tới ba mã bài, cách nhau dấu phẩy."),
    FormField(
        "questions",
        "lines",
        "Câu hỏi mẫu",
        f"Mỗi dòng một câu, cả bài ít nhất {MIN_QUESTIONS}; đủ giọng: có dấu, không dấu, viết tắt, "
        "tiếng Quảng, kể chuyện.",
        10,
    ),
    FormField(
        "followups", "lines", "Câu hỏi tiếp", "Mỗi dòng một câu, khi đang nói về chủ đề này.", 6
    ),
    FormField("beliefs", "written", "Điều người ta hay tin", "Viết theo mẫu, mục 9 của sổ tay.", 6),
    FormField("parts", "written", "Các phần", "Viết theo mẫu, mục 1 của sổ tay.", 10),
)


def shown(text: ArticleText) -> dict[str, Any]:
    """Return what each field of the form holds for a file."""
    values = {field.name: _shown(field, text) for field in FIELDS if field.name != "body"}
    return {**values, "body": text.body}


def _shown(field: FormField, text: ArticleText) -> Any:
    match field.kind:
        case "lines":
            return "\n".join(text.listed(field.name))
        case "names":
            return ", ".join(text.listed(field.name))
        case "ticks":
            return text.listed(field.name)
        case "citations":
            cited = [one for one in text.value("citations") or () if isinstance(one, dict)]
            rows = [(str(one.get("source", "")), str(one.get("clause", ""))) for one in cited]
            return rows + [("", "")] * _SPARE
        case "written":
            written = text.fields.get(field.name, "").partition("\n")[2]
            return "\n".join(line.removeprefix("  ") for line in written.splitlines())
        case _:
            return text.told(field.name)


def typed(form: FormData, before: ArticleText) -> str:
    """Return the file with what was typed into the form; what was left as it was stays so."""
    held = {name: str(value).replace("\r\n", "\n") for name, value in form.multi_items()}
    values = {field.name: _typed(field, form, held, before) for field in FIELDS}
    body = values.pop("body")
    written = {f.name: values.pop(f.name) for f in FIELDS if f.kind == "written"}
    return before.with_(values, body).with_written(written).text


def _typed(field: FormField, form: FormData, held: Mapping[str, str], before: ArticleText) -> Any:
    told = held.get(field.name, "").strip()
    match field.kind:
        case "lines":
            return [line.strip() for line in told.split("\n") if line.strip()]
        case "names":
            return [name.strip() for name in told.split(",") if name.strip()]
        case "ticks":
            ticked = set(map(str, form.getlist(field.name)))
            kept = [name for name in before.listed(field.name) if name in ticked]
            return kept + [name for name, _ in field.choices if name in ticked - set(kept)]
        case "citations":
            pairs = zip(form.getlist("source"), form.getlist("clause"), strict=False)
            named = ((str(source).strip(), str(clause).strip()) for source, clause in pairs)
            return [{"source": s, "clause": c} for s, c in named if s or c]
        case _ if field.name == "as_of":
            return _day(told, before)
        case _:
            return told


def _day(told: str, before: ArticleText) -> Any:
    """Return a day; as it was written where it is the same, as it was typed where it is none."""
    kept = before.value("as_of")
    if told == before.told("as_of") or not told:
        return kept if told else told
    try:
        return read_day(told, day_of(utc_now()))
    except AnnouncementError:
        return told
