"""117 were not ready for the oath; 60 of them come back with a mended file and are appointed from the new year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import appoint, of, swear_in
from tests.office import Office
from workflow.demo.people import Person

OATH, NEW_YEAR = ("--as-of", "2025-10-23"), ("--as-of", "2026-01-01")
FATES = {"ni-returned": 60, "drh-filling": 40, "withdrawn": 10, "ni-refused": 5, "deceased": 2}


@pytest.fixture(scope="module")
def not_ready(everyone: list[Person]) -> dict[str, list[Person]]:
    """The 117, by what became of them; the split is invented."""
    waiting = iter(of(everyone, "belum-siap"))
    return {fate: [next(waiting) for _ in range(size)] for fate, size in FATES.items()}


def send_back(office: Office, not_ready: dict[str, list[Person]]) -> None:
    """What happened to the 117 before the oath."""

    def takes(step: str, people: list[Person], on: str, *words: str, **fields: object) -> None:
        rows = office.fields(people, f"{step}.csv", **fields)
        office.ok("advance", step, "--from", rows, "--on", on, *words, at=on)

    asked = [*not_ready["ni-returned"], *not_ready["ni-refused"]]
    letter = "surat-usul-ni 800/6/BKPSDM 2025-10-01"
    takes("propose-ni", asked, "2025-10-01", "--document", letter, drh_complete=lambda _person: "ya")
    takes("return-ni", not_ready["ni-returned"], "2025-10-10", "--reason", "name-differs")
    takes("refuse-ni", not_ready["ni-refused"], "2025-10-13", "--reason", "education")
    own = ("--reason", "own-request", "--document", "surat-pengunduran-diri 1 2025-10-13")
    takes("withdraw", not_ready["withdrawn"], "2025-10-14", *own)
    takes("record-death", not_ready["deceased"], "2025-10-15", "--document", "akta-kematian AK/1 2025-10-15")


def come_back(office: Office, returned: list[Person]) -> None:
    """The mended files, their numbers, and the decree from the new year on."""
    file = ("--document", "berkas-perbaikan 800/7/BKPSDM 2025-12-10")
    office.ok("advance", "resubmit-ni", "--stage", "ni-returned", "--on", "2025-12-10", *file, at="2025-12-10")
    numbers = office.fields(returned, "ni.csv", ni=lambda person: person.ni)
    pertek = ("--document", "pertek PW/2/BKN 2025-12-24")
    office.ok("advance", "assign-ni", "--from", numbers, "--on", "2025-12-24", *pertek, at="2025-12-24")
    appoint(office, returned, "2026-01-01", sk="sk 821/18/2025 2025-12-29")


@pytest.fixture(scope="module")
def returned(
    with_numbers: Office,
    everyone: list[Person],
    not_ready: dict[str, list[Person]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Office:
    office = with_numbers.copy(tmp_path_factory.mktemp("returned"), seed=6)
    send_back(office, not_ready)
    appoint(office, of(everyone, "paruh-waktu", "penuh-waktu"), "2025-10-23")
    swear_in(office)
    come_back(office, not_ready["ni-returned"])
    return office


def test_on_the_day_of_the_oath_117_are_not_ready_for_five_reasons(returned: Office) -> None:
    stages = returned.count("stage", *OATH)
    assert {stage: n for stage, n in stages.items() if stage in FATES} == FATES
    assert stages["sworn-in"] == 3_809
    assert returned.count("status", *OATH)["pppk-pw"] == 3_794


def test_60_more_part_timers_stand_in_the_roster_of_the_new_year(returned: Office) -> None:
    assert returned.count("status", "--as-of", "2025-12-31")["pppk-pw"] == 3_794
    assert returned.count("status", *NEW_YEAR)["pppk-pw"] == 3_794 + 60
    assert returned.count("stage", *NEW_YEAR, "--status", "pppk-pw") == {"sworn-in": 3_794, "appointed": 60}


def test_nobody_knew_of_them_before_the_decree_was_recorded(returned: Office) -> None:
    known = ("--known-at", "2025-12-23")
    assert returned.count("status", *NEW_YEAR, *known)["pppk-pw"] == 3_794
    assert returned.total(*NEW_YEAR, "--stage", "ni-proposed", *known) == 60


def test_the_history_shows_why_the_file_came_back_and_both_versions_of_it(
    returned: Office, not_ready: dict[str, list[Person]]
) -> None:
    events = returned.json("history", not_ready["ni-returned"][0].worker.nik)
    assert [event["step"] for event in events[-5:]] == [
        "propose-ni",
        "return-ni",
        "resubmit-ni",
        "assign-ni",
        "appoint",
    ]
    sent, back, again = events[-5:-2]
    assert back["reason"] == "name-differs"
    assert [paper["number"] for paper in sent["documents"]] == ["800/6/BKPSDM"]
    assert [paper["number"] for paper in again["documents"]] == ["800/7/BKPSDM"]
    assert (back["before"]["stage"], back["after"]["stage"]) == ("ni-proposed", "ni-returned")


WINDOW, LAPSED = "2025-12-20", "2025-12-22"


def propose_ni(office: Office, person: Person, on: str, filed: str) -> dict[str, Any]:
    """What is said of a NI asked for on a day, for a worker whose DRH was filed on another."""
    asked = ("--set", "drh_complete=ya", "--set", f"drh_filed_on={filed}")
    letter = ("--document", f"surat-usul-ni 800/8/BKPSDM {on}")
    return office.json("advance", "propose-ni", person.worker.nik, "--on", on, *asked, *letter, at="2025-12-29")


def flags(office: Office, person: Person, on: str) -> list[str]:
    return office.json("show", person.worker.nik, "--as-of", on)["flags"]


def test_a_set_that_is_filed_after_the_window_is_taken_and_told(
    returned: Office, not_ready: dict[str, list[Person]], tmp_path: Path
) -> None:
    office = returned.copy(tmp_path, seed=7)
    waiting = not_ready["drh-filling"]
    for person, filed, missed_on in ((waiting[0], "2025-12-15", None), (waiting[1], "2025-12-16", "2025-12-16")):
        assert propose_ni(office, person, "2025-12-19", filed)["recorded"] == 1
        missed = office.json("show", person.worker.nik, "--as-of", "2025-12-19")["breaches"]
        [window] = [breach for breach in missed if breach["field"] == "drh_filed_on"]
        assert (window["due"], window["missed_on"]) == ("2025-12-15", missed_on)


def test_an_ni_asked_for_after_the_last_window_is_a_breach_that_blocks_nothing(
    returned: Office, not_ready: dict[str, list[Person]], tmp_path: Path
) -> None:
    office = returned.copy(tmp_path, seed=8)
    person = not_ready["drh-filling"][2]
    assert propose_ni(office, person, LAPSED, "2025-12-12")["recorded"] == 1
    assert "deadline-breached" in flags(office, person, LAPSED)
    missed = office.json("show", person.worker.nik, "--as-of", LAPSED)["breaches"]
    assert ("propose-ni", WINDOW) in {(breach["step"], breach["due"]) for breach in missed}


def test_who_never_filed_is_late_the_day_after_the_window(returned: Office, not_ready: dict[str, list[Person]]) -> None:
    cases = {row["case"] for row in returned.json("roster", "--stage", "drh-filling", "--as-of", "2025-12-21")}
    assert len(cases) == len(not_ready["drh-filling"]) == 40
    for day, late in ((WINDOW, set()), ("2025-12-21", cases)):
        rows = returned.json("due", "--late", "--step", "propose-ni", "--as-of", day)
        assert {row["case"] for row in rows if row["due"] == WINDOW} == late


def test_who_withdrew_was_refused_or_died_gets_no_number(returned: Office, not_ready: dict[str, list[Person]]) -> None:
    words = ("--on", "2025-12-24", "--document", "pertek PW/3/BKN 2025-12-24")
    refusals = {
        "withdrawn": "assign-ni cannot be taken while the case is withdrawn",
        "ni-refused": "assign-ni cannot be taken while the case is ni-refused",
        "deceased": "the case ended: it is deceased",
    }
    for fate, sentence in refusals.items():
        person = not_ready[fate][0]
        case = returned.json("show", person.worker.nik, *OATH)["case"]
        said = returned.refused("advance", "assign-ni", case, *words, "--set", f"ni={person.ni}")
        assert sentence in said
