"""What was missed: it is told with its day, also when the step was taken at last."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import Breach, breaches, owed, stood
from domain.events import NiProposed
from domain.procedure import Deadline
from domain.standing import Entry
from domain.way import distances
from tests.limits import FILLING, FIRST, LISTED, NATIONAL, PLAIN, PROPOSED, SEVEN, THIRD, acts, day, dues, limited
from tests.scenario import rules_of

DRH = (*FILLING, "propose-ni 2025-12-16")


@pytest.mark.parametrize(
    ("told", "on", "expected"),
    [
        (FILLING, "2025-09-15", []),
        (FILLING, "2025-09-16", [("propose-ni", "2025-09-16", None, True)]),
        (DRH, "2025-12-15", [("propose-ni", "2025-09-16", None, True)]),  # as of the day before it was taken
        (DRH, "2025-12-31", [("propose-ni", "2025-09-16", "2025-12-16", True)]),
        ((*FILLING, "minute 2025-10-01", "propose-ni 2025-12-16"), "2026-01-01",
         [("propose-ni", "2025-09-16", "2025-12-16", True)]),
        ((*FILLING, "withdraw 2025-10-01"), "2026-01-01", [("propose-ni", "2025-09-16", None, True)]),
        ((*FILLING, "propose-ni 2025-09-15"), "2026-01-01", []),
    ],
)  # fmt: skip
def test_a_breach_is_told_with_its_day_also_when_the_step_was_taken_at_last(told, on, expected):
    found = breaches(acts(*told), limited(propose_ni=[SEVEN]), PLAIN, day(on))
    shown = [
        (one.owed.step, one.owed.missed_on.isoformat(), one.taken_on and one.taken_on.isoformat(), one.late)
        for one in found
    ]
    assert shown == expected


def test_a_date_that_a_later_letter_moved_is_no_breach_of_its_own_and_stays_told():
    procedure = limited(propose_ni=[FIRST, THIRD])
    entries = acts(*FILLING, "minute 2025-10-01", "propose-ni 2025-12-10")
    [before] = breaches(entries, procedure, PLAIN, day("2025-11-30"))
    assert (before.owed.due, before.late) == (day("2025-09-15"), True)
    [after] = breaches(entries, procedure, PLAIN, day("2025-12-31"))
    assert (after.owed.due, after.late, after.taken_on) == (day("2025-12-20"), False, day("2025-12-10"))
    assert [former.missed_on for former in after.owed.formerly] == [day("2025-09-16")]


@pytest.mark.parametrize(
    ("told", "missed_on"),
    [
        ((*FILLING, "propose-ni 2025-12-20"), []),
        ((*FILLING, "propose-ni 2025-12-22"), ["2025-12-21"]),
        ((*FILLING, "propose-ni 2025-12-10", "return-ni 2025-12-15", "resubmit-ni 2025-12-24"), ["2025-12-21"]),
        ((*FILLING, "propose-ni 2025-12-10", "return-ni 2025-12-15", "resubmit-ni 2025-12-19"), []),
    ],
)
def test_scenario_6_who_files_after_2025_12_20_is_late(told, missed_on):
    by = [
        [limit for limit in NATIONAL.steps[name].limits if limit.by == date(2025, 12, 20)]
        for name in ("propose-ni", "resubmit-ni")
    ]
    procedure = limited(propose_ni=by[0], resubmit_ni=by[1])
    found = breaches(acts(*told), procedure, PLAIN, day("2025-12-31"))
    assert [one.owed.missed_on.isoformat() for one in found if one.late] == missed_on


def test_a_window_is_owed_by_nobody_and_missed_by_who_comes_late():
    procedure = limited(propose=[Deadline(by=date(2025, 8, 15), window=True, basis="B/3832")])
    assert dues(procedure, LISTED, "2025-09-01") == []
    [breach] = breaches(acts(*PROPOSED), procedure, PLAIN, day("2025-09-01"))
    assert (breach.owed.step, breach.owed.missed_on, breach.taken_on) == ("propose", day("2025-08-16"), PROPOSED_ON)
    in_time = acts(*LISTED, "propose 2025-08-15")
    assert breaches(in_time, procedure, PLAIN, day("2025-09-01")) == []


PROPOSED_ON = date(2025, 8, 20)


@pytest.mark.parametrize(
    ("filed_on", "missed"),
    [
        (None, []),
        ("2025-09-10", []),
        ("2025-09-15", []),  # the letter that gave a week more is of that day
        ("2025-09-23", [("2025-09-22", "2025-09-23")]),
        ("2025-12-15", []),
        ("2025-12-16", [("2025-12-15", "2025-12-16")]),
    ],
)
def test_scenario_6_papers_are_in_time_by_the_day_they_were_filed(filed_on, missed):
    limits = [limit for limit in NATIONAL.steps["propose-ni"].limits if limit.field]
    *entries, asked = acts(*FILLING, "propose-ni 2025-12-19")
    papers = NiProposed(
        **msgspec.structs.asdict(asked.act), drh_complete=True, drh_filed_on=filed_on and date.fromisoformat(filed_on)
    )
    found = breaches([*entries, asked._replace(fact=papers)], limited(propose_ni=limits), PLAIN, day("2025-12-31"))
    late = [(one.owed.due.isoformat(), one.taken_on.isoformat()) for one in found if one.late and one.taken_on]
    assert late == missed
    assert {one.owed.field for one in found} <= {"drh_filed_on"}


SERANG = rules_of("kota-serang@2025.2").procedure


@st.composite
def walks(draw: st.DrawFn) -> list[Entry]:
    """A case that takes any steps that the graph of Kota Serang has, a few days or months apart."""
    told, on, stage = ["register 2025-08-01"], date(2025, 8, 1), "registered"
    for _ in range(draw(st.integers(0, 14))):
        name = draw(st.sampled_from(SERANG.open_steps(stage)))
        on += timedelta(days=draw(st.sampled_from([0, 1, 3, 10, 40, 100])))
        stage = SERANG.steps[name].to or stage
        more = {"start-duty": f" {on + timedelta(days=364)}", "evaluate": f" quarter {on - timedelta(days=20)}"}
        more["extend"] = more["start-duty"]
        told.append(f"{name} {on}{more.get(name, '')}")
        if SERANG.stages[stage].ended:
            break
    return acts(*told, procedure=SERANG)


def keys(found: list[Breach]) -> set[tuple[str, date, date | None]]:
    return {(one.owed.step, one.owed.due, one.owed.period) for one in found if one.late}


@given(walks(), st.integers(0, 900), st.integers(1, 300))
def test_what_is_late_is_a_breach_and_stays_one_unless_a_letter_moved_it(entries, first, later):
    start = date(2025, 8, 1)
    days = [start + timedelta(days=first), start + timedelta(days=first + later)]
    standing, past = stood(entries, days[0])
    now = owed(standing, SERANG, PLAIN, days[0], past)
    before, after = (breaches(entries, SERANG, PLAIN, day) for day in days)
    assert {(one.step, one.due, one.period) for one in now if one.due < days[0]} <= keys(before)
    moved = {(one.owed.step, former.due, None) for one in after for former in one.owed.formerly}
    assert keys(before) <= keys(after) | moved


@given(walks(), st.integers(0, 900))
def test_what_is_owed_can_be_done_from_where_the_case_stands(entries, days):
    on = date(2025, 8, 1) + timedelta(days=days)
    standing, past = stood(entries, on)
    found = owed(standing, SERANG, PLAIN, on, past)
    assert standing.stage is not None
    for one in found:
        assert standing.stage in distances(rules_of("kota-serang@2025.2"), one.step)
        assert one.period is None or one.period <= on
        assert [former.due for former in one.formerly] == sorted({former.due for former in one.formerly})
        assert all(former.missed_on <= on and former.due != one.due for former in one.formerly)
    assert [one.due for one in found] == sorted(one.due for one in found)
