"""Serve a model: `nlu/.venv/bin/python -m nlu.serve --model FILE --port N`, from the root.

A server on loopback only that reads messages with Rasa's agent, and does nothing else: Rasa's own
would also load and train what it is told to, which is to run anything (docs/adr/0013). It answers
`POST /model/parse?token=…` with {"text": "…"} as Rasa does; the token is the environment variable
HTX_NLU_TOKEN, which keeps it out of `ps`. Exit code 1 and one sentence on stderr when it cannot
serve.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.runtime import prepare, say, settle
from nlu.text import forget

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import HTTPResponse

TOKEN_VARIABLE = "HTX_NLU_TOKEN"  # noqa: S105  # the name of the variable, not the token
PARENT_VARIABLE = "HTX_PARENT"
"""Names the process whose child the server is; it ends with it."""
HOST = "127.0.0.1"
_MOST_BYTES = 1_000_000
_KEPT_SECONDS = 30
"""How long a connection stays open for the next message."""
_AT_A_TIME = 2
"""Messages read side by side: embedding, the most of the work, holds no lock of Python's."""
_NICER = 11
"""How much later than whoever started it the server gets the processor.

Reading a question is long work, all the rest of a reply is many short steps: none of them may wait.
"""


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; return the exit code."""
    options = _parser().parse_args(arguments)
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        return _refuse(f"Set {TOKEN_VARIABLE}: without a token anybody here could load models.")
    if not options.model.is_file():
        return _refuse(f"There is no model at {options.model}: run `python -m nlu.train` first.")
    os.nice(_NICER)
    app = _application(options.model, token)
    app.run(host=HOST, port=options.port, workers=1, access_log=False, motd=False)
    return 0


def _application(model: Path, token: str) -> Sanic:
    prepare()
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415  # slow, after `prepare`
    from sanic import Sanic  # noqa: PLC0415  # as above

    configure_structlog(logging.WARNING)  # below it Rasa logs what people wrote
    app = Sanic("htx_nlu")
    app.config.REQUEST_MAX_SIZE = _MOST_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = _KEPT_SECONDS
    app.ctx.model, app.ctx.token = str(model), token.encode()
    app.ctx.readers = ThreadPoolExecutor(_AT_A_TIME)
    app.add_route(_parse, "/model/parse", methods=["POST"])
    app.register_listener(_load_model, "before_server_start")
    app.register_listener(_end_with_parent, "after_server_start")
    return app


async def _parse(request: Request) -> HTTPResponse:
    """Read a message: 401 without the token, 400 where there is no text."""
    from sanic.exceptions import InvalidUsage  # noqa: PLC0415  # as above
    from sanic.response import json  # noqa: PLC0415  # as above

    given = request.args.get("token", "").encode()
    if not hmac.compare_digest(given, request.app.ctx.token):
        return json({}, status=401)
    try:
        body = request.json
    except InvalidUsage:
        body = None
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        return json({}, status=400)
    try:
        return json(await _read_aside(request.app, text))
    finally:
        forget()


async def _read_aside(app: Sanic, text: str) -> Any:
    """Read in a thread: by itself an agent keeps the whole server waiting while it reads."""
    return await asyncio.get_running_loop().run_in_executor(
        app.ctx.readers, lambda: asyncio.run(app.ctx.agent.parse_message(text))
    )


async def _load_model(app: Sanic, loop: Any) -> None:
    """Load the model before the port opens, and make sure that it really reads a message."""
    from rasa.core.agent import load_agent  # noqa: PLC0415  # as above

    app.ctx.agent = await load_agent(model_path=app.ctx.model, loop=loop)
    if not app.ctx.agent.is_ready():
        sys.exit(_refuse(f"The model {app.ctx.model} cannot be loaded: train it again."))
    await app.ctx.agent.parse_message("xin chào")
    settle()


async def _end_with_parent(app: Sanic, _loop: Any) -> None:
    """Stop when the process that asked for it is gone, however it went."""
    if parent := os.environ.get(PARENT_VARIABLE):
        # It may have gone while the model was loaded: then this stops as soon as it runs.
        app.add_task(_wait_for_orphanhood(app, int(parent)))


async def _wait_for_orphanhood(app: Sanic, parent: int) -> None:
    # A stop that comes before sanic runs for good is lost, and all later ones.
    await asyncio.sleep(1)
    while os.getppid() == parent:  # noqa: ASYNC110  # nothing signals that a parent is gone
        await asyncio.sleep(1)
    app.stop()  # type: ignore[no-untyped-call]  # because sanic carries no types here


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nlu.serve", description="Serve the NLU on loopback.")
    parser.add_argument("--model", type=Path, required=True, help="what nlu.train wrote")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    return parser


def _refuse(sentence: str) -> int:
    say(sentence)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
