"""Kota Metro has other rules: it never decided on outsourcing, and it may decide not to renew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import appoint, classify_out, give_numbers, of, propose_everyone_else
from tests.office import Office
from workflow.demo.people import Person

ORDER = ("--document", "instruksi-walikota 100/1 2025-12-30")
MINUTES = ("--document", "notulen 100/9 2025-12-30")


@pytest.fixture(scope="session")
def left_over(everyone: list[Person]) -> list[Person]:
    return of(everyone, "lain-805")[:540]


@pytest.fixture(scope="session")
def metro(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person], left_over: list[Person]) -> Office:
    """Kota Metro on 2025-12-30: 1,913 hold their decree, 540 wait for a policy."""
    office = Office(tmp_path_factory.mktemp("metro")).init("kota-metro", "18.72")
    appointed = of(everyone, "paruh-waktu")[:1_913]
    office.ok("import", office.workers([*appointed, *left_over]), "--on", "2025-08-07")
    classify_out(office, left_over)
    propose_everyone_else(office)
    give_numbers(office, appointed)
    office.now = office.now.replace(month=12, day=24)
    appoint(office, appointed, "2025-10-01", sk="sk 800/17/2025 2025-12-24")
    office.ok("advance", "review", "--stage", "not-eligible", "--on", "2025-12-30", *MINUTES, at="2025-12-30")
    return office


def test_on_2025_12_30_540_wait_for_a_policy(metro: Office) -> None:
    assert metro.count("stage", "--as-of", "2025-12-30") == {"appointed": 1_913, "policy-review": 540}


def test_the_decree_handed_out_in_december_holds_from_its_tmt(metro: Office) -> None:
    october = ("--status", "pppk-pw", "--as-of", "2025-10-01")
    assert metro.total(*october) == 1_913
    assert metro.total(*october, "--known-at", "2025-12-23") == 0


@pytest.mark.parametrize(
    ("step", "words"), [("return-to-opd", ORDER), ("outsource", ()), ("outsource", ("--set", "job=driver"))]
)
def test_steps_that_metro_never_decided_on_are_not_available(metro: Office, step: str, words: tuple[str, ...]) -> None:
    said = metro.refused("advance", step, "--stage", "policy-review", "--on", "2026-01-01", *words)
    assert f"transition not available in kota-metro: {step}" in said
    assert "540 of 540" in said


def test_the_message_is_a_finding_for_programs_too(metro: Office) -> None:
    words = ("advance", "return-to-opd", "18.72-002000", "--on", "2026-01-01", *ORDER)
    [row] = metro.json(*words, code=1)["rows"]
    assert [finding["code"] for finding in row["findings"]] == ["step-not-available"]
    assert row["verdict"] == "refused"


def test_under_the_rules_of_serang_nothing_stands_against_the_same_step(metro: Office) -> None:
    asked = ("why", "18.72-002000", "return-to-opd", *ORDER, "--as-of", "2025-12-30")
    assert [row["code"] for row in metro.json(*asked)] == ["step-not-available"]
    assert metro.json(*asked, "--procedure", "kota-serang") == []


def test_the_same_command_is_done_in_a_register_under_kota_serang(tmp_path: Path, left_over: list[Person]) -> None:
    serang = Office(tmp_path).init()
    serang.ok("import", serang.workers(left_over), "--on", "2025-08-07")
    classify_out(serang, left_over)
    serang.ok("advance", "review", "--stage", "not-eligible", "--on", "2025-12-30", *MINUTES, at="2025-12-30")
    serang.ok("advance", "return-to-opd", "--stage", "policy-review", "--on", "2026-01-01", *ORDER)
    serang.ok("advance", "outsource", "--stage", "returned-to-opd", "--on", "2026-01-01")
    assert serang.count("status", "--as-of", "2026-01-01") == {"outsourced": 540}


def test_449_are_not_renewed_and_91_go_on_waiting(metro: Office, left_over: list[Person], tmp_path: Path) -> None:
    office = metro.copy(tmp_path)
    named = office.fields(left_over[:449], "named.csv")
    letter = ("--document", "surat-tidak-diperpanjang 800/7 2025-12-31")
    office.ok("advance", "not-renew", "--from", named, "--on", "2025-12-31", *letter, at="2025-12-31")
    assert office.count("stage", "--as-of", "2025-12-31") == {
        "appointed": 1_913,
        "not-renewed": 449,
        "policy-review": 91,
    }
    assert office.count("status", "--as-of", "2025-12-31") == {"pppk-pw": 1_913, "none": 449, "non-asn": 91}


def test_serang_may_not_leave_a_contract_to_run_out(twenty: Office) -> None:
    letter = ("--document", "surat-tidak-diperpanjang 800/7 2025-12-31")
    said = twenty.refused("advance", "not-renew", "36.73-000001", "--on", "2025-12-31", *letter)
    assert "transition not available in kota-serang: not-renew" in said
