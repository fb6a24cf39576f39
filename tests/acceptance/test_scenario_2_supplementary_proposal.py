"""526 who were not eligible are proposed by a letter of 2025-09-25, for two reasons; nobody is outsourced by it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.acceptance.conftest import of, propose_late
from tests.office import Office
from workflow.demo.people import Person

THE_MEETING = ("--as-of", "2025-12-12")
LEFT_OVER = ("--stage", "proposed", "--stage", "not-eligible")


@pytest.fixture(scope="module")
def proposed(with_numbers: Office, everyone: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = with_numbers.copy(tmp_path_factory.mktemp("late"))
    propose_late(office, everyone)
    return office


def test_526_are_proposed_805_are_not_and_nobody_is_outsourced(proposed: Office) -> None:
    assert proposed.count("stage", *LEFT_OVER, *THE_MEETING) == {"proposed": 526, "not-eligible": 805}
    assert proposed.total(*LEFT_OVER, *THE_MEETING) == 1_331
    assert proposed.total("--status", "outsourced", *THE_MEETING) == 0


def test_nobody_was_proposed_by_it_on_the_day_before(proposed: Office) -> None:
    assert proposed.count("stage", *LEFT_OVER, "--as-of", "2025-09-24") == {"not-eligible": 1_331}


def test_each_event_has_its_reason_and_says_that_the_criteria_were_not_asked(proposed: Office) -> None:
    rows = proposed.json("log", "--step", "propose-late")
    assert Counter(row["reason"] for row in rows) == {"in-db-no-selection": 149, "cpns-not-in-db": 377}
    assert {row["event"] for row in rows} == {"SubmittedToKemenpanRb"}
    assert all(row["fields"]["outside_criteria"] is True for row in rows)


def test_the_register_knows_it_from_the_day_it_was_recorded(proposed: Office) -> None:
    assert proposed.total("--stage", "proposed", *THE_MEETING, "--known-at", "2025-09-24") == 0
    assert proposed.total("--stage", "proposed", *THE_MEETING, "--known-at", "2025-09-26") == 526


def test_a_meeting_about_them_leaves_their_stage_as_it_is(year_end: Office) -> None:
    rows = year_end.json("roster", "--stage", "proposed", *THE_MEETING)
    assert len(year_end.json("log", "--step", "minute")) == 526
    assert {(row["since"], row["step"]) for row in rows} == {("2025-09-25", "propose-late")}
    assert len(rows) == 526


def test_they_could_not_be_proposed_as_others_are(with_numbers: Office, everyone: list[Person]) -> None:
    papers = ("--document", "surat-usulan 1 2025-08-20", "--document", "sptjm-ppk 2 2025-08-20")
    worker = of(everyone, "susulan-377")[0].worker.nik
    said = with_numbers.refused("advance", "propose", worker, "--on", "2025-09-25", *papers)
    assert "propose cannot be taken while the case is not-eligible" in said
    assert "propose-late" in said
