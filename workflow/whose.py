"""Whose act it is that a mending touches: the role of the step at the bottom of the layers says who may mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from domain.access import RECORDING, Role
from domain.layers import Layer, Migrated
from domain.timeline import Timeline
from workflow.access import Clearance, permit, permit_each
from workflow.lookups import Loaded
from workflow.register import Actor, Register


def may_mend(
    register: Register, by: Actor, doing: str, loaded: Mapping[int, Loaded], events: Iterable[tuple[int, int]]
) -> Clearance:
    """The clearance for events of cases in hand, by case number and seq; every role that they need. Raises Denied."""
    roles = roles_to_mend(register, loaded, events)
    return permit_each(register, by, roles, doing) if roles else permit(register, by, RECORDING, doing)


def roles_to_mend(register: Register, loaded: Mapping[int, Loaded], events: Iterable[tuple[int, int]]) -> set[str]:
    """The roles that mending events of cases in hand asks for, by case number and seq."""
    return {role for number, seq in events for role in _roles(register, loaded[number].case.timeline, seq)}


def _roles(register: Register, timeline: Timeline, seq: int) -> Iterator[str]:
    """The role of the act under an event, or of the keeper where it moved the case to another procedure."""
    entry = timeline.find(seq)
    while entry is not None and isinstance(entry.fact, Layer):
        if isinstance(entry.fact, Migrated):
            yield Role.KEEPER
            return
        entry = timeline.find(entry.fact.target)
    if entry is not None:
        step = register.rulebook.load(entry.act.procedure).steps.get(entry.act.step)
        if step is not None:
            yield step.role
