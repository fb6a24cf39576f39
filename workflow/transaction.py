"""What one command does inside its transaction: look cases up, load them, and append what was decided.

Everything is set-based: the number of statements does not depend on the number of cases.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.case import Case
from domain.document import Document
from domain.errors import Refused
from domain.log import Change, Tail
from domain.person import Values, commit, seal
from domain.text import text
from domain.timeline import Entry, PostFacts, StageFacts, Timeline, with_values
from workflow.store.datastore import insert_many
from workflow.store.log import among, among_bytes
from workflow.store.tables import claim, command, docket, event, imported, paper, personal

if TYPE_CHECKING:
    from workflow.register import Actor, Register

PERSON_FACTS = frozenset({"nik", "ni", "name"})
"""Personal values that rosters show: an act that states one of them moves the person's intervals."""


class Held(NamedTuple):
    """A person as the claims know them: the open case if there is one, and the last that ended."""

    person: bytes
    open_case: int | None
    last_case: int
    ended_on: int | None


class Loaded(NamedTuple):
    """A case in hand, and how it stood before the command. before: its acts, None if it was resumed without them."""

    number: int
    case: Case
    before: list[Entry] | None
    ended: bool
    last_on: int
    stage: StageFacts
    post: PostFacts


def in_hand(number: int, case: Case, before: list[Entry] | None) -> Loaded:
    """A case before anything is recorded in it."""
    last = case.last
    return Loaded(number, case, before, last.ended, last.last_on, last.stage_facts(), last.post_facts())


class Sealed(NamedTuple):
    """A person's block ready to be stored, with the commitment that the event holds."""

    salt: bytes
    block: bytes
    commitment: str
    values: Values


class AlreadyRecorded(NamedTuple):
    """The command id was seen before with the same request; the cases it moved."""

    command: UUID
    numbers: list[int]


class Transaction:
    """Statements of one command on one connection; `moment` is the stamp that its events share."""

    def __init__(self, register: Register, connection: sa.Connection, moment: int) -> None:
        self.register = register
        self.connection = connection
        self.moment = moment

    # --- looking up

    def hashed(self, kind: str, value: str) -> bytes:
        """The keyed hash under which a NIK, NI or imported row is known."""
        key = self.register.settings.key
        return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).digest()

    def digest(self, request: Any) -> bytes:
        """The keyed digest of a request, by which a repeated command is told from another."""
        canonical = msgspec.json.encode(request, order="sorted", enc_hook=str)
        return hmac.new(self.register.settings.key, canonical, hashlib.sha256).digest()

    def seen(self, command_id: UUID, request: bytes) -> AlreadyRecorded | None:
        """What was recorded under this id. Raises Refused if that was another request."""
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
        return AlreadyRecorded(command_id, list(self.connection.execute(query).scalars()))

    def holders(self, kind: str, values: Iterable[str]) -> dict[str, Held]:
        """Who holds each NIK or NI, of those that somebody holds."""
        by_hash = {self.hashed(kind, value): value for value in values}
        open_case = sa.func.max(sa.case((docket.c.ended_on.is_(None), docket.c.number)))
        query = (
            sa.select(
                claim.c.hash, claim.c.person, open_case, sa.func.max(docket.c.number), sa.func.max(docket.c.ended_on)
            )
            .join(docket, docket.c.person == claim.c.person)
            .where(claim.c.hash.in_(among_bytes(by_hash)))
            .group_by(claim.c.hash)
        )
        return {by_hash[row[0]]: Held(*row[1:]) for row in self.connection.execute(query)}

    def existing(self, numbers: Iterable[int]) -> set[int]:
        """Those of the case numbers that there are."""
        query = sa.select(docket.c.number).where(docket.c.number.in_(among(numbers)))
        return set(self.connection.execute(query).scalars())

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
        query = sa.select(docket.c.number, docket.c.case_id).where(docket.c.number.in_(among(numbers)))
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

    def imported_before(self, hashes: Iterable[bytes]) -> dict[bytes, int]:
        """Rows that were imported at some time, with the case they opened."""
        query = sa.select(imported.c.hash, imported.c.number).where(imported.c.hash.in_(among_bytes(hashes)))
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def next_number(self) -> int:
        """The first case number that was never given."""
        return (self.connection.execute(sa.select(sa.func.max(docket.c.number))).scalar() or 0) + 1

    def papers(self, number: str) -> list[Document]:
        """The documents recorded under a number, each once."""
        query = (
            sa.select(paper.c.kind, paper.c.number, paper.c.dated, paper.c.issuer, paper.c.sha256)
            .where(paper.c.number == number)
            .distinct()
        )
        return [
            Document(kind, numbered, date.fromordinal(dated) if dated else None, issuer or None, sha256)
            for kind, numbered, dated, issuer, sha256 in self.connection.execute(query)
        ]

    # --- recording

    def new_id(self) -> UUID:
        return UUID(bytes=self.register.surroundings.entropy(16), version=4)

    def seal(self, values: Values) -> Sealed:
        """Personal values as a block with salt and commitment."""
        salt, block = self.register.surroundings.entropy(16), seal(values)
        return Sealed(salt, block, commit(salt, block), values)

    def begin_command(self, command_id: UUID, name: str, by: Actor, request: bytes) -> None:
        """Write the command's row; its events refer to it."""
        insert_many(
            self.connection, command, [(command_id.bytes, self.moment, by.name, by.role, by.known_by, name, request)]
        )

    def claim(self, kind: str, claims: Iterable[tuple[str, UUID]]) -> None:
        """Give each NIK or NI to its person; what the person holds already stays."""
        rows = {self.hashed(kind, value): (kind, person.bytes) for value, person in claims}
        held = set(
            self.connection.execute(sa.select(claim.c.hash).where(claim.c.hash.in_(among_bytes(rows)))).scalars()
        )
        insert_many(self.connection, claim, [(key, *row) for key, row in rows.items() if key not in held])

    def append(self, command_id: UUID, moved: Sequence[Loaded], blocks: Mapping[tuple[int, int], Sealed]) -> None:
        """Store the pending events of cases, their personal blocks, papers and endings; the views follow.

        blocks: by case number and seq.
        """
        recorder, mapper = self.register.recorder, self.register.act_mapper
        pending = [(loaded, event) for loaded in moved for event in loaded.case.collect_events()]
        recorder.insert_events([mapper.to_stored_event(event) for _, event in pending], command=command_id)
        self._store_blocks(moved, blocks)
        self._store_papers(command_id, {paper for _, event in pending for paper in event.fact.documents})
        self._store_endings([loaded for loaded, event in pending if event.fact.stage is not None])
        self.register.surroundings.views.follow(self.connection, self.moment, self._changes(moved, blocks))

    def _store_blocks(self, moved: Sequence[Loaded], blocks: Mapping[tuple[int, int], Sealed]) -> None:
        by_number = {loaded.number: loaded.case for loaded in moved}
        rows = []
        for (number, seq), sealed in blocks.items():
            case = by_number[number]
            person = case.last.person
            assert person is not None
            rows.append((case.id.bytes, seq, person.bytes, sealed.salt, sealed.block))
        insert_many(self.connection, personal, rows)

    def _store_papers(self, command_id: UUID, papers: Iterable[Document]) -> None:
        rows = {
            (
                one.number,
                one.kind,
                one.dated.toordinal() if one.dated else 0,
                one.issuer or "",
                command_id.bytes,
            ): one.sha256
            for one in papers
        }
        insert_many(self.connection, paper, [(*key, sha256) for key, sha256 in rows.items()])

    def _store_endings(self, moved: Iterable[Loaded]) -> None:
        """An ending frees the person's claim to an open case; a reversal takes it back."""
        changed = []
        for loaded in moved:
            last = loaded.case.last
            if last.ended != loaded.ended:
                ended_on = last.since.toordinal() if last.ended and last.since else None
                changed.append((ended_on, loaded.number))
        if changed:
            self.connection.exec_driver_sql("UPDATE docket SET ended_on = ? WHERE number = ?", changed)

    def _changes(self, moved: Sequence[Loaded], blocks: Mapping[tuple[int, int], Sealed]) -> Iterable[Change]:
        """The cases as the views need them.

        With all their acts where one was added before others, and with personal values where the command
        stated some that rosters show.
        """
        stating = {number for (number, _), sealed in blocks.items() if PERSON_FACTS & sealed.values.keys()}
        tails = {loaded.number: _tail(loaded) for loaded in moved}
        whole = {number for number, tail in tails.items() if tail is None or number in stating}
        known = {loaded.number for loaded in moved if loaded.before == []}
        log = self.register.log_of_events
        stored = log.entries(whole - known) if whole - known else {}
        values = log.values(stating - known) if stating - known else {}
        for loaded in moved:
            number, case = loaded.number, loaded.case
            if number not in whole:
                yield Change(number, case.last, tails[number])
            elif number in known:
                yield Change(number, case.last, None, (), case.timeline.entries, number in stating)
            else:
                entries = with_values(stored[number][1], values.get(number, {}))
                added = loaded.case.version
                before = Timeline(entry for entry in entries if entry.seq != added).entries
                after = Timeline(entries).entries
                yield Change(number, case.last, None, before, after, number in stating)


def _tail(loaded: Loaded) -> Tail | None:
    """How the views may follow a last act by its facts alone; None where earlier pieces may have to merge."""
    last, newest = loaded.case.last, loaded.case.timeline.entries[-1]
    if newest.seq != last.version or not loaded.stage.stage:
        return None
    added = newest.act.effective_on.toordinal()
    if added == loaded.last_on:
        stage = last.stage_facts()
        if last.post_facts() != loaded.post or (stage != loaded.stage and stage.since != added):
            return None
    return Tail(added, loaded.stage, loaded.post)
