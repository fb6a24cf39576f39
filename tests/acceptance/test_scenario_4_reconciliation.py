"""What the register says on 2026-01-31 adds up to the published figures, and invents nobody."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person, people

REPORTED = ("--as-of", "2026-01-31")
ACCOUNTED = ("--status", "pppk-pw", "--status", "pppk", "--status", "outsourced")


def test_the_report_totals_5_140(january: Office) -> None:
    assert january.count("status", *ACCOUNTED, *REPORTED) == {"pppk-pw": 3_794, "pppk": 15, "outsourced": 1_331}
    assert january.total(*ACCOUNTED, *REPORTED) == 5_140


def test_the_117_whose_fate_nobody_told_stand_apart(january: Office, everyone: list[Person]) -> None:
    rows = january.json("roster", "--status", "non-asn", *REPORTED)
    assert {row["nik"] for row in rows} == {person.worker.nik for person in of(everyone, "belum-siap")}
    assert {row["stage"] for row in rows} == {"drh-filling"}
    assert january.total(*REPORTED) == 5_140 + 117


def test_totals_by_unit_and_status_add_up_to_the_roster(january: Office) -> None:
    by_both = january.count("unit,status", *REPORTED)
    assert sum(by_both.values()) == len(january.json("roster", *REPORTED)) == 5_257
    for unit, n in january.count("unit", *REPORTED).items():
        assert n == sum(of_both for (name, _), of_both in by_both.items() if name == unit)


def test_169_more_on_a_list_are_registered_and_not_outsourced(
    january: Office, everyone: list[Person], tmp_path: Path
) -> None:
    office = january.copy(tmp_path)
    known = {person.worker.nik for person in everyone}
    more = [person for person in people(600, seed=7) if person.worker.nik not in known][:169]
    said = office.json("import", office.workers(more, "more.csv"), "--on", "2026-01-31", at="2026-01-31")
    assert said["recorded"] == 169
    assert office.count("status", *ACCOUNTED, *REPORTED)["outsourced"] == 1_331
    assert office.count("stage", "--status", "non-asn", *REPORTED) == {"drh-filling": 117, "registered": 169}
