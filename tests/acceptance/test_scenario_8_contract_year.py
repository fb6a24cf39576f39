"""The first contracts end on 2026-10-22: 3,700 part-timers are extended by a year, 94 are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person

LAST_DAY, DAY_AFTER = "2026-10-22", "2026-10-23"
PART_TIME = ("--formation", "pppk-pw")
DECREE = ("--document", "sk-perpanjangan 821/40/2026 2026-10-05", "--document", "perjanjian-kerja 800/40 2026-10-05")
NEXT_YEAR = ("--set", "contract_start=2026-10-23", "--set", "contract_end=2027-10-22")
ENDING = ("--document", "sk-pemberhentian 800/41/2026 2026-10-23")
YEAR = ("--set", "scope=year", "--set", "ended_on=2026-09-30", "--set", "predicate=baik")


@pytest.fixture(scope="module")
def first_of_october(under_contract: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """All part-timers have their yearly evaluation."""
    office = under_contract.copy(tmp_path_factory.mktemp("october"), seed=8)
    paper = ("--document", "hasil-evaluasi 800/39/2026 2026-10-01")
    office.ok(
        "advance", "evaluate", "--stage", "active", *PART_TIME, "--on", "2026-10-01", *YEAR, *paper, at="2026-10-01"
    )
    return office


@pytest.fixture(scope="module")
def extended(first_of_october: Office, everyone: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """3,700 were extended on 2026-10-05; the other 94 ended on the day after their contract's last one."""
    office = first_of_october.copy(tmp_path_factory.mktemp("extended"), seed=9)
    listed = office.fields(of(everyone, "paruh-waktu")[:3_700], "extended.csv")
    said = office.json(
        "advance", "extend", "--from", listed, "--on", "2026-10-05", *DECREE, *NEXT_YEAR, at="2026-10-05"
    )
    assert (said["recorded"], said["warned"]) == (3_700, 0)
    ended = office.fields(of(everyone, "paruh-waktu")[3_700:], "ended.csv")
    office.ok("advance", "expire", "--from", ended, "--on", DAY_AFTER, *ENDING, at="2026-10-26")
    return office


def test_in_october_every_contract_of_a_part_timer_is_about_to_end(first_of_october: Office) -> None:
    due = first_of_october.json("due", "--as-of", "2026-10-01", "--within", "60", "--step", "extend")
    assert len(due) == 3_794
    assert {row["due"] for row in due} == {LAST_DAY}


def test_nobody_ends_by_the_calendar_alone(first_of_october: Office) -> None:
    assert first_of_october.count("stage", "--as-of", DAY_AFTER, *PART_TIME)["active"] == 3_794


def test_on_the_last_day_all_serve_and_on_the_next_3_700(extended: Office) -> None:
    assert extended.count("stage", "--as-of", LAST_DAY, *PART_TIME, "--status", "pppk-pw") == {"active": 3_794}
    on_the_23rd = extended.count("stage", "--as-of", DAY_AFTER, *PART_TIME)
    assert (on_the_23rd["active"], on_the_23rd["contract-ended"]) == (3_700, 94)
    assert extended.count("stage", "--as-of", DAY_AFTER, "--formation", "pppk") == {"active": 15}


def test_who_ended_is_known_only_since_it_was_decided(extended: Office) -> None:
    asked = ("--as-of", DAY_AFTER, "--stage", "contract-ended")
    assert extended.total(*asked, "--known-at", "2026-10-25") == 0
    assert extended.total(*asked, "--known-at", "2026-10-26") == 94


def test_the_new_contract_follows_the_old_one(extended: Office, everyone: list[Person]) -> None:
    nik = of(everyone, "paruh-waktu")[0].worker.nik
    contract = extended.json("show", nik)["contract"]
    assert (contract["start"], contract["end"]) == ("2026-10-23", "2027-10-22")
    events = extended.json("history", nik)
    assert [event["step"] for event in events[-3:]] == ["start-duty", "evaluate", "extend"]


def test_a_contract_cannot_end_before_its_last_day_is_over(first_of_october: Office, tmp_path: Path) -> None:
    office = first_of_october.copy(tmp_path, seed=10)
    asked = ("advance", "expire", "--stage", "active", *PART_TIME, *ENDING, "--yes")
    said = office.refused(*asked, "--on", LAST_DAY, at="2026-10-26")
    assert "the contract runs until 2026-10-22, that day included" in said
    assert "Refused: 3,794 of 3,794. Nothing was recorded." in said


def test_who_was_extended_cannot_end_with_the_old_contract(extended: Office, everyone: list[Person]) -> None:
    nik = of(everyone, "paruh-waktu")[0].worker.nik
    said = extended.refused("advance", "expire", nik, "--on", DAY_AFTER, *ENDING)
    assert "the contract runs until 2027-10-22" in said


def test_without_an_evaluation_or_with_a_gap_it_is_done_and_warned(
    under_contract: Office, everyone: list[Person], tmp_path: Path
) -> None:
    office = under_contract.copy(tmp_path, seed=11)
    nik = of(everyone, "paruh-waktu")[0].worker.nik
    late = ("--set", "contract_start=2026-10-26", "--set", "contract_end=2027-10-25")
    said = office.json("advance", "extend", nik, "--on", "2026-10-05", *DECREE, *late, at="2026-10-05")
    assert (said["recorded"], said["warned"]) == (1, 1)
    assert {one["code"] for row in said["rows"] for one in row["findings"]} == {"no-year-evaluation", "contract-gap"}


def test_a_contract_of_five_years_is_done_and_warned_for_a_part_timer_alone(
    year_end: Office, everyone: list[Person], tmp_path: Path
) -> None:
    office = year_end.copy(tmp_path, seed=12)
    papers = ("--document", "perjanjian-kerja 800/20/P3K 2025-10-23", "--document", "spmt 800/20/SPMT 2025-10-23")
    words = ("--on", "2025-10-23", *papers, "--set", "contract_start=2025-10-23", "--set", "contract_end=2030-10-22")
    both = office.fields([of(everyone, group)[0] for group in ("paruh-waktu", "penuh-waktu")], "five.csv")
    said = office.json("advance", "start-duty", "--from", both, *words, at="2025-12-15")
    assert (said["recorded"], said["warned"]) == (2, 1)
    assert [[one["code"] for one in row["findings"]] for row in said["rows"]] == [["contract-not-one-year"], []]
