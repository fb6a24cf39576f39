"""Open a case for each worker of an office's file, in one transaction.

A row equal to one ever imported is unchanged, so importing a file twice changes nothing. What differs
from an open case is refused with the names of the columns: recorded facts are corrected, not imported over.
What a human decides waits in the inbox, put there by the same command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple
from uuid import UUID

from domain.case import act_of
from domain.document import Document
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Owes, Row, Verdict
from domain.standing import Entry
from domain.timeline import Timeline
from workflow.access import Clearance, Subject, permit
from workflow.intake.workers import WorkerRow
from workflow.judging import Judged, Terms, judge_rows, terms_of
from workflow.opening import open_cases
from workflow.owing import Due, Owing
from workflow.patience import patiently
from workflow.queue import Source, put_rows
from workflow.register import Actor, Register
from workflow.transaction import Transaction
from workflow.units import UnitBook, warned_new


class Intake(NamedTuple):
    """A file of workers to be registered from `on`; documents are those the registration rests on.

    file: its name without folders. sha256: of its content, in hex.
    """

    rows: Sequence[WorkerRow]
    on: date
    documents: tuple[Document, ...] = ()
    partial: bool = False
    dry_run: bool = False
    reopen: bool = False
    command_id: UUID | None = None
    file: str = ""
    sha256: str = ""


@patiently
def register_workers(
    register: Register,
    intake: Intake,
    by: Actor,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    *,
    expected: Sequence[Foreseen] | None = None,
) -> Outcome:
    """Judge every row against the register, then open the cases, all or nothing unless `partial`.

    Rows about which there is a question are put into the inbox, as whatever else is recorded.
    expected: what was shown before; nothing is recorded if the outcome is another now.
    """
    with register.transaction(dry_run=intake.dry_run) as transaction:
        told = [row.worker or row.cells or None for row in intake.rows]
        request = transaction.digest(["import", intake.on, intake.documents, told])
        command_id = intake.command_id or transaction.new_id()
        if intake.command_id is not None and transaction.seen(command_id, request) is not None:
            return Outcome(command_id, [_unchanged(row) for row in intake.rows], (ALREADY_RECORDED,))
        terms = terms_of(register, intake.on, intake.documents, reopen=intake.reopen)
        clearance = permit(register, by, [terms.asked.step.role], "import")
        book = UnitBook(transaction)
        judged = judge_rows(transaction, intake.rows, terms, book, progress)
        clearance.must_cover(Subject(one.row.number, None, one.unit) for one in judged if one.unit is not None)
        units = {one.unit for one in judged if one.verdict is Verdict.PASSED and one.unit}
        notes = tuple(filter(None, [warned_new(name for name in book.new_names if name in units)]))
        outcome = Outcome(None, _rows(transaction, judged, terms, clearance), notes).held_against(expected)
        if intake.dry_run or outcome.differs or not outcome.recordable(partial=intake.partial):
            return outcome
        transaction.begin_command(command_id, terms.asked.step.name, clearance.by, request)
        book.store_new(command_id.bytes, only=units)
        recorded = _record(transaction, command_id, judged, terms, Source(intake.file, intake.sha256))
    return _as_recorded(register, command_id, outcome, recorded)


def _record(
    transaction: Transaction, command_id: UUID, judged: Sequence[Judged], terms: Terms, source: Source
) -> dict[int, int]:
    """Open the cases that are in order, and let wait what somebody decides; the case of each row that opened one."""
    passing = [one for one in judged if one.verdict is Verdict.PASSED]
    opened = open_cases(transaction, command_id, passing, terms) if passing else {}
    put_rows(transaction, command_id, [one for one in judged if one.verdict is Verdict.QUEUED], terms, source)
    return opened


def _as_recorded(register: Register, command_id: UUID, outcome: Outcome, opened: Mapping[int, int]) -> Outcome:
    named = register.settings.case_number
    rows = [
        row._replace(verdict=Verdict.RECORDED, case=named(opened[row.row or 0]))
        if row.verdict is Verdict.PASSED
        else row
        for row in outcome.rows
    ]
    return outcome._replace(command=command_id, rows=rows)


def _unchanged(row: WorkerRow) -> Row:
    return Row(row.number, None, row.worker.nik if row.worker else None, Verdict.UNCHANGED)


def _rows(transaction: Transaction, judged: Sequence[Judged], terms: Terms, clearance: Clearance) -> list[Row]:
    """What is told of each row; of whom another unit has, not the number of the case."""
    register, due = transaction.register, _due(transaction.register, terms)
    theirs = clearance.owns(transaction, {one.case for one in judged if one.case is not None})
    return [
        Row(
            one.row.number,
            register.settings.case_number(one.case) if one.case is not None and one.case in theirs else None,
            one.nik,
            one.verdict,
            one.findings,
            leads_to=terms.asked.step.to if one.verdict is not Verdict.UNCHANGED else None,
            on=terms.asked.on,
            unit=one.unit,
            procedure=terms.rules.procedure.reference,
            due=due(one),
        )
        for one in judged
    ]


def _due(register: Register, terms: Terms) -> Callable[[Judged], Due]:
    """What each new case will owe; the same for all of one formation."""

    @cache
    def owed(formation: str | None) -> tuple[Owes, ...]:
        opened = {"formation": formation} if formation is not None else {}
        act = act_of(terms.asked, terms.rules, number=0, person=UUID(int=0), unit="", **opened)
        return Owing(register).after(Timeline([Entry(1, act)]).last)()

    return lambda one: partial(owed, one.row.worker.formation if one.row.worker else None)
