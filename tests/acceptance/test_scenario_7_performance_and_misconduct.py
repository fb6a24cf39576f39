"""Poor performance is coached and evaluated before anybody is dismissed; grave misconduct ends with the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import of
from tests.career import hire, take
from tests.office import Office
from workflow.demo.people import Person

A, B = "36.73-000001", "36.73-000002"
VERDICT_DAY = "2026-05-12"
LAW = ("--set", "legal_basis=PP 49/2018 pasal 53 ayat (3)")
VERDICT = ("--document", f"putusan 12/Pid.Sus/2026/PN.Srg {VERDICT_DAY}")
DECREE = ("--document", "sk-pemberhentian 800/31/2026 2026-04-13")
PERFORMANCE = ("--reason", "performance", "--set", "legal_basis=PP 49/2018 pasal 53 ayat (2)", *DECREE)


def evaluate(office: Office, case: str, scope: str, ended_on: str, predicate: str, on: str) -> None:
    words = ("--set", f"scope={scope}", "--set", f"ended_on={ended_on}", "--set", f"predicate={predicate}")
    paper = f"hasil-evaluasi 800/{scope}/{ended_on} {on}"
    office.ok("advance", "evaluate", case, "--on", on, *words, "--document", paper, at=on)


@pytest.fixture(scope="module")
def employed(everyone: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two part-timers under contract from 2025-10-23 to 2026-10-22."""
    office = Office(tmp_path_factory.mktemp("discipline")).init()
    hire(office, of(everyone, "paruh-waktu")[:2])
    return office


@pytest.fixture(scope="module")
def coached(employed: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Worker A had a poor quarter and is in coaching; worker B is detained since 2026-02-03."""
    office = employed.copy(tmp_path_factory.mktemp("coached"))
    evaluate(office, A, "quarter", "2025-12-31", "kurang", "2026-01-12")
    take(office, "coach", "2026-01-19", A)
    custody = ("--reason", "detained", "--document", "surat-penahanan SP.Han/4/II/2026 2026-02-03")
    office.ok("advance", "suspend", B, "--on", "2026-02-03", *custody, at="2026-02-05")
    return office


def test_a_poor_quarter_and_coaching_are_no_ground_for_a_direct_dismissal(coached: Office) -> None:
    said = coached.refused("advance", "dismiss-involuntarily", A, "--on", "2026-04-13", *PERFORMANCE, at="2026-04-13")
    assert "none is on record" in said
    assert "evaluate, scope year" in said


def test_who_does_well_again_goes_on_and_can_no_longer_be_dismissed_for_it(coached: Office, tmp_path: Path) -> None:
    office = coached.copy(tmp_path, seed=3)
    evaluate(office, A, "quarter", "2026-03-31", "baik", "2026-04-10")
    take(office, "recover", "2026-04-13", A)
    assert office.json("show", A)["stage"] == "active"
    evaluate(office, A, "year", "2026-03-31", "baik", "2026-04-14")
    said = office.refused("advance", "dismiss-involuntarily", A, "--on", "2026-04-15", *PERFORMANCE, at="2026-04-15")
    assert "the last yearly evaluation says baik" in said


def test_a_poor_year_after_coaching_ends_in_the_second_class_by_a_law_that_is_named(
    coached: Office, tmp_path: Path
) -> None:
    office = coached.copy(tmp_path, seed=3)
    evaluate(office, A, "year", "2026-03-31", "sangat-kurang", "2026-04-10")
    office.ok("advance", "dismiss-involuntarily", A, "--on", "2026-04-13", *PERFORMANCE, at="2026-04-13")
    case = office.json("show", A)
    assert (case["stage"], case["status"]) == ("dismissed-involuntarily", "none")
    last = office.json("history", A)[-1]
    assert (last["reason"], last["fields"]["legal_basis"]) == ("performance", "PP 49/2018 pasal 53 ayat (2)")


def test_without_coaching_a_poor_year_is_enough_nationally_and_not_in_serang(
    employed: Office, everyone: list[Person], tmp_path: Path
) -> None:
    """The mayor was quoted both ways on one day; the region's own file says which one holds."""
    office = employed.copy(tmp_path)
    evaluate(office, A, "year", "2026-03-31", "kurang", "2026-04-10")
    asked = ("advance", "dismiss-involuntarily", A, "--on", "2026-04-13", *PERFORMANCE)
    assert "calls for coaching first" in office.refused(*asked, at="2026-04-13")
    national = Office(tmp_path, name="national.db").init("nasional", "99.01")
    hire(national, of(everyone, "paruh-waktu")[:1])
    case = "99.01-000001"
    evaluate(national, case, "year", "2026-03-31", "kurang", "2026-04-10")
    national.ok("advance", "dismiss-involuntarily", case, "--on", "2026-04-13", *PERFORMANCE, at="2026-04-13")
    assert national.json("show", case)["stage"] == "dismissed-involuntarily"


def test_the_detained_worker_keeps_the_status_and_is_not_at_work(coached: Office) -> None:
    case = coached.json("show", B)
    assert (case["stage"], case["status"], case["since"]) == ("suspended", "pppk-pw", "2026-02-03")


@pytest.mark.parametrize("papers", [(), ("--document", "surat-penahanan SP.Han/4/II/2026 2026-02-03")])
def test_without_the_verdict_s_number_nobody_is_dismissed_dishonourably(
    coached: Office, papers: tuple[str, ...]
) -> None:
    words = ("--on", VERDICT_DAY, "--reason", "office-crime", *LAW, *papers)
    said = coached.refused("advance", "dismiss-dishonourably", B, *words, at="2026-05-13")
    assert "needs a final verdict or a disciplinary decree" in said


def test_a_verdict_is_a_number_and_not_a_word(coached: Office) -> None:
    words = ("--on", VERDICT_DAY, "--reason", "office-crime", *LAW, "--document", "putusan")
    assert "putusan" in coached.refused("advance", "dismiss-dishonourably", B, *words, code=2, at="2026-05-13")


def test_not_before_the_day_of_the_verdict(coached: Office) -> None:
    words = ("--on", "2026-05-11", "--reason", "office-crime", *LAW, *VERDICT)
    said = coached.refused("advance", "dismiss-dishonourably", B, *words, at="2026-05-13")
    assert "is before the verdict of 2026-05-12" in said


def test_with_it_the_case_ends_on_the_day_of_the_verdict_before_the_contract_s_first_year(
    coached: Office, tmp_path: Path
) -> None:
    office = coached.copy(tmp_path, seed=3)
    words = ("--on", VERDICT_DAY, "--reason", "office-crime", *LAW, *VERDICT)
    office.ok("advance", "dismiss-dishonourably", B, *words, at="2026-05-20")
    assert office.count("status", "--as-of", "2026-05-11") == {"pppk-pw": 2}
    assert office.count("stage", "--as-of", VERDICT_DAY) == {"coaching": 1, "dismissed-dishonourably": 1}
    case = office.json("show", B)
    assert (case["status"], case["since"], case["document"]) == ("none", VERDICT_DAY, "12/Pid.Sus/2026/PN.Srg")
    assert case["contract"]["end"] == "2026-10-22"
    assert [event["step"] for event in office.json("history", B)[-2:]] == ["suspend", "dismiss-dishonourably"]
