"""SQLite: a file, one writer at a time from `BEGIN IMMEDIATE` on, many rows by `executemany`.

Durability is said on every connection, because builds of SQLite differ in what they do unasked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import exc

from domain.dialect import KEY
from domain.errors import Busy, EnvironmentFailed, IntegrityFailed, LantikError
from domain.text import Text, text
from workflow.store.agency import without_agency


class Sqlite:
    """Implements `workflow.store.database.Database`."""

    def __init__(self, *, read_only: bool = False) -> None:
        self._read_only = read_only

    def engine(self, url: sa.URL, *, busy_timeout: float) -> sa.Engine:
        read_only = self._read_only
        engine = sa.create_engine(_uri(without_agency(url), read_only), hide_parameters=True)

        def prepare(connection: Any, record: Any) -> None:
            record.info[KEY] = self
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

        sa.event.listen(engine, "connect", prepare)
        sa.event.listen(engine, "begin", _begin)
        return engine

    stamps = False

    def guard(self, connection: sa.Connection) -> None:
        """A file has its triggers from the revisions, and no rights."""

    def unguard(self, connection: sa.Connection) -> None:
        """A file has nothing that could be taken back."""

    def make_room(self, connection: sa.Connection, url: sa.URL) -> None:
        """A file has room for one register."""

    def owns(self, connection: sa.Connection) -> bool:  # noqa: ARG002  whoever may read a file may copy it
        return True

    def settle_down(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """Nothing: SQLite plans these questions well without."""

    def begin_reading(self, connection: sa.Connection) -> sa.Transaction:
        return connection.begin()

    def begin_writing(self, connection: sa.Connection) -> sa.Transaction:
        return connection.execution_options(lantik_write=True).begin()

    def told(self, fault: exc.DBAPIError, name: str) -> LantikError | None:
        """The fault in our words; None for a fault of ours."""
        if isinstance(fault, exc.IntegrityError | exc.ProgrammingError | exc.DataError | exc.InternalError):
            return None
        said = str(fault.orig)
        for sign, error, sentence in _TOLD:
            if sign in said.lower():
                return error(sentence._replace(values={"name": name}))
        return EnvironmentFailed(
            text("The database of {name} failed: {said}. Nothing was recorded.", name=name, said=said)
        )

    # --- many rows

    def among(self, column: sa.ColumnElement[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
        asked = list(values)
        if len(asked) == 1:
            return column.in_(asked)
        if isinstance(column.type, sa.LargeBinary):
            listed = sa.func.json_each(json.dumps([value.hex() for value in asked])).table_valued("value")
            return column.in_(sa.select(sa.func.lantik_unhex(listed.c.value)))
        listed = sa.func.json_each(json.dumps(asked)).table_valued("value")
        return column.in_(sa.select(listed.c.value))

    def insert(self, connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        _insert(connection, "INSERT", table, rows)

    def replace(self, connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        _insert(connection, "INSERT OR REPLACE", table, rows)

    def each(
        self,
        connection: sa.Connection,
        statement: str,
        types: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
    ) -> None:
        if rows:
            marks = (f"?{at}" for at in range(1, len(types) + 1))
            connection.exec_driver_sql(statement.format(*marks, from_rows="", and_rows=""), list(rows))

    def supplant(self, connection: sa.Connection, table: sa.Table, aside: sa.Table) -> None:
        table.drop(connection, checkfirst=True)
        connection.exec_driver_sql(f"ALTER TABLE {aside.name} RENAME TO {table.name}")
        for index in table.indexes:
            index.create(connection)


def _insert(connection: sa.Connection, verb: str, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(table.columns))
        columns = ", ".join(column.name for column in table.columns)
        connection.exec_driver_sql(f"{verb} INTO {table.name} ({columns}) VALUES ({marks})", list(rows))


def _begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("lantik_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _uri(url: sa.URL, read_only: bool) -> sa.URL:
    """Read-only registers are opened as such; on a medium that cannot be written, without the WAL files."""
    if not read_only or not url.database or url.database == ":memory:":
        return url
    path = Path(url.database)
    query = {"mode": "ro", "uri": "true"}
    wal = path.with_name(path.name + "-wal")
    if not os.access(path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size):
        query["immutable"] = "1"  # SQLite could not make its shared-memory file here
    return sa.URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)


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
