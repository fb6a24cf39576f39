"""A death of November, told in February: who asks about January is answered by what was known when."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import of
from tests.office import Office
from workflow.demo.people import Person

NEW_YEAR = ("--as-of", "2026-01-01")
UNTOLD, TOLD = ("--known-at", "2026-01-31"), ("--known-at", "2026-03-01")
PART_TIME = ("--status", "pppk-pw")
CERTIFICATE = ("--document", "akta-kematian 3673-KM-1/2025 2025-11-07")


@pytest.fixture(scope="module")
def late(everyone: list[Person]) -> Person:
    """A part-timer who took the oath and died on 2025-11-05."""
    return of(everyone, "paruh-waktu")[0]


@pytest.fixture(scope="module")
def bereaved(year_end: Office, late: Person, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The city in March 2026: the death was recorded on 2026-02-10."""
    office = year_end.copy(tmp_path_factory.mktemp("bereaved"), seed=9)
    words = (late.worker.nik, "--on", "2025-11-05", *CERTIFICATE)
    office.ok("advance", "record-death", *words, at="2026-02-10")
    return office


def test_on_the_31st_of_january_3_794_were_believed_to_serve(bereaved: Office) -> None:
    assert bereaved.total(*PART_TIME, *NEW_YEAR, *UNTOLD) == 3_794


def test_on_the_1st_of_march_one_fewer(bereaved: Office) -> None:
    assert bereaved.total(*PART_TIME, *NEW_YEAR, *TOLD) == 3_793
    assert bereaved.total(*PART_TIME, *NEW_YEAR) == 3_793


@pytest.mark.parametrize(("day", "serve"), [("2025-11-04", 3_794), ("2025-11-05", 3_793)])
def test_the_death_counts_on_its_own_day(bereaved: Office, day: str, serve: int) -> None:
    assert bereaved.total(*PART_TIME, "--as-of", day) == serve
    assert bereaved.total(*PART_TIME, "--as-of", day, "--known-at", "2026-02-09") == 3_794


def test_what_was_learned_in_between_is_one_event_with_its_paper(bereaved: Office) -> None:
    [row] = bereaved.json("diff", "--belief", "2026-01-31", "2026-03-01", *NEW_YEAR)
    assert (row["before"]["stage"], row["after"]["stage"]) == ("sworn-in", "deceased")
    assert (row["before"]["status"], row["after"]["status"]) == ("pppk-pw", "none")
    [event] = row["events"]
    assert (event["step"], event["effective_on"]) == ("record-death", "2025-11-05")
    assert [paper["number"] for paper in event["documents"]] == ["3673-KM-1/2025"]


def test_the_case_tells_both_days(bereaved: Office, late: Person) -> None:
    last = bereaved.json("history", late.worker.nik)[-1]
    assert (last["effective_on"], last["recorded_at"][:10]) == ("2025-11-05", "2026-02-10")
    case = bereaved.json("show", late.worker.nik, *NEW_YEAR, *UNTOLD)
    assert (case["stage"], case["status"]) == ("sworn-in", "pppk-pw")


def test_nothing_happens_to_the_case_after_the_death(bereaved: Office, late: Person) -> None:
    words = ("--on", "2026-01-05", "--document", "notulen 100/1 2026-01-05")
    assert "the last one ended" in bereaved.refused("advance", "minute", late.worker.nik, *words)
    case = bereaved.json("show", late.worker.nik, *NEW_YEAR)["case"]
    said = bereaved.refused("advance", "minute", case, *words)
    assert "the case ended: it is deceased" in said
