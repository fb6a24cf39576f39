"""The register of one agency: an `eventsourcing` application on one database.

One command is one transaction. `transaction()` takes the write lock before anything is read, so that what
a command judged is what it changes; the views follow in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import cached_property, partial
from typing import NamedTuple, cast
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.application import Application
from eventsourcing.persistence import Mapper

from domain.access import Access, access_of
from domain.document import Document
from domain.errors import Misused, Refused, Unsettled
from domain.log import ALWAYS, Views
from domain.moments import moment_of
from domain.office import Decision, ProcedureAdopted, decided
from domain.paper import parse_document
from domain.rules import Rules
from domain.text import text
from workflow.inbox import Settling
from workflow.machine import machine_for
from workflow.rulebook import Rulebook
from workflow.settings import ENFORCED, Settings, read_settings, write_settings
from workflow.stamping import beginning
from workflow.store.agency import agency_of, check_code, must_agree
from workflow.store.datastore import BUSY_TIMEOUT, Datastore, Patience, file_of, name_of, no_register, parsed
from workflow.store.factory import Factory
from workflow.store.log import StoredLog
from workflow.store.mapper import ActMapper
from workflow.store.tables import command, docket, event, setting
from workflow.transaction import Transaction, collector_paused
from workflow.unsettled import settle


class Surroundings(NamedTuple):
    """What the entry point hands in, because nothing below it may ask: the clock, chance, and the views."""

    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    views: Views
    busy_timeout: float = BUSY_TIMEOUT
    patience: Patience = lambda _lost: False


class Actor(NamedTuple):
    """Who records. role: that under which it is done.

    known_by: `os` for the operating system's user, `stated` for a name that was given, `database` for a login that
    the server vouches for. acting: `records`, `proposes` for somebody else to confirm, or `confirms` what another
    proposed; who lacks a role may still propose, and whose role comes later may confirm. settles: the item of the
    inbox that whatever is recorded settles.
    """

    name: str
    known_by: str
    role: str | None = None
    acting: str = "records"
    settles: Settling | None = None


class Register(Application[UUID]):
    """The cases of one agency, with the rules they are judged by."""

    def __init__(self, url: str, surroundings: Surroundings, *, read_only: bool = False) -> None:
        # handed in whole, because a stray PERSISTENCE_MODULE in a clerk's shell would otherwise win
        super().__init__(
            {
                "PERSISTENCE_MODULE": "workflow.store.factory",
                "LANTIK_URL": url,
                "LANTIK_READ_ONLY": "y" if read_only else "n",
                "LANTIK_BUSY_TIMEOUT": str(surroundings.busy_timeout),
            }
        )
        self.surroundings = surroundings
        self.datastore.patience = surroundings.patience
        self.rulebook = Rulebook(adopted=self._adopted)
        self.log_of_events = StoredLog(self.datastore, self.act_mapper)
        self._settings: Settings | None = None
        self._decisions: list[Decision] | None = None

    @classmethod
    def create(cls, url: str, surroundings: Surroundings, settings: Settings) -> Register:
        """Make the tables of a new register. Raises Refused if there is one already.

        After a failure an empty file may stay, which the next attempt fills: removing it could take away what
        another user made in the same moment.
        """
        must_agree(agency_of(parsed(url)), check_code(settings.code))
        from workflow.store.schema import make_current  # noqa: PLC0415  Alembic is for those who need it

        with ExitStack() as failed:
            register = cls(url, surroundings)
            failed.callback(register.close)
            with register.datastore.write() as connection:
                register.datastore.database.make_room(connection, register.datastore.url)
                if sa.inspect(connection).get_table_names():
                    raise Refused(text("{name} is a register already; nothing was changed.", name=register.called))
                make_current(connection)
                surroundings.views.create(connection)
                write_settings(connection, settings)
                register.datastore.database.guard(connection)
            failed.pop_all()
        return register

    @classmethod
    def open(cls, url: str, surroundings: Surroundings, *, read_only: bool = False) -> Register:
        """Open the register at `url`. Raises Misused if there is none."""
        return cls._opened(url, surroundings, read_only=read_only, upgrading=False)

    @classmethod
    def upgrade(cls, url: str, surroundings: Surroundings, ask: Callable[[Register], object]) -> Register:
        """Open the register at `url` and bring its tables up to this version, all or nothing.

        The views may then be made anew, and are to be guarded. ask: raises Denied for who may not. Raises
        EnvironmentFailed if it was written by a newer version.
        """
        from workflow.store.schema import make_current  # noqa: PLC0415  Alembic is for those who need it

        register = cls._opened(url, surroundings, read_only=False, upgrading=True)
        with ExitStack() as failed:
            failed.callback(register.close)
            ask(register)
            with register.datastore.write() as connection:
                read_settings(connection, upgrading=True)  # the lock may have been waited for
                register.datastore.database.unguard(connection)
                make_current(connection)
            failed.pop_all()
        return register

    @classmethod
    def _opened(cls, url: str, surroundings: Surroundings, *, read_only: bool, upgrading: bool) -> Register:
        file = file_of(url)
        if file is not None and not file.is_file():
            raise Misused(
                text("There is no register at {name}. Make one with lantik init, or give --db.", name=file.name)
            )
        if file is not None and file.stat().st_size == 0:
            raise no_register(parsed(url))  # SQLite would take it for a new database
        with ExitStack() as failed:
            register = cls(url, surroundings, read_only=read_only)
            failed.callback(register.close)
            register._settings = register._read_settings(upgrading=upgrading)
            failed.pop_all()
        return register

    @property
    def called(self) -> str:
        """What people call it: its file, or the name of its database."""
        return name_of(self.datastore.url)

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            self._settings = self._read_settings()
        return self._settings

    def _read_settings(self, *, upgrading: bool = False) -> Settings:
        with self.datastore.read() as connection:
            if not sa.inspect(connection).has_table("setting"):
                raise no_register(self.datastore.url)
            settings = read_settings(connection, upgrading=upgrading)
        must_agree(agency_of(self.datastore.url), settings.code)
        return settings

    @cached_property
    def login(self) -> str | None:
        """Who is connected, where the server vouches for it: then nobody else can be said to record."""
        if not self.datastore.database.stamps:
            return None
        enforced = sa.select(setting.c.key).where(setting.c.key == ENFORCED).exists()
        query = sa.select(sa.literal_column("session_user::text", sa.Text)).where(enforced)
        with self.datastore.read(whole=True) as connection:
            login: str | None = connection.execute(query).scalar()
        return login

    @property
    def owned(self) -> bool:
        """Whether whoever is connected owns it on a server, and so may renew it there whatever roles they have."""
        with self.datastore.read(whole=True) as connection:
            return self.datastore.database.stamps and self.datastore.database.owns(connection)

    @property
    def datastore(self) -> Datastore:
        return cast("Factory", self.factory).datastore

    @property
    def act_mapper(self) -> ActMapper:
        return cast("ActMapper", self.mapper)

    def construct_mapper(self) -> Mapper[UUID]:
        return ActMapper()

    def rules(self, reference: str) -> Rules:
        """The rules that acts recorded under `reference` were judged by."""
        return machine_for(self.rulebook.load(reference))

    def access(self, by: Actor) -> Access:
        """What somebody may do now."""
        return access_of(by.name, (decision.fact for decision in self.decisions))

    @property
    def decisions(self) -> list[Decision]:
        """What the office itself decided, in the order recorded."""
        if self._decisions is None:
            self._decisions = self.log_of_events.decisions()
        return self._decisions

    def decided(self) -> None:
        """Forget what was read of the office's decisions, because there is another."""
        self._decisions = None

    def _adopted(self) -> dict[str, str]:
        adopted = decided(self.decisions, ProcedureAdopted, ALWAYS)
        return {fact.reference: fact.written for _, fact in adopted if fact.written is not None}

    @property
    def procedure(self) -> str:
        """The reference of the procedure by which new cases are judged today."""
        return self.procedure_on(self.today)

    def procedure_on(self, day: date) -> str:
        """The procedure of cases that are opened as of `day`: the last adopted by then, else that of the settings."""
        adopted = [fact for _, fact in decided(self.decisions, ProcedureAdopted, ALWAYS) if fact.effective_on <= day]
        return adopted[-1].reference if adopted else self.settings.procedure

    @property
    def today(self) -> date:
        """The day it is in the agency's time zone."""
        return self.surroundings.clock().astimezone(self.settings.zone).date()

    @contextmanager
    def transaction(self, *, dry_run: bool = False) -> Iterator[Transaction]:
        """The scope of one command. A rehearsal reads a snapshot and takes no lock.

        Raises Lost if the connection was lost and nothing recorded, Unsettled if nobody can say.
        """
        scope = partial(self.datastore.read, whole=True) if dry_run else self.datastore.write
        transaction: Transaction | None = None
        try:
            with collector_paused(), scope() as connection:
                transaction = self._begin(connection)
                yield transaction
        except Unsettled:
            if transaction is not None and transaction.command is not None:
                settle(self, transaction.command)

    def is_recorded(self, command_id: UUID) -> bool:
        """Whether a command with this id was recorded."""
        with self.datastore.read() as connection:
            found = connection.execute(sa.select(command.c.id).where(command.c.id == command_id.bytes))
            return found.first() is not None

    def fixed(self, known_at: int) -> tuple[str, int]:
        """The moment that a question about now is really about, exactly, and the position of the log then."""
        query = sa.select(sa.func.max(command.c.recorded_at), sa.func.max(event.c.position)).join(
            event, event.c.command_id == command.c.id
        )
        with self.datastore.read() as connection:
            stamp, position = connection.execute(query.where(command.c.recorded_at <= known_at)).one()
        fixed = min(known_at, stamp or 0)
        return moment_of(fixed, self.settings.zone).isoformat(), position or 0

    def open_case_of(self, nik: str) -> int | None:
        """The open case that a NIK means where something is recorded; None if there is none."""
        with self.transaction(dry_run=True) as transaction:
            held = transaction.holders("nik", [nik]).get(nik)
        return held.open_case if held else None

    def last_case(self) -> int:
        """The highest case number given so far, 0 if there is none."""
        with self.datastore.read() as connection:
            return connection.execute(sa.select(sa.func.max(docket.c.number))).scalar() or 0

    def documents(self, typed: Iterable[str]) -> tuple[Document, ...]:
        """Documents as typed; a bare number is looked up. Raises Misused if it is not known, or not unique."""
        parsed = [parse_document(one) for one in typed]
        if not any(isinstance(one, str) for one in parsed):
            return tuple(one for one in parsed if isinstance(one, Document))
        with self.transaction(dry_run=True) as transaction:
            return tuple(one if isinstance(one, Document) else transaction.paper(one) for one in parsed)

    def _begin(self, connection: sa.Connection) -> Transaction:
        store = self.datastore.database
        began = beginning(connection, self.surroundings.clock(), self.settings.zone, stamps=store.stamps)
        if self._decisions is not None and len(self._decisions) != began.decisions:
            self.decided()  # somebody's role may have been taken away while the lock was waited for
        return Transaction(self, connection, began.moment, began.head, stamped=began.stamped)
