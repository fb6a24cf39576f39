"""The graph: the exported table says what the machine does, and every stage can be reached and left."""

from __future__ import annotations

import pytest
from transitions import MachineError

from workflow.machine import StepMachine, machine_for
from workflow.rulebook import Rulebook

REFERENCES = Rulebook().names()
"""Every procedure that was ever published: a case stays pinned to the one it was opened under."""


class Flyweight:
    """The least that a machine moves."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@pytest.fixture(params=REFERENCES)
def machine(request: pytest.FixtureRequest) -> StepMachine:
    return StepMachine(Rulebook().load(request.param))


def moved(machine: StepMachine, stage: str | None, step: str) -> str | None:
    """Where the machine itself takes a case; None if it refuses."""
    model = Flyweight(stage or "")
    if step not in machine.machine.events:
        return None
    try:
        machine.machine.events[step].trigger(model)
    except MachineError:
        return None
    return model.state


def test_the_exported_table_agrees_with_the_machine_everywhere(machine):
    procedure = machine.procedure
    for stage in (None, *procedure.stages):
        for step in procedure.steps:
            assert machine.lead(stage, step) == moved(machine, stage, step), (stage, step)


def test_the_table_agrees_with_the_procedure(machine):
    procedure = machine.procedure
    for stage in (None, *procedure.stages):
        assert machine.open_steps(stage) == procedure.open_steps(stage)


def test_a_case_begins_with_register_and_nothing_else(machine):
    assert machine.open_steps(None) == ["register"]
    assert machine.lead(None, "register") == "registered"


def test_a_meeting_leaves_every_open_stage_as_it_is(machine):
    stages = machine.procedure.stages
    assert all(machine.lead(code, "minute") == (None if stage.ended else code) for code, stage in stages.items())


def test_every_stage_that_a_step_of_its_own_starts_from_can_be_reached(machine):
    reached, waiting = set(), ["registered"]
    while waiting:
        stage = waiting.pop()
        if stage not in reached:
            reached.add(stage)
            waiting += [str(machine.lead(stage, step)) for step in machine.open_steps(stage)]
    named = {
        source
        for step in machine.procedure.steps.values()
        if step.enabled and len(step.sources) < 20  # "@open" names stages that a region may not have
        for source in step.sources
    }
    assert named - reached <= {"individual-provider", "laid-off"}, "stages that a region may not have"


def test_every_open_stage_can_be_left_and_no_ended_one(machine):
    for code, stage in machine.procedure.stages.items():
        ways = {machine.lead(code, step) for step in machine.open_steps(code)} - {code}
        assert bool(ways) != stage.ended, code


def test_the_library_adds_no_way_around_the_procedure(machine):
    enabled = {step.name for step in machine.procedure.steps.values() if step.enabled}
    assert set(machine.machine.events) == enabled


@pytest.mark.parametrize(
    ("reference", "step", "leads_to"),
    [
        ("kota-serang", "return-to-opd", "returned-to-opd"),
        ("kota-serang", "not-renew", None),
        ("kota-metro", "return-to-opd", None),
        ("kota-metro", "not-renew", "not-renewed"),
        ("nasional", "return-to-opd", None),
        ("nasional", "not-renew", None),
    ],
)
def test_what_may_follow_a_policy_review_is_the_region_s_decision(reference, step, leads_to):
    assert machine_for(Rulebook().load(reference)).lead("policy-review", step) == leads_to


def test_outsourcing_exists_in_serang_and_by_another_way_in_lebak():
    machines = {name: machine_for(Rulebook().load(name)) for name in REFERENCES}
    for stage, can in (("returned-to-opd", "kota-serang"), ("kept-without-pay", "kab-lebak")):
        named = {name.partition("@")[0] for name, one in machines.items() if one.lead(stage, "outsource")}
        assert named == {can}


def test_one_machine_serves_all_cases_of_a_procedure():
    procedure = Rulebook().load("nasional")
    assert machine_for(procedure) is machine_for(procedure)
    assert machine_for(procedure).procedure is procedure


def test_an_unknown_stage_or_step_leads_nowhere(machine):
    assert machine.lead("nowhere", "verify") is None
    assert machine.lead("registered", "fly") is None
    assert machine.open_steps("nowhere") == []


def test_a_list_of_open_steps_can_be_changed_without_harm(machine):
    machine.open_steps("registered").clear()
    assert "verify" in machine.open_steps("registered")
