"""Judge everything that was recorded again under another procedure: which acts would be refused that were not.

Nothing is recorded. Acts are judged as they stand now, corrections applied, each on what stood before it, in the
order in which they hold; what would be refused still counts for those after it, because it did happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from domain.draft import PERSONAL_FIELDS, about_documents, about_reason
from domain.events import Act, Registered
from domain.findings import Finding, refusing
from domain.guards import GUARDS
from domain.procedure import Procedure, Step
from domain.revision import draft_of
from domain.rules import Rules
from domain.standing import Entry, Standing
from domain.text import text
from domain.timeline import Timeline, with_values
from workflow.machine import StepMachine
from workflow.register import Register

CASES_AT_ONCE = 2000
REMEMBERED = 100_000
NAMED = 5
"""How many cases are named for one and the same flip."""

SinceWhen = date | None


class Flip(NamedTuple):
    """Acts of one step in one unit that one rule would refuse. finding: as it reads for the first of them."""

    step: str
    unit: str
    finding: Finding
    acts: int
    cases: tuple[int, ...]


class Rehearsal(NamedTuple):
    """judged: how many acts. flips: by rule, then by unit, most acts first. cases: how many have one."""

    judged: int
    cases: int
    flips: list[Flip]


class _Group:
    """What is counted of one flip."""

    __slots__ = ("acts", "cases", "finding")

    def __init__(self, finding: Finding) -> None:
        self.finding, self.acts, self.cases = finding, 0, list[int]()

    def count(self, case: int) -> None:
        self.acts += 1
        if len(self.cases) < NAMED and case not in self.cases:
            self.cases.append(case)


def rehearse(
    register: Register, procedure: Procedure, since: SinceWhen, progress: Callable[[int, int], None]
) -> Rehearsal:
    """Judge every act that is effective on `since` or later, in batches of cases."""
    judge = _Judge(register, procedure)
    groups: dict[tuple[str, str, str, str], _Group] = {}
    judged = flipped = 0
    last = register.last_case()
    for first in range(1, last + 1, CASES_AT_ONCE):
        cases = range(first, min(first + CASES_AT_ONCE, last + 1))
        for case, entries in _timelines(register, cases, with_person=judge.needs_person):
            acts, refused = judge.case(entries, since)
            judged += acts
            flipped += bool(refused)
            for step, unit, finding in refused:
                key = (finding.rule, finding.code, step, unit)
                groups.setdefault(key, _Group(finding)).count(case)
        progress(cases[-1], last)
    ordered = sorted(groups.items(), key=lambda item: (item[0][:3], -item[1].acts, item[0][3]))
    flips = [Flip(key[2], key[3], one.finding, one.acts, tuple(one.cases)) for key, one in ordered]
    return Rehearsal(judged, flipped, flips)


def _timelines(register: Register, cases: Iterable[int], *, with_person: bool) -> Iterator[tuple[int, list[Entry]]]:
    """The acts of each case in order, as they stand."""
    log = register.log_of_events
    values = log.values(cases) if with_person else {}
    for case, (_, stored) in log.entries(cases).items():
        entries = with_values(stored, values[case]) if case in values else stored
        yield case, entries if _in_order(entries) else Timeline(entries).entries


def _in_order(entries: list[Entry]) -> bool:
    """Whether nothing but acts was recorded, each after the one before: then they are their own timeline."""
    last = date.min
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, Act) or fact.replaces is not None or fact.effective_on < last:
            return False
        last = fact.effective_on
    return True


class _Judge:
    """Judges acts under one procedure; what depends on an act alone is judged once for all cases that share it."""

    def __init__(self, register: Register, procedure: Procedure) -> None:
        self.register = register
        self.rules: Rules = StepMachine(procedure)
        self.procedure = procedure
        guards = {name for step in procedure.steps.values() for name in step.guards}
        self.needs_person = any(GUARDS[name].needs_person for name in guards)
        self._alone: dict[int, tuple[Act, list[Finding]]] = {}

    def case(self, entries: Iterable[Entry], since: SinceWhen) -> tuple[int, list[tuple[str, str, Finding]]]:
        """How many acts of a case were judged, and step, unit and finding of each that would be refused."""
        standing, judged = Standing(), 0
        flips = []
        for entry in entries:
            act = entry.act
            if not isinstance(act, Registered) and (since is None or act.effective_on >= since):
                judged += 1
                if found := self._refusals(entry, standing, self.rules, self._alone):
                    before = self._refusals(entry, standing, self.register.rules(act.procedure), {})
                    known = {finding.code for finding in before}
                    flips += [(act.step, standing.unit, one) for one in found if one.code not in known]
            standing.evolve(entry)
        return judged, flips

    def _refusals(
        self, entry: Entry, standing: Standing, rules: Rules, alone: dict[int, tuple[Act, list[Finding]]]
    ) -> list[Finding]:
        act, procedure = entry.act, rules.procedure
        step = procedure.steps.get(act.step)
        if step is None or rules.lead(standing.stage, act.step) is None:
            return [_not_there(act, standing, step, procedure)]
        kept = alone.get(id(act))
        if kept is None:
            if len(alone) >= REMEMBERED:
                alone.clear()
            kept = alone[id(act)] = act, refusing(_about_act(entry, step))
        found = kept[1]
        if not step.guards:
            return found
        drafted = draft_of(entry, step)
        return [
            *found,
            *(one for name in step.guards for one in GUARDS[name].check(standing, drafted, procedure) if one.refuses),
        ]


def _about_act(entry: Entry, step: Step) -> Iterator[Finding]:
    """What the step asks for and the act has not: papers, fields, a reason."""
    act = entry.act
    yield from about_documents(step, act.documents, act.effective_on)
    for rule in step.fields:
        given = rule.name in PERSONAL_FIELDS or getattr(act, rule.name, None) is not None
        if rule.required and not given:
            yield Finding("missing-field", text("the field {field} is missing", field=rule.name), rule=step.legal_basis)
    yield from about_reason(step, act.reason, act.documents)


def _not_there(act: Act, standing: Standing, step: Step | None, procedure: Procedure) -> Finding:
    if step is None or not step.enabled:
        sentence = text("transition not available in {procedure}: {step}", procedure=procedure.name, step=act.step)
        return Finding("step-not-available", sentence, rule=step.legal_basis if step else "")
    sentence = text("{step} cannot be taken while the case is {stage}", step=act.step, stage=standing.stage)
    return Finding("wrong-stage", sentence, rule=step.legal_basis)
