"""Move open cases to another procedure: an event for each, after it was shown which can be moved and which cannot.

The stage stays, and so does every act, with the procedure it was judged by. Only what comes next is judged by the
procedure that the case was moved to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.access import Role
from domain.document import Document
from domain.events import Registered
from domain.findings import Finding, Severity
from domain.layers import Migrated
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Row, Verdict
from domain.rules import Rules
from domain.text import text
from domain.timeline import Timeline
from workflow.access import Clearance, permit
from workflow.lookups import Loaded
from workflow.owing import Owing
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.store.tables import docket
from workflow.transaction import Sealed, Transaction
from workflow.whom import Who, called, resolve


class Migration(NamedTuple):
    """to: a reference. workers: whom; None for all open cases. reason: why, in words, kept with the person."""

    to: str
    reason: str
    workers: Sequence[Who] | None = None
    documents: tuple[Document, ...] = ()
    partial: bool = False
    dry_run: bool = False
    command_id: UUID | None = None


class _Judged(NamedTuple):
    who: Who
    loaded: Loaded | None
    findings: tuple[Finding, ...]
    verdict: Verdict


@patiently
def migrate(
    register: Register, migration: Migration, by: Actor, *, expected: Sequence[Foreseen] | None = None
) -> Outcome:
    """Judge every case and move it, all or nothing unless `partial`; one that is there already is unchanged.

    expected: what was shown before; nothing is recorded if the outcome is another now.
    """
    rules = register.rules(migration.to)
    with register.transaction(dry_run=migration.dry_run) as transaction:
        clearance = permit(register, by, [Role.KEEPER], "migrate")
        request = transaction.digest(["migrate", migration._replace(partial=False, dry_run=False, command_id=None)])
        command_id = migration.command_id or transaction.new_id()
        if migration.command_id is not None and (seen := transaction.seen(command_id, request)) is not None:
            rows = [Row(None, register.settings.case_number(one), None, Verdict.UNCHANGED) for one in seen.numbers]
            return Outcome(command_id, rows, (ALREADY_RECORDED,))
        judged = _judge_all(transaction, migration, rules, clearance)
        passing = [one for one in judged if one.verdict is Verdict.PASSED]
        refused = any(one.verdict is Verdict.REFUSED for one in judged)
        owing = Owing(register)
        rows = [_row(register, one, rules.procedure.reference, owing) for one in judged]
        outcome = Outcome(None, rows).held_against(expected)
        if migration.dry_run or not passing or (refused and not migration.partial) or outcome.differs:
            return outcome
        transaction.begin_command(command_id, "migrate", clearance.by, request)
        _record(transaction, command_id, passing, migration, rules)
    recorded = [row._replace(verdict=Verdict.RECORDED) if row.verdict is Verdict.PASSED else row for row in rows]
    return Outcome(command_id, recorded)


def _judge_all(transaction: Transaction, migration: Migration, rules: Rules, clearance: Clearance) -> list[_Judged]:
    register = transaction.register
    workers = migration.workers
    if workers is None:
        opened = sa.select(docket.c.number).where(docket.c.ended_on.is_(None)).order_by(docket.c.number)
        numbers = list(transaction.connection.execute(opened).scalars())
        theirs = clearance.owns(transaction, numbers)
        workers = [Who(register.settings.case_number(number)) for number in numbers if number in theirs]
    found = resolve(transaction, workers)
    clearance.must_cover_cases(transaction, called(workers, found))
    loaded = transaction.load({number for number in found.values() if isinstance(number, int)})
    judged = []
    for who in workers:
        number = found[who.name]
        if isinstance(number, Finding):
            judged.append(_Judged(who, None, (number,), Verdict.REFUSED))
        elif loaded[number].case.procedure == rules.procedure.reference:
            judged.append(_Judged(who, loaded[number], (), Verdict.UNCHANGED))
        else:
            findings = tuple(_against(loaded[number], rules, register))
            refused = any(finding.refuses for finding in findings)
            judged.append(_Judged(who, loaded[number], findings, Verdict.REFUSED if refused else Verdict.PASSED))
    return judged


def _against(loaded: Loaded, rules: Rules, register: Register) -> Iterator[Finding]:
    """Why a case cannot be moved; a warning names the steps that are open to it now and would not be."""
    timeline, to = loaded.case.timeline, rules.procedure.reference
    if loaded.case.closed:
        yield Finding("case-ended", text("the case ended: nothing comes next"), text("Leave it out."))
        return
    today = timeline.as_of(register.today)
    stage = today.stage or timeline.entries[0].act.stage
    if stage not in rules.procedure.stages:
        yield Finding(
            "no-such-stage",
            text("{to} has no stage {stage}", to=to, stage=stage),
            text("Take the case further first, or add the stage to the procedure."),
        )
        return
    open_now = set(register.rules(loaded.case.procedure).open_steps(stage))
    lost = sorted(open_now - set(rules.open_steps(stage)))
    if open_now and not set(rules.open_steps(stage)):
        yield Finding("no-way-on", text("no step of {to} starts from {stage}", to=to, stage=stage))
    elif lost:
        yield Finding(
            "steps-lost",
            text("of a case that is {stage}, {to} does not know: {steps}", stage=stage, to=to, steps=", ".join(lost)),
            text("See lantik procedure diff."),
            severity=Severity.WARNING,
        )
    yield from _planned(timeline, register.today, rules)


def _planned(timeline: Timeline, today: date, rules: Rules) -> Iterator[Finding]:
    """Acts of later days that could not be taken where they stand, under the other procedure."""
    stage = timeline.as_of(today).stage
    for entry in timeline.after(today):
        act = entry.act
        if not isinstance(act, Registered) and rules.lead(stage, act.step) is None:
            yield Finding(
                "planned-act",
                text(
                    "{step} of {on} (event {seq}) is planned, and {to} does not know it there",
                    step=act.step,
                    on=act.effective_on,
                    seq=entry.seq,
                    to=rules.procedure.reference,
                ),
                text("Rescind the planned act first."),
            )
        stage = act.stage or stage


def _row(register: Register, one: _Judged, to: str, owing: Owing) -> Row:
    case = register.settings.case_number(one.loaded.number) if one.loaded else None
    last = one.loaded.case.last if one.loaded else None
    stage, procedure = (last.stage, last.procedure) if last else (None, None)
    due = owing.after(msgspec.structs.replace(last, procedure=to) if last else None)
    return Row(
        one.who.row, case, None, one.verdict, one.findings, stage=stage, leads_to=stage, procedure=procedure, due=due
    )


def _record(
    transaction: Transaction, command_id: UUID, passing: Sequence[_Judged], migration: Migration, rules: Rules
) -> None:
    blocks: dict[tuple[int, int], Sealed] = {}
    moved = []
    for one in passing:
        assert one.loaded is not None
        case = one.loaded.case
        first = next(entry for entry in case.timeline.entries if isinstance(entry.fact, Registered))
        sealed = transaction.seal({"reason": migration.reason})
        fact = Migrated(
            effective_on=first.act.effective_on,
            documents=migration.documents,
            commitment=sealed.commitment,
            target=first.seq,
            number=case.layer_number(first.seq, Migrated),
            to=rules.procedure.reference,
        )
        entry = case.record(fact, sealed.values)
        blocks[one.loaded.number, entry.seq] = sealed
        moved.append(one.loaded)
    transaction.append(command_id, moved, blocks)
