"""A death told late, a resignation and a retirement: 3,794 part-timers become 3,791 by 2026-04-01."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person

PART_TIME = ("--status", "pppk-pw")
RETIRES_ON = "2026-04-01"


@pytest.fixture(scope="module")
def retiring(everyone: list[Person]) -> Person:
    """The part-timer who turns 58 in March 2026, with a job that ends at 58."""
    [one] = [
        person
        for person in of(everyone, "paruh-waktu")
        if date(1968, 3, 1) <= (person.worker.birth_date or date.max) <= date(1968, 3, 31)
    ]
    assert one.worker.position == "Operator Layanan Operasional"
    return one


@pytest.fixture(scope="module")
def left(
    under_contract: Office, everyone: list[Person], retiring: Person, tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """The city in April 2026."""
    office = under_contract.copy(tmp_path_factory.mktemp("left"), seed=13)
    dead, resigning = of(everyone, "paruh-waktu")[:2]

    def takes(step: str, person: Person, on: str, paper: str, at: str) -> None:
        office.ok("advance", step, person.worker.nik, "--on", on, "--document", paper, at=at)

    takes("record-death", dead, "2025-11-05", "akta-kematian 3673-KM-1/2025 2025-11-07", "2026-02-10")
    takes("request-exit", resigning, "2026-02-16", "surat-permohonan-berhenti 1 2026-02-16", "2026-02-16")
    takes("grant-exit", resigning, "2026-03-01", "sk-pemberhentian 800/51/2026 2026-02-27", "2026-02-27")
    takes("retire", retiring, RETIRES_ON, "sk-pemberhentian 800/52/2026 2026-03-20", "2026-03-20")
    return office


@pytest.mark.parametrize(
    ("day", "known", "serve"),
    [
        ("2026-01-01", "2026-01-31", 3_794),
        ("2026-01-01", "2026-03-01", 3_793),
        ("2026-02-28", "2026-04-01", 3_793),
        ("2026-03-01", "2026-04-01", 3_792),
        ("2026-03-31", "2026-04-01", 3_792),
        ("2026-04-01", "2026-04-01", 3_791),
        ("2026-04-01", "2026-02-28", 3_792),
        ("2026-04-01", "2026-01-31", 3_794),
    ],
)
def test_how_many_serve_on_a_day_as_it_was_known_on_another(left: Office, day: str, known: str, serve: int) -> None:
    assert left.total(*PART_TIME, "--as-of", day, "--known-at", known) == serve


def test_each_left_by_a_stage_of_its_own(left: Office) -> None:
    stages = left.count("stage", "--as-of", RETIRES_ON)
    assert {stage: stages[stage] for stage in ("deceased", "resigned", "retired", "active")} == {
        "deceased": 1, "resigned": 1, "retired": 1, "active": 3_791 + 15,
    }  # fmt: skip


def test_a_request_granted_early_warns_for_a_part_timer(
    under_contract: Office, everyone: list[Person], tmp_path: Path
) -> None:
    office = under_contract.copy(tmp_path, seed=14)
    person = of(everyone, "paruh-waktu")[1].worker.nik
    paper = ("--document", "surat-permohonan-berhenti 1 2026-02-16")
    office.ok("advance", "request-exit", person, "--on", "2026-02-16", *paper, at="2026-02-16")
    grant = ("advance", "grant-exit", person, "--on", "2026-03-01", "--document", "sk-pemberhentian 800/51 2026-02-27")
    [row] = office.json(*grant, "--dry-run")["rows"]
    [finding] = row["findings"]
    assert (finding["code"], finding["severity"]) == ("contract-not-served", "warning")
    assert "129 of 365 days" in finding["message"]


def test_nobody_retires_before_the_birthday_and_the_birthday_is_not_told(
    under_contract: Office, retiring: Person
) -> None:
    words = ("--document", "sk-pemberhentian 800/52/2026 2026-02-20")
    said = under_contract.refused("advance", "retire", retiring.worker.nik, "--on", "2026-02-28", *words)
    assert "does not reach the age of 58" in said
    assert str(retiring.worker.birth_date) not in said


def test_a_request_that_was_deferred_and_a_worker_who_walks_out(
    under_contract: Office, everyone: list[Person], tmp_path: Path
) -> None:
    """One of the 15: under 90 % of the contract the request cannot be granted."""
    office = under_contract.copy(tmp_path, seed=15)
    nik = of(everyone, "penuh-waktu")[0].worker.nik

    def takes(step: str, on: str, *words: str) -> None:
        office.ok("advance", step, nik, "--on", on, *words, at=on)

    takes("request-exit", "2026-02-16", "--document", "surat-permohonan-berhenti 1 2026-02-16")
    decree = ("--document", "sk-pemberhentian 800/53/2026 2026-03-02")
    said = office.refused("advance", "grant-exit", nik, "--on", "2026-03-02", *decree, at="2026-03-02")
    assert "under 90 percent" in said
    assert "defer-exit" in said
    takes("defer-exit", "2026-03-02", "--document", "surat-penundaan 800/54 2026-03-02", "--set", "until=2026-09-01")
    case = office.json("show", nik)
    assert (case["stage"], case["status"], case["since"]) == ("exit-requested", "pppk", "2026-02-16")
    takes("leave-anyway", "2026-03-16", "--document", "sk-pemberhentian 800/55/2026 2026-03-16")
    row = office.json("show", nik)
    assert (row["stage"], row["status"]) == ("dismissed-involuntarily", "none")
    last = office.json("history", nik)[-1]
    assert last["fields"]["legal_basis"] == "PP 49/2018 pasal 56"
    assert office.total("--status", "pppk", "--as-of", "2026-03-16") == 14


def test_who_left_without_leave_had_asked_first(under_contract: Office, everyone: list[Person]) -> None:
    decree = ("--document", "sk-pemberhentian 800/55/2026 2026-03-16")
    nik = of(everyone, "paruh-waktu")[2].worker.nik
    said = under_contract.refused("advance", "leave-anyway", nik, "--on", "2026-03-16", *decree)
    assert "It starts from: exit-requested" in said
