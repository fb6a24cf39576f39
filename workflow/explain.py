"""What a procedure allows: its steps and what each needs, and for a case why a step may or may not be taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from domain.case import Case
from domain.draft import Request, draft
from domain.findings import Finding, refusing
from domain.log import Recorded
from domain.procedure import Procedure, Step
from domain.rules import Rules
from domain.text import Text
from domain.timeline import Timeline

if TYPE_CHECKING:
    from workflow.register import Register

_ANYBODY = UUID(int=0)

NEEDS = frozenset(
    {"missing-document", "missing-field", "missing-reason", "no-withdrawal-letter", "no-verdict-or-decree"}
)
"""Findings that a clerk can mend by giving more: they are what a step needs, and not why it is impossible."""


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
        "deadline": msgspec.to_builtins(step.deadline) if step.deadline else None,
        "legal_basis": step.legal_basis,
        "reasons": [{"code": reason.code, "label": reason.label.in_language(language)} for reason in step.reasons],
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
    }


def finding_row(finding: Finding, say: Callable[[Text], str] = str) -> dict[str, Any]:
    """A finding for programs; `say` renders its sentences."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": say(finding.message),
        "rule": finding.rule,
        "remedy": say(finding.remedy),
    }


def explain(register: Register, stream: list[Recorded], request: Request, *, under: str | None = None) -> list[Finding]:
    """Every reason against one step for a case as its stream tells it; under another procedure if `under` names one."""
    case = _case(stream)
    rules = register.rules(under or case.procedure)
    return _judged(register, case, rules, rules.procedure.steps[request.step], request)


def possible(
    register: Register, stream: list[Recorded], day: date, *, under: str | None = None
) -> list[tuple[Step, list[Finding]]]:
    """Each step of the case's procedure with what stands against it on `day`, papers and fields not counted."""
    case = _case(stream)
    rules = register.rules(under or case.procedure)
    judged = []
    for step in rules.procedure.steps.values():
        if step.sources:
            findings = _judged(register, case, rules, step, Request(step.name, day))
            judged.append((step, [finding for finding in refusing(findings) if finding.code not in NEEDS]))
    return judged


def _case(stream: list[Recorded]) -> Case:
    return Case(_ANYBODY, Timeline(recorded.entry for recorded in stream))


def _judged(register: Register, case: Case, rules: Rules, step: Step, request: Request) -> list[Finding]:
    return list(case.decide(draft(step, request, register.today), rules, register.rules).findings)
