"""What a procedure allows: its steps and what each needs, and for a case why a step may or may not be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import msgspec

from domain.case import Case, Judgement
from domain.deadlines import owed, stood
from domain.draft import Draft, Request, draft
from domain.errors import Misused
from domain.findings import Finding, refusing
from domain.guards import GUARDS
from domain.log import Recorded
from domain.procedure import Procedure, Step
from domain.rules import Rules
from domain.text import Text, text
from domain.timeline import Timeline
from domain.way import Leg, Way, shortest_way
from workflow.calendar import calendars
from workflow.procedure_checks import unknown

if TYPE_CHECKING:
    from workflow.register import Register

_ANYBODY = UUID(int=0)

_GIVEN = frozenset({"missing-document", "missing-field", "missing-reason", "no-paper-of-reason"})
"""Findings that a clerk mends by giving more, beside those of guards that ask for what is given with the step."""


class Objection(NamedTuple):
    """A finding, and who can supply what it asks for: an authority or a role, None if nobody can."""

    finding: Finding
    who: str | None


class Explained(NamedTuple):
    """possible: nothing stands against the step but what can be given along with it."""

    possible: bool
    objections: list[Objection]
    way: Way


def step_row(step: Step, language: str = "en") -> dict[str, Any]:
    """A step for programs: enough to fill it in."""
    return {
        "step": step.name,
        "from": list(step.sources),
        "to": step.to,
        "event": step.event,
        "label": step.label.in_language(language),
        "authority": step.authority,
        "role": step.role,
        "four_eyes": step.four_eyes,
        "deadline": msgspec.to_builtins(step.limits[0]) if step.limits else None,
        "deadlines": msgspec.to_builtins(step.limits),
        "legal_basis": step.legal_basis,
        "reasons": [
            {"code": reason.code, "label": reason.label.in_language(language), "documents": list(reason.documents)}
            for reason in step.reasons
        ],
        "reason_required": step.reason_required,
        "documents": [{"kind": rule.kind, "required": rule.required} for rule in step.documents],
        "fields": [
            {
                "name": rule.name,
                "type": rule.type.value,
                "required": rule.required,
                "choices": list(rule.choices),
                "example": rule.example,
            }
            for rule in step.fields
        ],
        "guards": [{"guard": name, "about": str(GUARDS[name].about)} for name in step.guards if name in GUARDS],
        "available": step.enabled,
    }


def procedure_row(procedure: Procedure, language: str = "en") -> dict[str, Any]:
    """A whole procedure for programs."""
    return {
        "name": procedure.name,
        "version": procedure.version,
        "extends": procedure.extends,
        "title": procedure.title.in_language(language),
        "stages": [
            {
                "stage": code,
                "label": stage.label.in_language(language),
                "employment": stage.employment.value,
                "ended": stage.ended,
            }
            for code, stage in procedure.stages.items()
        ],
        "steps": [step_row(step, language) for step in procedure.steps.values()],
        "parameters": msgspec.to_builtins(procedure.parameters),
        "four_eyes": msgspec.to_builtins(procedure.four_eyes),
    }


def named_step(procedure: Procedure, name: str) -> Step:
    """The step of that name. Raises Misused."""
    if name not in procedure.steps:
        sentence = text("There is no step {step} in {procedure}", step=name, procedure=procedure.reference)
        raise Misused(text("{sentence}.", sentence=unknown(name, procedure.steps, sentence)))
    return procedure.steps[name]


def finding_row(finding: Finding, say: Callable[[Text], str] = str) -> dict[str, Any]:
    """A finding for programs; `say` renders its sentences."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": say(finding.message),
        "rule": finding.rule,
        "remedy": say(finding.remedy),
    }


def explained_row(explained: Explained, say: Callable[[Text], str] = str, language: str = "en") -> dict[str, Any]:
    """Why a step may or may not be taken, for programs."""
    return {
        "possible": explained.possible,
        "findings": [{**finding_row(one.finding, say), "who": one.who} for one in explained.objections],
        "way": [leg_row(leg, say, language) for leg in explained.way.legs],
        "obstacle": explained.way.obstacle.value if explained.way.obstacle else None,
    }


def leg_row(leg: Leg, say: Callable[[Text], str] = str, language: str = "en") -> dict[str, Any]:
    """A step of a way for programs: what must be given. choices of a field: those with which the way goes on.

    conditions: what guards ask of that which is given with the step, in words.
    """
    step = leg.step
    fields = [rule for rule in step.fields if rule.required or rule.name in leg.choices]
    return {
        "step": step.name,
        "label": step.label.in_language(language),
        "to": leg.leads_to,
        "authority": step.authority,
        "role": step.role,
        "documents": [rule.kind for rule in step.documents if rule.required],
        "fields": [
            {
                "name": rule.name,
                "type": rule.type.value,
                "choices": list(leg.choices.get(rule.name, rule.choices)),
                "example": leg.choices.get(rule.name, (rule.example,))[0],
            }
            for rule in fields
        ],
        "reasons": [
            {"code": one.code, "documents": list(one.documents)} for one in step.reasons if one.code in leg.reasons
        ],
        "conditions": [say(GUARDS[name].about) for name in step.guards if GUARDS[name].suppliable],
        "legal_basis": step.legal_basis,
    }


def explain(register: Register, stream: list[Recorded], request: Request, *, under: str | None = None) -> Explained:
    """Every reason against one step for a case as its stream tells it, and the shortest legal way to the step.

    All of it on the day of the request; under another procedure if `under` names one.
    """
    case = _case(stream)
    rules = register.rules(under or case.procedure)
    step = rules.procedure.steps[request.step]
    asked = draft(step, request, register.today)
    judged = case.decide(asked, rules, register.rules)
    way = shortest_way(case.timeline.as_of(request.on), request, rules)
    asking = _asking(asked, judged, rules)
    objections = [
        Objection(finding, _who(finding, step, asking, way.legs[0].step if way.legs else None))
        for finding in judged.findings
    ]
    return Explained(not _closing(judged.findings, asking), objections, way)


def possible(
    register: Register, stream: list[Recorded], day: date, *, under: str | None = None
) -> list[tuple[Step, list[Finding]]]:
    """Each step of the case's procedure with what stands against it on `day`, papers and fields not counted."""
    case = _case(stream)
    rules = register.rules(under or case.procedure)
    judged = []
    for step in rules.procedure.steps.values():
        if step.sources:
            asked = draft(step, Request(step.name, day), register.today)
            judgement = case.decide(asked, rules, register.rules)
            judged.append((step, _closing(judgement.findings, _asking(asked, judgement, rules))))
    return judged


def ranked(
    register: Register, stream: list[Recorded], day: date, *, under: str | None = None
) -> list[tuple[Step, list[Finding]]]:
    """What `possible` tells, in the order in which a clerk wants it; within a rank as in the file.

    What is possible first: of that what is owed, by the day it is due; then steps that go on with the case, those
    that leave it where it is, and endings.
    """
    case = _case(stream)
    procedure = register.rulebook.load(under or case.procedure)
    due = _owed(register, case, procedure, day)

    def rank(judged: tuple[Step, list[Finding]]) -> tuple[bool, date, int]:
        step, findings = judged
        ends = step.to is not None and procedure.stages[step.to].ended
        return bool(findings), due.get(step.name, date.max), 2 if ends else 1 if step.to is None else 0

    return sorted(possible(register, stream, day, under=under), key=rank)


def _owed(register: Register, case: Case, procedure: Procedure, day: date) -> dict[str, date]:
    """By step the first day until which it is owed."""
    standing, past = stood(case.timeline.entries, day)
    owing = owed(standing, procedure, calendars(register), day, past)
    return {one.step: one.due for one in reversed(owing)}


def _case(stream: list[Recorded]) -> Case:
    return Case(_ANYBODY, Timeline(recorded.entry for recorded in stream))


def _asking(asked: Draft, judged: Judgement, rules: Rules) -> dict[str, str]:
    """By code of a finding the guard that it comes from."""
    if judged.leads_to is None:
        return {}
    return {
        finding.code: name
        for name in asked.step.guards
        for finding in GUARDS[name].check(judged.standing, asked, rules.procedure)
    }


def _closing(findings: Iterable[Finding], asking: Mapping[str, str]) -> list[Finding]:
    """The findings that nothing given along with the step would mend."""
    return [
        finding
        for finding in refusing(findings)
        if finding.code not in _GIVEN and not (finding.code in asking and GUARDS[asking[finding.code]].suppliable)
    ]


def _who(finding: Finding, step: Step, asking: Mapping[str, str], first: Step | None) -> str | None:
    match finding.code:
        case "wrong-stage":
            return first.authority if first else None
        case "step-not-available" | "case-void":
            return None
        case "missing-document":
            issuers = {rule.kind: rule.issuer for rule in step.documents}
            return issuers.get(finding.message.values["kind"]) or step.authority
        case code if code in asking:
            return GUARDS[asking[code]].who or step.authority
        case _:
            return step.role
