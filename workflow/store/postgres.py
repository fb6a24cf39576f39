"""PostgreSQL: one writer at a time under an advisory lock, many rows by COPY or as arrays.

The lock needs no right on any table, so whoever appends needs no more than SELECT and INSERT on what is
append-only; it is taken before anything is read, so positions follow commit order. Readers see one snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql

from domain.dialect import KEY
from domain.errors import LantikError
from workflow.store.agency import agency_of, schema_of, without_agency
from workflow.store.told import told

FEW = 8
"""Up to so many rows go with one INSERT, more by COPY, which costs a round trip more."""

PARTLY_HIDDEN = frozenset({"personal", "person_interval", "inbox"})
"""Tables of which some logins meet some rows only: there the server takes no COPY."""

_PATIENCE: dict[str, str | tuple[str, ...]] = {
    "connect_timeout": "2",  # seconds, the least that the driver takes; for each host
    "tcp_user_timeout": "1500",  # milliseconds until what was sent must have arrived
    "keepalives_idle": "1",
    "keepalives_interval": "1",
    "keepalives_count": "2",
    "application_name": "lantik",
}
"""How soon a host that fell silent is given up, unless the URL says otherwise."""

_SILENT_CLIENTS = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""How soon the server gives up a client that fell silent while it held the lock."""

_READING_ANEW = r"-c default_transaction_isolation=read\ committed"
"""Whoever waited for the lock reads what the one before wrote."""

_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

_LOCK = (
    "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
    "ELSE current_setting('synchronous_commit') END, true), "
    "pg_advisory_xact_lock(hashtext('lantik'), hashtext(coalesce(current_schema(), '')))"
)


class Postgres:
    """Implements `workflow.store.database.Database`."""

    def __init__(self, *, read_only: bool = False) -> None:
        self._read_only = read_only

    def engine(self, url: sa.URL, *, busy_timeout: float) -> sa.Engine:
        agency, url = agency_of(url), without_agency(url)
        given: dict[str, str | tuple[str, ...]] = {**_PATIENCE, **url.query}
        asked = given.get("options", "")
        options = [f"-c lock_timeout={max(1, int(busy_timeout * 1000))}", _READING_ANEW, _SILENT_CLIENTS]
        options += [asked] if isinstance(asked, str) else asked
        options += [f"-c search_path={schema_of(agency)}"] if agency else []  # last, so that nothing else is on it
        given["options"] = " ".join(options)
        if _several_hosts(url.query):
            given.setdefault("target_session_attrs", "read-write")  # a standby may be behind
        engine = sa.create_engine(
            url.set(query=given), hide_parameters=True, use_native_hstore=False, pool_reset_on_return=None
        )

        def prepare(raw: Any, record: Any) -> None:
            record.info.update({KEY: self, _LINE: _Line(raw)})

        sa.event.listen(engine, "connect", prepare)
        sa.event.listen(engine, "checkout", _checked_out)
        sa.event.listen(engine, "before_cursor_execute", _before)
        sa.event.listen(engine, "after_cursor_execute", _after)
        sa.event.listen(engine, "rollback", _forget_answers)
        sa.event.listen(engine, "reset", _given_back)
        sa.event.listen(engine, "close", _closed)
        return engine

    def make_room(self, connection: sa.Connection, url: sa.URL) -> None:
        agency = agency_of(url)
        there = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = current_schema()")
        if agency and connection.execute(there).first() is None:  # who owns the schema may have no right to make one
            connection.execute(sa.schema.CreateSchema(schema_of(agency)))

    stamps = True

    def guard(self, connection: sa.Connection) -> None:
        from workflow.store.rights import guard  # noqa: PLC0415  only where a register is made or renewed

        guard(connection)

    def unguard(self, connection: sa.Connection) -> None:
        from workflow.store.rights import unguard  # noqa: PLC0415  only where a register is renewed

        unguard(connection)

    def owns(self, connection: sa.Connection) -> bool:
        found = connection.execute(
            sa.text(
                "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class JOIN pg_namespace n "
                "ON n.oid = relnamespace WHERE relkind = 'r' AND nspname = current_schema()"
            )
        )
        return bool(found.scalar())

    def settle_down(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        connection.execute(sa.text("ANALYZE {}".format(", ".join(table.name for table in tables))))

    def begin_reading(self, connection: sa.Connection) -> sa.Transaction:
        begun = connection.begin()
        _send(connection, _SNAPSHOT, ())
        return begun

    def begin_writing(self, connection: sa.Connection) -> sa.Transaction:
        begun = connection.begin()
        if self._read_only:
            _send(connection, "SET TRANSACTION READ ONLY", ())
        connection.exec_driver_sql(_LOCK)
        return begun

    def told(self, fault: exc.DBAPIError, name: str) -> LantikError | None:
        return told(fault, name)

    # --- many rows

    def among(self, column: sa.ColumnElement[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
        listed = list(values)
        if len(listed) == 1:
            return column.in_(listed)
        return column == sa.any_(sa.literal(listed, sa.ARRAY(column.type)))

    def insert(self, connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = ", ".join(column.name for column in table.columns)
        if len(rows) > FEW and table.name in PARTLY_HIDDEN:
            types = [_type(column) for column in table.columns]
            self.each(connection, f"INSERT INTO {table.name} ({columns}) SELECT *{{from_rows}}", types, rows)
        elif len(rows) > FEW:
            told = f"COPY {table.name} ({columns}) FROM STDIN BINARY"
            with _driver_faults(), connection.info[_LINE].stopped() as raw, raw.cursor().copy(told) as copy:
                copy.set_types([_type(column) for column in table.columns])
                for row in rows:
                    copy.write_row(row)
        elif rows:
            marks = ", ".join(["({})".format(", ".join(["%s"] * len(table.columns)))] * len(rows))
            values = tuple(value for row in rows for value in row)
            _send(connection, f"INSERT INTO {table.name} ({columns}) VALUES {marks}", values)  # noqa: S608

    def replace(self, connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        names = [column.name for column in table.columns]
        keys = [column.name for column in table.primary_key]
        at = [names.index(key) for key in keys]
        last = {tuple(row[one] for one in at): row for row in rows}  # one statement may not touch a row twice
        sets = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
        statement = (
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * {{from_rows}} "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
        )
        self.each(connection, statement, [_type(column) for column in table.columns], list(last.values()))

    def each(
        self,
        connection: sa.Connection,
        statement: str,
        types: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
    ) -> None:
        if rows:
            names = [f"v{at}" for at in range(len(types))]
            listed = ", ".join(f"%b::{one}[]" for one in types)
            given = f"unnest({listed}) AS given ({', '.join(names)})"
            told = statement.format(
                *(f"given.{name}" for name in names), from_rows=f" FROM {given}", and_rows=f", {given}"
            )
            _send(connection, told, tuple(map(list, zip(*rows, strict=True))))

    def supplant(self, connection: sa.Connection, table: sa.Table, aside: sa.Table) -> None:
        """Row by row: a reader whose snapshot is older would find a renamed table empty."""
        table.create(connection, checkfirst=True)
        connection.execute(table.delete())
        connection.execute(table.insert().from_select(list(table.columns), sa.select(aside)))
        aside.drop(connection)


_SENT, _LINE = "lantik_sent", "lantik_line"


class _Line:
    """What is sent on a connection: in a pipeline, so that several statements are one round trip."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._raw = raw
        self._open = ExitStack()
        self._pipeline: psycopg.Pipeline | None = None

    def open(self) -> None:
        if self._pipeline is None:
            self._pipeline = self._open.enter_context(self._raw.pipeline())

    def wait(self) -> None:
        """Until all that was sent is done. Raises what went wrong with any of it."""
        if self._pipeline is not None:
            self._pipeline.sync()

    def forget(self) -> None:
        """Wait, whatever went wrong: an answer that is an error may come before the others have."""
        while not self._raw.closed:
            with suppress(psycopg.Error):
                self.wait()
                return

    def close(self) -> None:
        """Wait, and send one by one from now on. Raises what `wait` does."""
        self._pipeline = None
        self._open.close()

    @contextmanager
    def stopped(self) -> Iterator[psycopg.Connection[Any]]:
        """The connection, for what goes through no pipeline."""
        self.close()
        yield self._raw
        self.open()


def _send(connection: sa.Connection, statement: str, values: tuple[Any, ...]) -> None:
    """Send a statement that answers nothing, without waiting: a command is then few round trips, not many."""
    connection.exec_driver_sql(statement, values, execution_options={_SENT: True})


def _before(connection: sa.Connection, _cursor: Any, _said: str, _values: Any, context: Any, _many: bool) -> None:
    if context.execution_options.get("stream_results"):  # a cursor of the server
        with _driver_faults():
            connection.info[_LINE].close()


def _after(connection: sa.Connection, _cursor: Any, _said: str, _values: Any, context: Any, _many: bool) -> None:
    if not context.execution_options.get(_SENT):
        connection.info[_LINE].wait()


def _checked_out(raw: psycopg.Connection[Any], record: Any, _proxy: Any) -> None:
    if raw.closed:
        raise exc.DisconnectionError  # it is made anew
    record.info[_LINE].open()


def _given_back(raw: psycopg.Connection[Any], _record: Any, _state: Any) -> None:
    """A commit that came to nothing, because of what had been sent before it, leaves the transaction open."""
    if raw.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        raw.rollback()


def _closed(_raw: Any, record: Any) -> None:
    """Whatever a lost connection had still to say was told with its loss."""
    with suppress(psycopg.Error):
        record.info[_LINE].close()


def _forget_answers(connection: sa.Connection) -> None:
    """What was sent is taken back: whatever went wrong with it, or was not yet said of it, matters no more."""
    if not connection.invalidated:
        connection.info[_LINE].forget()


def _type(column: sa.Column[Any]) -> str:
    """`bigint`, as casts and COPY name it."""
    return str(column.type.compile(dialect=_COMPILER)).partition(" COLLATE")[0].lower()


_COMPILER = postgresql.dialect()  # type: ignore[no-untyped-call]


@contextmanager
def _driver_faults() -> Iterator[None]:
    """SQLAlchemy's error for what the driver raises where it was asked directly."""
    try:
        yield
    except psycopg.Error as fault:
        raise exc.DBAPIError.instance("(sent)", None, fault, psycopg.Error, hide_parameters=True) from fault


def _several_hosts(query: Mapping[str, str | tuple[str, ...]]) -> bool:
    hosts = query.get("host", "")
    return "," in hosts if isinstance(hosts, str) else len(hosts) > 1
