"""Content files read and checked: each fault becomes a finding with its line, never a traceback."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeVar

import yaml
from frontmatter.default_handlers import YAMLHandler
from pydantic import TypeAdapter, ValidationError

from services.errors import why_of
from services.knowledge.finding import Finding

T = TypeVar("T")
Location = tuple[int | str, ...]

LEFT_BY_EDITORS = (".*", "~$*", "*~", "#*#", "__pycache__")
"""Names of what programs leave beside the files that they write; none of it is content."""
_NAME = re.compile("[a-z0-9]+([-.][a-z0-9]+)*")
"""Of a file that is content; a file manager's copy bears another."""
_QUICK: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times quicker in C: content is read while questions are answered."""

_MISNAMED = (
    "Tên tệp không dùng được (chỉ chữ thường không dấu, chữ số, gạch nối); có lẽ là bản chép "
    "của một tệp khác."
)


class DoubledFieldError(yaml.MarkedYAMLError):
    """A field stands twice in one place, of which YAML would keep the second without a word."""


class _Loader(_QUICK):  # type: ignore[misc, valid-type]  # because it is known only when it runs
    """Reads YAML, and refuses a field that stands twice in one place."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # PyYAML calls it so
        """Return a mapping. Raises DoubledFieldError."""
        known: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in known:
                raise DoubledFieldError(problem=key.value, problem_mark=key.start_mark)
            known.add(str(key.value))
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def is_content(name: str) -> bool:
    """Say whether a file of that name is content, not what an editor left."""
    return not any(fnmatch(name, pattern) for pattern in LEFT_BY_EDITORS)


def parsed(text: str) -> Any:
    """Return what a YAML text holds. Raises yaml.YAMLError where it is none."""
    return yaml.load(text, _Loader)  # noqa: S506  # because it is a SafeLoader, the C one if built


@dataclass
class ContentReader:
    """Reads files below `root` and gathers what is wrong in them."""

    root: Path
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """What was read, by path below `root`."""

    def paths(self, pattern: str) -> list[Path]:
        """List the files that match, in a stable order; a name that is none is a finding."""
        found = sorted(p for p in self.root.glob(pattern) if p.is_file() and is_content(p.name))
        for path in found:
            if not _NAME.fullmatch(path.stem):
                self._add(path, 1, "-", _MISNAMED, "Xóa bản chép, hoặc đổi tên tệp cho đúng.")
        return [path for path in found if _NAME.fullmatch(path.stem)]

    @property
    def unread(self) -> frozenset[str]:
        """The files that are there and can't be read."""
        return frozenset(finding.file for finding in self.findings)

    def text(self, path: Path) -> str | None:
        """Return the text of a file, or None with a finding when it can't be read."""
        try:
            text = self.texts[self._name(path)] = path.read_text(encoding="utf-8")
        except OSError as error:
            self._add(path, 1, "-", f"Không đọc được tệp ({why_of(error)}).", "Đặt lại tệp này.")
        except UnicodeDecodeError:
            self._add(path, 1, "-", "Tệp không phải UTF-8.", "Lưu lại tệp với mã UTF-8.")
        else:
            return text
        return None

    def yaml(self, path: Path, shape: TypeAdapter[T]) -> T | None:
        """Return what a YAML file holds, checked against a shape, or None with findings."""
        text = self.text(path)
        if text is None:
            return None
        return self._checked(path, text, shape)

    def optional(self, path: Path, shape: TypeAdapter[T]) -> T | None:
        """Return what a YAML file holds as `yaml` does, or None when there is no such file."""
        return self.yaml(path, shape) if path.exists() else None

    def markdown(self, path: Path, shape: TypeAdapter[T]) -> tuple[T, str] | None:
        """Return a Markdown file's checked front matter and body, or None with findings."""
        text = self.text(path)
        if text is None:
            return None
        handler = YAMLHandler()
        if not handler.detect(text):
            self._add(
                path,
                1,
                "-",
                "Thiếu phần đầu giữa hai dòng ---.",
                "Chép phần đầu từ một bài khác rồi sửa.",
            )
            return None
        try:
            head, body = handler.split(text)
        except ValueError:
            self._add(
                path, 1, "-", "Phần đầu không được đóng bằng ---.", "Thêm dòng --- sau phần đầu."
            )
            return None
        checked = self._checked(path, head, shape)
        return None if checked is None else (checked, body.strip())

    def _checked(self, path: Path, text: str, shape: TypeAdapter[T]) -> T | None:
        try:
            data = parsed(text)
        except yaml.YAMLError as error:
            self._add(path, _mark_line(error), "-", *_explain_yaml(error))
            return None
        try:
            return shape.validate_python(data)
        except ValidationError as error:
            node = yaml.compose(text, _Loader)
            faults = error.errors()
            places = [fault["loc"][:-1] for fault in faults]
            for fault in faults:
                if fault["loc"] not in places or fault["type"] != "too_short":
                    self._fault(path, _line(node, fault["loc"]), fault)
            return None

    def _fault(self, path: Path, line: int, fault: Any) -> None:
        where = ".".join(map(str, fault["loc"])) or "-"
        self._add(path, line, where, *explain(fault))

    def _add(self, path: Path, line: int, where: str, what: str, remedy: str) -> None:
        self.findings.append(Finding(self._name(path), line, where, what, remedy))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def _explain_yaml(error: yaml.YAMLError) -> tuple[str, str]:
    """Return what is wrong with a text, and what to do."""
    if isinstance(error, DoubledFieldError):
        return f"Trường “{error.problem}” đứng hai lần ở một chỗ.", "Gộp hai chỗ làm một."
    return "YAML sai ở dòng này.", "Xem lại thụt đầu dòng, dấu hai chấm và ngoặc kép."


def _mark_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _line(node: yaml.Node | None, location: Location) -> int:
    """Return the line of the deepest node that the location names."""
    line = 1
    for step in location:
        child = _child(node, step)
        if child is None:
            break
        node, line = child, child.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    return None


_GUIDE = "xem docs/noi-dung.md"
_GUIDE_OF = {"tool_form": "xem docs/cong-cu.md", "tool_data": "xem docs/cong-cu.md"}

_TOLD = {
    "missing": ("Thiếu trường này", "Thêm trường"),
    "extra_forbidden": ("Không có trường nào tên như vậy", "Sửa tên trường hoặc xóa dòng này"),
    "too_short": ("Có {actual_length}, cần ít nhất {min_length}", "Viết thêm cho đủ"),
    "too_long": ("Có {actual_length}, chỉ được tối đa {max_length}", "Bỏ bớt"),
    "string_too_short": ("Chỗ này để trống", "Viết vào, hoặc xóa dòng này"),
    "string_too_long": ("Dài quá {max_length} ký tự", "Rút ngắn lại"),
    "literal_error": ("Giá trị này không dùng được; chỉ được ghi {expected}", "Sửa giá trị"),
    "rule_names": ("Phép tính này không nhận tên {names}", "Sửa tên ở figures hoặc takes"),
    "distress_danger": (
        "Mức clear, doubtful phải có danger; mức none thì không",
        "Thêm hoặc bỏ danger",
    ),
    "tool_form": ("Biểu câu hỏi sai: {what}", "Sửa câu hỏi đó"),
    "tool_data": ("Nội dung của công cụ sai: {what}", "Sửa chỗ đó"),
    "word_pattern": ("Mẫu từ “{pattern}” không đọc được", "Sửa mẫu đó"),
    "string_type": ("Chỗ này phải là chữ", "Đặt chữ trong ngoặc kép"),
    "int_type": ("Chỗ này phải là số", "Ghi một số nguyên"),
    "int_parsing": ("Chỗ này phải là số", "Ghi một số nguyên"),
    "tuple_type": ("Chỗ này phải là một danh sách", "Ghi mỗi mục một dòng mở bằng “- ”"),
    "dict_type": ("Chỗ này phải là các dòng “tên: giá trị”", "Viết lại theo mẫu"),
    "model_type": ("Chỗ này phải là các dòng “tên: giá trị”", "Viết lại theo mẫu"),
}
_DATE = ("Ngày không đúng", "Ghi ngày có thật, như 24/11/2026 hoặc 2026-11-24")
_OTHER = ("Giá trị này không đúng mẫu", "Viết lại")


def explain(fault: Any) -> tuple[str, str]:
    """Return what is wrong and how to mend it, for one of pydantic's errors."""
    kind = fault["type"]
    what, remedy = _DATE if kind.startswith("date") else _TOLD.get(kind, _OTHER)
    context = {name: str(value).replace(" or ", " hoặc ") for name, value in _context(fault)}
    return f"{what.format_map(context)}.", f"{remedy}; {_GUIDE_OF.get(kind, _GUIDE)}."


def _context(fault: Any) -> Any:
    return fault.get("ctx", {}).items()
