"""Connections and transactions: one writer at a time, readers on a snapshot, faults told in our own words.

A write transaction takes its lock at its start (`BEGIN IMMEDIATE`), so that nothing changes between
reading and writing and positions follow commit order. Durability is said on every connection, because
builds of SQLite differ in what they do unasked.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import exc

from domain.errors import Busy, EnvironmentFailed, IntegrityFailed, LantikError
from domain.text import Text, text

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for the others."""


class Datastore:
    """An engine with the two kinds of transaction that the register knows."""

    def __init__(self, url: str, *, read_only: bool = False, busy_timeout: float = BUSY_TIMEOUT) -> None:
        self.url = sa.make_url(url)
        self.read_only = read_only
        self.engine = sa.create_engine(_sqlite_uri(self.url, read_only))
        self._own = threading.local()
        sa.event.listen(self.engine, "connect", _prepare(busy_timeout, read_only))
        sa.event.listen(self.engine, "begin", _begin)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The write transaction of this thread, begun here unless one is under way. All of it or nothing."""
        under_way: sa.Connection | None = getattr(self._own, "connection", None)
        if under_way is not None:
            yield under_way
            return
        with faults(self.url), self.engine.connect() as connection:
            connection = connection.execution_options(lantik_write=True)  # noqa: PLW2901
            with connection.begin():
                self._own.connection = connection
                try:
                    yield connection
                finally:
                    self._own.connection = None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent snapshot; inside a write transaction, what that has written is seen."""
        under_way: sa.Connection | None = getattr(self._own, "connection", None)
        if under_way is not None:
            yield under_way
            return
        with faults(self.url), self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _sqlite_uri(url: sa.URL, read_only: bool) -> sa.URL:
    """Read-only registers are opened as such; on a medium that cannot be written, without the WAL files."""
    if not read_only or not url.database or url.database == ":memory:":
        return url
    path = Path(url.database)
    query = {"mode": "ro", "uri": "true"}
    wal = path.with_name(path.name + "-wal")
    if not _writable(path.parent) and not (wal.exists() and wal.stat().st_size):
        query["immutable"] = "1"
    return sa.URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)


def _writable(folder: Path) -> bool:
    """Whether SQLite could make its shared-memory file here."""
    return os.access(folder, os.W_OK)


def _prepare(busy_timeout: float, read_only: bool) -> Any:
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the transactions below are begun by us
        connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout * 1000)}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")
        connection.create_function("lantik_unhex", 1, bytes.fromhex, deterministic=True)
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            # a bulk command is a few thousand pages: its commit need not wait for a checkpoint of its own
            connection.execute("PRAGMA wal_autocheckpoint = 8000")

    return prepare


def _begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("lantik_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def insert_many(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows given as tuples in the order of the table's columns, in one statement."""
    if rows:
        marks = ", ".join("?" * len(table.columns))
        columns = ", ".join(column.name for column in table.columns)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", list(rows))  # noqa: S608


@contextmanager
def faults(url: sa.URL) -> Iterator[None]:
    """Turn what the database says into what the user can do about it. Nothing was recorded when it is raised."""
    try:
        yield
    except (exc.OperationalError, exc.DatabaseError) as fault:
        if isinstance(fault, exc.IntegrityError | exc.ProgrammingError | exc.DataError | exc.InternalError):
            raise
        raise _translated(str(fault.orig), Path(url.database or "").name) from fault


_TOLD: tuple[tuple[str, type[LantikError], Text], ...] = (
    ("locked", Busy, text("Another user is writing to {name}. Nothing was recorded; try again.")),
    ("busy", Busy, text("Another user is writing to {name}. Nothing was recorded; try again.")),
    (
        "full",
        EnvironmentFailed,
        text("The disk that holds {name} is full. Nothing was recorded; make room and try again."),
    ),
    (
        "readonly",
        EnvironmentFailed,
        text("{name} or its folder cannot be written. Nothing was recorded; check the permissions."),
    ),
    (
        "unable to open",
        EnvironmentFailed,
        text("{name} cannot be opened. Nothing was recorded; check the folder and its permissions."),
    ),
    ("_aside", Busy, text("Another rebuild of the views was under way. Nothing was changed; try again.")),
    ("not a database", EnvironmentFailed, text("{name} is no lantik register; check --db.")),
    ("malformed", IntegrityFailed, text("{name} is damaged. Nothing was recorded; restore a copy.")),
)
"""What SQLite says, in part, and what we say then."""


def _translated(said: str, name: str) -> LantikError:
    for sign, error, sentence in _TOLD:
        if sign in said.lower():
            return error(sentence._replace(values={"name": name}))
    return EnvironmentFailed(text("The database of {name} failed: {said}. Nothing was recorded.", name=name, said=said))
