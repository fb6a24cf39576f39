"""Copy a whole register to another database: from a file to a server or back, with positions, times, ids and digests.

The source is read in one snapshot. The copy is made in batches, each committed, in an order in which what is there
tells where to go on; until all of it is there and proved equal, a row of the settings keeps everybody else out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.access import Role
from domain.errors import Busy, Lost, Misused, Refused, Unsettled
from domain.text import Text, text
from workflow.access import permit
from workflow.comparing import OF_THE_DATABASE, Compared, count, digest, key_of, last_of, settings_of
from workflow.register import Actor, Register
from workflow.settings import COPYING, ENFORCED
from workflow.store.agency import agency_of, must_agree
from workflow.store.datastore import Datastore, name_of, parsed
from workflow.store.tables import SCHEMA_VERSION, attempt, command, event, metadata, personal, reading, setting

BATCH = 10_000
"""Rows of a table that are committed together."""

Progress = Callable[[int, int], None]

_LOG: tuple[sa.Table, ...] = (command, event, personal)
"""What only grows, in the order of a key that rises."""

_NOTED: tuple[sa.Table, ...] = (attempt, reading)
"""What only grows, in no order."""


class Copied(NamedTuple):
    """tables: compared one by one. position: of the last event copied. grown_to: that of the source since."""

    tables: list[Compared]
    position: int
    grown_to: int


class _Mark(NamedTuple):
    """What the target says of a copy under way: of which register, and as it stood at which moment and position."""

    of: str
    moment: int
    position: int

    @classmethod
    def on(cls, register: Register, connection: sa.Connection) -> _Mark:
        newest = sa.select(
            sa.select(sa.func.max(command.c.recorded_at)).scalar_subquery(),
            sa.select(sa.func.max(event.c.position)).scalar_subquery(),
        )
        moment, position = connection.execute(newest).one()
        return cls(hashlib.sha256(register.settings.key).hexdigest(), moment or 0, position or 0)

    @classmethod
    def read(cls, written: str) -> _Mark:
        of, moment, position = written.split()
        return cls(of, int(moment), int(position))

    def __str__(self) -> str:
        return " ".join(map(str, self))


def copy(
    source: Register, to: str, by: Actor, progress: Progress, tell: Callable[[Text], None] = lambda _said: None
) -> Copied:
    """Copy an open register to an empty database, or go on with a copy of it that is not finished.

    tell: is given what is to be known before it is done. Raises Refused if the target holds anything else, Denied or
    Refused if it is not for whoever asks, Busy if somebody else copies there too, Lost if the connection was lost.
    """
    if parsed(to) == source.datastore.url:
        raise Misused(text("A register cannot be copied onto itself; give another database with --to."))
    must_agree(agency_of(parsed(to)), source.settings.code)
    _must_own(source.datastore)
    if source.datastore.url.get_backend_name() == "sqlite":
        permit(source, by, [Role.KEEPER], "copy")
    surroundings = source.surroundings
    target = Datastore(to, busy_timeout=surroundings.busy_timeout, patience=surroundings.patience)
    with closing(target), _told_how_to_go_on(target), source.datastore.read(whole=True) as whole:
        run = _Run(source, whole, target, _Mark.on(source, whole))
        run.begin(tell)
        run.bring(progress)
        compared = run.compare()
        if all(one.equal for one in compared):
            run.finish()
    return Copied(compared, run.mark.position, source.log_of_events.head())


class _Run:
    """One attempt at a copy: a snapshot of the source, the target, and the mark that is to stand there."""

    def __init__(self, source: Register, whole: sa.Connection, target: Datastore, mark: _Mark) -> None:
        self.source, self.whole, self.target, self.mark = source, whole, target, mark
        self.views: Sequence[sa.Table] = source.surroundings.views.tables
        self.tables = [*metadata.sorted_tables, *self.views]

    def begin(self, tell: Callable[[Text], None]) -> None:
        """Make the tables, or see that what is there is this copy, as far as it came."""
        with self.target.write() as there:
            self.target.database.make_room(there, self.target.url)
            names = sa.inspect(there).get_table_names()
            if not names:
                self._make_tables(there)
                return
            self._must_be_ours(there, names)
            mark = _Mark.read(settings_of(there)[COPYING])
            if mark != self.mark:  # what changes without growing is not worth telling apart
                for table in reversed([one for one in self.tables if one not in (*_LOG, *_NOTED, setting)]):
                    there.execute(table.delete())
                there.execute(setting.update().where(setting.c.key == COPYING).values(value=str(self.mark)))
            rows = sum(count(there, table) for table in self.tables)
        tell(text("Going on with a copy that was not finished: {rows:,} rows are there.", rows=rows))
        if mark != self.mark:
            tell(text("The source has changed since; what is new is brought along."))

    def _make_tables(self, there: sa.Connection) -> None:
        from workflow.store.schema import make_current  # noqa: PLC0415  Alembic is for those who need it

        make_current(there)
        self.source.surroundings.views.create(there)
        rows = {key: value for key, value in settings_of(self.whole).items() if key not in OF_THE_DATABASE}
        rows[COPYING] = str(self.mark)
        there.execute(setting.insert(), [{"key": key, "value": value} for key, value in rows.items()])

    def _must_be_ours(self, there: sa.Connection, names: Sequence[str]) -> None:
        """Raises Refused unless it is a copy of this register that is not finished, by this version."""
        name = name_of(self.target.url)
        stored = settings_of(there) if setting.name in names else {}
        if COPYING in stored and _Mark.read(stored[COPYING]).of == self.mark.of:
            if stored["schema"] != str(SCHEMA_VERSION):
                raise Refused(
                    text(
                        "The unfinished copy in {name} was begun by another version of lantik. Copy into an empty "
                        "database instead.",
                        name=name,
                    )
                )
            _must_own(self.target)
            return
        if COPYING not in stored and stored.get("key") == self.source.settings.key.hex():
            raise Refused(text("{name} holds this register already, whole; nothing was changed.", name=name))
        raise Refused(
            text("{name} is in use; a register is copied into an empty database. Nothing was changed.", name=name)
        )

    def bring(self, progress: Progress) -> None:
        """Copy what the target has not yet, table by table."""
        of = sum(count(self.whole, table) for table in self.tables)
        with self.target.read() as there:
            done = sum(count(there, table) for table in self.tables if table not in _NOTED)
        for table in self.tables:
            if table not in (setting, personal):
                for rows in self._noted(table) if table in _NOTED else self._in_order(table):
                    done += rows
                    progress(min(done, of), of)

    def _in_order(self, table: sa.Table) -> Iterator[int]:
        """Copy a table in the order of its key, from the last that is there; how many rows at a time."""
        key = key_of(table)
        at = [list(table.columns).index(column) for column in key]
        with self.target.read() as there:
            last = last_of(there, table)
        while rows := self._after(table, key, last):
            with_them = self._blocks(rows[0][at[0]], rows[-1][at[0]]) if table is event else []
            with self._writing() as there:
                if last_of(there, table) != last:
                    raise _two_at_once()
                self.target.database.insert(there, table, rows)
                self.target.database.insert(there, personal, with_them)
            last = tuple(rows[-1][one] for one in at)
            yield len(rows) + len(with_them)

    def _noted(self, table: sa.Table) -> Iterator[int]:
        """Copy the rows of a table that are not there yet, wherever in its order they lie."""
        key, last = key_of(table), None
        while rows := self._after(table, key, last):
            with self._writing() as there:
                among = self.target.database.among(table.c.id, [row[0] for row in rows])
                known = set(there.execute(sa.select(table.c.id).where(among)).scalars())
                self.target.database.insert(there, table, [row for row in rows if row[0] not in known])
            last = (rows[-1][0],)
            yield len(rows)

    def _after(
        self, table: sa.Table, key: Sequence[sa.Column[Any]], last: tuple[Any, ...] | None
    ) -> list[tuple[Any, ...]]:
        query = sa.select(table).order_by(*key).limit(BATCH)
        if last is not None:
            query = query.where(sa.tuple_(*key) > last if len(key) > 1 else key[0] > last[0])
        return [tuple(row) for row in self.whole.execute(query)]

    def _blocks(self, first: int, last: int) -> list[tuple[Any, ...]]:
        """The personal values of the events between two positions."""
        same = (personal.c.originator_id == event.c.originator_id) & (
            personal.c.originator_version == event.c.originator_version
        )
        query = sa.select(personal).join(event, same).where(event.c.position.between(first, last))
        return [tuple(row) for row in self.whole.execute(query)]

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """A batch, if the copy is still ours."""
        with self.target.write() as there:
            if settings_of(there).get(COPYING) != str(self.mark):
                raise _two_at_once()
            yield there

    def compare(self) -> list[Compared]:
        """Every table on both sides."""
        with self.target.read() as there:
            return [Compared(table.name, *digest(self.whole, table), *digest(there, table)) for table in self.tables]

    def finish(self) -> None:
        """Open the copy to everybody, with the rights of those who have a role in it."""
        with self._writing() as there:
            there.execute(setting.delete().where(setting.c.key == COPYING))
            self.target.database.settle_down(there, self.tables)
            self.target.database.guard(there)
            enforced = settings_of(self.whole).get(ENFORCED)
            if enforced is not None:  # last: from here on the server stamps who and when
                there.execute(setting.insert(), [{"key": ENFORCED, "value": enforced}])


def _must_own(store: Datastore) -> None:
    with store.read(whole=True) as connection:
        if not store.database.owns(connection):
            raise Refused(
                text(
                    "A register on PostgreSQL is copied by the owner of its tables, with all that is in it; your login "
                    "does not own those of {name}.",
                    name=name_of(store.url),
                )
            )


def _two_at_once() -> Busy:
    return Busy(text("Somebody else is copying to the same place. Leave it to one of you, and give the command again."))


@contextmanager
def _told_how_to_go_on(target: Datastore) -> Iterator[None]:
    try:
        yield
    except (Lost, Unsettled) as lost:
        raise Lost(
            text(
                "The connection was lost while a register was copied to {name}. What was copied stays; the same "
                "command goes on where this one stopped.",
                name=name_of(target.url),
            )
        ) from lost
