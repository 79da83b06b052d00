"""`htx tool …`: tools for cooperatives, in the terminal."""

from fractions import Fraction
from typing import Annotated

import typer
from rich.table import Column, Table

from bot.terminal import Json, result, result_json, result_table
from services.errors import ToolError
from services.tools.loan import METHODS, Loan, Method, Schedule, schedule

_TOOLS = {"loan": "Vay một khoản thì mỗi kỳ trả bao nhiêu, tổng lãi bao nhiêu"}
"""Each tool by its name, and what it tells."""


def tools(*, as_object: Json = False) -> None:
    """Liệt kê các công cụ."""
    if as_object:
        result_json([{"name": name, "title": title} for name, title in _TOOLS.items()])
        return
    for name, title in _TOOLS.items():
        result(f"{name}: {title}")


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
    try:
        return Fraction(text.strip().removesuffix("%").strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise ToolError("loan_rate", most=100) from None


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
        table.add_row(str(row.n), *map(_dong, told))
    result_table(table)
    result(f"Tổng lãi {_dong(found.interest)} đồng, tổng phải trả {_dong(found.paid)} đồng.")
    result("Đây là ước tính theo lãi suất anh/chị khai, không phải thông báo của nơi cho vay.")


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
