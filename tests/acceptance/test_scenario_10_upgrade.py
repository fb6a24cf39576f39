"""Ten part-timers of Kota Serang are appointed full time: 3,794 become 3,784, the 15 become 25, and nobody is lost."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person

ASKED = (
    ("propose-full-time", "2026-05-04", "surat-usulan 800/21/BKPSDM 2026-05-04"),
    ("set-full-time-need", "2026-06-02", "keputusan-menpan B/21/M.SM.01.00 2026-06-02"),
    ("request-conversion", "2026-06-08", "surat-usul-alih-status 800/22/BKPSDM 2026-06-08"),
)
NEED, TMT = "2026-06-02", "2026-08-01"


@pytest.fixture(scope="module")
def ten(everyone: list[Person]) -> list[Person]:
    return of(everyone, "paruh-waktu")[:10]


@pytest.fixture(scope="module")
def upgraded(
    year_end: Office, everyone: list[Person], ten: list[Person], tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """Duty and contract for all from 2025-10-24 on; the decree for ten of them is recorded on 2026-07-20."""
    office = year_end.copy(tmp_path_factory.mktemp("upgraded"), seed=12)
    contract = ("--set", "contract_start=2025-10-23", "--set", "contract_end=2026-10-22")
    papers = ("--document", "perjanjian-kerja 800/20/P3K 2025-10-23", "--document", "spmt 800/20/SPMT 2025-10-24")
    office.ok("advance", "start-duty", "--stage", "sworn-in", "--on", "2025-10-24", *contract, *papers)
    listed = office.fields(ten, "ten.csv")
    for step, on, paper in ASKED:
        office.ok("advance", step, "--from", listed, "--on", on, "--document", paper, at=on)
    papers = ("--document", "pertek PT/1/BKN 2026-07-10", "--document", "sk 821/30/2026 2026-07-20")
    office.ok("advance", "upgrade", "--from", listed, "--on", TMT, *papers, "--set", "wage=3203600", at="2026-07-20")
    return office


def test_the_day_before_nothing_has_changed(upgraded: Office) -> None:
    statuses = upgraded.count("status", "--as-of", "2026-07-31")
    assert (statuses["pppk-pw"], statuses["pppk"]) == (3794, 15)


def test_from_the_tmt_on_3784_and_25(upgraded: Office) -> None:
    statuses = upgraded.count("status", "--as-of", TMT)
    assert (statuses["pppk-pw"], statuses["pppk"], statuses["none"]) == (3784, 25, 10)


def test_as_known_before_the_decree_was_recorded_nobody_is_upgraded(upgraded: Office) -> None:
    statuses = upgraded.count("status", "--as-of", TMT, "--known-at", "2026-07-19")
    assert (statuses["pppk-pw"], statuses["pppk"]) == (3794, 15)


def test_each_has_a_linked_case_of_the_same_person(upgraded: Office, ten: list[Person]) -> None:
    full_time = upgraded.json("roster", "--status", "pppk", "--stage", "appointed", "--as-of", TMT)
    assert {row["nik"] for row in full_time} == {person.worker.nik for person in ten}
    ended = upgraded.json("roster", "--stage", "upgraded", "--as-of", TMT)
    assert {row["nik"] for row in ended} == {person.worker.nik for person in ten}
    assert len({row["case"] for row in (*full_time, *ended)}) == 20


def test_bkn_must_be_asked_within_seven_working_days_of_the_need(upgraded: Office, ten: list[Person]) -> None:
    due = upgraded.json("due", "--as-of", NEED, "--known-at", NEED, "--step", "request-conversion")
    assert {row["due"] for row in due} == {"2026-06-11"}
    assert len(due) == 10


def test_the_whole_can_be_taken_back_and_brought_back(upgraded: Office, tmp_path) -> None:
    office = upgraded.copy(tmp_path)
    office.ok("rescind", "--document", "821/30/2026", "--cascade", "--reason", "SK batal", at="2026-07-25")
    statuses = office.count("status", "--as-of", TMT)
    assert (statuses["pppk-pw"], statuses["pppk"]) == (3794, 15)
    office.ok("undo", "--yes")
    assert office.count("status", "--as-of", TMT) == upgraded.count("status", "--as-of", TMT)
