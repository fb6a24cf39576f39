"""What one command records inside its transaction: events, blocks, papers, endings and claims; the views follow.

Everything is set-based: the number of statements does not depend on the number of cases.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.document import Document
from domain.events import Fact
from domain.four_eyes import Moved, NeedsAnother, needs_another
from domain.kinds import CaseEvent
from domain.layers import Migrated, papers_of
from domain.log import Change, Tail
from domain.office import OFFICE
from domain.person import Values, commit, seal
from domain.timeline import Timeline, with_values
from workflow.holding import Holding, holding
from workflow.inbox import settle
from workflow.lookups import Loaded, Lookups
from workflow.store.tables import claim, command, docket, event, paper, personal

if TYPE_CHECKING:
    from workflow.register import Actor, Register

PERSON_FACTS = frozenset({"nik", "ni", "name"})
"""Personal values that rosters show: an act that states one of them moves the person's intervals."""


class Sealed(NamedTuple):
    """A person's block ready to be stored, with the commitment that the event holds."""

    salt: bytes
    block: bytes
    commitment: str
    values: Values


class Transaction(Lookups):
    """Statements of one command on one connection; `moment` is the stamp that its events share."""

    def __init__(self, register: Register, connection: sa.Connection, moment: int, head: int, *, stamped: bool) -> None:
        super().__init__(register, connection)
        self.moment = moment
        self._head = head
        self.stamped = stamped
        """Whether the server says who records and when; then `moment` is known once the command was begun."""
        self.command: UUID | None = None
        """The command that is recorded; None as long as nothing is."""
        self._proposed_by: str | None = None
        self._papers: set[tuple[object, ...]] = set()

    def new_id(self) -> UUID:
        return UUID(bytes=self.register.surroundings.entropy(16), version=4)

    def seal(self, values: Values) -> Sealed:
        """Personal values as a block with salt and commitment."""
        salt, block = self.register.surroundings.entropy(16), seal(values)
        return Sealed(salt, block, commit(salt, block), values)

    def begin_command(self, command_id: UUID, name: str, by: Actor, request: bytes) -> None:
        """Write the command's row; its events refer to it."""
        self.command = command_id
        if self.stamped:
            said = {"id": command_id.bytes, "role": by.role, "name": name, "request": request}
            inserted = command.insert().values(said).returning(command.c.recorded_at)
            self.moment = self.connection.execute(inserted).scalar_one()
        else:
            row = (command_id.bytes, self.moment, by.name, by.role, by.known_by, name, request)
            self.many.insert(self.connection, command, [row])
        if by.settles is not None:
            self._proposed_by = by.settles.put_by if by.settles.put_by != by.name else None
            settle(self, command_id, by.settles, recorded=True)

    def claim(self, kind: str, claims: Iterable[tuple[str, UUID]]) -> None:
        """Give each NIK or NI to its person; what the person holds already stays."""
        rows = {self.hashed(kind, value): (kind, person.bytes) for value, person in claims}
        if not rows:
            return
        held = set(
            self.connection.execute(sa.select(claim.c.hash).where(self.many.among(claim.c.hash, rows))).scalars()
        )
        self.many.insert(self.connection, claim, [(key, *row) for key, row in rows.items() if key not in held])

    def append(
        self,
        command_id: UUID,
        moved: Sequence[Loaded],
        blocks: Mapping[tuple[int, int], Sealed],
        opened: Sequence[Loaded] = (),
    ) -> None:
        """Store the pending events of cases, their personal blocks, papers, endings and claims; the views follow.

        blocks: by case number and seq. opened: those of `moved` that the register did not have before.
        Raises NeedsAnother if it is not for one person alone to record.
        """
        added = [loaded.case.collect_events() for loaded in moved]
        self._must_be_for_one(moved, added, {one.number for one in opened} if len(opened) < len(moved) else set())
        pending = [event for events in added for event in events]
        self._store_events(command_id, pending)
        self._store_blocks(moved, blocks)
        self._store_papers(command_id, {paper for event in pending for paper in papers_of(event.fact)})
        self._store_endings(moved)  # before others open: a person has one open case at every moment
        dockets = [(one.number, one.case.id.bytes, one.case.person.bytes, None) for one in opened]
        self.many.insert(self.connection, docket, dockets)
        changes = list(self._changes(moved, blocks))
        self.register.surroundings.views.follow(self.connection, self.moment, changes)
        self._follow_claims(moved, changes)

    def _must_be_for_one(
        self, moved: Sequence[Loaded], added: Sequence[Sequence[CaseEvent]], linked: Collection[int]
    ) -> None:
        """linked: cases that open with a step of others, and are none of their own."""
        if self._proposed_by is not None:
            return
        register = self.register
        cases = [
            Moved(loaded.procedure or loaded.case.procedure, [event.fact for event in events])
            for loaded, events in zip(moved, added, strict=True)
            if loaded.number not in linked
        ]
        if needs_another(cases, register.rulebook.load, register.settings.asks_four_eyes):
            raise NeedsAnother

    def decide(self, command_id: UUID, *facts: Fact, stream: UUID = OFFICE) -> range:
        """Store decisions of the office itself, or what happens in its inbox; their numbers in that stream."""
        first = self._length(stream) + 1
        self._store_events(command_id, [CaseEvent(stream, at, fact) for at, fact in enumerate(facts, first)])
        self._store_papers(command_id, {paper for fact in facts for paper in fact.documents})
        self.register.decided()
        return range(first, first + len(facts))

    def _length(self, stream: UUID) -> int:
        query = sa.select(sa.func.max(event.c.originator_version)).where(event.c.originator_id == stream.bytes)
        return self.connection.execute(query).scalar() or 0

    def _store_events(self, command_id: UUID, events: Sequence[CaseEvent]) -> None:
        if self._proposed_by is not None:  # one decree stays one object
            by_two = {id(one.fact): msgspec.structs.replace(one.fact, proposed_by=self._proposed_by) for one in events}
            events = [one._replace(fact=by_two[id(one.fact)]) for one in events]
        stored = [self.register.act_mapper.to_stored_event(event) for event in events]
        self.register.recorder.insert_events(stored, command=command_id, after=self._head)
        self._head += len(stored)

    def _store_blocks(self, moved: Sequence[Loaded], blocks: Mapping[tuple[int, int], Sealed]) -> None:
        by_number = {loaded.number: loaded.case for loaded in moved}
        rows = []
        for (number, seq), sealed in blocks.items():
            case = by_number[number]
            rows.append((case.id.bytes, seq, case.person.bytes, sealed.salt, sealed.block))
        self.many.insert(self.connection, personal, rows)

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
        rows = {key: sha256 for key, sha256 in rows.items() if key not in self._papers}
        self._papers |= rows.keys()
        self.many.insert(self.connection, paper, [(*key, sha256) for key, sha256 in rows.items()])

    def _store_endings(self, moved: Iterable[Loaded]) -> None:
        """A case that closes, or is void, frees the person's claim to an open case; a reversal takes it back."""
        now = [(loaded.case.closed_on, loaded) for loaded in moved]
        changed = [(closed_on, loaded.number) for closed_on, loaded in now if closed_on != loaded.closed_on]
        for opens in (False, True):  # endings first: a person has one open case at every moment
            rows = [row for row in changed if (row[0] is None) is opens]
            statement = "UPDATE docket SET ended_on = {0}{from_rows} WHERE number = {1}"
            self.many.each(self.connection, statement, ("integer", "bigint"), rows)

    def _follow_claims(self, moved: Iterable[Loaded], changes: Iterable[Change]) -> None:
        """Claims follow what is believed now: a NIK or NI that was never right is free at once."""
        before_it = {loaded.number: loaded for loaded in moved if loaded.version}  # a new case claims before
        own: list[tuple[bytes, str, bytes]] = []
        lost: list[tuple[Loaded, Holding, Holding]] = []
        for change in changes:
            loaded = before_it.get(change.case)
            if loaded is None or not change.states_person:
                continue
            recorded = loaded.case.timeline.recorded
            was = holding(change.before, (one for one in recorded if one.seq <= loaded.version))
            now = holding(change.after, recorded)
            person = loaded.case.person.bytes
            own += [(self.hashed(*one), one[0], person) for one in now.own - was.own]
            if was.lent != now.lent or was.own - now.own:
                lost.append((loaded, was, now))
        gone, lent = self._given_up(lost) if lost else ([], [])
        if gone:
            self.connection.execute(claim.delete().where(self.many.among(claim.c.hash, gone)))
        self.many.replace(self.connection, claim, [*lent, *own])

    def _given_up(
        self, lost: Sequence[tuple[Loaded, Holding, Holding]]
    ) -> tuple[list[bytes], list[tuple[bytes, str, bytes]]]:
        """The numbers that nobody of a person's cases says any more, and those that go to whom a merger lends them."""
        persons = {loaded.case.person for loaded, _, _ in lost}
        # who was lent a number may have said it to be theirs since
        lent_to = {into: self.person_of(into) for _, was, now in lost for _, into in was.lent - now.lent}
        held = self.held_by(persons | set(lent_to.values()), but=())
        gone, lent = [], []
        for loaded, was, now in lost:
            asked = {loaded.case.person, *(lent_to[into] for _, into in was.lent - now.lent)}
            still = {number for person in asked for one in held[person] for number in one.own}
            for number in ((was.own - now.own) | {number for number, _ in was.lent ^ now.lent}) - still:
                gone.append(self.hashed(*number))
                if lends := [into for one, into in self.mergers if one == number]:
                    lent.append((self.hashed(*number), number[0], self.person_of(max(lends)).bytes))
        return gone, lent

    def _changes(self, moved: Sequence[Loaded], blocks: Mapping[tuple[int, int], Sealed]) -> Iterable[Change]:
        """The cases as the views need them.

        With all their events where the past of a case changed, and with personal values where the command
        may have changed some that rosters show.
        """
        stating = {number for (number, _), sealed in blocks.items() if PERSON_FACTS & sealed.values.keys()}
        tails = {loaded.number: _tail(loaded) for loaded in moved}
        migrated = {loaded.number for loaded in moved if _only_migrated(loaded)}
        stating |= {loaded.number for loaded in moved if tails[loaded.number] is None}
        stating -= migrated
        known = {loaded.number for loaded in moved if loaded.before == []}
        log = self.register.log_of_events
        stored = log.entries(stating - known) if stating - known else {}
        values = log.values(stating - known) if stating - known else {}
        for loaded in moved:
            number, case = loaded.number, loaded.case
            if number not in stating:
                yield Change(number, case.last, tails[number])
            elif number in known:
                yield Change(number, case.last, None, (), case.timeline.entries, states_person=True)
            else:
                entries = with_values(stored[number][1], values.get(number, {}))
                before = Timeline(entry for entry in entries if entry.seq <= loaded.version).entries
                yield Change(number, case.last, None, before, Timeline(entries).entries, states_person=True)


def _only_migrated(loaded: Loaded) -> bool:
    """Whether nothing of the case changed but the procedure that judges what comes next."""
    new = [entry.fact for entry in loaded.case.timeline.recorded if entry.seq > loaded.version]
    return bool(new) and all(isinstance(fact, Migrated) for fact in new)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection: a bulk command makes many objects and no cycles, and walking them costs a quarter."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _tail(loaded: Loaded) -> Tail | None:
    """How the views may follow a last act by its facts alone; None where earlier pieces may change or merge."""
    last, entries = loaded.case.last, loaded.case.timeline.entries
    if not entries or not loaded.stage.stage or last.version != loaded.version + 1:
        return None
    newest = entries[-1]
    if newest.seq != last.version or newest.act.replaces is not None:
        return None
    added = newest.act.effective_on.toordinal()
    if added == loaded.last_on:
        stage = last.stage_facts()
        if last.post_facts() != loaded.post or (stage != loaded.stage and stage.since != added):
            return None
    return Tail(added, loaded.stage, loaded.post)
