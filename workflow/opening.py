"""Open the cases of rows that are in order, inside the transaction of their command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.case import Case, act_of
from domain.person import Values
from domain.timeline import Timeline
from domain.worker import Worker
from workflow.judging import FACTS, PERSONAL, Judged, Terms
from workflow.lookups import in_hand
from workflow.store.tables import imported
from workflow.transaction import Transaction


def open_cases(transaction: Transaction, command_id: UUID, passing: Sequence[Judged], terms: Terms) -> dict[int, int]:
    """Open the cases; their numbers by that of the row in the file."""
    moved, blocks, claims, hashes, opened = [], {}, [], [], {}
    for number, one in enumerate(passing, transaction.next_number()):
        worker = one.row.worker
        assert worker
        case = Case(transaction.new_id(), Timeline(()))
        person = UUID(bytes=one.follows.person) if one.follows else transaction.new_id()
        sealed = transaction.seal(_personal_values(worker))
        facts = _facts(worker, one, number, person)
        act = act_of(terms.asked, terms.rules, commitment=sealed.commitment, **facts)
        moved.append(in_hand(number, case, []))
        entry = case.record(act, sealed.values)
        blocks[number, entry.seq] = sealed
        claims.append((worker.nik, person))
        hashes.append((one.hash, number))
        opened[one.row.number] = number
    transaction.many.replace(transaction.connection, imported, hashes)
    transaction.claim("nik", claims)
    transaction.append(command_id, moved, blocks, moved)
    return opened


def _personal_values(worker: Worker) -> Values:
    return {name: getattr(worker, name) for name in PERSONAL}


def _facts(worker: Worker, one: Judged, number: int, person: UUID) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(worker, name) for name in FACTS}
    facts |= {"number": number, "person": person, "unit": one.unit, "previous_wage": worker.wage}
    if worker.formation is not None:
        facts["formation"] = worker.formation
    if one.follows is not None:
        facts["continues"] = one.follows.last_case
    return facts
