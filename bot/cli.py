"""`htx`: the product's command line. Its verbs stand in `bot/commands`, listed here in order."""

import os
import sys

import typer

from bot.commands import announce, content, db, nlu, people, staff
from bot.commands.ask import ask
from bot.commands.audit import audit
from bot.commands.doctor import doctor
from bot.commands.gaps import gaps
from bot.commands.run import run, telegram, web, worker
from bot.commands.talk import talk
from bot.terminal import progress, sentence_of
from services.errors import HtxError
from services.logs import configure_logs

app = typer.Typer(
    help="Trợ lý HTX: hỏi đáp về hợp tác xã, có ghi nguồn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(ask)
app.command()(telegram)
app.command()(web)
app.command()(worker)
app.add_typer(announce.app, name="announce")
app.add_typer(nlu.app, name="nlu")
app.add_typer(content.app, name="content")
app.add_typer(people.app, name="people")
app.add_typer(staff.app, name="staff")
app.command()(audit)
app.add_typer(db.app, name="db")
app.command()(gaps)
app.command()(talk)
app.command()(doctor)


def main() -> None:
    """Run a command; an expected error is one sentence and exit code 1, Ctrl-C is 130."""
    configure_logs("WARNING")
    try:
        app()
    except HtxError as error:
        progress(sentence_of(error))
        sys.exit(1)
    except KeyboardInterrupt:
        progress("Đã dừng.")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
