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
    refused = metro.json(*asked)
    assert [row["code"] for row in refused["findings"]] == ["step-not-available"]
    assert (refused["possible"], refused["way"], refused["obstacle"]) == (False, [], "switched-off")
    allowed = metro.json(*asked, "--procedure", "kota-serang")
    assert (allowed["possible"], allowed["findings"]) == (True, [])
    assert [leg["step"] for leg in allowed["way"]] == ["return-to-opd"]


def test_the_same_command_is_done_in_a_register_under_kota_serang(tmp_path: Path, left_over: list[Person]) -> None:
    serang = Office(tmp_path).init()
    serang.ok("import", serang.workers(left_over), "--on", "2025-08-07")
    classify_out(serang, left_over)
    serang.ok("advance", "review", "--stage", "not-eligible", "--on", "2025-12-30", *MINUTES, at="2025-12-30")
    serang.ok("advance", "return-to-opd", "--stage", "policy-review", "--on", "2026-01-01", *ORDER)
    serang.ok("advance", "outsource", "--stage", "returned-to-opd", "--on", "2026-01-01")
    assert serang.count("status", "--as-of", "2026-01-01") == {"outsourced": 540}


LETTER = ("--document", "surat-tidak-diperpanjang 800/7 2025-12-31")
REPORT = ("--reason", "police", "--document", "laporan-polisi LP/B/12/XII/2025/SPKT 2025-12-30;issuer=Polres Metro")


@pytest.fixture(scope="module")
def held(metro: Office, left_over: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The police look into 91 of the 540; the Inspektorat put them on hold on 2025-12-30."""
    office = metro.copy(tmp_path_factory.mktemp("held"))
    doubtful = office.fields(left_over[449:], "doubtful.csv")
    office.ok("advance", "hold", "--from", doubtful, "--on", "2025-12-30", *REPORT, at="2025-12-30")
    return office


@pytest.fixture(scope="module")
def not_renewed(held: Office, left_over: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The decision about all 540, with effect from 2025-12-31: what can be done is done."""
    office = held.copy(tmp_path_factory.mktemp("not-renewed"), seed=3)
    named = office.fields(left_over, "named.csv")
    words = ("--on", "2025-12-31", *LETTER, "--partial")
    said = office.json("advance", "not-renew", "--from", named, *words, at="2025-12-31")
    assert (said["recorded"], said["refused"]) == (449, 91)
    assert {one["code"] for row in said["rows"] for one in row["findings"]} == {"on-hold"}
    return office


def test_a_hold_moves_nobody_and_is_a_flag(held: Office) -> None:
    assert held.count("stage", "--as-of", "2025-12-30") == {"appointed": 1_913, "policy-review": 540}
    flags = [held.json("show", f"18.72-{number:06d}")["flags"] for number in (1914, 2362, 2363, 2453)]
    assert [("legal-hold" in one) for one in flags] == [False, False, True, True]


def test_as_a_whole_the_540_cannot_be_let_go(held: Office) -> None:
    said = held.refused("advance", "not-renew", "--stage", "policy-review", "--on", "2025-12-31", *LETTER)
    assert "91 of 540" in said
    assert "police or APIP look into it" in said
    assert "release-hold" in said


def test_449_are_not_renewed_and_91_go_on_waiting(not_renewed: Office) -> None:
    assert not_renewed.count("stage", "--as-of", "2025-12-31") == {
        "appointed": 1_913,
        "not-renewed": 449,
        "policy-review": 91,
    }
    assert not_renewed.count("status", "--as-of", "2025-12-31") == {"pppk-pw": 1_913, "none": 449, "non-asn": 91}


def test_the_hold_is_released_by_the_inspektorat_and_an_approver(not_renewed: Office, tmp_path: Path) -> None:
    [step] = [row for row in not_renewed.json("steps") if row["step"] == "release-hold"]
    assert (step["authority"], step["role"], step["to"]) == ("Inspektorat", "approver", None)
    office = not_renewed.copy(tmp_path, seed=4)
    case = "18.72-002453"
    release = ("--document", "surat-pelepasan 700/3 2026-02-02")
    office.ok("advance", "release-hold", case, "--on", "2026-02-02", *release, at="2026-02-02")
    assert "legal-hold" not in office.json("show", case)["flags"]
    office.ok("advance", "not-renew", case, "--on", "2026-02-02", *LETTER)
    assert office.json("show", case)["stage"] == "not-renewed"
    assert office.total("--stage", "policy-review", "--as-of", "2026-02-02") == 90


def test_a_death_is_recorded_whoever_looks_into_the_case(not_renewed: Office, tmp_path: Path) -> None:
    office = not_renewed.copy(tmp_path, seed=5)
    certificate = ("--document", "akta-kematian 1872-KM-1/2026 2026-01-20")
    office.ok("advance", "record-death", "18.72-002453", "--on", "2026-01-15", *certificate, at="2026-02-03")
    assert office.json("show", "18.72-002453", "--as-of", "2026-01-15")["stage"] == "deceased"


def test_serang_may_not_leave_a_contract_to_run_out(twenty: Office) -> None:
    letter = ("--document", "surat-tidak-diperpanjang 800/7 2025-12-31")
    said = twenty.refused("advance", "not-renew", "36.73-000001", "--on", "2025-12-31", *letter)
    assert "transition not available in kota-serang: not-renew" in said
