"""A region that was written as data alone: a stage, a step and reasons of its own, and three jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person

MINUTES = ("--document", "notulen 100/9 2025-12-29")
KEPT = ("--on", "2026-01-01", "--reason", "awaiting-policy")


@pytest.fixture(scope="module")
def lebak(everyone: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """400 were dropped when the list was checked, and are kept on without pay from January 2026."""
    office = Office(tmp_path_factory.mktemp("lebak")).init("kab-lebak", "36.02")
    office.ok("import", office.workers(of(everyone, "lain-805")[:400]), "--on", "2025-08-07")
    dropped = ("--reason", "dropped-in-validation")
    office.ok("advance", "classify-out", "--stage", "registered", "--on", "2025-08-20", *dropped, at="2025-08-20")
    office.ok("advance", "review", "--stage", "not-eligible", "--on", "2025-12-29", *MINUTES, at="2025-12-29")
    office.ok("advance", "keep-on", "--stage", "policy-review", *KEPT, at="2026-01-05")
    return office


def test_in_february_400_work_on_as_non_asn(lebak: Office) -> None:
    assert lebak.count("stage,status", "--as-of", "2026-02-28") == {("kept-without-pay", "non-asn"): 400}


def test_from_march_on_cleaners_security_and_drivers_are_outsourced(lebak: Office, tmp_path: Path) -> None:
    office = lebak.copy(tmp_path, seed=3)
    asked = ("advance", "outsource", "--stage", "kept-without-pay", "--on", "2026-03-01")
    said = office.refused(*asked, "--set", "job=pramubakti", at="2026-03-02")
    assert "cleaning | security | driver" in said
    office.ok(*asked, "--set", "job=cleaning", "--set", "contract_end=2026-12-31")
    assert office.count("status", "--as-of", "2026-03-01") == {"outsourced": 400}
    office.ok("advance", "renew-outsourcing", "--all", "--on", "2026-12-20", "--set", "contract_end=2027-12-31")
    assert office.json("show", "36.02-000001", "--as-of", "2026-12-20")["contract"]["end"] == "2027-12-31"
    office.ok("advance", "end-outsourcing", "36.02-000001", "--on", "2028-01-01")
    assert office.count("status", "--as-of", "2028-01-01") == {"outsourced": 399, "none": 1}


def test_what_lebak_never_decided_on_is_not_available(lebak: Office) -> None:
    for step in ("return-to-opd", "not-renew", "lay-off", "hire-individually"):
        said = lebak.refused("advance", step, "36.02-000001", "--on", "2026-03-01")
        assert f"transition not available in kab-lebak: {step}" in said


def test_no_other_region_knows_its_step(twenty: Office) -> None:
    said = twenty.refused("advance", "keep-on", "36.73-000001", *KEPT, code=2)
    assert "keep-on" in said


def test_its_words_are_there_in_both_languages(lebak: Office) -> None:
    [english] = [row for row in lebak.json("steps") if row["step"] == "keep-on"]
    assert english["authority"] == "regent"
    assert {reason["code"] for reason in english["reasons"]} == {"awaiting-policy", "awaiting-budget"}
    procedure = lebak.json("procedure", "show", "kab-lebak")
    assert (procedure["extends"], procedure["version"]) == ("nasional@2025.2", "2025.2")
    assert "kept-without-pay" in {stage["stage"] for stage in procedure["stages"]}
