"""`htx tool …`: tools for cooperatives, in the terminal."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from bot.terminal import Json, read_json, result, result_json, result_table, result_titles
from services.conversation.quantities import grouped
from services.errors import ToolError
from services.knowledge.score_sheets import Sheet, read_sheet
from services.settings import load_settings
from services.tools.loan import METHODS, MOST_RATE, Loan, Method, Schedule, schedule
from services.tools.ocop import Score, score

_TOOLS = {
    "ocop": "Tự chấm một sản phẩm theo 26 phiếu của Quyết định 26/2026/QĐ-TTg, còn thiếu gì",
    "loan": "Vay một khoản thì mỗi kỳ trả bao nhiêu, tổng lãi bao nhiêu",
    "paper": "Làm bản thảo giấy tờ: biên bản, nghị quyết, Điều lệ, danh sách, phương án vay…",
    "due": "Các hạn của một thủ tục, việc trong năm của hợp tác xã, từ một ngày; ghi ra tệp lịch",
    "check": "Đủ điều kiện chưa, còn thiếu gì: vay Quỹ, hỗ trợ, thành viên, giám đốc, kiểm toán…",
    "office": "Nơi nộp hồ sơ theo tên xã, phường hiện nay hoặc trước tháng 7/2025",
}
"""Each tool by its name, and what it tells."""
_RATE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,30})?")


def tools(*, as_object: Json = False) -> None:
    """Liệt kê các công cụ."""
    result_titles(_TOOLS, as_object=as_object)


def ocop(
    sheet: Annotated[int, typer.Argument(help="Số của phiếu, từ 1 đến 26")],
    *,
    rows: Annotated[bool, typer.Option("--rows", help="In các ô của phiếu")] = False,
    answers: Annotated[Path | None, typer.Option(help="Tệp JSON: số của các ô đã chọn")] = None,
    as_object: Json = False,
) -> None:
    """In một phiếu chấm OCOP, hoặc chấm theo các ô đã chọn; không thay kết quả của Hội đồng."""
    found = read_sheet(load_settings().content_dir, sheet)
    if answers is None or rows:
        result_json(found.rows_as_json()) if as_object else _print_rows(found)
        return
    made = score(found, _numbers(answers))
    result_json(made.as_json()) if as_object else _print_score(made)


def _numbers(path: Path) -> list[int]:
    """Read the boxes that were chosen.

    Raises:
        ToolError: the file can't be read, or is no list of whole numbers.

    """
    read = read_json(path, "ocop_answers")
    if not isinstance(read, list) or not all(type(number) is int for number in read):
        raise ToolError("ocop_answers", file=path)
    return read


def _print_rows(sheet: Sheet) -> None:
    result(f"{sheet.title} ({sheet.clause})")
    table = Table(Column("Ô", justify="right"), "Tiêu chí", "Mức", "Điểm", "Sao")
    for row in sheet.rows:
        stars = "*" * row.box.stars
        told = (str(row.n), row.criterion.named, row.box.text, str(row.box.points), stars)
        table.add_row(*told)
    result_table(table)


def _print_score(made: Score) -> None:
    parts = ", ".join(f"phần {part.upper()} {points}" for part, points in made.parts.items())
    result(f"Theo anh/chị khai: {made.total} điểm ({parts}), hạng {made.stars} sao.")
    for criterion, stars, box in made.missing():
        result(f"Bắt buộc cho {stars} sao, còn thiếu: {criterion.named} → {box.text}")
    if changes := made.changes():
        result(f"Gần nhất để lên {made.aim} sao:")
    for change in changes:
        result(f"  {change.criterion.named} → {change.box.text} (+{change.gain})")
    result("Đây là tự chấm, không phải kết quả của Hội đồng.")


def loan(  # noqa: PLR0913  # because each is asked for by its own name
    *,
    amount: Annotated[int, typer.Option(help="Số tiền vay, đồng")],
    months: Annotated[int, typer.Option(help="Thời hạn, tháng")],
    rate: Annotated[str, typer.Option(help="Lãi suất, phần trăm một năm, như 6 hoặc 6,5")],
    method: Annotated[str, typer.Option(help="Cách trả: " + " hoặc ".join(METHODS))] = "principal",
    grace: Annotated[int, typer.Option(help="Số tháng đầu chỉ trả lãi")] = 0,
    every: Annotated[int, typer.Option(help="Mấy tháng trả một kỳ: 1, 3, 6, 12")] = 1,
    as_object: Json = False,
) -> None:
    """Tính lịch trả một khoản vay; lãi suất là anh/chị khai, không phải thông báo của Quỹ."""
    found = schedule(Loan(amount, months, read_rate(rate), _method(method), grace, every))
    if as_object:
        result_json(found.as_json())
    else:
        _print(found)


def read_rate(text: str) -> Fraction:
    """Read a rate in hundredths as people write it, with a comma or a point.

    Raises:
        ToolError: it is no number.

    """
    told = text.strip().removesuffix("%").strip().replace(",", ".")
    if not _RATE.fullmatch(told):  # `1e999999999` would be worked out for hours
        raise ToolError("loan_rate", most=MOST_RATE)
    return Fraction(told)


def _method(text: str) -> Method:
    for method in METHODS:
        if method == text:
            return method
    raise ToolError("loan_method")


def _print(found: Schedule) -> None:
    right = [Column(name, justify="right") for name in ("Kỳ", "Gốc", "Lãi", "Phải trả", "Còn nợ")]
    table = Table(*right)
    for row in found.rows:
        told = (row.principal, row.interest, row.paid, row.left)
        table.add_row(str(row.n), *map(grouped, told))
    result_table(table)
    result(f"Tổng lãi {grouped(found.interest)} đồng, tổng phải trả {grouped(found.paid)} đồng.")
    result("Đây là ước tính theo lãi suất anh/chị khai, không phải thông báo của nơi cho vay.")
