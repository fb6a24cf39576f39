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

import sqlalchemy as sa
from sqlalchemy import exc

from domain.errors import EnvironmentFailed, Lost, Misused, Unsettled
from domain.text import text
from workflow.store.agency import agency_of
from workflow.store.database import Database
from workflow.store.scope import Scope
from workflow.store.sqlite import Sqlite

_SCOPED = "lantik_scoped"

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for the others."""

Patience = Callable[[Lost], bool]
"""Asked when the connection was lost and nothing recorded: whether to try again, after a pause it has taken itself."""


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
        self._closed = False
        self._busy_timeout = busy_timeout
        self.scope: Scope | None = None
        self._scoped: sa.Engine | None = None

    def confine(self, scope: Scope) -> None:
        """Let what is read from now on meet only the cases in scope, on connections of their own."""
        self.scope, self._scoped = scope, self.database.engine(self.url, busy_timeout=self._busy_timeout)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """The write transaction of this thread, begun here unless one is under way. All of it or nothing.

        Raises Unsettled if the connection was lost while all of it was being committed.
        """
        under_way: sa.Connection | None = getattr(self._own, "connection", None)
        if under_way is not None:
            yield under_way
            return
        connection, transaction = self._begun(self.engine.connect, self.database.begin_writing)
        with self._given_back(connection):
            with faults(self.url), _rolled_back(transaction):
                self._own.connection = connection
                try:
                    yield connection
                finally:
                    self._own.connection = None
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
    def read(self, *, whole: bool = False) -> Iterator[sa.Connection]:
        """A consistent snapshot of what is in scope; inside a write transaction, what that has written is seen.

        whole: of everything, which is what a command is judged on; whatever is read meanwhile is read from it.
        """
        under_way: sa.Connection | None = getattr(self._own, "connection", None) or getattr(self._own, "whole", None)
        if under_way is not None:
            yield under_way
            return
        connect = self.engine.connect if whole else self._connect_in_scope
        connection, transaction = self._begun(connect, self.database.begin_reading)
        with self._given_back(connection), faults(self.url), transaction:
            if not whole:
                yield connection
                return
            self._own.whole = connection
            try:
                yield connection
            finally:
                self._own.whole = None

    def _connect_in_scope(self) -> sa.Connection:
        """A connection to read on; the views of the scope are made on it once, before a snapshot that only reads."""
        if self.scope is None or self._scoped is None:
            return self.engine.connect()
        connection = self._scoped.connect()
        if _SCOPED not in connection.info:
            try:
                with connection.begin():
                    self.scope.lay_over(connection)
            except BaseException:
                connection.close()
                raise
            connection.info[_SCOPED] = True
        return connection

    def _begun(
        self, connect: Callable[[], sa.Connection], begin: Callable[[sa.Connection], sa.Transaction]
    ) -> tuple[sa.Connection, sa.Transaction]:
        """A connection with a transaction begun on it. Nothing was sent before, so it may be tried again."""
        while True:
            try:
                with faults(self.url):
                    connection = connect()
                    try:
                        return connection, begin(connection)
                    except BaseException:
                        connection.close()
                        raise
            except Lost as lost:
                if not self.patience(lost):
                    raise

    @contextmanager
    def _given_back(self, connection: sa.Connection) -> Iterator[None]:
        """Whoever still uses a connection while the datastore is closed closes it: nobody else would."""
        try:
            with connection:
                yield
        finally:
            if self._closed:
                self.close()

    def close(self) -> None:
        self._closed = True
        for engine in (self.engine, self._scoped):
            if engine is not None:
                engine.pool.dispose()


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


def no_register(url: sa.URL) -> EnvironmentFailed:
    """For a file or a database that holds something else, or nothing."""
    agency = agency_of(url)
    if url.get_backend_name() == "sqlite":
        return EnvironmentFailed(text("{name} is no lantik register; check --db.", name=name_of(url)))
    if agency is None:
        return EnvironmentFailed(
            text(
                "{name} holds no lantik register that your login may use; check --db, or ask the register's keeper.",
                name=name_of(url),
            )
        )
    return EnvironmentFailed(
        text(
            "There is no register of the agency {code} in {name} that your login may use; see lantik agencies.",
            code=agency,
            name=name_of(url),
        )
    )


def name_of(url: sa.URL) -> str:
    """What people call the register: its file, or the name of its database."""
    return Path(url.database or "").name
