"""The life of one contract through the command line, and every way in which it ends, for part-timers and the 15."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import of
from tests.career import hire, take
from tests.office import Office
from workflow.demo.people import Person

A = "36.73-000001"
LAW = "PP 49/2018 pasal 53"
LATER = ("2026-03-16", "2026-03-17")


@pytest.fixture(scope="module", params=["pppk-pw", "pppk"])
def employed(
    request: pytest.FixtureRequest, everyone: list[Person], tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """One worker under contract from 2025-10-23 to 2026-10-22: a part-timer, or one of the 15."""
    office = Office(tmp_path_factory.mktemp("employed"), seed=20).init()
    hire(office, of(everyone, "paruh-waktu" if request.param == "pppk-pw" else "penuh-waktu")[:1])
    assert office.json("show", A)["status"] == request.param
    return office


@pytest.fixture
def office(employed: Office, tmp_path: Path) -> Office:
    return employed.copy(tmp_path, seed=21)


def goes(office: Office, *acts: tuple[str, str] | tuple[str, str, dict[str, str]]) -> list[str]:
    """The stages after each act of worker A."""
    stages = []
    for step, on, *fields in acts:
        take(office, step, on, A, **(fields[0] if fields else {}))
        stages.append(office.json("show", A, "--as-of", on)["stage"])
    return stages


def evaluation(scope: str, ended_on: str, predicate: str) -> dict[str, str]:
    return {"scope": scope, "ended_on": ended_on, "predicate": predicate}


def test_from_the_contract_to_its_end_with_all_that_can_happen_between(office: Office) -> None:
    status = office.json("show", A)["status"]
    stages = goes(
        office,
        ("evaluate", "2026-01-08", evaluation("quarter", "2025-12-31", "kurang")),
        ("coach", "2026-01-15", {"level": "teguran lisan"}),
        ("coach", "2026-01-29", {"level": "teguran tertulis"}),
        ("coach", "2026-02-20", {"level": "pernyataan tidak puas"}),
        ("evaluate", "2026-04-08", evaluation("quarter", "2026-03-31", "baik")),
        ("recover", "2026-04-09"),
    )
    assert stages == ["active", "coaching", "coaching", "coaching", "coaching", "active"]
    custody = ("--reason", "detained", "--document", "surat-penahanan SP.Han/4/V/2026 2026-05-04")
    office.ok("advance", "suspend", A, "--on", "2026-05-04", *custody, at="2026-05-05")
    assert office.json("show", A)["stage"] == "suspended"
    assert office.json("show", A)["status"] == status
    stages = goes(
        office,
        ("reinstate", "2026-06-15"),
        ("evaluate", "2026-10-01", evaluation("year", "2026-09-30", "baik")),
        ("extend", "2026-10-05", {"contract_start": "2026-10-23", "contract_end": "2027-10-22"}),
        ("evaluate", "2027-01-08", evaluation("quarter", "2026-12-31", "sangat-baik")),
        ("expire", "2027-10-23"),
    )
    assert stages == ["active", "active", "active", "active", "contract-ended"]
    assert office.json("show", A, "--as-of", "2027-10-22")["status"] == status
    assert office.json("show", A, "--as-of", "2027-10-23")["status"] == "none"


def test_each_rung_of_the_ladder_stays_in_the_history_and_the_first_says_since_when(office: Office) -> None:
    goes(office, ("coach", "2026-01-15", {"level": "teguran lisan"}), ("coach", "2026-01-29", {"level": "tertulis"}))
    assert office.json("show", A)["since"] == "2026-01-15"
    rungs = [event["fields"]["level"] for event in office.json("history", A) if event["step"] == "coach"]
    assert rungs == ["teguran lisan", "tertulis"]


def test_nobody_is_reinstated_into_a_contract_that_ran_out(office: Office) -> None:
    leave = ("--reason", "unpaid-leave")
    office.ok("advance", "suspend", A, "--on", "2026-05-04", *leave, at="2026-05-04")
    words = ("--on", "2026-10-23", "--document", "sk-pengaktifan 800/60 2026-10-23")
    assert "the contract ended on 2026-10-22" in office.refused("advance", "reinstate", A, *words, at="2026-10-23")
    assert goes(office, ("expire", "2026-10-23")) == ["contract-ended"]


def test_a_request_to_leave_is_deferred_refused_made_again_and_granted(office: Office) -> None:
    stages = goes(
        office,
        ("request-exit", "2026-08-03"),
        ("defer-exit", "2026-08-10", {"until": "2026-09-14"}),
        ("refuse-exit", "2026-09-14"),
        ("request-exit", "2026-09-21"),
        ("grant-exit", "2026-10-01"),
    )
    assert stages == ["exit-requested", "exit-requested", "active", "exit-requested", "resigned"]


def _decided(*kinds: str, **more: str) -> list[str]:
    """The words of a decision: its papers, and its reason and law."""
    papers = [word for kind in kinds for word in ("--document", f"{kind} 800/{kind}/2026 {LATER[0]}")]
    law = ["--set", f"legal_basis={more['law']}"] if "law" in more else []
    return [*papers, *(["--reason", more["reason"]] if "reason" in more else []), *law]


# step: (what it is given, the stage it leads to, the employment status after it)
ENDINGS = {
    "record-death": (_decided("akta-kematian"), "deceased", "none"),
    "dismiss-honourably": (
        _decided("sk-pemberhentian", "keputusan-perampingan", reason="downsizing", law=LAW),
        "dismissed-honourably",
        "none",
    ),
    "dismiss-involuntarily": (
        _decided("sk-pemberhentian", "putusan", reason="prison", law=LAW),
        "dismissed-involuntarily",
        "none",
    ),
    "dismiss-dishonourably": (
        _decided("sk-hukuman", reason="serious-discipline", law=LAW),
        "dismissed-dishonourably",
        "none",
    ),
    "cancel-appointment": (_decided("sk-pembatalan", "lhp", reason="fictitious"), "appointment-cancelled", "non-asn"),
}


@pytest.mark.parametrize("step", ENDINGS)
def test_an_ending_by_decision_holds_from_its_day_and_is_final(office: Office, step: str) -> None:
    before, on = LATER
    words, stage, status = ENDINGS[step]
    office.ok("advance", step, A, "--on", on, *words, at=on)
    assert office.json("show", A, "--as-of", before)["stage"] == "active"
    case = office.json("show", A, "--as-of", on)
    assert (case["stage"], case["status"]) == (stage, status)
    said = office.refused("advance", "evaluate", A, "--on", on, "--set", "scope=year")
    assert f"is {stage}" in said


def test_retirement_of_a_worker_whose_birth_date_was_wrong(office: Office) -> None:
    """The register holds one by which nobody retires yet; it is amended, and then the age is reached."""
    decree = ("--document", "sk-pemberhentian 800/61/2026 2026-03-02")
    said = office.refused("advance", "retire", A, "--on", "2026-04-01", *decree, at="2026-03-16")
    assert "does not reach the age" in said
    ruling = ("--document", "bukti-perubahan 3/Pdt.P/2026 2026-03-16", "--set", "birth_date=1961-03-10")
    office.ok("advance", "amend-person", A, "--on", "2026-03-16", *ruling, at="2026-03-16")
    office.ok("advance", "retire", A, "--on", "2026-04-01", *decree, at="2026-03-17")
    assert office.json("show", A, "--as-of", "2026-04-01")["stage"] == "retired"


def test_who_left_without_leave_is_in_the_second_class(office: Office) -> None:
    stages = goes(office, ("request-exit", "2026-02-16"), ("leave-anyway", "2026-03-16"))
    assert stages == ["exit-requested", "dismissed-involuntarily"]


def test_a_death_told_late_takes_its_place_in_the_past(office: Office) -> None:
    goes(office, ("evaluate", "2026-01-08", evaluation("quarter", "2025-12-31", "baik")))
    words = ("--on", "2025-12-20", "--document", "akta-kematian 3673-KM-2/2026 2026-02-09")
    said = office.refused("advance", "record-death", A, *words, at="2026-02-10")
    assert "evaluate of 2026-01-08" in said
    assert "--cascade" in said
    office.ok("advance", "record-death", A, *words, "--cascade", at="2026-02-10")
    assert office.json("show", A)["stage"] == "deceased"


def test_a_cancelled_appointment_can_be_reopened_and_go_the_whole_way_again(office: Office) -> None:
    words, *_ = ENDINGS["cancel-appointment"]
    office.ok("advance", "cancel-appointment", A, "--on", LATER[0], *words, at=LATER[0])
    said = office.refused("advance", "reopen", A, "--on", LATER[1], "--reason", "court-ruling", at=LATER[1])
    assert "the reason court-ruling needs the document putusan" in said
    ruling = ("--reason", "court-ruling", "--document", "putusan 7/G/2026/PTUN.SRG 2026-03-16")
    office.ok("advance", "reopen", A, "--on", LATER[1], *ruling, at=LATER[1])
    case = office.json("show", A)
    assert (case["stage"], case["status"], case["contract"]) == ("registered", "non-asn", None)
    assert goes(office, ("verify", "2026-03-18"), ("propose", "2026-03-19")) == ["verified", "proposed"]


def test_papers_of_any_kind_can_be_attached_while_the_case_is_open(office: Office) -> None:
    words = ("--on", "2026-02-02", "--document", "foto-rumah 1 2026-02-01", "--document", "ijazah SMA/12 2009-06-01")
    said = office.json("advance", "attach", A, *words, at="2026-02-02")
    assert (said["recorded"], said["warned"]) == (1, 0)
    assert {"foto-rumah", "ijazah"} <= {paper["kind"] for paper in office.json("show", A)["documents"]}
    assert "a document is missing, of any kind" in office.refused("advance", "attach", A, "--on", "2026-02-03")


def test_a_move_to_another_unit_leaves_the_contract_as_it_is(office: Office) -> None:
    contract = office.json("show", A)["contract"]
    paper = ("--document", "sk-penempatan 800/62 2026-02-02", "--set", "unit=Dinas Kesehatan")
    office.ok("advance", "move-unit", A, "--on", "2026-02-02", *paper, at="2026-02-02")
    case = office.json("show", A)
    assert (case["unit"], case["stage"], case["contract"]) == ("Dinas Kesehatan", "active", contract)


@pytest.mark.parametrize("step", ["swear-in-late", "not-renew", "lay-off", "hire-individually"])
def test_what_serang_never_decided_on_is_not_available(office: Office, step: str) -> None:
    said = office.refused("advance", step, A, "--on", "2026-02-02", at="2026-02-02")
    assert f"transition not available in kota-serang: {step}" in said
