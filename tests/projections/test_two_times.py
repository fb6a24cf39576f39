"""A real register, driven at random, against a naive one: every answer at every boundary of both times.

HYPOTHESIS_PROFILE=long looks much further.
"""

from __future__ import annotations

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.outcome import Verdict
from projections import history, roster
from projections.asked import Times
from tests.engine import EVERYBODY, Engine, ni_of, workers
from tests.naive import STEPS, NaiveRegister, Told, leads
from tests.scenario import whole
from workflow.advance import Who

ALWAYS = 2**63 - 1
FIRST = date(2025, 8, 1)
POOL = [
    msgspec.structs.replace(
        one, in_bkn_database=True, pppk_2024=True, wage=None, note=None, formation="pppk" if at % 5 == 0 else None
    )
    for at, one in enumerate(workers(60, seed=11))
]
DAYS = some.integers(0, 40).map(lambda number: FIRST + timedelta(days=number))
ONE_OF = some.integers(0, 59)
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PHASES = tuple(Phase) if LONG else (Phase.explicit, Phase.reuse, Phase.generate)
ONWARD = [step for step in STEPS if step not in ("record-death", "minute")]


class RegisterAgainstLists(RuleBasedStateMachine):
    """Imports, steps on any day in any order, deaths, and questions whose answers must never change."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = Engine(Path(self.folder.name) / "lantik.db")
        self.naive = NaiveRegister()
        self.answers: list[tuple[Times, bytes]] = []

    def teardown(self) -> None:
        try:
            self.at_the_end()
        finally:
            self.engine.close()
            self.folder.cleanup()

    # --- what happens

    @rule(first=ONE_OF, n=some.integers(1, 4), day=DAYS)
    def imports(self, first, n, day):
        asked = [POOL[(first + at) % len(POOL)] for at in range(n)]
        known = {worker.nik for worker, _ in self.naive.cases.values()}
        asked = [worker for worker in asked if worker.nik not in known]
        if asked:
            outcome = self.engine.imports(asked, day)
            for worker, row in zip(asked, outcome.rows, strict=True):
                self.naive.open_case(int(row.case.rpartition("-")[2]), worker, self.last_moment(), day)

    @precondition(lambda self: self.naive.cases)
    @rule(step=some.sampled_from(sorted(STEPS)), which=some.sets(ONE_OF, min_size=1, max_size=4), day=DAYS)
    def any_step_on_any_day(self, step, which, day):
        numbers = sorted({at % len(self.naive.cases) + 1 for at in which})
        self.takes(step, numbers, day)

    @precondition(lambda self: self.naive.cases)
    @rule(which=ONE_OF, pick=ONE_OF, later=some.integers(0, 3))
    def a_step_onward(self, which, pick, later):
        number = which % len(self.naive.cases) + 1
        last = self.naive.acts(number, date.max, ALWAYS)[-1].day
        stage = self.naive.row(number, date.max, ALWAYS)["stage"]
        if onward := [step for step in ONWARD if leads(stage, step)]:
            self.takes(onward[pick % len(onward)], [number], last + timedelta(days=later))

    @precondition(lambda self: self.naive.cases)
    @rule(pick=ONE_OF, day=DAYS)
    def a_step_for_all_who_stand_in_one_stage(self, pick, day):
        stages = sorted({row["stage"] for row in self.naive.roster(day, ALWAYS)})
        if stages:
            stage = stages[pick % len(stages)]
            all_there = [number for number in self.naive.cases if _stage(self.naive, number, day) == stage]
            if onward := [step for step in ONWARD if leads(stage, step)]:
                self.takes(onward[pick % len(onward)], all_there, day)

    @precondition(lambda self: self.naive.cases)
    @rule(which=ONE_OF, day=DAYS)
    def a_death(self, which, day):
        self.takes("record-death", [which % len(self.naive.cases) + 1], day)

    @precondition(lambda self: self.naive.cases)
    @rule(day=DAYS)
    def a_question(self, day):
        asked = Times(day, self.last_moment())
        self.answers.append((asked, self.answer(asked)))

    def takes(self, step: str, numbers: list[int], day: date) -> None:
        rule = self.engine.register.rulebook.load("kota-serang").steps[step]
        allowed = [number for number in numbers if self.naive.allows(number, step, day)]
        others = self.rows_of_others(allowed)
        fields = {"drh_complete": "ya"} if step == "propose-ni" else {}
        if step in ("propose", "propose-late"):
            fields["formation"] = "pppk" if day.day % 3 == 0 else "pppk-pw"
        who = [Who(self.engine.case(one), fields={"ni": ni_of(one)} if step == "assign-ni" else {}) for one in numbers]
        outcome = self.engine.takes(step, who, day, partial=True, fields=fields)
        recorded = [one for one, row in zip(numbers, outcome.rows, strict=True) if row.verdict is Verdict.RECORDED]
        assert recorded == allowed, [str(finding.message) for row in outcome.rows for finding in row.findings]
        assert self.rows_of_others(allowed) == others
        papers = whole(rule, day).documents
        for number in recorded:
            told = Told(
                self.last_moment(), self.naive.next_seq(number), day, step, papers[0].number if papers else None,
                fields.get("formation"), ni_of(number) if step == "assign-ni" else None,
            )  # fmt: skip
            self.naive.record(number, told)

    # --- what must hold

    @invariant()
    def now_is_what_the_lists_say(self):
        assert self.engine.roster(date.max) == self.naive.roster(date.max, ALWAYS)

    def at_the_end(self) -> None:
        moments, days = self.naive.moments(), self.naive.days()
        boundaries = sorted({*days, *(day - timedelta(days=1) for day in days), date.max})
        for known_at in (*moments, ALWAYS):
            self.same_at(boundaries, known_at)
            self.same_at(boundaries[::7], known_at - 1)
            self.totals_are_those_of_the_roster(FIRST + timedelta(days=20), known_at)
        for asked, answer in self.answers:
            assert self.answer(asked) == answer, asked
        kept, rebuilt = self.engine.rebuilt()
        assert (list(kept.rows.values()), kept.fingerprint) == (list(rebuilt.rows.values()), rebuilt.fingerprint)
        for asked, answer in self.answers:
            assert self.answer(asked) == answer, asked
        positions = [position for (position,) in self.engine.rows("SELECT position FROM event ORDER BY position")]
        assert positions == list(range(1, len(positions) + 1))

    def same_at(self, days: list[date], known_at: int) -> None:
        for day in days:
            assert self.engine.roster(day, known_at) == self.naive.roster(day, known_at), (day, known_at)

    def totals_are_those_of_the_roster(self, day: date, known_at: int) -> None:
        with self.engine.reading() as connection:
            for field in ("stage", "status", "unit", "formation"):
                counted = roster.count(connection, Times(day, known_at), EVERYBODY, [field])
                assert {row[field]: row["n"] for row in counted} == self.naive.count(day, known_at, field)

    # --- asking

    def last_moment(self) -> int:
        return self.engine.rows("SELECT max(recorded_at) FROM command")[0][0]

    def answer(self, times: Times) -> bytes:
        """Roster, totals and every history at two times, as programs get them."""
        register = self.engine.register
        load = register.rulebook.load
        histories = [
            history.history(register.log_of_events.stream(number, times.known_at), times, register.settings.zone, load)
            for number in range(1, len(self.naive.cases) + 1)
        ]
        known = [rows for rows in histories if rows]
        with self.engine.reading() as connection:
            totals = roster.count(connection, times, EVERYBODY, ["stage", "unit"])
        return msgspec.json.encode([self.engine.roster(*times), totals, known])

    def rows_of_others(self, numbers: list[int]) -> list[object]:
        listed = ",".join(map(str, numbers)) or "0"
        tables = ("stage_interval", "post_interval", "person_interval", "docket")
        events = (
            f"SELECT e.* FROM event e JOIN docket d ON d.case_id = e.originator_id WHERE d.number NOT IN ({listed})"
        )
        return [
            *(self.engine.rows(f"SELECT * FROM {table} WHERE number NOT IN ({listed})") for table in tables),
            self.engine.rows(f"{events} ORDER BY position"),
        ]


def _stage(naive: NaiveRegister, number: int, day: date) -> str | None:
    row = naive.row(number, day, ALWAYS)
    return row["stage"] if row else None


RegisterAgainstLists.TestCase.settings = settings(
    max_examples=400 if LONG else 25,
    stateful_step_count=60 if LONG else 25,
    deadline=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
TestRegisterAgainstLists = RegisterAgainstLists.TestCase
