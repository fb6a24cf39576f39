"""An act that is recorded late is judged at its place, as of its own date, and may not break what comes after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.case import Case
from domain.events import MeetingNoted
from domain.timeline import Timeline
from tests.scenario import CASE, FIRST, given, way_to


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_a_late_meeting_stands_where_the_case_was_on_its_day():
    case = given("register", ("verify", day(10)), ("propose", day(20)))
    case.when("minute", day(15)).then(MeetingNoted, stage=None).stands("verified", day(15)).stands("proposed")
    assert [entry.seq for entry in case.case.timeline.entries] == [1, 2, 4, 3]


def test_a_late_step_is_judged_on_its_own_day_and_not_on_today_s_stage():
    case = given("register", ("verify", day(10)), ("propose", day(20)))
    [finding] = case.when("approve", day(15)).refused("wrong-stage")
    assert str(finding.message) == "approve cannot be taken while the case is verified"


def test_a_loop_that_fits_between_two_acts_needs_both_acts_to_be_legal():
    """return-proposal alone would leave approve without its stage: refused, with the act that would become illegal."""
    case = given("register", ("verify", day(5)), ("propose", day(10)), ("approve", day(30)), ("announce", day(40)))
    findings = case.when("return-proposal", day(20)).refused("later-act-illegal", "later-act-illegal")
    assert str(findings[0].message) == ("approve of 2025-08-31 (event 4) could not stand any more")
    assert str(findings[0].remedy) == "With --cascade it is taken back too."
    assert "announce of 2025-09-10 (event 5)" in str(findings[1].message)
    assert all(finding.rule for finding in findings)


def test_a_late_step_from_whose_stage_all_later_acts_may_follow_is_accepted():
    """BKN returned the file before it refused it: refuse-ni may start from both stages."""
    case = given(*way_to("ni-proposed"), ("refuse-ni", day(20)), ("review", day(30)))
    case.when("return-ni", day(15)).accepted()
    case.stands("ni-returned", day(19)).stands("ni-refused", day(20)).stands("policy-review")


def test_a_death_before_a_later_act_names_every_act_that_could_not_have_happened():
    case = given("register", ("verify", day(5)), ("propose", day(10)), ("minute", day(12)))
    findings = case.when("record-death", day(7)).refused("later-act-illegal", "later-act-illegal")
    assert ["propose" in str(findings[0].message), "minute" in str(findings[1].message)] == [True, True]


def test_an_act_on_the_day_of_the_last_one_comes_after_it():
    case = given("register", ("verify", day(5)))
    case.when("propose", day(5)).accepted()
    assert [entry.seq for entry in case.case.timeline.entries] == [1, 2, 3]
    case.when("verify", day(5)).refused("wrong-stage")


def test_an_act_before_the_registration_is_refused_with_the_first_day_there_is():
    [finding] = given(("register", day(5))).when("verify", day(4)).refused("before-register")
    assert str(finding.message) == f"{day(4)} is before the case was registered on {day(5)}"
    assert str(finding.remedy) == "Give a later date, or move the registration with lantik correct CASE 1 --on."


def test_after_an_ending_nothing_follows_but_before_it_a_meeting_may_be_noted():
    case = given("register", ("record-death", day(10)))
    [finding] = case.when("minute", day(10)).refused("wrong-stage")
    assert str(finding.message) == "the case ended: it is deceased"
    case.when("minute", day(9)).accepted()


def test_guards_look_at_the_case_as_it_stood_on_the_day():
    """The decree of day 20 is not yet there for an oath of day 10, which the order of the steps forbids anyway."""
    case = given(*way_to("ni-assigned"), ("appoint", day(20)))
    case.when("swear-in", day(10)).refused("wrong-stage")
    case.when("swear-in", day(20)).warned()


def test_an_act_under_a_version_that_is_gone_loads_and_goes_on():
    """Evolving copies: the case knows its stage although the act names a procedure that nobody has."""
    case = given(*way_to("proposed"))
    entries = [
        entry._replace(fact=type(entry.act)(**{**_fields(entry.act), "procedure": "kota-lama@1999.1"}))
        for entry in case.case.timeline.entries
    ]
    old = Case(CASE, Timeline(entries))
    assert (old.last.stage, old.procedure, old.version) == ("proposed", "kota-lama@1999.1", 3)


def _fields(act):
    return {name: getattr(act, name) for name in act.__struct_fields__}


def test_a_refused_case_is_as_it_was():
    case = given(*way_to("proposed"))
    before = list(case.case.timeline.entries)
    case.when("swear-in").refused("wrong-stage")
    assert (case.case.timeline.entries, case.case.version) == (before, 3)


@pytest.mark.parametrize(("judged_under", "codes"), [("kota-serang", ()), ("kota-metro", ("later-act-illegal",) * 2)])
def test_later_acts_are_judged_again_under_the_version_they_recorded(judged_under, codes):
    case = given(*way_to("policy-review"), ("return-to-opd", day(20)), ("outsource", day(21)))
    entries = [
        entry._replace(fact=type(entry.act)(**{**_fields(entry.act), "procedure": f"{judged_under}@2025.2"}))
        for entry in case.case.timeline.entries
    ]
    case.case = Case(CASE, Timeline(entries))
    case.when("move-unit", day(10), fields={"unit": "Dinas Sosial"})
    assert tuple(finding.code for finding in case.judged.findings) == codes
