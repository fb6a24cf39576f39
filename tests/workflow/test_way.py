"""The shortest legal way to a step: truly shortest, truly legal, and with what each of its steps needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

import msgspec
import pytest
from hypothesis import given as sampled
from hypothesis import settings
from hypothesis import strategies as st

from domain.case import act_of
from domain.document import Document
from domain.draft import Draft, Request, draft
from domain.findings import refusing
from domain.guards import GUARDS
from domain.procedure import Employment, FieldType, Label, Procedure, Stage, Step
from domain.standing import Entry, Standing
from domain.way import Obstacle, shortest_way
from tests.scenario import given, rules_of, way_to
from workflow.machine import StepMachine
from workflow.rulebook import Rulebook

DAY = date(2026, 3, 2)
WORDS = Label("label", "label")


# --- where no guard is asked: breadth first over the stages


def levels(procedure: Procedure, start: str, goal: str) -> int | None:
    """The fewest steps that end with `goal`, by spreading from the start; None if it is out of reach."""
    here, seen, taken = {start}, {start}, 0
    enabled = [step for step in procedure.steps.values() if step.enabled and step.sources]
    while here:
        taken += 1
        going = [step for step in enabled if here & set(step.sources)]
        if any(step.name == goal for step in going):
            return taken
        here = {step.to for step in going if step.to is not None} - seen
        seen |= here
    return None


def walks(procedure: Procedure, start: str, steps: Sequence[Step]) -> bool:
    """Whether each step starts where the one before led to."""
    for step in steps:
        if start not in step.sources or not step.enabled:
            return False
        start = step.to or start
    return True


def asked_of(rules: StepMachine, stage: str, step: str) -> tuple[int | None, bool]:
    """How long the way is that was found, and whether it can be walked and ends as asked."""
    procedure = rules.procedure
    standing = Standing(stage=stage, ended=procedure.stages[stage].ended)
    found = shortest_way(standing, Request(step, DAY), rules)
    steps = [leg.step for leg in found.legs]
    if not steps:
        return None, found.obstacle is not None
    return len(steps), walks(procedure, stage, steps) and steps[-1].name == step and found.obstacle is None


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    codes = [f"stage-{number}" for number in range(draw(st.integers(1, 7)))]
    steps = {
        f"step-{number}": Step(
            name=f"step-{number}",
            sources=tuple(draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))),
            to=draw(st.sampled_from([None, *codes])),
            event="Verified",
            label=WORDS,
            authority="PPK",
            role="clerk",
            legal_basis="-",
            enabled=draw(st.sampled_from([True, True, True, False])),
        )
        for number in range(draw(st.integers(1, 12)))
    }
    stages = {code: Stage(WORDS, Employment.NON_ASN) for code in codes}
    return Procedure("sample", "1", WORDS, stages, steps)


@settings(max_examples=150, deadline=None)
@sampled(procedures())
def test_no_way_is_shorter_in_any_small_procedure(procedure):
    rules = StepMachine(procedure)
    for stage, step in product(procedure.stages, procedure.steps):
        assert asked_of(rules, stage, step) == (levels(procedure, stage, step), True)


@pytest.mark.parametrize("reference", Rulebook().names())
def test_no_way_is_shorter_in_a_shipped_procedure_without_its_guards(reference):
    loaded = Rulebook().load(reference)
    bare = {name: msgspec.structs.replace(step, guards=()) for name, step in loaded.steps.items()}
    procedure = msgspec.structs.replace(loaded, steps=bare)
    rules = StepMachine(procedure)
    for stage, (name, step) in product(procedure.stages, procedure.steps.items()):
        if step.sources:
            assert asked_of(rules, stage, name) == (levels(procedure, stage, name), True), (stage, name)


# --- with guards: every step in every manner, breadth first


def manners(step: Step) -> Iterator[Draft]:
    """The step with all papers, with each reason and each choice."""
    offered = {rule.name: [*rule.choices] or [_word(rule.type, rule.example)] for rule in step.fields}
    reasons = [reason.code for reason in step.reasons] if step.reason_required else [None]
    papers = tuple(Document(rule.kind, "1", DAY) for rule in step.documents)
    for reason, *values in product(reasons, *offered.values()):
        yield draft(step, Request(step.name, DAY, papers, dict(zip(offered, values, strict=True)), reason), DAY)


def _word(kind: FieldType, example: str) -> str:
    return DAY.isoformat() if kind is FieldType.DATE else example


def passes(standing: Standing, asked: Draft, procedure: Procedure) -> bool:
    guards = [GUARDS[name] for name in asked.step.guards]
    return standing.stage in asked.step.sources and not any(
        refusing(guard.check(standing, asked, procedure)) for guard in guards if not guard.suppliable
    )


def spread(rules: StepMachine, start: Standing, goal: str, reason: str | None, most: int) -> int | None:
    """The fewest steps that end with `goal`, up to `most`, by trying everything from every standing."""
    steps = [step for step in rules.procedure.steps.values() if step.enabled and step.sources]
    tried = {step.name: list(manners(step)) for step in steps}
    last = [one for one in tried[goal] if reason in (None, one.reason)]
    here = {repr(start): start}
    for taken in range(1, most + 1):
        if any(passes(standing, one, rules.procedure) for standing in here.values() for one in last):
            return taken
        after = {}
        for standing, step in product(here.values(), steps):
            for one in tried[step.name] if standing.stage in step.sources else ():
                if passes(standing, one, rules.procedure):
                    other = msgspec.structs.replace(standing)
                    other.evolve(Entry(0, act_of(one, rules, **({"opens": 0} if step.opens else {}))))
                    after[repr(other)] = other
        here = after
    return None


def standing_at(stage: str, under: str = "kota-serang", **about: object) -> Standing:
    return msgspec.structs.replace(given(*way_to(stage, under), under=under).case.last, **about)


ASKED = [
    ("active", "dismiss-involuntarily", "performance", {}),
    ("active", "dismiss-involuntarily", "performance", {"coached": DAY}),
    ("active", "dismiss-involuntarily", "performance", {"evaluated": {"year": (DAY, "kurang")}}),
    ("active", "dismiss-involuntarily", "prison", {}),
    ("active", "dismiss-involuntarily", "performance", {"held": True}),
    ("active", "dismiss-dishonourably", "party", {"held": True}),
    ("active", "grant-exit", None, {}),
    ("active", "grant-exit", None, {"held": True}),
    ("active", "request-conversion", None, {}),
    ("active", "release-hold", None, {}),
    ("active", "release-hold", None, {"held": True}),
    ("verified", "propose", None, {"in_bkn_database": None, "pppk_2024": None}),
    ("returned-to-opd", "outsource", None, {"held": True}),
    ("proposed", "propose", None, {}),
]


@pytest.mark.parametrize(("stage", "step", "reason", "about"), ASKED)
def test_no_way_of_up_to_three_steps_is_shorter_where_guards_are_asked(stage, step, reason, about):
    rules, standing = rules_of("kota-serang"), standing_at(stage, **about)
    found = shortest_way(standing, Request(step, DAY, reason=reason), rules)
    tried = spread(rules, standing, step, reason, 3)
    assert (len(found.legs) if 0 < len(found.legs) <= 3 else None) == tried


def test_the_stage_nearest_to_the_goal_is_not_taken_for_the_shortest_way():
    """In `c` one is a step from the goal and lacks two facts; the way through `b` and `d` brings both along."""
    serang = rules_of("kota-serang").procedure
    evaluate, coach, dismiss = (serang.steps[name] for name in ("evaluate", "coach", "dismiss-involuntarily"))
    moved = [
        msgspec.structs.replace(serang.steps["verify"], name="to-c", sources=("a",), to="c"),
        msgspec.structs.replace(evaluate, name="evaluate-in-c", sources=("c",)),
        msgspec.structs.replace(coach, name="coach-in-c", sources=("c",), to=None),
        msgspec.structs.replace(coach, name="coach-on-the-way", sources=("a",), to="b"),
        msgspec.structs.replace(evaluate, name="evaluate-on-the-way", sources=("b",), to="d"),
        msgspec.structs.replace(dismiss, name="goal", sources=("c", "d"), to="e"),
    ]
    stages = {code: Stage(WORDS, Employment.NON_ASN) for code in "abcde"}
    steps = {step.name: step for step in moved}
    rules = StepMachine(msgspec.structs.replace(serang, stages=stages, steps=steps))
    found = shortest_way(Standing(stage="a"), Request("goal", DAY, reason="performance"), rules)
    assert [leg.step.name for leg in found.legs] == ["coach-on-the-way", "evaluate-on-the-way", "goal"]
    assert spread(rules, Standing(stage="a"), "goal", "performance", 4) == 3


# --- what is told of a way


def steps(stage: str, step: str, under: str = "kota-serang", reason: str | None = None, **about: object) -> list[str]:
    found = shortest_way(standing_at(stage, under, **about), Request(step, DAY, reason=reason), rules_of(under))
    return [leg.step.name for leg in found.legs]


def test_poor_performance_is_evaluated_and_coached_before_a_dismissal_in_serang_and_only_evaluated_elsewhere():
    assert steps("active", "dismiss-involuntarily", reason="performance") == [
        "evaluate",
        "coach",
        "dismiss-involuntarily",
    ]
    assert steps("active", "dismiss-involuntarily", "kota-metro", "performance") == [
        "evaluate",
        "dismiss-involuntarily",
    ]


def test_of_choices_those_are_told_that_lead_on_where_not_all_do():
    request = Request("dismiss-involuntarily", DAY, reason="performance")
    evaluate, coach, dismiss = shortest_way(standing_at("active"), request, rules_of("kota-serang")).legs
    assert evaluate.choices == {"scope": ("year",), "predicate": ("kurang", "sangat-kurang")}
    assert coach.reasons == ("performance", "discipline")
    assert (coach.choices, coach.leads_to) == ({}, "coaching")
    assert (dismiss.reasons, dismiss.leads_to) == (("performance",), "dismissed-involuntarily")


def test_a_hold_is_released_first():
    assert steps("returned-to-opd", "outsource", held=True) == ["release-hold", "outsource"]


def test_a_worker_who_meets_no_criterion_goes_by_the_supplementary_letter():
    way = steps("verified", "approve", in_bkn_database=False, cpns_2024=False, pppk_2024=False)
    assert way == ["classify-out", "propose-late", "approve"]


def test_every_way_can_be_walked_with_what_it_says():
    case = given(*way_to("active"))
    request = Request("dismiss-involuntarily", date(2026, 1, 10), reason="performance")
    for leg in shortest_way(case.case.last, request, rules_of("kota-serang")).legs:
        fields = {"ended_on": "2025-12-31"} if leg.step.name == "evaluate" else {}
        chosen = {name: values[0] for name, values in leg.choices.items()}
        reason = leg.reasons[0] if leg.reasons else None
        case.when(leg.step.name, request.on, fields=fields | chosen, reason=reason).accepted().stands(leg.leads_to)


@pytest.mark.parametrize(
    ("stage", "step", "under", "obstacle"),
    [
        ("policy-review", "outsource", "kota-metro", Obstacle.SWITCHED_OFF),
        ("deceased", "verify", "kota-serang", Obstacle.ENDED),
        ("outsourced", "verify", "kota-serang", Obstacle.NO_PATH),
    ],
)
def test_where_there_is_no_way_it_is_told_why(stage, step, under, obstacle):
    found = shortest_way(standing_at(stage, under), Request(step, DAY), rules_of(under))
    assert (found.legs, found.obstacle) == ((), obstacle)


def test_a_case_that_was_taken_back_as_a_whole_has_no_way():
    found = shortest_way(Standing(), Request("verify", DAY), rules_of("kota-serang"))
    assert found.obstacle is Obstacle.VOID


def test_where_rules_close_every_way_that_is_told():
    loaded = rules_of("kota-serang").procedure
    off = {name: msgspec.structs.replace(loaded.steps[name], enabled=False) for name in ("evaluate",)}
    rules = StepMachine(msgspec.structs.replace(loaded, steps=loaded.steps | off))
    found = shortest_way(standing_at("active"), Request("dismiss-involuntarily", DAY, reason="performance"), rules)
    assert found.obstacle is Obstacle.CLOSED


def test_what_was_typed_wrongly_does_not_hide_the_way():
    request = Request("dismiss-honourably", DAY, fields={"legal_basis": ""}, reason="no-such-reason")
    found = shortest_way(standing_at("active"), request, rules_of("kota-serang"))
    assert [leg.step.name for leg in found.legs] == ["dismiss-honourably"]


def test_the_search_gives_up_where_there_is_too_much_to_look_at(monkeypatch):
    monkeypatch.setattr("domain.way.MOST_STANDINGS", 2)
    found = shortest_way(standing_at("registered"), Request("start-duty", DAY), rules_of("kota-serang"))
    assert found.obstacle is Obstacle.TOO_FAR
