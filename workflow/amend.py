"""Mend the past: correct what never was as recorded, or take it back as if it had never been.

Both are layers over events that stay readable. A command is judged once, on the timelines it leads to; what
could not stand any more is listed, and taken back along only if that was agreed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.case import Judgement
from domain.document import Document
from domain.draft import PERSONAL_FIELDS, about_documents, about_reason, may_be_empty, read_field
from domain.events import Act
from domain.findings import Finding, refusing
from domain.layers import Corrected, Layer, Rescinded
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Row, Verdict
from domain.person import Values
from domain.revision import taken_along
from domain.standing import Entry
from domain.text import text
from domain.timeline import Timeline, taken_back
from workflow.clashes import Led, clashes
from workflow.linked import Fall, falls, falls_too
from workflow.lookups import Loaded
from workflow.owing import Owing
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.transaction import Sealed, Transaction
from workflow.units import UnitBook, warned_new
from workflow.whose import may_mend


class Target(NamedTuple):
    """One event of one case; row: of the file that names it. fields: its own, beside those of the whole command."""

    number: int
    seq: int
    row: int | None = None
    fields: Mapping[str, str] = {}


class Amendment(NamedTuple):
    """What is to be mended, and why. For a correction: on, fields and papers that hold instead.

    documents: the authority for it. name: of the command, as the log shows it.
    """

    name: str
    targets: Sequence[Target]
    reason: str
    on: date | None = None
    fields: Mapping[str, str] = {}
    papers: tuple[Document, ...] | None = None
    documents: tuple[Document, ...] = ()
    cascade: bool = False
    dry_run: bool = False
    command_id: UUID | None = None

    @property
    def corrects(self) -> bool:
        return (
            self.name == "correct"
            or self.on is not None
            or bool(self.fields)
            or self.papers is not None
            or any(t.fields for t in self.targets)
        )


class _Judged(NamedTuple):
    loaded: Loaded
    row: int | None
    layers: list[tuple[Layer, Values]]
    judgement: Judgement | None
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        return any(finding.refuses for finding in self.findings)


@patiently
def amend(
    register: Register, amendment: Amendment, by: Actor, *, expected: Sequence[Foreseen] | None = None
) -> Outcome:
    """Judge the layers on every case they touch and record them, all or nothing.

    expected: what was shown before; nothing is recorded if the outcome is another now.
    """
    with register.transaction(dry_run=amendment.dry_run) as transaction:
        request = transaction.digest(["amend", amendment._replace(dry_run=False, command_id=None)])
        command_id = amendment.command_id or transaction.new_id()
        if amendment.command_id is not None and (seen := transaction.seen(command_id, request)) is not None:
            numbers = dict.fromkeys(seen.numbers)
            rows = [Row(None, register.settings.case_number(one), None, Verdict.UNCHANGED) for one in numbers]
            return Outcome(command_id, rows, (ALREADY_RECORDED,))
        book, owing = UnitBook(transaction), Owing(register)
        rows_of = {target.number: target.row for target in amendment.targets}
        loaded = transaction.load(rows_of, with_person=True)
        clearance = may_mend(register, by, amendment.name, loaded, ((one.number, one.seq) for one in amendment.targets))
        judged = _judge_all(transaction, amendment, book, loaded)
        clearance.must_cover_cases(transaction, {one.loaded.number: rows_of.get(one.loaded.number) for one in judged})
        notes = tuple(filter(None, [warned_new(book.new_names)]))
        rows = [_row(register, one, amendment, owing) for one in judged]
        outcome = Outcome(None, rows, notes).held_against(expected)
        if amendment.dry_run or not judged or any(one.refused for one in judged) or outcome.differs:
            return outcome
        transaction.begin_command(command_id, amendment.name, clearance.by, request)
        book.store_new(command_id.bytes, only=book.new_names)
        _record(transaction, command_id, judged, amendment)
    return Outcome(command_id, [row._replace(verdict=Verdict.RECORDED) for row in rows], notes)


def _judge_all(
    transaction: Transaction, amendment: Amendment, book: UnitBook, loaded: Mapping[int, Loaded]
) -> list[_Judged]:
    by_case: dict[int, list[Target]] = {}
    for target in amendment.targets:
        by_case.setdefault(target.number, []).append(target)
    judged = [_judge(loaded[number], targets, amendment, transaction, book) for number, targets in by_case.items()]
    if amendment.cascade:
        judged += [_fallen(transaction, fall, amendment) for fall in falls(transaction, _led(judged), by_case)]
    return _with_claims(transaction, judged)


def _led(judged: Iterable[_Judged]) -> list[Led]:
    return [Led(one.loaded, one.judgement.after) for one in judged if one.judgement and one.judgement.after]


def _fallen(transaction: Transaction, fall: Fall, amendment: Amendment) -> _Judged:
    """A linked case that a cascade takes back as a whole."""
    judgement = Judgement((), fall.loaded.case.last, None, after=fall.led.after)
    layers: list[tuple[Layer, Values]] = [(fall.fact, {"reason": amendment.reason})]
    return _Judged(fall.loaded, None, layers, judgement, (falls_too(transaction, fall),))


def _judge(
    loaded: Loaded, targets: Sequence[Target], amendment: Amendment, transaction: Transaction, book: UnitBook
) -> _Judged:
    timeline = loaded.case.timeline
    layers: list[tuple[Layer, Values]] = []
    findings: list[Finding] = []
    for target in sorted(targets, key=lambda one: one.seq):
        found = _untouchable(timeline, target.seq, amendment)
        if found is not None:
            findings.append(found)
            continue
        entry = timeline.find(target.seq)
        assert entry is not None
        layer, wrong = _layer(loaded, entry, target, amendment, transaction.register, book)
        findings += wrong
        layers.append(layer)
    if refusing(findings):
        return _Judged(loaded, targets[0].row, [], None, tuple(findings))
    judgement = loaded.case.decide_layers(layers, transaction.register.rules, cascade=amendment.cascade)
    taken = [taken_along(entry) for entry in judgement.fallen] if amendment.cascade else []
    return _Judged(loaded, targets[0].row, layers, judgement, (*findings, *judgement.findings, *taken))


def _untouchable(timeline: Timeline, seq: int, amendment: Amendment) -> Finding | None:
    """Why an event cannot be mended in this way, if it cannot."""
    entry, taken = timeline.find(seq), taken_back(timeline.recorded)
    remedy = text("See lantik history for the events of the case.")
    if entry is None:
        return Finding("unknown-event", text("the case has no event {seq}", seq=seq), remedy)
    if amendment.corrects:  # nor can a correction of an act that was taken back
        seq = next((one for one in (seq, timeline.root(seq)) if one in taken), seq)
    if seq in taken:
        sentence = text("event {seq} was taken back by event {by}", seq=seq, by=taken[seq])
        return Finding(
            "taken-back", sentence, text("Rescind event {by} to bring it back.", by=taken[seq]), "register: two times"
        )
    if amendment.corrects and not isinstance(entry.fact, Act | Corrected):
        return Finding(
            "not-correctable", text("event {seq} is no act and no correction", seq=seq), remedy, "register: two times"
        )
    return None


def _layer(
    loaded: Loaded, entry: Entry, target: Target, amendment: Amendment, register: Register, book: UnitBook
) -> tuple[tuple[Layer, Values], list[Finding]]:
    case, values = loaded.case, {"reason": amendment.reason}
    day = entry.fact.effective_on
    if not amendment.corrects:
        number = case.layer_number(entry.seq, Rescinded)
        fact = Rescinded(effective_on=day, documents=amendment.documents, target=entry.seq, number=number)
        return (fact, values), []
    fields, personal, findings = _read_fields(loaded, entry, {**amendment.fields, **target.fields}, register, book)
    if amendment.papers is not None:
        findings += _about_papers(loaded, entry, amendment.papers, amendment.on, register)
    corrected = Corrected(
        effective_on=day,
        documents=amendment.documents,
        target=entry.seq,
        number=case.layer_number(entry.seq, Corrected),
        on=amendment.on,
        fields=msgspec.to_builtins(fields),
        papers=amendment.papers,
    )
    return (corrected, {**values, **personal}), findings


def _about_papers(
    loaded: Loaded, entry: Entry, papers: tuple[Document, ...], on: date | None, register: Register
) -> list[Finding]:
    """What is missing among the documents that an act is to rest on instead."""
    timeline = loaded.case.timeline
    seq = timeline.root(entry.seq)
    act = next(one for one in [*timeline.entries, *timeline.recorded] if one.seq == seq).act
    step = register.rulebook.load(act.procedure).steps[act.step]
    return [
        found._replace(remedy=text('Give all of them: add --set-document "KIND NUMBER DATE" for this one too.'))
        if found.refuses
        else found
        for found in (*about_documents(step, papers, on or act.effective_on), *about_reason(step, act.reason, papers))
    ]


def _read_fields(
    loaded: Loaded, entry: Entry, typed: Mapping[str, str], register: Register, book: UnitBook
) -> tuple[dict[str, Any], dict[str, Any], list[Finding]]:
    """The fields that a correction sets, for the event and for the block, read as the step reads them."""
    root = loaded.case.timeline.find(loaded.case.timeline.root(entry.seq))
    assert root is not None
    step = register.rulebook.load(root.act.procedure).steps[root.act.step]
    fields: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    findings = []
    for name, words in typed.items():
        rule = step.field(name)
        if rule is None:
            known = ", ".join(one.name for one in step.fields) or "-"
            sentence = text("{step} has no field {field}", step=step.name, field=name)
            findings.append(
                Finding("unknown-field", sentence, text("Its fields are: {known}.", known=known), column=name)
            )
            continue
        value, finding = read_field(rule, words)
        if finding is None and rule.type == "unit" and value is not None:
            value, finding = book.resolve(value)
        if finding is None and value is None and not may_be_empty(type(root.act), name):
            finding = Finding(
                "missing-field",
                text("the field {field} cannot be left empty", field=name),
                text("Give what it was in truth, or rescind the event."),
                column=name,
            )
        if finding is not None:
            findings.append(finding)
        else:
            (personal if name in PERSONAL_FIELDS else fields)[name] = value
    return fields, personal, findings


def _with_claims(transaction: Transaction, judged: list[_Judged]) -> list[_Judged]:
    """Refuse what would give a number to two persons, or two open cases to one."""
    found = clashes(transaction, _led(judged))
    return [one._replace(findings=(*one.findings, *found.get(one.loaded.number, ()))) for one in judged]


def _row(register: Register, one: _Judged, amendment: Amendment, owing: Owing) -> Row:
    last, judgement = one.loaded.case.last, one.judgement
    stated = [layer.fields.get("unit") for layer, _ in one.layers if isinstance(layer, Corrected)]
    rescinded = [layer.target for layer, _ in one.layers if isinstance(layer, Rescinded)]
    return Row(
        one.row,
        register.settings.case_number(one.loaded.number),
        None,
        Verdict.REFUSED if one.refused else Verdict.PASSED,
        one.findings,
        stage=last.stage,
        leads_to=judgement.after.last.stage if judgement and judgement.after else None,
        on=amendment.on,
        taken_back=(*rescinded, *(entry.seq for entry in judgement.fallen)) if judgement else (),
        unit=next(filter(None, stated), None),
        procedure=last.procedure,
        due=owing.after(judgement.after.last if judgement and judgement.after else None),
    )


def _record(transaction: Transaction, command_id: UUID, judged: Iterable[_Judged], amendment: Amendment) -> None:
    blocks: dict[tuple[int, int], Sealed] = {}
    moved = []
    for one in judged:
        assert one.judgement is not None
        for fact, values in one.layers:
            sealed = transaction.seal(values)
            entry = one.loaded.case.record(msgspec.structs.replace(fact, commitment=sealed.commitment), values)
            blocks[one.loaded.number, entry.seq] = sealed
        one.loaded.case.take_back(one.judgement.fallen, amendment.documents)
        moved.append(one.loaded)
    transaction.append(command_id, moved, blocks)
