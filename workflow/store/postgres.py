"""PostgreSQL: one writer at a time under an advisory lock, many rows by COPY or as arrays.

The lock needs no right on any table, so whoever appends needs no more than SELECT and INSERT on what is
append-only; it is taken before anything is read, so positions follow commit order. Readers see one snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql

from domain.dialect import KEY
from domain.errors import Busy, EnvironmentFailed, LantikError, Lost
from domain.text import Text, text

FEW = 8
"""Up to so many rows go with one INSERT, more by COPY, which costs a round trip more."""

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

_LOCK = sa.text(
    "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
    "ELSE current_setting('synchronous_commit') END, true), "
    "pg_advisory_xact_lock(hashtext('lantik'), hashtext(coalesce(current_schema(), '')))"
)


class Postgres:
    """Implements `workflow.store.datastore.Database`."""

    def __init__(self, *, read_only: bool = False) -> None:
        self._read_only = read_only

    def engine(self, url: sa.URL, *, busy_timeout: float) -> sa.Engine:
        options = f"-c lock_timeout={max(1, int(busy_timeout * 1000))} {_SILENT_CLIENTS}"
        given: dict[str, str | tuple[str, ...]] = {**_PATIENCE, "options": options, **url.query}
        if _several_hosts(url.query):
            given.setdefault("target_session_attrs", "read-write")  # a standby may be behind
        engine = sa.create_engine(url.set(query=given), hide_parameters=True, use_native_hstore=False)

        def prepare(_connection: Any, record: Any) -> None:
            record.info[KEY] = self

        sa.event.listen(engine, "connect", prepare)
        sa.event.listen(engine, "before_cursor_execute", _answered_first)
        sa.event.listen(engine, "rollback", _forget_answers)
        return engine

    def begin_reading(self, connection: sa.Connection) -> sa.Transaction:
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True).begin()

    def begin_writing(self, connection: sa.Connection) -> sa.Transaction:
        begun = connection.execution_options(
            isolation_level="READ COMMITTED", postgresql_readonly=self._read_only
        ).begin()
        connection.execute(_LOCK)
        return begun

    def finish_writing(self, connection: sa.Connection) -> None:
        _wait_for_answers(connection)

    def told(self, fault: exc.DBAPIError, name: str) -> LantikError | None:
        """The fault in our words; None for a fault of ours."""
        state = getattr(fault.orig, "sqlstate", None)
        if state is None and isinstance(fault, exc.OperationalError):
            return _unconnected(str(fault.orig), name)
        for begin, error, sentence in _TOLD:
            if state is not None and state.startswith(begin):
                return error(sentence._replace(values={"name": name}))
        return None

    # --- many rows

    def among(self, column: sa.ColumnElement[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
        return column == sa.any_(sa.literal(list(values), sa.ARRAY(column.type)))

    def insert(self, connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = ", ".join(column.name for column in table.columns)
        if len(rows) > FEW:
            _wait_for_answers(connection)
            with _driver_faults():
                raw = connection.connection.driver_connection
                assert raw is not None
                with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN BINARY") as copy:
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


_SENT, _PIPELINE = "lantik_sent", "pipeline"


def _send(connection: sa.Connection, statement: str, values: tuple[Any, ...]) -> None:
    """Send a statement that answers nothing, without waiting: a command is then few round trips, not many."""
    if _PIPELINE not in connection.info:
        raw = connection.connection.driver_connection
        assert raw is not None
        connection.info[_PIPELINE] = pipeline = raw.pipeline()
        pipeline.__enter__()
    connection.exec_driver_sql(statement, values, execution_options={_SENT: True})


def _wait_for_answers(connection: sa.Connection) -> None:
    """Wait until what was sent is done. Raises what went wrong with any of it."""
    pipeline = connection.info.pop(_PIPELINE, None)
    if pipeline is not None:
        with _driver_faults():
            pipeline.__exit__(None, None, None)


def _forget_answers(connection: sa.Connection) -> None:
    """What was sent is taken back: whatever went wrong with it, or was not yet said of it, matters no more."""
    if not connection.invalidated:
        with suppress(exc.DBAPIError):
            _wait_for_answers(connection)


def _answered_first(
    connection: sa.Connection, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
) -> None:
    """Whatever is to be answered waits for what was sent before."""
    if not context.execution_options.get(_SENT):
        _wait_for_answers(connection)


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


_BUSY = text("Another user is writing to {name}. Nothing was recorded; try again.")
_LOST = text("The connection to the database {name} was lost. Nothing was recorded; try again.")
_AWAY = text("The database {name} cannot be reached. Nothing was recorded; check the server and --db.")
_REFUSED = text(
    "The database {name} lets nobody in by this name and password. Nothing was recorded; check --db and PGPASSFILE."
)
_TOLD: tuple[tuple[str, type[LantikError], Text], ...] = (
    ("55P03", Busy, _BUSY),
    ("40", Busy, _BUSY),
    ("57014", Busy, text("The database {name} stopped the command. Nothing was recorded; try again.")),
    ("57", Lost, _LOST),
    ("08", Lost, _LOST),
    ("53300", Lost, text("The database {name} takes no more connections. Nothing was recorded; try again.")),
    (
        "53100",
        EnvironmentFailed,
        text("The disk that holds {name} is full. Nothing was recorded; make room and try again."),
    ),
    (
        "53",
        EnvironmentFailed,
        text("The server of {name} has no memory left. Nothing was recorded; tell its operator."),
    ),
    (
        "25006",
        EnvironmentFailed,
        text("The database {name} cannot be written here. Nothing was recorded; connect to the primary server."),
    ),
    (
        "42501",
        EnvironmentFailed,
        text("Your login has no right to this in the database {name}. Nothing was recorded; ask its keeper."),
    ),
    ("28", EnvironmentFailed, _REFUSED),
    ("3D000", EnvironmentFailed, text("There is no database {name}. Nothing was recorded; check --db.")),
)
"""How the state begins that PostgreSQL reports, and what we say then."""


def _unconnected(said: str, name: str) -> LantikError:
    """What is wrong with a connection that is broken or was never made: then the server gives words, no state."""
    for sign, begin in _SIGNS:
        if sign in said:
            return next(error(sentence._replace(values={"name": name})) for at, error, sentence in _TOLD if at == begin)
    sentence = _AWAY if any(sign in said for sign in _NEVER_MADE) else _LOST
    return Lost(sentence._replace(values={"name": name}))


_NEVER_MADE = ("connection failed", "connection is bad", "connection timeout", "failed to resolve")
_SIGNS = (
    ('role "', "28"),
    ("does not exist", "3D000"),
    ("authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ("too many connections", "53300"),
    ("too many clients", "53300"),
    ("No space left", "53100"),
)
