"""Connections and transactions: one writer at a time, readers on a snapshot, faults told in our own words.

A write transaction takes its lock at its start, so that nothing changes between reading and writing and
positions follow commit order. What differs between databases is in `sqlite` and `postgres`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import exc

from domain.dialect import Dialect
from domain.errors import EnvironmentFailed, LantikError, Lost, Misused, Unsettled
from domain.text import text
from workflow.store.sqlite import Sqlite

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for the others."""

Patience = Callable[[Lost], bool]
"""Asked when the connection was lost and nothing recorded: whether to try again, after a pause it has taken itself."""


class Database(Dialect, Protocol):
    """One kind of database that a register can lie on."""

    def engine(self, url: sa.URL, *, busy_timeout: float) -> sa.Engine:
        """An engine whose connections hold this object in their `info`."""
        ...

    def begin_reading(self, connection: sa.Connection) -> sa.Transaction:
        """A consistent snapshot."""
        ...

    def begin_writing(self, connection: sa.Connection) -> sa.Transaction:
        """The one write transaction; waits for another's."""
        ...

    def finish_writing(self, connection: sa.Connection) -> None:
        """Before the commit: raises what went wrong with statements that were sent and not yet answered."""
        ...

    def told(self, fault: exc.DBAPIError, name: str) -> LantikError | None:
        """A fault in words for the user; None for a fault of ours."""
        ...


class Datastore:
    """An engine with the two kinds of transaction that the register knows."""

    def __init__(
        self,
        url: str,
        *,
        read_only: bool = False,
        busy_timeout: float = BUSY_TIMEOUT,
        patience: Patience = lambda _lost: False,
    ) -> None:
        self.url = parsed(url)
        self.read_only = read_only
        self.patience = patience
        self.database = database_of(self.url, read_only=read_only)
        self.engine = self.database.engine(self.url, busy_timeout=busy_timeout)
        self._own = threading.local()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The write transaction of this thread, begun here unless one is under way. All of it or nothing.

        Raises Unsettled if the connection was lost while all of it was being committed.
        """
        under_way: sa.Connection | None = getattr(self._own, "connection", None)
        if under_way is not None:
            yield under_way
            return
        connection, transaction = self._begun(self.database.begin_writing)
        with connection:
            with faults(self.url), _rolled_back(transaction):
                self._own.connection = connection
                try:
                    yield connection
                finally:
                    self._own.connection = None
                self.database.finish_writing(connection)
            try:
                with faults(self.url):
                    transaction.commit()
            except Lost as lost:
                raise Unsettled(
                    text(
                        "The connection to the database {name} was lost. Whether the last change was recorded "
                        "is not known; see lantik log.",
                        name=name_of(self.url),
                    )
                ) from lost

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent snapshot; inside a write transaction, what that has written is seen."""
        under_way: sa.Connection | None = getattr(self._own, "connection", None)
        if under_way is not None:
            yield under_way
            return
        connection, transaction = self._begun(self.database.begin_reading)
        with connection, faults(self.url), transaction:
            yield connection

    def _begun(self, begin: Callable[[sa.Connection], sa.Transaction]) -> tuple[sa.Connection, sa.Transaction]:
        """A connection with a transaction begun on it. Nothing was sent before, so it may be tried again."""
        while True:
            try:
                with faults(self.url):
                    connection = self.engine.connect()
                    try:
                        return connection, begin(connection)
                    except BaseException:
                        connection.close()
                        raise
            except Lost as lost:
                if not self.patience(lost):
                    raise

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _rolled_back(transaction: sa.Transaction) -> Iterator[None]:
    """Take a transaction back if what is done in it fails."""
    try:
        yield
    except BaseException:
        transaction.rollback()
        raise


@contextmanager
def faults(url: sa.URL) -> Iterator[None]:
    """Turn what the database says into what the user can do about it. Nothing was recorded when it is raised."""
    try:
        yield
    except exc.DBAPIError as fault:
        told = database_of(url).told(fault, name_of(url))
        if told is None:
            raise
        raise told from fault


_SEVERAL_HOSTS = re.compile(r"(postgresql[a-z+]*://(?:[^@/]*@)?)([^/?]*,[^/?]*)(/[^?]*)?(?:\?(.*))?")
"""`postgresql://login@first:5432,second:5432/name`, as libpq writes it and SQLAlchemy does not."""


def parsed(url: str) -> sa.URL:
    """The URL of a register, with the driver that we use. Raises Misused for a database that holds none."""
    several = _SEVERAL_HOSTS.fullmatch(url)
    if several is not None:
        begin, hosts, path, rest = several.groups(default="")
        asked = "&".join([*(f"host={host}" for host in hosts.split(",")), *filter(None, [rest])])
        url = f"{begin}{path}?{asked}"
    try:
        found = sa.make_url(url)
    except (exc.ArgumentError, ValueError):
        raise _no_database() from None
    if found.drivername in ("postgresql", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise _no_database()
    return found


def _no_database() -> Misused:
    return Misused(
        text(
            "A register is a SQLite file or a PostgreSQL database: give --db a path, or postgresql+psycopg:// and "
            "host and name of the database."
        )
    )


def database_of(url: sa.URL, *, read_only: bool = False) -> Database:
    """The kind of database that a URL names. Raises Misused if its driver is not installed."""
    if url.get_backend_name() != "postgresql":
        return Sqlite(read_only=read_only)
    try:
        from workflow.store.postgres import Postgres  # noqa: PLC0415  where registers are files, it costs nothing
    except ModuleNotFoundError:
        raise Misused(text("To open a register on PostgreSQL, install lantik[postgres].")) from None
    return Postgres(read_only=read_only)


def file_of(url: str) -> Path | None:
    """The file of a register; None for one in memory or on a server. Raises Misused for what is no register."""
    found = parsed(url)
    return Path(found.database) if found.get_backend_name() == "sqlite" and found.database else None


def no_register(name: str) -> EnvironmentFailed:
    """For a file or a database that holds something else, or nothing."""
    return EnvironmentFailed(text("{name} is no lantik register; check --db.", name=name))


def name_of(url: sa.URL) -> str:
    """What people call the register: its file, or the name of its database."""
    return Path(url.database or "").name
