"""Faults of a file's shape, as pydantic names them, told in Vietnamese with what to do."""

from typing import Any

_GUIDE = "xem docs/noi-dung.md"

_TOLD = {
    "missing": ("Thiếu trường này", "Thêm trường"),
    "extra_forbidden": ("Không có trường nào tên như vậy", "Sửa tên trường hoặc xóa dòng này"),
    "too_short": ("Có {actual_length}, cần ít nhất {min_length}", "Viết thêm cho đủ"),
    "too_long": ("Có {actual_length}, chỉ được tối đa {max_length}", "Bỏ bớt"),
    "string_too_short": ("Chỗ này để trống", "Viết vào, hoặc xóa dòng này"),
    "string_too_long": ("Dài quá {max_length} ký tự", "Rút ngắn lại"),
    "literal_error": ("Giá trị này không dùng được; chỉ được ghi {expected}", "Sửa giá trị"),
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
    return f"{what.format_map(context)}.", f"{remedy}; {_GUIDE}."


def _context(fault: Any) -> Any:
    return fault.get("ctx", {}).items()
