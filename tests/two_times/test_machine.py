"""A real register, driven at random through both times, against the naive model: what it accepts, records and answers.

HYPOTHESIS_PROFILE=long looks much further.
"""

from __future__ import annotations

import os
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.two_times.driver import NAMES, SPARE_NIKS, UNITS, Driver
from tests.two_times.model import STEPS, leads, taken, timeline
from tests.two_times.watch import DAYS

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PHASES = tuple(Phase) if LONG else (Phase.explicit, Phase.reuse, Phase.generate)
PICK = some.integers(0, 999)
DAY = some.sampled_from(DAYS)
STEP = some.sampled_from(sorted(STEPS))
YES = some.sampled_from([False, False, True])
CHANGES = some.one_of(
    some.builds(dict, on=DAY),
    some.builds(dict, on=DAY, paper=some.booleans()),
    some.builds(dict, paper=some.just(True)),
    some.sampled_from(
        [
            *({"unit": unit} for unit in UNITS),
            *({"name": name} for name in NAMES),
            *({"nik": nik} for nik in SPARE_NIKS),
            *({"pppk_2024": answer, "category": "R3"} for answer in ("ya", "tidak")),
            {"formation": "pppk"},
            {"position": "Pengemudi"},
            {"ni": "199001012025211991"},
            {"ni": "199001012025211992"},
        ]
    ).map(lambda fields: {"fields": fields}),
)


class RegisterThroughBothTimes(RuleBasedStateMachine):
    """What three people in an office could do to a register in a month; after each act the model says the same."""

    def __init__(self) -> None:
        super().__init__()
        self.driver = Driver()
        self.model = self.driver.model

    def teardown(self) -> None:
        try:
            self.driver.check_everything()
        finally:
            self.driver.close()

    def case(self, pick: int, acts: int = 1) -> int:
        """Mostly one with as many acts, sometimes any."""
        fitting = [number for number, events in self.model.cases.items() if len(timeline(events)) >= acts]
        return fitting[pick % len(fitting)] if fitting and pick % 8 else pick % len(self.model.cases) + 1

    def event(self, pick: int, number: int) -> int:
        """Mostly an event after the registration, which takes all along; now and then one that is not there."""
        events = self.model.cases[number]
        if pick % 10 == 0:
            return pick % (len(events) + 2)
        return pick % (len(events) - 1) + 2 if len(events) > 1 else 1

    # --- what happens

    @rule(first=PICK, n=some.integers(1, 3), day=DAY, reopen=some.booleans(), variant=some.integers(0, 1))
    def imports(self, first, n, day, reopen, variant):
        self.driver.imports(first, n, day, reopen=reopen, variant=variant)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, pick=PICK, later=some.integers(0, 2), steps=some.integers(1, 4))
    def steps_onward(self, which, pick, later, steps):
        number = self.case(which)
        for at in range(steps):
            acts = timeline(self.model.cases[number])
            if acts:
                stage = self.model.row(number, date.max)["stage"]
                onward = [step for step in STEPS if leads(stage, step) not in (None, stage, "deceased")]
                if onward:
                    day = acts[-1].on + timedelta(days=later if at == 0 else pick % 2)
                    self.driver.takes(onward[(pick + at) % len(onward)], [number], day)

    @precondition(lambda self: self.model.cases)
    @rule(step=STEP, which=some.sets(PICK, min_size=1, max_size=3), day=DAY, cascade=YES, pick=PICK)
    def any_step_on_any_day(self, step, which, day, cascade, pick):
        self.driver.takes(step, sorted({self.case(one) for one in which}), day, cascade=cascade, pick=pick)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, pick=PICK, day=DAY, cascade=YES)
    def a_late_step_that_fits_its_day(self, which, pick, day, cascade):
        number = self.case(which)
        if (row := self.model.row(number, day)) is not None:
            fitting = [step for step in STEPS if leads(row["stage"], step)]
            if fitting:
                self.driver.takes(fitting[pick % len(fitting)], [number], day, cascade=cascade, pick=pick)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, pick=PICK, step=STEP, day=DAY, same=some.booleans(), alike=some.booleans(), cascade=YES)
    def a_replacement(self, which, pick, step, day, same, alike, cascade):
        number = self.case(which, acts=2)
        acts = timeline(self.model.cases[number])[1:]
        seq = acts[pick % len(acts)].seq if acts and pick % 7 else self.event(pick, number)
        if acts and pick % 7:
            replaced = acts[pick % len(acts)]
            day = replaced.on if same else day
            step = replaced.step if alike else step
        self.driver.takes(step, [number], day, cascade=cascade, replaces=seq, pick=pick)

    @precondition(lambda self: self.model.cases)
    @rule(
        which=some.lists(PICK, min_size=1, max_size=2), rows=some.lists(some.tuples(PICK, DAY), min_size=1, max_size=4)
    )
    def acts_of_the_past(self, which, rows):
        self.driver.records_past([self.case(one) for one in which], rows)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, pick=PICK, change=CHANGES, cascade=YES)
    def a_correction(self, which, pick, change, cascade):
        number = self.case(which)
        self.driver.amends([(number, self.event(pick, number))], change, cascade=cascade)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, change=CHANGES, cascade=YES)
    def a_correction_of_the_last_correction(self, which, change, cascade):
        number = self.case(which)
        layers = [event.seq for event in self.model.cases[number] if event.kind == "correct"]
        if layers:
            self.driver.amends([(number, layers[-1])], change, cascade=cascade)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, pick=PICK, cascade=some.booleans())
    def a_rescission(self, which, pick, cascade):
        number = self.case(which)
        self.driver.amends([(number, self.event(pick, number))], None, cascade=cascade)

    @precondition(lambda self: self.model.cases)
    @rule(picks=some.lists(some.tuples(PICK, PICK), min_size=2, max_size=4), change=some.none() | CHANGES, cascade=YES)
    def a_list_of_events_of_several_cases(self, picks, change, cascade):
        cases = [self.case(which) for which, _ in picks]
        events = [(number, self.event(pick, number)) for number, (_, pick) in zip(cases, picks, strict=True)]
        self.driver.amends(sorted(set(events)), change, cascade=cascade)

    @precondition(lambda self: self.model.cases)
    @rule(which=PICK, cascade=YES)
    def a_rescission_of_the_last_rescission(self, which, cascade):
        number = self.case(which)
        gone = taken(self.model.cases[number])
        back = [event.seq for event in self.model.cases[number] if event.kind == "rescind" and event.seq not in gone]
        if back:
            self.driver.amends([(number, back[-1])], None, cascade=cascade)

    @precondition(lambda self: self.driver.commands)
    @rule(pick=some.integers(1, 6), cascade=some.booleans())
    def a_command_taken_back(self, pick, cascade):
        self.driver.rescinds_command(self.driver.commands[-min(pick, len(self.driver.commands))], cascade=cascade)
        if pick % 2:
            self.driver.undoes()

    @precondition(lambda self: self.driver.commands)
    @rule(pick=some.integers(1, 3), change=CHANGES)
    def a_command_corrected(self, pick, change):
        command = self.driver.commands[-min(pick, len(self.driver.commands))]
        self.driver.corrects_command(command, change)

    @precondition(lambda self: self.driver.commands)
    @rule(again=some.sampled_from([True, True, True, False]))
    def the_last_command_undone(self, again):
        self.driver.undoes()
        if again:
            self.driver.undoes()

    @precondition(lambda self: len(self.model.cases) > 1)
    @rule(one=PICK, other=PICK)
    def a_merger(self, one, other):
        self.driver.merges(self.case(one), self.case(other))

    @precondition(lambda self: self.model.cases)
    @rule(day=DAY)
    def a_question(self, day):
        self.driver.asks(day)

    # --- what must hold

    @invariant()
    def the_register_says_what_the_model_says(self):
        self.driver.check_now()


RegisterThroughBothTimes.TestCase.settings = settings(
    max_examples=500 if LONG else 20,
    stateful_step_count=50 if LONG else 30,
    deadline=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
TestRegisterThroughBothTimes = RegisterThroughBothTimes.TestCase
