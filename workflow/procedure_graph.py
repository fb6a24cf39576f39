"""Whether the steps of a procedure make sense together: no trap, no dead end, nothing that cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any

import msgspec

from domain.procedure import Procedure, Step
from domain.text import text
from workflow.procedure_file import MOST_FAULTS, Fault


def graph_faults(procedure: Procedure, base: Procedure | None = None) -> Iterator[Fault]:
    """Where the steps cannot begin, go on, be reached or be told apart; no more than will be told.

    base: what the procedure extends.
    """
    return islice(_graph_faults(procedure, base), MOST_FAULTS + 1)


def _graph_faults(procedure: Procedure, base: Procedure | None) -> Iterator[Fault]:
    enabled = [step for step in procedure.steps.values() if step.enabled]
    yield from _opening_faults(enabled)
    reached = _reached(procedure)
    yield from _never(procedure, base, reached)
    for step in enabled:
        for stage in step.sources:
            if procedure.stages[stage].ended:
                yield Fault(
                    ("steps", step.name, "from"),
                    text("the stage `{stage}` is ended, so no step starts there", stage=stage),
                )
    for code in sorted(reached):
        if not procedure.stages[code].ended and not any(
            code in step.sources and step.to not in (None, code) for step in enabled
        ):
            yield Fault(
                ("stages", code), text("no step leads out of the stage `{stage}`, and it is not ended", stage=code)
            )
    thinkable = _reached(procedure, switched_off=True)
    for code in procedure.stages:
        if code not in thinkable:
            yield Fault(
                ("stages", code),
                text("no step leads to the stage `{stage}`, not even one that is switched off", stage=code),
            )
    yield from _waiting_faults(procedure)
    yield from _twin_faults(enabled)


def _opening_faults(enabled: list[Step]) -> Iterator[Fault]:
    first = [step for step in enabled if not step.sources]
    if not first:
        yield Fault(("steps",), text("no step opens a case: one must have an empty `from`"))
    for step in first[1:]:
        yield Fault(("steps", step.name, "from"), text("`{first}` opens a case already", first=first[0].name))
    for step in first:
        if step.to is None:
            yield Fault(("steps", step.name), text("`{step}` opens a case, so it needs `to`", step=step.name))


def _reached(procedure: Procedure, *, switched_off: bool = False) -> set[str]:
    """The stages that steps lead to, or that a linked case opens in; with steps that are switched off as if on."""
    reached: set[str] = set()
    before = -1
    while len(reached) != before:
        before = len(reached)
        for step in procedure.steps.values():
            if (step.enabled or switched_off) and (not step.sources or reached & set(step.sources)):
                reached |= {stage for stage in (step.to, step.opens) if stage is not None}
    return reached


def _never(procedure: Procedure, base: Procedure | None, reached: set[str]) -> Iterator[Fault]:
    """Steps that can never be taken, told at the step that this file switched off, where that is the cause."""
    lost = {step.name for step in procedure.steps.values() if step.enabled and step.sources}
    lost -= _startable(procedure, reached)
    for off in base.steps.values() if base is not None and lost else ():
        if off.enabled and not procedure.steps[off.name].enabled:
            steps = {**procedure.steps, off.name: msgspec.structs.replace(procedure.steps[off.name], enabled=True)}
            with_it = msgspec.structs.replace(procedure, steps=steps)
            freed = [name for name in procedure.steps if name in lost & _startable(with_it, _reached(with_it))]
            if freed:
                sentence = text(
                    "`{off}` is switched off, but these can never be taken without it: {steps}",
                    off=off.name,
                    steps=", ".join(freed),
                )
                yield Fault(("steps", off.name, "enabled"), sentence)
            lost -= set(freed)
    for name in sorted(lost):
        yield Fault(
            ("steps", name, "from"), text("`{step}` can never be taken: no step leads to where it starts", step=name)
        )


def _startable(procedure: Procedure, reached: set[str]) -> set[str]:
    return {step.name for step in procedure.steps.values() if reached & set(step.sources)}


def _waiting_faults(procedure: Procedure) -> Iterator[Fault]:
    """Time limits that run from a step which is switched off, so that they would never begin."""
    for step in procedure.steps.values():
        for at, limit in enumerate(step.limits):
            waits_for = procedure.steps.get(limit.after or "")
            if step.enabled and waits_for is not None and not waits_for.enabled:
                where = ("deadline",) if step.deadline and at == 0 else ("deadlines", str(at - bool(step.deadline)))
                yield Fault(
                    ("steps", step.name, *where),
                    text("the time limit of `{step}` runs from `{off}`, which is switched off", step=step.name,
                         off=waits_for.name),
                )  # fmt: skip


def _twin_faults(enabled: list[Step]) -> Iterator[Fault]:
    """Steps that a clerk cannot tell apart by what they ask for, though they lead elsewhere."""
    alike: dict[Any, list[Step]] = {}
    for step in enabled:
        alike.setdefault(_asked(step), []).append(step)
    for group in alike.values():
        for first, second in combinations(group, 2):
            common = [stage for stage in second.sources if stage in first.sources]
            if common and first.to != second.to:
                yield Fault(
                    ("steps", second.name),
                    text(
                        "`{first}` and `{second}` ask for the same in the stage `{stage}`, but lead elsewhere",
                        first=first.name,
                        second=second.name,
                        stage=common[0],
                    ),
                )


def _asked(step: Step) -> tuple[Any, ...]:
    return (
        step.event,
        frozenset((rule.kind, rule.required) for rule in step.documents),
        frozenset((rule.name, rule.required, rule.choices) for rule in step.fields),
        frozenset(reason.code for reason in step.reasons),
        frozenset(step.guards),
    )
