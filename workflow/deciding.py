"""Accept a row of an import that waits, as it stands or put right.

Whoever decides takes the questions about it upon them; what is wrong with it is refused as in an import. A worker who
has no open case gets one, as the import would have opened it. One who has is moved to the unit of the row, or gets
its name, by the step that the procedure has for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain.document import Document
from domain.draft import Request
from domain.findings import Finding, Severity
from domain.four_eyes import NeedsAnother
from domain.inbox import Queued
from domain.outcome import Outcome, Row, Verdict
from domain.text import text
from workflow import inbox
from workflow.access import Clearance, Subject, permit
from workflow.advance import Order, advance
from workflow.four_eyes import confirmed_before, must_be_another, must_be_impersonal
from workflow.inbox import Item, Settling
from workflow.intake.workers import cells_of, read_worker
from workflow.judging import OTHER_NAME, TWO_UNITS, Judged, Terms, judge_rows, row_hash, terms_of
from workflow.opening import open_cases
from workflow.patience import patiently
from workflow.queue import Kept, deciders, put_right, units_concerned
from workflow.register import Actor, Register
from workflow.store.tables import imported
from workflow.transaction import Transaction
from workflow.units import UnitBook, warned_new
from workflow.whom import Who

_AMENDED = ("name", "birth_date", "sex", "education")
"""What `amend-person` changes of a worker who has an open case."""


class Acceptance(NamedTuple):
    """What is accepted. fields: cells that are put right, by column; an empty one is taken out. reason: why, in words.

    on, documents: of the step by which an open case follows the row, where the worker has one; else of the new case,
    where they are not those of the import.
    """

    item: int
    fields: Mapping[str, str] = {}
    reason: str | None = None
    on: date | None = None
    documents: tuple[Document, ...] = ()
    dry_run: bool = False
    command_id: UUID | None = None


class _Taken(NamedTuple):
    """An item in hand. by: whoever decides, settling it. judged: the row as it is to be recorded."""

    item: Item
    by: Actor
    kept: Kept
    terms: Terms
    judged: Judged
    book: UnitBook


@patiently
def take(register: Register, acceptance: Acceptance, by: Actor) -> Outcome:
    """Record a row that waits, and let it wait no more; refused, it stays.

    Raises Denied for who may not decide it, Refused if it waits no more, IntegrityFailed if it was changed.
    """
    if acceptance.reason is not None:
        must_be_impersonal(acceptance.reason)
    if (before := confirmed_before(register, acceptance.item, by)) is not None:
        return before
    with register.transaction(dry_run=acceptance.dry_run) as transaction:
        transaction.command = command_id = acceptance.command_id or transaction.new_id()
        taken = _take(transaction, acceptance, by)
        stopped = _stopping(taken)
        if stopped:
            return _refused(transaction, taken, stopped)
        try:
            if _of_open_case(taken.judged):
                return _follow(transaction, taken, acceptance, command_id)
            return _open(transaction, taken, acceptance, command_id)
        except NeedsAnother:
            must_be_another(taken.item, by, "confirm")
            raise


def _take(transaction: Transaction, acceptance: Acceptance, by: Actor) -> _Taken:
    """The item as it would be recorded, for whoever may decide all that is asked about it."""
    register = transaction.register
    item = inbox.open_item(register, acceptance.item)
    fact = item.fact
    assert isinstance(fact, Queued)
    if register.settings.asks_four_eyes is not None:
        must_be_another(item, by, "confirm")
    by = by._replace(acting="confirms")
    clearance = permit(register, by, fact.roles, "confirm")
    clearance.must_cover(Subject(None, None, unit) for unit in fact.units)
    kept = msgspec.json.decode(inbox.content(register, item), type=Kept)
    cells, corrected = put_right(kept.cells, acceptance.fields)
    book = UnitBook(transaction)
    terms, judged = _judge(transaction, fact, cells, kept, book)
    if not _of_open_case(judged) and (acceptance.on or acceptance.documents):
        otherwise = _as_asked(fact, acceptance)
        terms, judged = _judge(transaction, otherwise, cells, kept, book)
    clearance = _also(register, clearance, judged)
    concerned = units_concerned(transaction, [judged])[judged.row.number]
    clearance.must_cover(Subject(None, judged.case, unit) for unit in concerned)
    verdict = "corrected" if corrected else "accepted"
    settling = Settling(item.number, item.put_by, verdict, acceptance.reason, corrected)
    return _Taken(item, clearance.by._replace(settles=settling), kept, terms, judged, book)


def _judge(
    transaction: Transaction, asked: Queued, cells: Mapping[str, str], kept: Kept, book: UnitBook
) -> tuple[Terms, Judged]:
    """The row as the register judges it now; whoever decides about an open case also knows that it ended since."""
    on, reopen = asked.effective_on, kept.reopen or asked.case is not None
    terms = terms_of(transaction.register, on, asked.documents, reopen=reopen, deciding=True)
    [judged] = judge_rows(transaction, [read_worker(asked.row, cells, on)], terms, book)
    return terms, judged


def _as_asked(fact: Queued, acceptance: Acceptance) -> Queued:
    """What waits, from another day or with other documents than those of the import."""
    on, documents = acceptance.on or fact.effective_on, acceptance.documents or fact.documents
    return msgspec.structs.replace(fact, effective_on=on, documents=documents)


def _also(register: Register, clearance: Clearance, judged: Judged) -> Clearance:
    """The clearance where the row as it is now raises questions that somebody else decides."""
    if not any(finding.severity is Severity.QUESTION for finding in judged.findings):
        return clearance
    return permit(register, clearance.by, deciders(judged.findings), "confirm")


def _of_open_case(judged: Judged) -> bool:
    return bool({TWO_UNITS, OTHER_NAME} & {finding.code for finding in judged.findings})


def _stopping(taken: _Taken) -> list[Finding]:
    """What is wrong with a row that nobody can decide away."""
    number, judged = taken.item.number, taken.judged
    if judged.verdict is Verdict.UNCHANGED:
        return [_filled(_THERE, item=number)]
    found = [finding for finding in judged.findings if finding.severity is Severity.ERROR]
    if judged.row.worker is None:
        return [*judged.findings, _filled(_UNREADABLE, item=number)]
    return [*judged.findings] if found else []


def _filled(finding: Finding, **values: object) -> Finding:
    message, remedy = (one._replace(values=values) for one in (finding.message, finding.remedy))
    return finding._replace(message=message, remedy=remedy)


_THERE = Finding(
    "already-there",
    text("the register says the same of this worker already"),
    text("Turn the row away with lantik decline {item}."),
    "register: import",
)
_UNREADABLE = Finding(
    "row-incomplete",
    text("the row cannot be recorded as it stands"),
    text("Give what is missing with --set COLUMN=VALUE, or turn the row away with lantik decline {item}."),
    "register: import",
)


def _refused(transaction: Transaction, taken: _Taken, findings: Sequence[Finding]) -> Outcome:
    return Outcome(None, [_row(transaction.register, taken, Verdict.REFUSED, findings)])


def _row(register: Register, taken: _Taken, verdict: Verdict, findings: Iterable[Finding]) -> Row:
    judged = taken.judged
    case = register.settings.case_number(judged.case) if judged.case is not None else None
    return Row(judged.row.number, case, judged.nik, verdict, tuple(findings), on=taken.terms.asked.on, unit=judged.unit)


def _decided(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as they are told of a row that was accepted: its questions were answered."""
    return [
        finding._replace(severity=Severity.WARNING) if finding.severity is Severity.QUESTION else finding
        for finding in findings
    ]


def _open(transaction: Transaction, taken: _Taken, acceptance: Acceptance, command_id: UUID) -> Outcome:
    """Open the case as the import would have."""
    judged, book, register = taken.judged, taken.book, transaction.register
    findings = _decided(judged.findings)
    notes = tuple(filter(None, [warned_new(book.new_names)]))
    if acceptance.dry_run:
        return Outcome(None, [_row(register, taken, Verdict.PASSED, findings)], notes)
    request = transaction.digest(["confirm", acceptance.item, judged.row.worker])
    transaction.begin_command(command_id, taken.terms.asked.step.name, taken.by, request)
    book.store_new(command_id.bytes, only=book.new_names)
    opened = open_cases(transaction, command_id, [judged], taken.terms)
    taken = taken._replace(judged=judged._replace(case=opened[judged.row.number]))
    _known_as(transaction, taken)
    return Outcome(command_id, [_row(register, taken, Verdict.RECORDED, findings)], notes)


def _known_as(transaction: Transaction, taken: _Taken) -> None:
    """From now on the row is known by its case when it comes again, as it was and as it was put right."""
    was = read_worker(taken.judged.row.number, taken.kept.cells, taken.terms.asked.on)
    hashes = {row_hash(transaction, was), taken.judged.hash}
    transaction.many.replace(transaction.connection, imported, [(one, taken.judged.case) for one in sorted(hashes)])


def _follow(transaction: Transaction, taken: _Taken, acceptance: Acceptance, command_id: UUID) -> Outcome:
    """Take the open case to what the row says of the unit, or of the name, by a step of its own."""
    register, judged = transaction.register, taken.judged
    assert judged.row.worker
    assert judged.case is not None
    codes = {finding.code for finding in judged.findings}
    case = register.settings.case_number(judged.case)
    if codes >= {TWO_UNITS, OTHER_NAME}:
        return _refused(transaction, taken, [*judged.findings, _filled(_NAME_FIRST, case=case)])
    step = "move-unit" if TWO_UNITS in codes else "amend-person"
    if acceptance.on is None or not acceptance.documents:
        return _refused(transaction, taken, [*judged.findings, _needs_step(register, taken, case, step)])
    cells = cells_of(judged.row.worker)
    names = [name for name in _AMENDED if name in judged.differing] if step == "amend-person" else ["unit"]
    request = Request(step, acceptance.on, acceptance.documents, {name: cells[name] for name in names})
    order = Order(request, [Who(case)], dry_run=acceptance.dry_run, command_id=command_id)
    outcome = advance(register, order, taken.by)
    if outcome.command is not None:
        _known_as(transaction, taken)
    left = [name for name in judged.differing if name not in names]
    findings = _decided(judged.findings)
    if left:
        findings.append(_LEFT._replace(message=_LEFT.message._replace(values={"columns": ", ".join(left)})))
    [row] = outcome.rows
    told = row._replace(row=judged.row.number, nik=judged.nik, findings=(*row.findings, *findings))
    return outcome._replace(rows=[told])


def _needs_step(register: Register, taken: _Taken, case: str, step: str) -> Finding:
    """What to do about a worker who has an open case: by the step of the procedure, or otherwise."""
    rule = register.rulebook.load(register.procedure).steps[step]
    kinds = " | ".join(paper.kind for paper in rule.documents if paper.required) or "KIND"
    finding = _MOVES if step == "move-unit" else _RENAMES
    return _filled(finding, case=case, kind=kinds, item=taken.item.number)


_NAME_FIRST = Finding(
    "name-first",
    text("the row has another unit and another name than case {case}; only one of them can follow from it"),
    text(
        "First make the names agree: --set name=NAME where the case is right, "
        "lantik correct or lantik advance amend-person where the row is."
    ),
    "import check 7",
)
_MOVES = Finding(
    "open-case",
    text("the worker has an open case, {case}: to accept the row is to move that case to the unit of the row"),
    text(
        'Give --on DAY and --document "{kind} NUMBER DATE". Or first end case {case}, or take it back with '
        "lantik rescind {case} 1, and confirm again; or turn the row away with lantik decline {item}."
    ),
    "import check 2",
)
_RENAMES = Finding(
    "open-case",
    text("the worker has an open case, {case}: to accept the row is to amend the person by it"),
    text(
        'Give --on DAY and --document "{kind} NUMBER DATE". If the name of the case was never right, correct it with '
        "lantik correct {case} 1 and then turn the row away with lantik decline {item}; so too if they are two persons."
    ),
    "import check 7",
)
_LEFT = Finding(
    "not-taken-over",
    text("the case stays as it is in: {columns}"),
    text("What else has changed is recorded by its own step, or corrected with lantik correct."),
    "register: import",
    Severity.WARNING,
)
