"""What is odd about a procedure that is in order: a check tells it, and nothing is refused for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from domain.draft import Request
from domain.guards import GUARDS
from domain.procedure import Procedure
from domain.standing import Standing
from domain.text import Text, text
from domain.way import shortest_way
from workflow.machine import StepMachine
from workflow.procedure_file import Fault, read_source
from workflow.rulebook import Rulebook


def checked(rulebook: Rulebook, file: Path, day: date) -> tuple[Procedure, list[Text]]:
    """The procedure in a file, and its warnings with their lines, in the order of the file. Misused if it has faults.

    day: on which the steps are tried and the figures looked up.
    """
    procedure, source = rulebook.read(file), read_source(file)
    base = rulebook.load(procedure.extends) if procedure.extends else None
    found = [
        *_parameters(procedure, day),
        *_limits(procedure),
        *_dead_ends(procedure),
        *(_unreachable(procedure, base, day) if base else ()),
    ]
    return procedure, [
        text("{file}, line {line}: warning: {fault}", file=source.file, line=line, fault=fault)
        for line, fault in source.placed(found)
    ]


def _parameters(procedure: Procedure, day: date) -> Iterator[Fault]:
    """Figures that nobody reads, and those that a guard of a step reads and nobody gives."""
    reading = {
        name: (step.name, guard)
        for step in procedure.steps.values()
        for guard in step.guards
        for name in GUARDS[guard].parameters
        if step.enabled
    }
    known = {name for guard in GUARDS.values() for name in guard.parameters}
    for name in procedure.parameters:
        if name not in reading:
            sentence = text("no guard of its steps reads the parameter `{name}`", name=name)
            if name not in known:
                sentence = text("no guard reads the parameter `{name}`", name=name)
            yield Fault(("parameters", name), sentence)
    for name, (step, guard) in reading.items():
        if procedure.parameter(name, day) is None:
            yield Fault(
                ("steps", step, "guards"),
                text("the guard `{guard}` reads the parameter `{name}`, which has no value on {day}", guard=guard,
                     name=name, day=day),
            )  # fmt: skip


def _limits(procedure: Procedure) -> Iterator[Fault]:
    for step in procedure.steps.values():
        if step.enabled and not all(limit.basis.strip() for limit in step.limits):
            where = "deadline" if step.deadline else "deadlines"
            yield Fault(("steps", step.name, where), text("a time limit of `{step}` has no basis", step=step.name))


def _dead_ends(procedure: Procedure) -> Iterator[Fault]:
    """Stages that a worker leaves only by what may happen everywhere, such as a death."""
    opens = {code for code, stage in procedure.stages.items() if not stage.ended}
    own = [step for step in procedure.steps.values() if step.enabled and step.to and not set(step.sources) >= opens]
    for code in sorted(opens & {step.to for step in own}):
        if not any(code in step.sources and step.to != code for step in own):
            yield Fault(
                ("stages", code), text("only steps from every open stage lead out of the stage `{stage}`", stage=code)
            )


def _unreachable(procedure: Procedure, base: Procedure, day: date) -> Iterator[Fault]:
    """Steps that a worker who meets every criterion could come to in what the file extends, and here no more.

    The graph leads there, but a guard asks for what only a step gives that is switched off here.
    """
    off = [step.name for step in base.steps.values() if step.enabled and not procedure.steps[step.name].enabled]
    if not off:
        return
    here, there = StepMachine(procedure), StepMachine(base)
    for step in procedure.steps.values():
        if step.enabled and step.sources and step.name in base.steps and base.steps[step.name].enabled:
            reasons = [reason.code for reason in step.reasons if step.reason_required]
            asked = [Request(step.name, day, reason=code) for code in reasons] or [Request(step.name, day)]
            lost = [one.reason for one in asked if not _way(here, one) and _way(there, one)]
            if lost:
                reason = (
                    text("{step} with the reason {reason}", step=step.name, reason=lost[0]) if lost[0] else step.name
                )
                yield Fault(
                    ("steps", off[0], "enabled"),
                    text("no worker comes to {step} any more, because of what is switched off here: {off}", step=reason,
                         off=", ".join(off)),
                )  # fmt: skip


def _way(rules: StepMachine, asked: Request) -> bool:
    first = next(step for step in rules.procedure.steps.values() if step.enabled and not step.sources)
    stage = rules.procedure.stages[first.to or ""]
    worker = Standing(
        stage=first.to, employment=stage.employment.value, in_bkn_database=True, cpns_2024=True, pppk_2024=True
    )
    return bool(shortest_way(worker, asked, rules).legs)
