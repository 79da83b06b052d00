"""`htx announce`: write, preview, rehearse, approve, send, follow; its verbs in order."""

import typer

from bot.commands.announce.deciding import approve, rehearse, try_one
from bot.commands.announce.reading import list_all, preview, show
from bot.commands.announce.reporting import report
from bot.commands.announce.sending import cancel, pause, reschedule, resume, send
from bot.commands.announce.writing import copy, delete, draft, new, templates

app = typer.Typer(help="Thông báo: soạn, xem trước, duyệt, gửi, theo dõi.", no_args_is_help=True)
app.command()(templates)
app.command()(new)
app.command()(draft)
app.command()(copy)
app.command()(delete)
app.command("list")(list_all)
app.command()(show)
app.command()(preview)
app.command("test")(try_one)
app.command()(rehearse)
app.command()(approve)
app.command()(send)
app.command()(reschedule)
app.command()(pause)
app.command()(resume)
app.command()(cancel)
app.command()(report)
