"""Take cases one legal step further: one case or thousands, in one transaction.

All cases are judged before anything is recorded, so that every refusal is told at once. Without
`partial` one refused case leaves all as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.case import Judgement, act_of
from domain.draft import Draft, Request, draft
from domain.errors import Misused
from domain.events import Act
from domain.findings import Finding
from domain.guards import GUARDS
from domain.identity import is_nik
from domain.outcome import Outcome, Row, Verdict
from domain.procedure import FieldType, Step
from domain.revision import taken_along
from domain.rules import Rules
from domain.text import text
from workflow.clashes import Led, clashes
from workflow.lookups import Loaded
from workflow.patience import patiently
from workflow.register import Actor, Register
from workflow.transaction import Sealed, Transaction
from workflow.units import UnitBook, warned_new
from workflow.whom import REASON, Who, resolve

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
def advance(register: Register, order: Order, by: Actor, progress: Progress = lambda _done, _of: None) -> Outcome:
    """Judge the step for every worker and record it, all or nothing unless `partial`.

    Raises Misused if no procedure in force knows the step; Refused if the command id was used otherwise.
    """
    _check_step(register, order.request.step)
    with register.transaction(dry_run=order.dry_run) as transaction:
        whom = order.selection or [(who.name, who.fields) for who in order.workers]
        request = transaction.digest(["advance", order.request, order.replaces, order.cascade, whom])
        command_id = order.command_id or transaction.new_id()
        if order.command_id is not None and (seen := transaction.seen(command_id, request)) is not None:
            return _unchanged(register, seen.command, seen.numbers, order)
        drafts = _Drafts(transaction, order.request)
        judged = _judge_all(transaction, order, drafts, progress)
        notes = tuple(filter(None, [warned_new(drafts.units.new_names)]))
        rows = [_row(register, one) for one in judged]
        passing = [one for one in judged if not one.refused]
        stopped = order.dry_run or not passing or (len(passing) < len(judged) and not order.partial)
        if stopped:
            return Outcome(None, rows, notes)
        transaction.begin_command(command_id, order.request.step, by, request)
        drafts.units.store_new(command_id.bytes, only=drafts.units.new_names)
        _record(transaction, command_id, passing, order)
    recorded = [row if row.verdict is Verdict.REFUSED else row._replace(verdict=Verdict.RECORDED) for row in rows]
    return Outcome(command_id, recorded, notes)


def _check_step(register: Register, name: str) -> None:
    """A step that the register's own procedure does not know is a misspelling, not a refusal."""
    procedure = register.rulebook.load(register.procedure)
    if name not in procedure.steps:
        known = ", ".join(procedure.steps)
        raise Misused(text("There is no step {step}. The steps are: {known}.", step=name, known=known))
    if not procedure.steps[name].sources:
        raise Misused(text("{step} opens a case: use lantik import.", step=name))


def _unchanged(register: Register, command: UUID, numbers: Iterable[int], order: Order) -> Outcome:
    note = Finding("already-recorded", text("this command was already recorded; nothing was changed"))
    by_number = register.settings.case_number
    rows = [Row(None, by_number(number), None, Verdict.UNCHANGED) for number in dict.fromkeys(numbers)]
    if len(rows) == len(order.workers):
        rows = [row._replace(row=who.row) for row, who in zip(rows, order.workers, strict=True)]
    return Outcome(command, rows, (note,))


_TWICE = Finding("named-twice", text("the worker is named twice"), text("Name each worker once."))
NI_TAKEN = Finding(
    "ni-taken",
    text("the NI belongs to another person"),
    text("Compare with the pertek: a NI is given once."),
    "import check 5",
    column="ni",
)


def _judge_all(transaction: Transaction, order: Order, drafts: _Drafts, progress: Progress) -> list[_Judged]:
    register = transaction.register
    found = resolve(transaction, order.workers)
    times = Counter(number for who in order.workers if isinstance(number := found[who.name], int))
    step = register.rulebook.load(register.procedure).steps[order.request.step]
    needs_person = any(GUARDS[name].needs_person for name in step.guards)
    on = None if order.replaces is not None else order.request.on
    needs_person = needs_person or order.cascade or order.replaces is not None  # what comes back may state a number
    loaded = transaction.load(times, on, with_person=needs_person)
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
    return _with_clashes(transaction, order, _with_claims(transaction, judged))


def _judge(who: Who, loaded: Loaded, drafts: _Drafts, order: Order) -> _Judged:
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


class _Drafts:
    """Drafts and rules of one command, made once for each procedure and each set of fields."""

    def __init__(self, transaction: Transaction, request: Request) -> None:
        self._register, self._request = transaction.register, request
        self.units = UnitBook(transaction)
        self._rules: dict[str, Rules] = {}
        self._drafts: dict[tuple[str, tuple[tuple[str, str], ...]], Draft | None] = {}

    def rules(self, reference: str) -> Rules:
        if reference not in self._rules:
            self._rules[reference] = self._register.rules(reference)
        return self._rules[reference]

    def draft(self, reference: str, fields: Mapping[str, str]) -> Draft | None:
        key = (reference, tuple(sorted(fields.items())) if fields else ())
        if key not in self._drafts:
            step = self.rules(reference).procedure.steps.get(self._request.step)
            own = dict(fields)
            reason = own.pop(REASON, None) or self._request.reason
            request = self._request._replace(fields={**self._request.fields, **own}, reason=reason)
            asked = draft(step, request, self._register.today) if step else None
            self._drafts[key] = with_units(asked, self.units) if asked else None
        return self._drafts[key]


def with_units(drafted: Draft, units: UnitBook) -> Draft:
    """The draft with units by their own names."""
    for rule in drafted.step.fields:
        if rule.type is FieldType.UNIT and rule.name in drafted.values:
            unit, finding = units.resolve(drafted.values[rule.name])
            values = {**drafted.values, rule.name: unit}
            drafted = drafted._replace(values=values, findings=(*drafted.findings, *filter(None, [finding])))
    return drafted


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


def _with_clashes(transaction: Transaction, order: Order, judged: list[_Judged]) -> list[_Judged]:
    """Refuse what would bring back a number that another person has by now, or open a second case of one person."""
    led = [
        Led(one.loaded, one.judgement.after)
        for one in judged
        if one.loaded and not one.refused and one.judgement and one.judgement.after
        if order.cascade or order.replaces is not None
    ]
    found = clashes(transaction, led) if led else {}
    return [one._replace(findings=(*one.findings, *found.get(one.number or 0, ()))) for one in judged]


def _row(register: Register, one: _Judged) -> Row:
    nik = one.who.name if is_nik(one.who.name) else None
    case = register.settings.case_number(one.number) if one.number is not None else None
    standing = one.judgement.standing if one.judgement else None
    stage = standing.stage if standing else None
    verdict = Verdict.REFUSED if one.refused else Verdict.PASSED
    open_steps = tuple(one.rules.open_steps(stage)) if one.refused and one.rules and stage else ()
    return Row(one.who.row, case, nik, verdict, one.findings, stage, open_steps)


def _record(transaction: Transaction, command_id: UUID, passing: Sequence[_Judged], order: Order) -> None:
    acts: dict[int, Act] = {}
    blocks: dict[tuple[int, int], Sealed] = {}
    claims: list[tuple[str, UUID]] = []
    moved = []
    for one in passing:
        loaded, asked, judgement, rules = one.loaded, one.draft, one.judgement, one.rules
        assert loaded
        assert asked
        assert judgement
        assert judgement.leads_to
        assert rules
        if asked.personal:
            sealed = transaction.seal(asked.personal)
            act = act_of(asked, rules, commitment=sealed.commitment, replaces=order.replaces)
            entry = loaded.case.record(act, sealed.values)
            blocks[loaded.number, entry.seq] = sealed
            if ni := asked.personal.get("ni"):
                person = loaded.case.last.person
                assert person is not None
                claims.append((ni, person))
        else:
            # one decree is one object: it is encoded once, however many cases refer to it
            if id(asked) not in acts:
                acts[id(asked)] = act_of(asked, rules, replaces=order.replaces)
            loaded.case.record(acts[id(asked)])
        if judgement.fallen:
            loaded.case.take_back(judgement.fallen, asked.documents)
        moved.append(loaded)
    transaction.append(command_id, moved, blocks)
    transaction.claim("ni", claims)


def step_of(register: Register, name: str) -> Step:
    """The step of the register's own procedure by that name. Raises Misused."""
    _check_step(register, name)
    return register.rulebook.load(register.procedure).steps[name]
