"""What is owed: limits and acts are given, a day is asked about."""

from __future__ import annotations

from datetime import date

import pytest

from domain.deadlines import Former, Owed, Past, breaches, owed, stood
from domain.procedure import Deadline
from domain.working_days import Calendar, Calendars, NationalYear, Replaced
from tests.limits import (
    ACTIVE,
    ASKED,
    FILLING,
    FIRST,
    NATIONAL,
    NEEDED,
    OATH,
    PLAIN,
    PROPOSED,
    SECOND,
    SEVEN,
    THIRD,
    WORKDAYS,
    acts,
    day,
    dues,
    limited,
)


@pytest.mark.parametrize(
    ("told", "on", "due"),
    [
        (PROPOSED, "2025-09-04", []),
        (NEEDED, "2025-09-04", ["2025-09-15"]),
        (FILLING, "2025-09-10", ["2025-09-15"]),
        (FILLING, "2026-09-10", ["2025-09-15"]),  # late, and still owed
        ((*FILLING, "minute 2025-09-20"), "2025-09-20", ["2025-09-15"]),  # a step that leaves the stage says nothing
        (ASKED, "2025-12-01", []),  # taken
        (ASKED, "2025-11-30", ["2025-09-15"]),  # not yet, as of that day
        ((*FILLING, "withdraw 2025-09-10"), "2025-09-10", []),  # nobody waits any more
        ((*NEEDED, "record-death 2025-09-08"), "2025-09-20", []),
    ],
)
def test_a_step_is_owed_from_the_step_before_it_while_the_case_is_on_the_way(told, on, due):
    assert dues(limited(propose_ni=[SEVEN]), told, on) == [("propose-ni", one) for one in due]


BKN = Deadline(within=7, after="propose-ni", basis="diktum 7")
AGAIN = Deadline(within=3, after="resubmit-ni", basis="diktum 7")
RETURNED = (*ASKED, "return-ni 2025-12-05")
RESUBMITTED = (*RETURNED, "resubmit-ni 2025-12-10")


@pytest.mark.parametrize(
    ("limits", "told", "due"),
    [
        ([BKN], ASKED, ["2025-12-10"]),
        ([BKN], RETURNED, []),
        ([BKN], RESUBMITTED, ["2025-12-19"]),
        ([BKN, AGAIN], ASKED, ["2025-12-10"]),
        ([BKN, AGAIN], RESUBMITTED, ["2025-12-15"]),
    ],
)
def test_a_file_that_was_sent_again_begins_a_new_term(limits, told, due):
    assert dues(limited(assign_ni=limits), told, "2025-12-15") == [("assign-ni", one) for one in due]


MISSED = Former(date(2025, 9, 25), date(2025, 9, 26), "B/4014", "BKN 16955")


@pytest.mark.parametrize(
    ("told", "on", "expected"),
    [
        (FILLING, "2025-09-06", [("2025-09-15", ())]),
        (FILLING, "2025-09-12", [("2025-09-25", ())]),  # moved before it was missed
        (FILLING, "2025-10-01", [("2025-09-25", ())]),
        (FILLING, "2025-12-01", [("2025-12-20", (MISSED,))]),  # moved after it was missed
        (("register 2025-08-01", "announce 2025-10-01"), "2025-11-30", []),  # came after the last day
        (("register 2025-08-01", "announce 2025-10-01"), "2025-12-01", [("2025-12-20", ())]),
        (("register 2025-08-01", "announce 2025-12-21"), "2025-12-21", []),
    ],
)
def test_the_latest_letter_holds_and_a_date_that_was_missed_before_it_stays_told(told, on, expected):
    procedure = limited(propose_ni=[THIRD, FIRST, SECOND])
    standing, past = stood(acts(*told), day(on))
    found = owed(standing, procedure, PLAIN, day(on), past)
    assert [(one.due.isoformat(), one.formerly) for one in found] == expected


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        (Deadline(within=0, unit="days", before="contract_end"), "2026-08-31"),
        (Deadline(within=30, unit="days", before="contract_end"), "2026-08-01"),
        (Deadline(within=6, unit="months", before="contract_end"), "2026-02-28"),
        (Deadline(within=1, unit="months", after="contract_start"), "2026-02-01"),
        (Deadline(within=14, unit="working-days", after="contract_end"), "2026-09-18"),
        (Deadline(within=5, unit="working-days", before="contract_end"), "2026-08-24"),
    ],
)
def test_a_term_is_counted_from_a_day_of_the_case(limit, due):
    assert dues(limited(expire=[limit]), ACTIVE, "2026-01-05") == [("expire", due)]
    assert dues(limited(expire=[limit]), OATH, "2026-01-05") == [], "without a contract there is no such day"


def test_an_extension_moves_the_day_on_which_the_contract_ends():
    procedure = limited(extend=[Deadline(within=0, unit="days", before="contract_end")])
    assert dues(procedure, (*ACTIVE, "extend 2026-08-01 2027-08-31"), "2026-08-01") == [("extend", "2027-08-31")]


QUARTERLY = Deadline(every="quarter", within=10, basis="diktum 17")
YEARLY = Deadline(every="year", within=20, basis="diktum 17")


@pytest.mark.parametrize(
    ("more", "on", "due"),
    [
        ([], "2026-03-30", []),
        ([], "2026-03-31", ["2026-04-14"]),  # the quarter is over at the end of its last day
        ([], "2026-07-01", ["2026-04-14", "2026-07-14"]),
        (["evaluate 2026-04-10 quarter 2026-03-31"], "2026-07-01", ["2026-07-14"]),
        (["evaluate 2026-04-10 quarter 2026-03-15"], "2026-07-01", ["2026-07-14"]),  # a day in it will do
        (["evaluate 2026-07-01 quarter 2026-06-30"], "2026-07-01", ["2026-04-14"]),  # the gap before it stays
        (["evaluate 2026-04-10 year 2026-03-31"], "2026-04-10", ["2026-04-14"]),  # another scope
        (["suspend 2026-03-01", "reinstate 2026-04-02"], "2026-04-02", []),  # was suspended when it ended
        (["suspend 2026-04-01", "reinstate 2026-04-02"], "2026-04-02", ["2026-04-14"]),
        (["suspend 2026-04-01"], "2026-04-02", []),  # cannot be evaluated now
        (["coach 2026-03-01"], "2026-04-02", ["2026-04-14"]),  # evaluated in coaching too
    ],
)
def test_a_quarter_is_owed_in_which_the_case_stood_at_its_end(more, on, due):
    assert dues(limited(evaluate=[QUARTERLY]), (*ACTIVE, *more), on) == [("evaluate", one) for one in due]


def test_a_year_is_owed_once_and_the_last_days_of_both_are_told():
    procedure = limited(evaluate=[QUARTERLY, YEARLY])
    standing, past = stood(acts(*ACTIVE), day("2027-01-02"))
    told = [(one.due, one.period) for one in owed(standing, procedure, PLAIN, day("2027-01-02"), past)]
    assert told[-2:] == [(date(2027, 1, 14), date(2026, 12, 31)), (date(2027, 1, 28), date(2026, 12, 31))]
    assert len(told) == 5


def test_a_standing_alone_answers_for_the_periods_since_it_began():
    procedure = limited(evaluate=[QUARTERLY])
    standing, _ = stood(acts(*ACTIVE, "evaluate 2026-07-01 quarter 2026-06-30"), day("2026-10-01"))
    told = [one.period for one in owed(standing, procedure, PLAIN, day("2026-10-01"))]
    assert told == [date(2026, 3, 31), date(2026, 9, 30)]
    assert [*Past.of(standing).unevaluated("quarter", frozenset(), day("2026-10-01"))] == []


def test_a_limit_for_one_formation_binds_nobody_else():
    part_time = Deadline(within=7, after="approve", formation="pppk-pw")
    full_time = Deadline(within=3, after="approve", formation="pppk")
    assert dues(limited(propose_ni=[part_time, full_time]), FILLING, "2025-09-10") == [("propose-ni", "2025-09-15")]


@pytest.mark.parametrize(
    ("step", "limit", "kind"),
    [
        ("assign-ni", BKN, "answer"),
        ("evaluate", QUARTERLY, "evaluation"),
        ("extend", Deadline(within=0, unit="days", before="contract_end"), "contract"),
        ("propose-ni", SEVEN, "deadline"),
    ],
)
def test_what_is_owed_is_of_one_kind(step, limit, kind):
    told = {"assign-ni": ASKED, "propose-ni": FILLING}.get(step, ACTIVE)
    procedure = limited(**{step.replace("-", "_"): [limit]})
    standing, past = stood(acts(*told), day("2026-04-01"))
    assert [one.kind for one in owed(standing, procedure, PLAIN, day("2026-04-01"), past)] == [kind]


def off(*days: str) -> Calendar:
    return Calendar(lambda _year: NationalYear(dict.fromkeys(map(day, days), "libur")))


@pytest.mark.parametrize(
    ("decreed_on", "formerly"),
    [
        ("2025-09-10", ()),  # before the old date was over
        ("2025-09-15", ()),  # on its last day
        ("2025-09-16", (Former(day("2025-09-15"), day("2025-09-16"), "diktum 7", "skb 1"),)),
        ("2025-10-20", (Former(day("2025-09-15"), day("2025-09-16"), "diktum 7", "skb 1"),)),
    ],
)
def test_a_decree_moves_a_date_and_the_old_one_stays_told_if_it_had_been_missed(decreed_on, formerly):
    calendars = Calendars(off("2025-09-05"), (Replaced(WORKDAYS, day(decreed_on), "skb 1"),))
    standing, past = stood(acts(*FILLING), day("2025-11-01"))
    [one] = owed(standing, limited(propose_ni=[SEVEN]), calendars, day("2025-11-01"), past)
    assert (one.due, one.formerly) == (day("2025-09-16"), formerly)


def test_a_calendar_does_not_move_a_term_of_days():
    calendars = Calendars(off("2025-09-05"), (Replaced(WORKDAYS, day("2025-12-01"), "skb 1"),))
    limit = Deadline(within=7, unit="days", after="approve")
    standing, past = stood(acts(*FILLING), day("2025-12-02"))
    [one] = owed(standing, limited(propose_ni=[limit]), calendars, day("2025-12-02"), past)
    assert one == Owed("propose-ni", "PPK", "deadline", day("2025-09-11"), "days", "")


def test_scenario_10_bkn_is_asked_seven_working_days_after_the_need():
    upgrade = (*ACTIVE, "propose-full-time 2026-05-04", "set-full-time-need 2026-06-02")
    procedure = limited(request_conversion=list(NATIONAL.steps["request-conversion"].limits))
    assert dues(procedure, upgrade, "2026-06-02") == [("request-conversion", "2026-06-11")]
    for asked_on in ("2026-06-02", "2026-06-11"):
        asked = (*upgrade, f"request-conversion {asked_on}")
        assert dues(procedure, asked, "2026-06-11") == []
        assert breaches(acts(*asked), procedure, PLAIN, day("2026-07-01")) == []
