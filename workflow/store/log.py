"""The stored log, as the read side and the use cases read it: whole streams in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.events import Fact
from domain.inbox import INBOX, Proposed, Queued, Settled
from domain.layers import papers_of
from domain.log import ALWAYS, Command, Recorded, Wanted
from domain.office import OFFICE, CohortDefined, Decision
from domain.person import Values, unseal
from domain.standing import Entry
from workflow.store.datastore import Datastore
from workflow.store.mapper import ActMapper
from workflow.store.tables import command, docket, event, paper, personal

_COMMAND = (command.c.id, command.c.recorded_at, command.c.actor, command.c.role, command.c.known_by, command.c.name)


Known = TypeVar("Known", bound=Fact)


class StoredLog:
    """Implements `domain.log.Log`."""

    def __init__(self, datastore: Datastore, mapper: ActMapper) -> None:
        self._datastore = datastore
        self._mapper = mapper
        self._commands: dict[bytes, Command] = {}

    def head(self) -> int:
        with self._datastore.read() as connection:
            return connection.execute(sa.select(sa.func.max(event.c.position))).scalar() or 0

    def stream(self, case: int, known_at: int = ALWAYS) -> list[Recorded]:
        return [
            recorded
            for _, stream in self._streams(docket.c.number == case)
            for recorded in stream
            if recorded.command.recorded_at <= known_at
        ]

    def streams(self, cases: range | Collection[int]) -> Iterator[tuple[int, list[Recorded]]]:
        if isinstance(cases, range):
            return self._streams(docket.c.number.between(cases.start, cases.stop - 1))
        return self._streams(self._among(docket.c.number, cases))

    def _streams(self, which: sa.ColumnElement[bool]) -> Iterator[tuple[int, list[Recorded]]]:
        query = self._query().where(which).order_by(docket.c.number, event.c.originator_version)
        with self._datastore.read() as connection:
            for case, stream in groupby(connection.execute(query), key=lambda row: row[1]):
                yield case, [self._recorded(row) for row in stream]

    def events(self, wanted: Wanted) -> Iterator[Recorded]:
        query = self._query(office=wanted.office).where(event.c.position > wanted.after)
        if wanted.since is not None:
            query = query.where(command.c.recorded_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(command.c.recorded_at <= wanted.until)
        if wanted.actor is not None:
            query = query.where(command.c.actor == wanted.actor)
        if wanted.command is not None:
            query = query.where(command.c.id == wanted.command.bytes)
        if wanted.document is not None:
            query = query.where(
                command.c.id.in_(sa.select(paper.c.command_id).where(paper.c.number == wanted.document))
            )
        # given with the statement: on the connection it would stay, and change how later rows are fetched
        paged = {"yield_per": 1000}
        with (
            self._datastore.read() as connection,
            connection.execute(query.order_by(event.c.position), execution_options=paged) as rows,
        ):
            for row in rows:
                recorded = self._recorded(row)
                if not recorded.case and not self._concerns(recorded.fact):
                    continue
                if wanted.document is None or any(one.number == wanted.document for one in papers_of(recorded.fact)):
                    yield recorded if recorded.case else recorded._replace(fact=self.in_scope(recorded.fact))

    def values(self, cases: Iterable[int]) -> Mapping[int, Mapping[int, Values]]:
        query = (
            sa.select(docket.c.number, personal.c.originator_version, personal.c.block)
            .join(personal, personal.c.originator_id == docket.c.case_id)
            .where(self._among(docket.c.number, cases))
        )
        found: dict[int, dict[int, Values]] = {}
        with self._datastore.read() as connection:
            for number, seq, block in connection.execute(query):
                found.setdefault(number, {})[seq] = unseal(block)
        return found

    def entries(self, cases: Iterable[int]) -> dict[int, tuple[UUID, list[Entry]]]:
        """Case id and acts of many cases, without personal values, in one statement."""
        query = (
            sa.select(docket.c.number, docket.c.case_id, event.c.originator_version, event.c.topic, event.c.state)
            .join(event, event.c.originator_id == docket.c.case_id)
            .where(self._among(docket.c.number, cases))
            .order_by(docket.c.number, event.c.originator_version)
        )
        found: dict[int, tuple[UUID, list[Entry]]] = {}
        decode = self._mapper.decode
        with self._datastore.read() as connection:
            at, stream = -1, list[Entry]()
            for number, case_id, seq, topic, state in _plain(connection, query):
                if number != at:
                    at, stream = number, []
                    found[number] = UUID(bytes=case_id), stream
                stream.append(Entry(seq, decode(topic, state)))
        return found

    def decisions(self, stream: UUID = OFFICE) -> list[Decision]:
        """What the office itself decided, or the events of another stream that is no case's, in the order recorded."""
        query = (
            sa.select(event.c.originator_version, command.c.recorded_at, command.c.actor, event.c.topic, event.c.state)
            .join(command, command.c.id == event.c.command_id)
            .where(event.c.originator_id == stream.bytes)
            .order_by(event.c.originator_version)
        )
        with self._datastore.read() as connection:
            rows = connection.execute(query).all()
        return [Decision(*row[:3], self._mapper.decode(row[3], row[4])) for row in rows]

    def in_scope(self, fact: Known) -> Known:
        """What the office decided, without the cases that are not in scope."""
        if self._datastore.scope is None or not isinstance(fact, CohortDefined) or fact.numbers is None:
            return fact
        with self._datastore.read() as connection:
            numbers = connection.execute(sa.select(docket.c.number).where(self._among(docket.c.number, fact.numbers)))
            return msgspec.structs.replace(fact, numbers=tuple(sorted(numbers.scalars())))

    def _concerns(self, fact: Fact) -> bool:
        """Whether what happened in the inbox is about units in scope."""
        scope = self._datastore.scope
        if isinstance(fact, Settled) and scope is not None:
            fact = self._inbox[fact.item - 1].fact
        return scope is None or not isinstance(fact, Proposed | Queued) or not scope.units.isdisjoint(fact.units)

    @cached_property
    def _inbox(self) -> list[Decision]:
        return self.decisions(INBOX)

    def _among(self, column: sa.Column[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
        condition: sa.ColumnElement[bool] = self._datastore.database.among(column, values)
        return condition

    def _query(self, *, office: bool = False) -> sa.Select[Any]:
        same = (personal.c.originator_id == event.c.originator_id) & (
            personal.c.originator_version == event.c.originator_version
        )
        return (
            sa.select(
                event.c.position, docket.c.number, event.c.originator_version, event.c.topic, event.c.state,
                *_COMMAND, personal.c.block,
            )
            .join(command, command.c.id == event.c.command_id)
            .join(docket, docket.c.case_id == event.c.originator_id, isouter=office)
            .outerjoin(personal, same)
            .where((docket.c.number.is_not(None)) | event.c.originator_id.in_([OFFICE.bytes, INBOX.bytes]))
        )  # fmt: skip

    def _recorded(self, row: Any) -> Recorded:
        by = self._commands.get(row[5])
        if by is None:
            by = self._commands[row[5]] = Command(UUID(bytes=row[5]), *row[6:11])
        values = unseal(row[11]) if row[11] else None
        return Recorded(row[0], row[1] or 0, row[2], self._mapper.decode(row[3], row[4]), by, values)


def _plain(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows as the driver gives them: for statements whose columns need no conversion and are many."""
    cursor = connection.execute(query).cursor
    assert cursor is not None
    return iter(cursor.fetchone, None)
