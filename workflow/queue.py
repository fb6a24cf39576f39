"""Rows of an import that a human decides: they wait in the inbox, and are accepted, put right or turned away.

Until then nothing of them counts: no case is open, no NIK is claimed. The row itself, with a salt, is the item's
content; what was asked for all rows alike is in the event. A row that was turned away is known by its keyed hash
when it comes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain.access import RECORDING, Role
from domain.errors import Misused
from domain.findings import Finding, Severity
from domain.identity import hide_numbers
from domain.inbox import Queued
from domain.text import text
from workflow import inbox
from workflow.intake.cells import tidy
from workflow.intake.workers import WORKER_COLUMNS, cells_of
from workflow.judging import Judged, Terms
from workflow.lookups import Lookups
from workflow.store.tables import imported
from workflow.transaction import Transaction

_DECIDER = {"first-contract-after-ban": Role.APPROVER}
"""Who decides a question, where that is not BKPSDM's verifier: of a worker engaged after the ban, the PPK."""


class Source(NamedTuple):
    """Where rows come from. file: its name without folders. sha256: of its content, in hex."""

    file: str
    sha256: str


class Kept(msgspec.Struct, frozen=True):
    """A row as it waits: its cells as text by name of the column, and whether it may follow a case that ended.

    salt: so that nobody finds the row by trying out digests.
    """

    salt: str
    cells: dict[str, str]
    reopen: bool = False


def put_rows(
    transaction: Transaction, command_id: UUID, queued: Sequence[Judged], terms: Terms, source: Source
) -> None:
    """Let rows wait under a command that was begun. A bounded number of statements."""
    if not queued:
        return
    units = units_concerned(transaction, queued)
    waiting = [_item(transaction, one, terms, source, units[one.row.number]) for one in queued]
    numbers = inbox.put(transaction, command_id, waiting)
    known = [(one.hash, -number) for number, one in zip(numbers, queued, strict=True)]
    transaction.many.replace(transaction.connection, imported, known)


def _item(
    transaction: Transaction, one: Judged, terms: Terms, source: Source, units: tuple[str, ...]
) -> tuple[Queued, bytes]:
    cells = cells_of(one.row.worker) if one.row.worker else dict(one.row.cells)
    content = msgspec.json.encode(Kept(transaction.register.surroundings.entropy(16).hex(), cells, terms.reopen))
    fact = Queued(
        effective_on=terms.asked.on,
        documents=terms.asked.documents,
        file=hide_numbers(source.file),
        sha256=source.sha256,
        row=one.row.number,
        codes=tuple(sorted({finding.code for finding in one.findings})),
        roles=deciders(one.findings),
        units=units,
        case=one.case,
        digest=inbox.digest_of(content),
    )
    return fact, content


def units_concerned(lookups: Lookups, rows: Iterable[Judged]) -> dict[int, tuple[str, ...]]:
    """By row, whose people a decision is about: the unit of the row, and that of a case it names. One statement."""
    rows = list(rows)
    of_cases = lookups.units_of({one.case for one in rows if one.case is not None})
    concerned = {one.row.number: [one.unit, of_cases.get(one.case or 0)] for one in rows}
    return {number: tuple(dict.fromkeys(filter(None, units))) for number, units in concerned.items()}


def put_right(cells: Mapping[str, str], fields: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The cells with those that are given anew, and the names of the columns that changed."""
    given = {}
    for column, value in fields.items():
        name = WORKER_COLUMNS.name_of(column) or column
        if WORKER_COLUMNS.name_of(name) is None and name not in cells:
            raise Misused(
                text(
                    "A row of workers has no column {column}. The columns are: {known}.",
                    column=column,
                    known=", ".join(WORKER_COLUMNS.known),
                )
            )
        given[name] = tidy(value)
    right = {name: value for name, value in {**cells, **given}.items() if value}
    return right, tuple(sorted(name for name in given if right.get(name) != cells.get(name)))


def deciders(findings: Iterable[Finding]) -> tuple[Role, ...]:
    """The roles of which any may decide all these questions: that of the highest, and those above it."""
    asked = [_DECIDER.get(one.code, Role.VERIFIER) for one in findings if one.severity is Severity.QUESTION]
    return RECORDING[max(map(RECORDING.index, asked)) :]
