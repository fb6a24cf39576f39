"""Record acts of the past with their real dates: one row an act, judged per case on the timeline they lead to.

`recorded_at` stays the moment of the import; what an older system claims about its own day of recording is kept
in the act as `claimed_on`. An act that the register has already is unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from domain.access import Role
from domain.case import act_of
from domain.dates import parse_date, weekday_differs
from domain.document import Document
from domain.draft import Request, draft
from domain.findings import Finding
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Row, Verdict
from domain.revision import revise, would_fall
from domain.standing import Entry
from domain.text import text
from domain.timeline import Timeline
from workflow.access import Clearance, permit_each
from workflow.advance import NI_TAKEN
from workflow.drafts import with_units
from workflow.intake.cases import CaseRow, read_cases
from workflow.intake.workers import WEEKDAY
from workflow.lookups import Held, Loaded
from workflow.owing import Owing
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.transaction import Sealed, Transaction
from workflow.units import UnitBook, warned_new
from workflow.whom import Who, called, resolve

_COLUMNS = {
    "step": ("step", "Langkah"),
    "effective_on": ("effective_on", "on", "TMT", "Tanggal Berlaku"),
    "document_kind": ("document_kind", "Jenis Dokumen"),
    "document_number": ("document_number", "Nomor Dokumen"),
    "document_date": ("document_date", "Tanggal Dokumen"),
    "reason": ("reason", "Alasan"),
    "note": ("note", "Keterangan"),
    "recorded_on": ("recorded_on", "Tanggal Catat"),
}


class PastAct(NamedTuple):
    """One row: whom it is about, what happened, and the day an older system says it recorded it."""

    row: int
    who: str
    request: Request | None
    claimed_on: date | None
    findings: tuple[Finding, ...]


class Past(NamedTuple):
    """Acts of the past as one command: the rows of a file."""

    acts: Sequence[PastAct]
    dry_run: bool = False
    command_id: UUID | None = None


class _Judged(NamedTuple):
    act: PastAct
    number: int | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    stage: str | None = None
    leads_to: str | None = None
    unit: str | None = None
    procedure: str | None = None


def read_past(register: Register, source: Path, *, encoding: str | None, sheet: str | None) -> list[PastAct]:
    """The acts that a file names. Raises Refused or Misused where it cannot be read at all."""
    procedure = register.rulebook.load(register.procedure)
    headings = {rule.name: rule.name for step in procedure.steps.values() for rule in step.fields}
    headings |= {heading: name for name, written in _COLUMNS.items() for heading in written}
    rows, _ = read_cases(source, encoding=encoding, sheet=sheet, headings=headings, once=False)
    return [_past_act(row, set(procedure.steps)) for row in rows]


def _past_act(row: CaseRow, steps: set[str]) -> PastAct:
    own = {name: cell for name, cell in row.fields.items() if cell.strip()}  # other rows' steps have other fields
    stated = {name: own.pop(name, "") for name in _COLUMNS}
    findings = list(row.findings)
    days = {}
    for name in ("effective_on", "document_date", "recorded_on"):
        days[name], wrong = _day(stated[name], name, needed=name == "effective_on")
        findings += wrong
    if stated["step"] not in steps:
        findings.append(
            Finding(
                "unknown-step", text("the row names no step of the procedure"), text("See lantik steps."), column="step"
            )
        )
    if any(finding.refuses for finding in findings) or days["effective_on"] is None:
        return PastAct(row.number, row.who, None, None, tuple(findings))
    papers: tuple[Document, ...] = ()
    if stated["document_number"]:
        papers = (Document(stated["document_kind"] or "-", stated["document_number"], days["document_date"]),)
    request = Request(
        stated["step"], days["effective_on"], papers, own, stated["reason"] or None, stated["note"] or None
    )
    return PastAct(row.number, row.who, request, days["recorded_on"], tuple(findings))


def _day(typed: str, column: str, *, needed: bool) -> tuple[date | None, list[Finding]]:
    if not typed and not needed:
        return None, []
    try:
        day = parse_date(typed)
    except ValueError:
        finding = Finding(
            "date-unreadable", text("this is no date"), text("Write it as 2025-10-23 or 23/10/2025."), column=column
        )
        return None, [finding]
    return day, [WEEKDAY._replace(column=column)] if weekday_differs(typed, day) else []


@patiently
def record_past(register: Register, past: Past, by: Actor, *, expected: Sequence[Foreseen] | None = None) -> Outcome:
    """Judge all acts and record them, all or nothing.

    expected: what was shown before; nothing is recorded if the outcome is another now.
    """
    acts, command_id = past.acts, past.command_id
    with register.transaction(dry_run=past.dry_run) as transaction:
        clearance = permit_each(register, by, _roles(register, acts), "import-history")
        request = transaction.digest(["history", [(act.who, act.request, act.claimed_on) for act in acts]])
        drawn = command_id or transaction.new_id()
        if command_id is not None and transaction.seen(drawn, request) is not None:
            unchanged = [Row(act.row, None, None, Verdict.UNCHANGED) for act in acts]
            return Outcome(drawn, unchanged, (ALREADY_RECORDED,))
        found = _found(transaction, acts, clearance)
        numbers = {number for number in found.values() if isinstance(number, int)}
        loaded = transaction.load(numbers, with_person=True)
        blocks: dict[tuple[int, int], Sealed] = {}
        book = UnitBook(transaction)
        stated = {(act.who, ni) for act in acts if act.request and (ni := act.request.fields.get("ni"))}
        twice = {ni for ni, times in Counter(ni for _, ni in stated).items() if times > 1}
        held = transaction.holders("ni", {ni for _, ni in stated})
        acts = [_with_claim(act, loaded.get(_number(found, act)), held, twice) for act in acts]
        judged = [_unfound(act, found.get(act.who)) for act in acts if not isinstance(found.get(act.who), int)]
        for number, one in loaded.items():
            judged += _judge_case(transaction, one, [act for act in acts if found.get(act.who) == number], blocks, book)
        owing = Owing(register)
        rows = [
            _row(register, one)._replace(due=owing.after(loaded[one.number].case.last if one.number else None))
            for one in sorted(judged, key=lambda one: one.act.row)
        ]
        notes = tuple(filter(None, [warned_new(book.new_names)]))
        moved = [one for one in loaded.values() if one.case.version > one.version]
        outcome = Outcome(None, rows, notes).held_against(expected)
        if past.dry_run or not moved or any(row.verdict is Verdict.REFUSED for row in outcome.rows):
            return outcome
        transaction.begin_command(drawn, "import-history", clearance.by, request)
        book.store_new(drawn.bytes, only=book.new_names)
        transaction.append(drawn, moved, blocks)
    recorded = [row if row.verdict is Verdict.UNCHANGED else row._replace(verdict=Verdict.RECORDED) for row in rows]
    return Outcome(drawn, recorded, notes)


def _found(transaction: Transaction, acts: Iterable[PastAct], clearance: Clearance) -> dict[str, int | Finding]:
    """The case of each worker that a row names. Raises Denied if one is of another unit."""
    whom = [Who(act.who, act.row) for act in acts if act.who]
    found = resolve(transaction, whom)
    clearance.must_cover_cases(transaction, called(whom, found))
    return found


def _roles(register: Register, acts: Iterable[PastAct]) -> set[str]:
    """Whose the steps of a file are, all of them; those of clerks where none can be read."""
    steps = register.rulebook.load(register.procedure).steps
    return {steps[act.request.step].role for act in acts if act.request} or {Role.CLERK}


def _number(found: Mapping[str, int | Finding], act: PastAct) -> int:
    number = found.get(act.who)
    return number if isinstance(number, int) else 0


def _with_claim(act: PastAct, loaded: Loaded | None, held: Mapping[str, Held], twice: set[str]) -> PastAct:
    """The act, refused if it states a NI that belongs to another person, or that is stated of two."""
    ni = act.request.fields.get("ni", "") if act.request else ""
    if ni in twice or (ni in held and loaded is not None and held[ni].person != loaded.case.person.bytes):
        return act._replace(request=None, findings=(*act.findings, NI_TAKEN))
    return act


def _unfound(act: PastAct, finding: Finding | int | None) -> _Judged:
    findings = (*act.findings, finding) if isinstance(finding, Finding) else act.findings
    return _Judged(act, None, Verdict.REFUSED, findings)


def _judge_case(
    transaction: Transaction,
    loaded: Loaded,
    acts: Iterable[PastAct],
    blocks: dict[tuple[int, int], Sealed],
    book: UnitBook,
) -> list[_Judged]:
    """Judge the acts of one case in the order in which they hold; what stood before is judged again at the end."""
    before = Timeline(loaded.case.timeline.recorded)
    judged, new = [], []
    for act in sorted(acts, key=lambda one: (one.request.on if one.request else date.min, one.row)):
        if act.request is None:
            judged.append(_Judged(act, loaded.number, Verdict.REFUSED, act.findings))
        elif _is_there(before, act.request):
            judged.append(_Judged(act, loaded.number, Verdict.UNCHANGED, ()))
        else:
            one, entry = _judge_act(transaction, loaded, act, act.request, blocks, book)
            judged.append(one)
            new += [entry] if entry is not None else []
    fallen = revise(before, new, (), {entry.seq for entry in new}, transaction.register.rules).fallen
    if fallen:
        falls = tuple(would_fall(entry) for entry in fallen)
        judged = [one._replace(verdict=Verdict.REFUSED, findings=(*one.findings, *falls)) for one in judged]
    return judged


def _is_there(timeline: Timeline, request: Request) -> bool:
    numbers = {paper.number for paper in request.documents}
    return any(
        entry.act.step == request.step
        and entry.act.effective_on == request.on
        and numbers <= {paper.number for paper in entry.act.documents}
        for entry in timeline.entries
    )


def _judge_act(
    transaction: Transaction,
    loaded: Loaded,
    act: PastAct,
    request: Request,
    blocks: dict[tuple[int, int], Sealed],
    book: UnitBook,
) -> tuple[_Judged, Entry | None]:
    register, case = transaction.register, loaded.case
    rules = register.rules(case.procedure)
    step = rules.procedure.steps[request.step]
    asked = with_units(draft(step, request, register.today), book)
    judgement = case.decide(asked, rules, register.rules, cascade=True)
    findings, stage = (*act.findings, *judgement.findings), judgement.standing.stage
    judged = _Judged(act, loaded.number, Verdict.REFUSED, findings, stage, procedure=rules.procedure.reference)
    if judgement.refused:
        return judged, None
    sealed = transaction.seal(asked.personal) if asked.personal else None
    recorded = act_of(asked, rules, claimed_on=act.claimed_on, commitment=sealed.commitment if sealed else None)
    entry = case.record(recorded, sealed.values if sealed else None)
    if sealed:
        blocks[loaded.number, entry.seq] = sealed
    unit = asked.values.get("unit")
    return judged._replace(verdict=Verdict.PASSED, leads_to=judgement.leads_to, unit=unit), entry


def _row(register: Register, one: _Judged) -> Row:
    case = register.settings.case_number(one.number) if one.number is not None else None
    return Row(
        one.act.row,
        case,
        None,
        one.verdict,
        one.findings,
        stage=one.stage,
        leads_to=one.leads_to,
        on=one.act.request.on if one.act.request else None,
        unit=one.unit,
        procedure=one.procedure,
    )
