"""Which events a mending is about: of one case, of a whole command, on one document, or listed in a file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.errors import Refused
from domain.findings import Finding
from domain.log import Wanted
from domain.text import text
from domain.timeline import taken_back
from workflow.access import must_see
from workflow.amend import Target
from workflow.dependants import acts_resting_on
from workflow.intake.cases import read_cases
from workflow.register import Actor, Register
from workflow.store.tables import command
from workflow.whom import Who, resolve

SEQ = "seq"


class Unreadable(NamedTuple):
    """A row of a file that names no event: its number and what is wrong with it."""

    row: int
    finding: Finding


def of_case(register: Register, name: str, seq: int) -> list[Target]:
    """One event of one case. Raises Refused if there is no such case."""
    with register.transaction(dry_run=True) as transaction:
        found = resolve(transaction, [Who(name)])[name]
    if isinstance(found, Finding):
        raise Refused(text("{what}. {remedy}", what=found.message, remedy=found.remedy))
    return [Target(found, seq)]


def of_command(register: Register, command_id: UUID) -> list[Target]:
    """All events of a command that were not taken back since. Raises Refused if there is none."""
    with register.datastore.read(whole=True):
        return _of_command(register, command_id)


def _of_command(register: Register, command_id: UUID) -> list[Target]:
    recorded = list(register.log_of_events.events(Wanted(command=command_id)))
    if not recorded:
        raise Refused(
            text(
                "The command {id} recorded no events of cases. "
                "What the office decided is decided anew and not taken back.",
                id=command_id,
            )
        )
    gone = {
        case: taken_back(one.entry for one in stream)
        for case, stream in register.log_of_events.streams({one.case for one in recorded})
    }
    targets = [Target(one.case, one.seq) for one in recorded if one.seq not in gone[one.case]]
    if not targets:
        raise Refused(text("All events of the command {id} were taken back already.", id=command_id))
    return _seen(register, targets)


def _seen(register: Register, targets: list[Target]) -> list[Target]:
    """The same, if all of them are theirs to read who asks: no part of what many rest on is mended alone."""
    with register.transaction(dry_run=True) as transaction:
        must_see(transaction, dict.fromkeys(target.number for target in targets))
    return targets


def of_document(register: Register, number: str) -> list[Target]:
    """All acts that stand and rest on a document. Raises Refused if none does."""
    with register.datastore.read(whole=True):
        targets = [Target(case, act.seq) for case, acts in acts_resting_on(register, number) for act in acts]
    if not targets:
        raise Refused(text("No act that stands rests on the document {number}.", number=number))
    return _seen(register, targets)


def of_file(
    register: Register, source: Path, fields: dict[str, str], *, encoding: str | None, sheet: str | None
) -> tuple[list[Target], list[Unreadable]]:
    """The events that a file names by nik or case and seq, with each row's own fields; and the rows that name none."""
    rows, _ = read_cases(source, encoding=encoding, sheet=sheet, headings={SEQ: SEQ, "#": SEQ, **fields}, once=False)
    times = Counter((row.who, row.fields.get(SEQ)) for row in rows)
    with register.transaction(dry_run=True) as transaction:
        found = resolve(transaction, [Who(row.who, row.number) for row in rows])
    targets, unreadable = [], []
    for row in rows:
        case, seq = found[row.who], row.fields.get(SEQ, "")
        wrong = [finding for finding in row.findings if finding.refuses]
        if isinstance(case, Finding):
            wrong.append(case)
        if not (seq.isascii() and seq.isdigit()):
            wrong.append(Finding("no-seq", text("the row names no event"), text("Add a column seq with its number.")))
        if times[row.who, row.fields.get(SEQ)] > 1:
            wrong.append(Finding("named-twice", text("the event is named twice"), text("Name each event once.")))
        if wrong:
            unreadable += [Unreadable(row.number, finding) for finding in wrong]
        elif isinstance(case, int):
            own = {name: value for name, value in row.fields.items() if name != SEQ}
            targets.append(Target(case, int(seq), row.number, own))
    return targets, unreadable


def of_last_command(register: Register, by: Actor) -> tuple[UUID, str, list[Target]]:
    """One's own last command, its name and its events. Raises Refused if anything rests on them."""
    with register.datastore.read() as connection:
        query = sa.select(command.c.id, command.c.name).where(command.c.actor == by.name)
        row = connection.execute(query.order_by(command.c.recorded_at.desc()).limit(1)).first()
    if row is None:
        raise Refused(text("You have recorded nothing in this register."))
    command_id = UUID(bytes=row.id)
    targets = of_command(register, command_id)
    last = {target.number: 0 for target in targets}
    for case, stream in register.log_of_events.streams(last.keys()):
        last[case] = stream[-1].seq
    seqs = {(target.number, target.seq) for target in targets}
    resting = [case for case, seq in last.items() if (case, seq) not in seqs]
    if resting:
        names = ", ".join(register.settings.case_number(case) for case in sorted(resting)[:5])
        raise Refused(
            text(
                "The last command cannot be undone: {count} of its cases changed since ({names}). Use lantik rescind.",
                count=len(resting),
                names=names,
            )
        )
    return command_id, row.name, targets
