"""The form of an article: its fields with help beside them, read from a file and put into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from starlette.datastructures import FormData

from services.clock import day_of, read_day, utc_now
from services.editing.article_text import ArticleText
from services.errors import AnnouncementError
from services.knowledge.article import read_body
from services.knowledge.schema import (
    CONDITION_CHARS,
    LABEL_CHARS,
    MIN_QUESTIONS,
    PLAIN_CHARS,
    READERS,
    SCOPES,
    TITLE_CHARS,
    VERIFICATIONS,
    PartKind,
)

READER_WORDS = {"manager": "quản lý hợp tác xã", "officer": "cán bộ", "farmer": "bà con"}
VERIFICATION_WORDS = {
    "verified": "đã đọc trong nguyên văn",
    "secondary": "báo hoặc trang luật kể lại",
    "inferred": "suy ra từ quy định",
}
PART_WORDS: Mapping[PartKind, str] = {
    "what": "là gì",
    "who": "ai được",
    "number": "mấy người",
    "steps": "các bước",
    "papers": "giấy tờ",
    "place": "nộp ở đâu",
    "ways": "nộp cách nào",
    "time": "bao lâu",
    "fee": "lệ phí",
    "amount": "mức hưởng, mức vay",
    "deadline": "hạn chót",
    "signer": "ai ký",
    "meeting": "có phải họp",
    "late": "trễ hạn thì sao",
    "otherwise": "nếu không thì sao",
    "exception": "ngoại lệ",
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
)

PART_FIELDS = (
    FormField(
        "kind",
        "pick",
        "Phần này đáp",
        choices=(("", "(khác)"), *((name, PART_WORDS[name]) for name in get_args(PartKind))),
    ),
    FormField("citations", "citations", "Căn cứ của riêng phần này"),
    FormField("questions", "lines", "Câu hỏi thẳng vào phần này", "Mỗi dòng một câu.", 4),
    FormField("followups", "lines", "Câu hỏi tiếp về phần này", "Mỗi dòng một câu.", 3),
)
"""What a writer says of each part of the body."""


@dataclass(frozen=True)
class PartForm:
    """What the form of a part holds."""

    id: str
    name: str
    """As its heading calls it; nothing where it has none."""
    values: Mapping[str, Any]


def shown(text: ArticleText) -> dict[str, Any]:
    """Return what each field of the form holds for a file."""
    held = {name: text.value(name) for name in text.fields}
    values = {field.name: _shown(field, held) for field in FIELDS if field.name != "body"}
    values["as_of"] = text.told("as_of")
    written = {f.name: _written(text.fields.get(f.name, "")) for f in FIELDS if f.kind == "written"}
    return {**values, **written, "body": text.body}


def shown_parts(text: ArticleText) -> list[PartForm]:
    """Return what the form of each part holds, in the order of the front matter."""
    names = {part.id: part.name for part in read_body(text.body).parts}
    return [
        PartForm(name, names.get(name, ""), {f.name: _shown(f, held) for f in PART_FIELDS})
        for name, held in text.parts.items()
    ]


def _shown(field: FormField, held: Mapping[str, Any]) -> Any:
    value = held.get(field.name)
    listed = value if isinstance(value, list) else []
    match field.kind:
        case "lines":
            return "\n".join(map(str, listed))
        case "names":
            return ", ".join(map(str, listed))
        case "ticks":
            return list(map(str, listed))
        case "citations":
            cited = [one for one in listed if isinstance(one, dict)]
            rows = [(str(one.get("source", "")), str(one.get("clause", ""))) for one in cited]
            return rows + [("", "")] * _SPARE
        case _:
            return "" if value is None else str(value)


def _written(block: str) -> str:
    """Return what is written below the name of a field, as if it stood alone."""
    return "\n".join(line.removeprefix("  ") for line in block.partition("\n")[2].splitlines())


def typed(form: FormData, before: ArticleText) -> str:
    """Return the file with what was typed into the form; what was left as it was stays so."""
    values = {field.name: _typed(field, form, before.listed(field.name)) for field in FIELDS}
    values["as_of"] = _day(values["as_of"], before)
    body = values.pop("body")
    written = {f.name: values.pop(f.name) for f in FIELDS if f.kind == "written"}
    text = before.with_(values, body).with_written(written)
    headings = [part.id for part in read_body(text.body).parts]
    for name in before.parts:
        of_part = {f.name: _typed(f, form, (), f"part-{name}-") for f in PART_FIELDS}
        gone = name not in headings and not any(of_part.values())
        text = text.without_part(name) if gone else text.with_part(name, of_part)
    for name in (name for name in headings if name not in before.parts):
        text = text.with_part(name, {})
    return text.text


def _typed(field: FormField, form: FormData, kept: Sequence[str], within: str = "") -> Any:
    told = str(form.get(within + field.name, "")).replace("\r\n", "\n").strip()
    match field.kind:
        case "lines":
            return [line.strip() for line in told.split("\n") if line.strip()]
        case "names":
            return [name.strip() for name in told.split(",") if name.strip()]
        case "ticks":
            ticked = set(map(str, form.getlist(within + field.name)))
            stays = [name for name in kept if name in ticked]
            return stays + [name for name, _ in field.choices if name in ticked - set(stays)]
        case "citations":
            sources, clauses = form.getlist(f"{within}source"), form.getlist(f"{within}clause")
            pairs = zip(sources, clauses, strict=False)
            named = ((str(source).strip(), str(clause).strip()) for source, clause in pairs)
            return [{"source": s, "clause": c} for s, c in named if s or c]
        case _:
            return told


def _day(told: str, before: ArticleText) -> Any:
    """Return a day; as it was written where it is the same, as it was typed where it is none."""
    if told == before.told("as_of"):
        return before.value("as_of") or ""
    try:
        return read_day(told, day_of(utc_now()))
    except AnnouncementError:
        return told
