"""Open a case for each worker of an office's file, in one transaction.

A row equal to one ever imported is unchanged, so importing a file twice changes nothing. What differs
from an open case is refused with the names of the columns: recorded facts are corrected, not imported over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.case import Case, act_of
from domain.document import Document
from domain.draft import Draft, Request, draft
from domain.findings import Finding, Severity
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Owes, Row, Verdict
from domain.person import Values
from domain.rules import Rules
from domain.standing import Entry
from domain.text import text
from domain.timeline import Timeline
from domain.worker import Worker
from workflow.intake.workers import WorkerRow
from workflow.lookups import Held, Loaded, in_hand
from workflow.owing import Due, Owing
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.store.tables import imported
from workflow.transaction import Transaction
from workflow.units import UnitBook, other_kind, warned_new

_PERSONAL = ("nik", "name", "birth_date", "sex", "education", "note", "extra")
_FACTS = ("position", "category", "in_bkn_database", "cpns_2024", "pppk_2024", "first_contract")


class Intake(NamedTuple):
    """A file of workers to be registered from `on`; documents are those the registration rests on."""

    rows: Sequence[WorkerRow]
    on: date
    documents: tuple[Document, ...] = ()
    partial: bool = False
    dry_run: bool = False
    reopen: bool = False
    command_id: UUID | None = None


class _Judged(NamedTuple):
    row: WorkerRow
    verdict: Verdict
    findings: tuple[Finding, ...]
    case: int | None = None
    unit: str | None = None
    hash: bytes = b""
    follows: Held | None = None


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

    expected: what was shown before; nothing is recorded if the outcome is another now.
    """
    with register.transaction(dry_run=intake.dry_run) as transaction:
        request = transaction.digest(["import", intake.on, intake.documents, [row.worker for row in intake.rows]])
        command_id = intake.command_id or transaction.new_id()
        if intake.command_id is not None and transaction.seen(command_id, request) is not None:
            return Outcome(command_id, [_unchanged(row) for row in intake.rows], (ALREADY_RECORDED,))
        rules = register.rules(register.procedure_on(intake.on))
        step = next(step for step in rules.procedure.steps.values() if not step.sources)
        asked = draft(step, Request(step.name, intake.on, intake.documents), register.today)
        book = UnitBook(transaction)
        judged = _judge_all(transaction, intake, asked, rules, book, progress)
        notes = tuple(filter(None, [warned_new(book.new_names)]))
        passing = [one for one in judged if one.verdict is Verdict.PASSED]
        refused = any(one.verdict is Verdict.REFUSED for one in judged)
        due = _due(register, asked, rules)
        rows = [_row(register, one, asked, rules)._replace(due=due(one)) for one in judged]
        outcome = Outcome(None, rows, notes).held_against(expected)
        if intake.dry_run or not passing or (refused and not intake.partial) or outcome.differs:
            return outcome
        transaction.begin_command(command_id, step.name, by, request)
        book.store_new(command_id.bytes, only={one.unit for one in passing if one.unit})
        opened = _open(transaction, command_id, passing, asked, rules)
    rows = [_row(register, opened.get(one.row.number, one), asked, rules) for one in judged]
    return Outcome(command_id, rows, notes)


def _unchanged(row: WorkerRow) -> Row:
    return Row(row.number, None, row.worker.nik if row.worker else None, Verdict.UNCHANGED)


def _due(register: Register, asked: Draft, rules: Rules) -> Callable[[_Judged], Due]:
    """What each new case will owe; the same for all of one formation."""

    @cache
    def owed(formation: str | None) -> tuple[Owes, ...]:
        opened = {"formation": formation} if formation is not None else {}
        act = act_of(asked, rules, number=0, person=UUID(int=0), unit="", **opened)
        return Owing(register).after(Timeline([Entry(1, act)]).last)()

    return lambda one: partial(owed, one.row.worker.formation if one.row.worker else None)


def _row(register: Register, one: _Judged, asked: Draft, rules: Rules) -> Row:
    return Row(
        one.row.number,
        register.settings.case_number(one.case) if one.case is not None else None,
        one.row.worker.nik if one.row.worker else None,
        one.verdict,
        one.findings,
        leads_to=asked.step.to if one.verdict is not Verdict.UNCHANGED else None,
        on=asked.on,
        unit=one.unit,
        procedure=rules.procedure.reference,
    )


def _judge_all(
    transaction: Transaction,
    intake: Intake,
    asked: Draft,
    rules: Rules,
    book: UnitBook,
    progress: Callable[[int, int], None],
) -> list[_Judged]:
    workers = {row.number: row.worker for row in intake.rows if row.worker is not None}
    hashes = {number: _row_hash(transaction, worker) for number, worker in workers.items()}
    before = transaction.imported_before(hashes.values())
    held = transaction.holders("nik", (worker.nik for worker in workers.values()))
    open_cases = transaction.load({one.open_case for one in held.values() if one.open_case}, with_person=True)
    decided = Case(UUID(int=0), Timeline(())).decide(asked, rules, transaction.register.rules)
    judged = []
    for done, row in enumerate(intake.rows, 1):
        findings = (*row.findings, *decided.findings)
        if row.worker is None or any(finding.refuses for finding in findings):
            judged.append(_Judged(row, Verdict.REFUSED, findings))
        elif (case := before.get(hashes[row.number])) is not None and not _reopens(intake, held.get(row.worker.nik)):
            judged.append(_Judged(row, Verdict.UNCHANGED, (), case))
        else:
            unit, finding = book.resolve(row.worker.unit)
            findings = (
                *findings,
                *filter(None, [finding, other_kind(row.worker.unit, transaction.register.settings.code)]),
            )
            one = _Judged(row, Verdict.REFUSED if finding else Verdict.PASSED, findings, None, unit, hashes[row.number])
            judged.append(_against_register(one, held.get(row.worker.nik), open_cases, intake))
        if done % 1000 == 0:
            progress(done, len(intake.rows))
    progress(len(intake.rows), len(intake.rows))
    return _once_a_person(judged)


def _once_a_person(judged: list[_Judged]) -> list[_Judged]:
    """Refuse rows that would open two cases of one person, who has two NIK since a merger."""
    times = Counter(one.follows.person for one in judged if one.follows and one.verdict is Verdict.PASSED)
    return [
        one._replace(verdict=Verdict.REFUSED, findings=(*one.findings, _TWO_NIKS))
        if one.follows and one.verdict is Verdict.PASSED and times[one.follows.person] > 1
        else one
        for one in judged
    ]


_TWO_NIKS = Finding(
    "one-person-twice",
    text("another row names the same person by another NIK"),
    text("Keep the row whose NIK is right."),
    "register: claims",
)


def _reopens(intake: Intake, held: Held | None) -> bool:
    """Whether a row that was imported before asks for a new case after one that ended."""
    return intake.reopen and held is not None and held.open_case is None


def _row_hash(transaction: Transaction, worker: Worker) -> bytes:
    return transaction.hashed("row", msgspec.json.encode(worker, order="deterministic").decode())


def _against_register(one: _Judged, held: Held | None, open_cases: dict[int, Loaded], intake: Intake) -> _Judged:
    if held is None or one.verdict is Verdict.REFUSED:
        return one
    if held.open_case is not None:
        return _against_open_case(one, open_cases[held.open_case])
    one = one._replace(case=held.last_case, follows=held)
    if not intake.reopen:
        finding = Finding(
            "case-ended",
            text("the worker's last case ended"),
            text("To open a new case for the same person, import with --reopen."),
        )
        return one._replace(verdict=Verdict.REFUSED, findings=(*one.findings, finding))
    if held.ended_on is not None and intake.on.toordinal() < held.ended_on:
        ended = date.fromordinal(held.ended_on)
        finding = Finding(
            "before-ending",
            text("the last case ended on {ended}, after {on}", ended=ended, on=intake.on),
            text("Give --on {ended} or later.", ended=ended),
        )
        return one._replace(verdict=Verdict.REFUSED, findings=(*one.findings, finding))
    return one


def _against_open_case(one: _Judged, loaded: Loaded) -> _Judged:
    """Unchanged if the register says the same; else refused, by the names of the columns that differ."""
    worker, standing = one.row.worker, loaded.case.last
    assert worker is not None
    stated = [
        (name, getattr(worker, name), standing.values.get(name)) for name in _PERSONAL if name not in ("note", "extra")
    ]
    stated += [(name, getattr(worker, name), getattr(standing, name)) for name in _FACTS]
    stated += [("unit", one.unit, standing.unit), ("wage", worker.wage, standing.previous_wage)]
    stated += [("formation", worker.formation, standing.formation)]
    differing = [name for name, said, kept in stated if said is not None and said != kept]
    one = one._replace(case=loaded.number)
    if not differing:
        return one._replace(verdict=Verdict.UNCHANGED, findings=())
    if "unit" in differing:
        finding = Finding(
            "claimed-by-two-units",
            text("another unit has an open case of this worker ({columns} differ)", columns=", ".join(differing)),
            text("BKPSDM's verifier decides which unit the worker belongs to; leave the row out until then."),
            "import check 2",
            Severity.QUESTION,
            "unit",
        )
    else:
        finding = Finding(
            "differs-from-case",
            text("the worker has an open case and differs from it in: {columns}", columns=", ".join(differing)),
            text("Leave the row out: what was recorded is corrected with lantik correct, not imported over."),
            "register: import",
            column=differing[0],
        )
    return one._replace(verdict=Verdict.REFUSED, findings=(*one.findings, finding))


def _open(
    transaction: Transaction, command_id: UUID, passing: Sequence[_Judged], asked: Draft, rules: Rules
) -> dict[int, _Judged]:
    """Open the cases; the rows by number in the file, as recorded."""
    moved, blocks, claims, hashes, opened = [], {}, [], [], {}
    for number, one in enumerate(passing, transaction.next_number()):
        worker = one.row.worker
        assert worker
        case = Case(transaction.new_id(), Timeline(()))
        person = UUID(bytes=one.follows.person) if one.follows else transaction.new_id()
        sealed = transaction.seal(_personal_values(worker))
        facts = _facts(worker, one, number, person)
        act = act_of(asked, rules, commitment=sealed.commitment, **facts)
        moved.append(in_hand(number, case, []))
        entry = case.record(act, sealed.values)
        blocks[number, entry.seq] = sealed
        claims.append((worker.nik, person))
        hashes.append((one.hash, number))
        opened[one.row.number] = one._replace(verdict=Verdict.RECORDED, case=number)
    transaction.many.replace(transaction.connection, imported, hashes)
    transaction.claim("nik", claims)
    transaction.append(command_id, moved, blocks, moved)
    return opened


def _personal_values(worker: Worker) -> Values:
    return {name: getattr(worker, name) for name in _PERSONAL}


def _facts(worker: Worker, one: _Judged, number: int, person: UUID) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(worker, name) for name in _FACTS}
    facts |= {"number": number, "person": person, "unit": one.unit, "previous_wage": worker.wage}
    if worker.formation is not None:
        facts["formation"] = worker.formation
    if one.follows is not None:
        facts["continues"] = one.follows.last_case
    return facts
