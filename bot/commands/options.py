"""Options that commands share."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="In dạng JSON")]
By = Annotated[str, typer.Option("--as", help="Tên cán bộ làm việc này, ghi vào sổ kiểm tra")]
Channel = Annotated[str, typer.Option("--channel", help="Kênh: telegram, web, zalo…")]
ChatId = Annotated[str, typer.Argument(help="chat_id của người đó")]
