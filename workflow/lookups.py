"""What one command looks up before it may write: who holds a number, which cases there are, what they said so far.

Everything is set-based: the number of statements does not depend on the number of cases.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.case import VOID, Case
from domain.document import Document
from domain.errors import Misused, Refused
from domain.kinds import TOPICS
from domain.layers import Merged
from domain.standing import Entry, PostFacts, StageFacts
from domain.text import text
from domain.timeline import Timeline, with_values
from workflow.holding import Holding, NumberOf, holding
from workflow.inbox import open_items
from workflow.store.tables import claim, command, docket, event, imported, paper

if TYPE_CHECKING:
    from workflow.register import Register


class Held(NamedTuple):
    """A person as the claims know them: the open case if there is one, and the last that ended."""

    person: bytes
    open_case: int | None
    last_case: int
    ended_on: int | None


class Waited(NamedTuple):
    """A row of an import as the inbox knows it. open: whether it still waits; else it was turned away."""

    item: int
    open: bool


class Loaded(NamedTuple):
    """A case in hand, and how it stood before the command. before: its acts, None if it was resumed without them."""

    number: int
    case: Case
    before: list[Entry] | None
    version: int
    closed_on: int | None
    last_on: int
    stage: StageFacts
    post: PostFacts
    procedure: str


def in_hand(number: int, case: Case, before: list[Entry] | None) -> Loaded:
    """A case before anything is recorded in it."""
    last = case.last
    return Loaded(
        number, case, before, last.version, case.closed_on, last.last_on, last.stage_facts(), last.post_facts(),
        last.procedure,
    )  # fmt: skip


class AlreadyRecorded(NamedTuple):
    """The command id was seen before with the same request; the cases it moved."""

    command: UUID
    numbers: list[int]


class Lookups:
    """Questions on one connection, inside the transaction of a command."""

    def __init__(self, register: Register, connection: sa.Connection) -> None:
        self.register = register
        self.connection = connection
        self.many = register.datastore.database

    def hashed(self, kind: str, value: str) -> bytes:
        """The keyed hash under which a NIK, NI or imported row is known."""
        key = self.register.settings.key
        return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).digest()

    def digest(self, request: Any) -> bytes:
        """The keyed digest of a request, by which a repeated command is told from another."""
        canonical = msgspec.json.encode(request, order="sorted", enc_hook=str)
        return hmac.new(self.register.settings.key, canonical, hashlib.sha256).digest()

    def seen(self, command_id: UUID, request: bytes) -> AlreadyRecorded | None:
        """What was recorded under this id, of what may be read. Raises Refused if that was another request."""
        stored = self.connection.execute(sa.select(command.c.request).where(command.c.id == command_id.bytes)).scalar()
        if stored is None:
            return None
        if stored != request:
            raise Refused(
                text(
                    "The command id {id} was used for another request. Nothing was recorded; give another id.",
                    id=command_id,
                )
            )
        query = (
            sa.select(docket.c.number)
            .join(event, event.c.originator_id == docket.c.case_id)
            .where(event.c.command_id == command_id.bytes)
            .order_by(event.c.position)
        )
        return AlreadyRecorded(command_id, self._in_scope(list(self.connection.execute(query).scalars())))

    def _in_scope(self, numbers: list[int]) -> list[int]:
        scope = self.register.datastore.scope
        if scope is None:
            return numbers
        units = self.units_of(numbers)
        return [number for number in numbers if units.get(number) in scope.units]

    def holders(self, kind: str, values: Iterable[str]) -> dict[str, Held]:
        """Who holds each NIK or NI, of those that somebody holds."""
        by_hash = {self.hashed(kind, value): value for value in values}
        if not by_hash:
            return {}
        open_case = sa.func.max(sa.case((docket.c.ended_on.is_(None), docket.c.number)))
        query = (
            sa.select(
                claim.c.hash, claim.c.person, open_case, sa.func.max(docket.c.number), sa.func.max(docket.c.ended_on)
            )
            .join(docket, docket.c.person == claim.c.person)
            .where(self.many.among(claim.c.hash, by_hash))
            .group_by(claim.c.hash)
        )
        return {by_hash[row[0]]: Held(*row[1:]) for row in self.connection.execute(query)}

    def person_of(self, number: int) -> UUID:
        """Whose case it is."""
        return UUID(bytes=self.connection.execute(sa.select(docket.c.person).where(docket.c.number == number)).scalar())

    def timelines_of(self, persons: Collection[UUID], *, but: Collection[int]) -> dict[UUID, dict[int, Timeline]]:
        """The cases of persons by number, with personal values, but for some of the cases."""
        by_id = {person.bytes: person for person in persons}
        query = sa.select(docket.c.number, docket.c.person).where(self.many.among(docket.c.person, by_id))
        others = {row[0]: by_id[row[1]] for row in self.connection.execute(query) if row[0] not in but}
        found: dict[UUID, dict[int, Timeline]] = {person: {} for person in persons}
        for number, one in (self.load(sorted(others), with_person=True) if others else {}).items():
            found[others[number]][number] = one.case.timeline
        return found

    def held_by(self, persons: Collection[UUID], *, but: Collection[int]) -> dict[UUID, list[Holding]]:
        """What the cases of persons hold, but for some of the cases."""
        return {
            person: [holding(timeline.entries, timeline.recorded) for timeline in timelines.values()]
            for person, timelines in self.timelines_of(persons, but=but).items()
        }

    @cached_property
    def mergers(self) -> list[tuple[NumberOf, int]]:
        """Each NIK that a merger lends, and the case it is lent to; asked once, after what the command records."""
        merged = sa.select(docket.c.number).join(event, event.c.originator_id == docket.c.case_id)
        numbers = set(self.connection.execute(merged.where(event.c.topic == TOPICS[Merged])).scalars())
        loaded = self.load(sorted(numbers), with_person=True) if numbers else {}
        timelines = [one.case.timeline for one in loaded.values()]
        return [lent for one in timelines for lent in holding(one.entries, one.recorded).lent]

    def units_of(self, numbers: Iterable[int]) -> dict[int, str]:
        """The unit that each case has now, or had last."""
        return self.register.surroundings.views.units_of(self.connection, numbers)

    def existing(self, numbers: Iterable[int]) -> set[int]:
        """Those of the case numbers that there are."""
        asked = list(numbers)
        if not asked:
            return set()
        query = sa.select(docket.c.number).where(self.many.among(docket.c.number, asked))
        return set(self.connection.execute(query).scalars())

    def imported_before(self, hashes: Iterable[bytes]) -> dict[bytes, int]:
        """Rows that were imported at some time, with the case they opened, unless that is void."""
        query = (
            sa.select(imported.c.hash, imported.c.number)
            .join(docket, docket.c.number == imported.c.number)
            .where(self.many.among(imported.c.hash, hashes), sa.func.coalesce(docket.c.ended_on, -1) != VOID)
        )
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def queued_before(self, hashes: Iterable[bytes]) -> dict[bytes, Waited]:
        """Rows that were put into the inbox at some time, and opened no case since."""
        query = sa.select(imported.c.hash, -imported.c.number).where(
            self.many.among(imported.c.hash, hashes), imported.c.number < 0
        )
        known = {row[0]: row[1] for row in self.connection.execute(query)}
        # by the events, because not everybody meets every row of the table
        waiting = {item.number for item in open_items(self.register)} if known else set()
        return {key: Waited(item, item in waiting) for key, item in known.items()}

    def next_number(self) -> int:
        """The first case number that was never given."""
        return (self.connection.execute(sa.select(sa.func.max(docket.c.number))).scalar() or 0) + 1

    def papers(self, number: str) -> list[Document]:
        """The documents recorded under a number, each once."""
        query = (
            sa.select(paper.c.kind, paper.c.number, paper.c.dated, paper.c.issuer, paper.c.sha256)
            .where(paper.c.number == number)
            .distinct()
            .order_by(paper.c.kind, paper.c.dated, paper.c.issuer, paper.c.sha256)
        )
        return [
            Document(kind, numbered, date.fromordinal(dated) if dated else None, issuer or None, sha256)
            for kind, numbered, dated, issuer, sha256 in self.connection.execute(query)
        ]

    def paper(self, number: str) -> Document:
        """The one document recorded under a number. Raises Misused if it is not known, or not unique."""
        papers = self.papers(number)
        if len(papers) == 1:
            return papers[0]
        if not papers:
            raise Misused(
                text('The register knows no document {number}. Write it as "KIND NUMBER DATE".', number=number)
            )
        kinds = ", ".join(f"{paper.kind} {paper.dated}" for paper in papers)
        raise Misused(
            text(
                "Several documents have the number {number} ({kinds}). Write kind and date too.",
                number=number,
                kinds=kinds,
            )
        )

    def load(self, numbers: Iterable[int], on: date | None = None, *, with_person: bool = False) -> dict[int, Loaded]:
        """Cases by number, each once read.

        A case whose last act is not after `on` is resumed from where it stands; the others, or all without
        `on`, come from their events, with personal values if a guard needs them.
        """
        wanted = list(numbers)
        resumed = {} if on is None or with_person else self._resumed(wanted, on.toordinal())
        rest = [number for number in wanted if number not in resumed]
        return {**resumed, **self._from_events(rest, with_person=with_person)} if rest else resumed

    def _resumed(self, numbers: list[int], on: int) -> dict[int, Loaded]:
        query = sa.select(docket.c.number, docket.c.case_id).where(self.many.among(docket.c.number, numbers))
        ids: dict[int, bytes] = {row[0]: row[1] for row in self.connection.execute(query)}
        standings = self.register.surroundings.views.standings(self.connection, numbers)
        return {
            number: in_hand(number, Case(UUID(bytes=ids[number]), Timeline.resumed(standing)), None)
            for number, standing in standings.items()
            if standing.last_on <= on
        }

    def _from_events(self, numbers: list[int], *, with_person: bool) -> dict[int, Loaded]:
        log = self.register.log_of_events
        blocks = log.values(numbers) if with_person else {}
        loaded = {}
        for number, (case_id, entries) in log.entries(numbers).items():
            if with_person:
                entries = with_values(entries, blocks.get(number, {}))  # noqa: PLW2901
            case = Case(case_id, Timeline(entries))
            loaded[number] = in_hand(number, case, list(case.timeline.entries))
        return loaded
