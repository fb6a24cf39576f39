"""The graph of a procedure, as one `transitions` machine for all its cases, and the table exported from it.

Only the steps that are switched on are in the machine. Whoever has no case yet stands at the stage "".
"""

from __future__ import annotations

from collections.abc import Iterable

from transitions import Machine

from domain.procedure import Procedure, Step

UNBORN = ""


class StepMachine:
    """Says what each step leads to. `routes` maps (stage, step) to the stage after, for bulk work.

    A step that has no target is an internal transition: the stage stays, and `routes` gives it again.
    """

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.machine = Machine(
            model=None,
            states=[UNBORN, *procedure.stages],
            initial=UNBORN,
            transitions=[_transition(step) for step in procedure.steps.values() if step.enabled],
            auto_transitions=False,  # the default adds to_<stage>(), past every guard
            send_event=False,
        )
        self.routes: dict[tuple[str | None, str], str] = dict(_exported(self.machine))
        self._open: dict[str | None, list[str]] = {}
        for stage, step in self.routes:
            self._open.setdefault(stage, []).append(step)

    def open_steps(self, stage: str | None) -> list[str]:
        """The steps that may be taken from `stage`, in the order of the procedure; None is before the first."""
        return list(self._open.get(stage, ()))

    def lead(self, stage: str | None, step: str) -> str | None:
        """The stage that `step` leads to from `stage`; None if it may not be taken there."""
        return self.routes.get((stage, step))


def machine_for(procedure: Procedure) -> StepMachine:
    """The one machine of a procedure; made again only if another procedure comes under its reference."""
    known = _MACHINES.get(procedure.reference)
    if known is None or known.procedure is not procedure:
        known = _MACHINES[procedure.reference] = StepMachine(procedure)
    return known


_MACHINES: dict[str, StepMachine] = {}


def _transition(step: Step) -> dict[str, str | list[str] | None]:
    return {"trigger": step.name, "source": list(step.sources) or UNBORN, "dest": step.to}


def _exported(machine: Machine) -> Iterable[tuple[tuple[str | None, str], str]]:
    for step, event in machine.events.items():
        for transitions in event.transitions.values():
            for transition in transitions:
                yield (transition.source or None, step), transition.dest or transition.source
