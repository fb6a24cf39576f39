"""Take cases one legal step further: one case or thousands, in one transaction.

All cases are judged before anything is recorded, so that every refusal is told at once. Without
`partial` one refused case leaves all as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import NamedTuple
from uuid import UUID

from domain.case import Judgement, act_of
from domain.draft import Draft, Request
from domain.events import Act
from domain.findings import Finding
from domain.guards import GUARDS
from domain.identity import is_nik
from domain.outcome import ALREADY_RECORDED, Foreseen, Outcome, Row, Verdict
from domain.revision import taken_along
from domain.rules import Rules
from domain.text import text
from workflow.access import Clearance, permit
from workflow.clashes import Led, clashes
from workflow.drafts import Drafts, step_of
from workflow.linked import Fall, Opening, falls, falls_too, open_linked, opening_act
from workflow.lookups import Loaded
from workflow.owing import Owing
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.transaction import Sealed, Transaction
from workflow.units import warned_new
from workflow.whom import Who, called, resolve

Progress = Callable[[int, int], None]
"""Called now and then with (done, of all)."""


class Order(NamedTuple):
    """One step for many: `request` holds what is the same for all.

    replaces: the seq of an act that the new one takes the place of. cascade: acts that could not stand fall.
    selection: how the workers were chosen, where they were not named; a repeated command is known by it.
    """

    request: Request
    workers: Sequence[Who]
    partial: bool = False
    dry_run: bool = False
    replaces: int | None = None
    cascade: bool = False
    command_id: UUID | None = None
    selection: Sequence[tuple[str, object]] = ()


class _Judged(NamedTuple):
    who: Who
    number: int | None
    loaded: Loaded | None
    rules: Rules | None
    draft: Draft | None
    judgement: Judgement | None
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        return any(finding.refuses for finding in self.findings)


@patiently
def advance(
    register: Register,
    order: Order,
    by: Actor,
    progress: Progress = lambda _done, _of: None,
    *,
    expected: Sequence[Foreseen] | None = None,
) -> Outcome:
    """Judge the step for every worker and record it, all or nothing unless `partial`.

    expected: what was shown before; nothing is recorded if the outcome is another now.
    Raises Misused if no procedure in force knows the step; Refused if the command id was used otherwise.
    """
    step = step_of(register, order.request.step)
    with register.transaction(dry_run=order.dry_run) as transaction:
        clearance = permit(register, by, [step.role], step.name)
        whom = order.selection or [(who.name, who.fields) for who in order.workers]
        request = transaction.digest(["advance", order.request, order.replaces, order.cascade, whom])
        command_id = order.command_id or transaction.new_id()
        if order.command_id is not None and (seen := transaction.seen(command_id, request)) is not None:
            return _unchanged(register, seen.command, seen.numbers, order)
        drafts = Drafts(transaction, order.request)
        judged, fallen = _judge_all(transaction, order, drafts, clearance, progress)
        notes = tuple(filter(None, [warned_new(drafts.units.new_names)]))
        rows = _rows(transaction, judged, fallen, order)
        outcome = Outcome(None, rows, notes).held_against(expected)
        passing = [one for one in judged if not one.refused]
        stopped = order.dry_run or not passing or (len(passing) < len(judged) and not order.partial)
        if stopped or outcome.differs:
            return outcome
        transaction.begin_command(command_id, order.request.step, clearance.by, request)
        drafts.units.store_new(command_id.bytes, only=drafts.units.new_names)
        _record(transaction, command_id, passing, fallen, order)
    recorded = [row if row.verdict is Verdict.REFUSED else row._replace(verdict=Verdict.RECORDED) for row in rows]
    return Outcome(command_id, recorded, notes)


def _unchanged(register: Register, command: UUID, numbers: Iterable[int], order: Order) -> Outcome:
    by_number = register.settings.case_number
    rows = [Row(None, by_number(number), None, Verdict.UNCHANGED) for number in dict.fromkeys(numbers)]
    if len(rows) == len(order.workers):
        rows = [row._replace(row=who.row) for row, who in zip(rows, order.workers, strict=True)]
    return Outcome(command, rows, (ALREADY_RECORDED,))


_TWICE = Finding("named-twice", text("the worker is named twice"), text("Name each worker once."))
NI_TAKEN = Finding(
    "ni-taken",
    text("the NI belongs to another person"),
    text("Compare with the pertek: a NI is given once."),
    "import check 5",
    column="ni",
)


def _judge_all(
    transaction: Transaction, order: Order, drafts: Drafts, clearance: Clearance, progress: Progress
) -> tuple[list[_Judged], list[Fall]]:
    """Every worker's judgement, and the linked cases that fall along."""
    register = transaction.register
    found = resolve(transaction, order.workers)
    times = Counter(number for who in order.workers if isinstance(number := found[who.name], int))
    step = register.rulebook.load(register.procedure).steps[order.request.step]
    needs_person = step.opens is not None or any(GUARDS[name].needs_person for name in step.guards)
    on = None if order.replaces is not None else order.request.on
    needs_person = needs_person or order.cascade or order.replaces is not None  # what comes back may state a number
    loaded = transaction.load(times, on, with_person=needs_person)
    clearance = clearance.under(register, step.name, (one.case.procedure for one in loaded.values()))
    clearance.must_cover_cases(transaction, called(order.workers, found))
    judged = []
    for done, who in enumerate(order.workers, 1):
        number = found[who.name]
        if isinstance(number, Finding):
            judged.append(_Judged(who, None, None, None, None, None, (*who.findings, number)))
        elif times[number] > 1:
            judged.append(_Judged(who, number, None, None, None, None, (*who.findings, _TWICE)))
        else:
            judged.append(_judge(who, loaded[number], drafts, order))
        if done % 500 == 0:
            progress(done, len(order.workers))
    progress(len(order.workers), len(order.workers))
    checked, fallen = _with_clashes(transaction, order, _with_claims(transaction, judged))
    clearance.must_cover_cases(transaction, dict.fromkeys(fall.loaded.number for fall in fallen))
    return checked, fallen


def _judge(who: Who, loaded: Loaded, drafts: Drafts, order: Order) -> _Judged:
    rules = drafts.rules(loaded.case.procedure)
    asked = drafts.draft(loaded.case.procedure, who.fields)
    if asked is None:
        missing = Finding(
            "step-unknown",
            text("{procedure} has no such step", procedure=loaded.case.procedure),
            text("Move the case with lantik procedure migrate, if a later version has it."),
        )
        return _Judged(who, loaded.number, loaded, rules, None, None, (*who.findings, missing))
    judgement = loaded.case.decide(asked, rules, drafts.rules, replaces=order.replaces, cascade=order.cascade)
    taken = tuple(taken_along(entry) for entry in judgement.fallen) if order.cascade else ()
    return _Judged(who, loaded.number, loaded, rules, asked, judgement, (*who.findings, *judgement.findings, *taken))


def _with_claims(transaction: Transaction, judged: list[_Judged]) -> list[_Judged]:
    """Refuse a NI that is stated twice, or that belongs to another person already."""
    stated = Counter(ni for one in judged if one.draft and (ni := one.draft.personal.get("ni")))
    if not stated:
        return judged
    held = transaction.holders("ni", stated)
    checked = []
    for one in judged:
        ni = one.draft.personal.get("ni") if one.draft else None
        if ni and one.loaded:
            person = one.loaded.case.last.person
            taken = ni in held and person is not None and held[ni].person != person.bytes
            if taken or stated[ni] > 1:
                one = one._replace(findings=(*one.findings, NI_TAKEN))  # noqa: PLW2901
        checked.append(one)
    return checked


def _with_clashes(transaction: Transaction, order: Order, judged: list[_Judged]) -> tuple[list[_Judged], list[Fall]]:
    """Refuse what would bring back a number that another person has by now, or open a second case of one person.

    And the linked cases that a cascade takes along, of those that are not refused.
    """
    led = [
        Led(one.loaded, one.judgement.after)
        for one in judged
        if one.loaded and not one.refused and one.judgement and one.judgement.after
        if order.cascade or order.replaces is not None
    ]
    if not led:
        return judged, []
    moved = {one.number for one in judged if one.number is not None and not one.refused}
    fallen = falls(transaction, led, moved) if order.cascade else []
    found = clashes(transaction, [*led, *(fall.led for fall in fallen)])
    checked = [one._replace(findings=(*one.findings, *found.get(one.number or 0, ()))) for one in judged]
    kept = {one.number for one in checked if not one.refused}
    still = []
    for fall in fallen:  # each after the one that it falls with
        if fall.of in kept:
            still.append(fall)
            kept.add(fall.loaded.number)
    return checked, still


def _rows(transaction: Transaction, judged: Sequence[_Judged], fallen: Sequence[Fall], order: Order) -> list[Row]:
    """One row for each worker, and after them those of the linked cases that fall along."""
    owing = Owing(transaction.register)
    rows = [_row(transaction.register, one, order, owing) for one in judged]
    return rows + [_fallen_row(transaction, fall) for fall in fallen]


def _fallen_row(transaction: Transaction, fall: Fall) -> Row:
    last = fall.loaded.case.last
    case = transaction.register.settings.case_number(fall.loaded.number)
    row = Row(None, case, None, Verdict.PASSED, (falls_too(transaction, fall),))
    return row._replace(stage=last.stage, taken_back=(fall.fact.target,), procedure=last.procedure)


def _row(register: Register, one: _Judged, order: Order, owing: Owing) -> Row:
    nik = one.who.name if is_nik(one.who.name) else None
    case = register.settings.case_number(one.number) if one.number is not None else None
    row = Row(one.who.row, case, nik, Verdict.REFUSED if one.refused else Verdict.PASSED, one.findings)
    if one.judgement is None or one.rules is None:
        return row
    stage, fallen = one.judgement.standing.stage, one.judgement.fallen if order.cascade else ()
    return row._replace(
        stage=stage,
        open_steps=tuple(one.rules.open_steps(stage)) if one.refused and stage else None,
        leads_to=one.judgement.leads_to,
        on=order.request.on,
        taken_back=tuple(entry.seq for entry in fallen),
        unit=one.draft.values.get("unit") if one.draft else None,
        procedure=one.rules.procedure.reference,
        due=owing.after_act(one.judgement, one.draft, one.rules),
    )


def _record(
    transaction: Transaction, command_id: UUID, passing: Sequence[_Judged], fallen: Sequence[Fall], order: Order
) -> None:
    acts: dict[int, Act] = {}
    blocks: dict[tuple[int, int], Sealed] = {}
    claims: list[tuple[str, UUID]] = []
    opened: list[Loaded] = []
    moved = []
    numbers = count(transaction.next_number()) if passing[0].draft and passing[0].draft.step.opens else None
    for one in passing:
        loaded, asked, judgement, rules = one.loaded, one.draft, one.judgement, one.rules
        assert loaded
        assert asked
        assert judgement
        assert rules
        if ni := asked.personal.get("ni"):
            claims.append((ni, loaded.case.person))
        if numbers is not None:
            opening = Opening(next(numbers), loaded, loaded.version + 1, asked, judgement.standing)
            new, blocks[opening.number, 1] = open_linked(transaction, opening)
            opened.append(new)
            asked = opening_act(asked, opening.number)
        if sealed := transaction.seal(asked.personal) if asked.personal else None:
            blocks[loaded.number, loaded.version + 1] = sealed
        loaded.case.record(_act(asked, rules, order, sealed, acts), sealed.values if sealed else None)
        if judgement.fallen:
            loaded.case.take_back(judgement.fallen, asked.documents)
        moved.append(loaded)
    for fall in fallen:
        fall.loaded.case.record(fall.fact)
        moved.append(fall.loaded)
    transaction.append(command_id, [*moved, *opened], blocks, opened)
    transaction.claim("ni", claims)


def _act(asked: Draft, rules: Rules, order: Order, sealed: Sealed | None, acts: dict[int, Act]) -> Act:
    """The event of one case. One decree is one object: it is encoded once, however many cases refer to it."""
    if sealed is not None:
        return act_of(asked, rules, commitment=sealed.commitment, replaces=order.replaces)
    if asked.step.opens is not None:
        return act_of(asked, rules, replaces=order.replaces)
    if id(asked) not in acts:
        acts[id(asked)] = act_of(asked, rules, replaces=order.replaces)
    return acts[id(asked)]
