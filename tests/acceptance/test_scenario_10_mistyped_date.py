"""The minute of a meeting was typed in with the wrong year; it is corrected, and both versions stay readable."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import of, propose_late
from tests.office import Office
from workflow.demo.people import Person

WRONG, RIGHT, YEAR_END = "2026-12-12", "2025-12-12", "2025-12-31"
REASON = "the year was mistyped: the 12th was a Friday in 2025"
TOPIC = "Anggaran upah Non-R"


@pytest.fixture(scope="module")
def mistyped(with_numbers: Office, everyone: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The 526 who wait for an answer, with the minute of their meeting recorded for a day of the next year."""
    office = with_numbers.copy(tmp_path_factory.mktemp("mistyped"), seed=10)
    propose_late(office, everyone)
    minute = ("--document", f"notulen 100/12 {RIGHT}", "--set", f"topic={TOPIC}")
    office.ok("advance", "minute", "--stage", "proposed", "--on", WRONG, *minute, at="2025-12-15")
    return office


@pytest.fixture(scope="module")
def command(mistyped: Office) -> str:
    """The command that recorded the minute."""
    [command] = {row["command"] for row in mistyped.json("log", "--step", "minute")}
    return str(command)


@pytest.fixture(scope="module")
def mended(mistyped: Office, command: str, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same register after the correction of 2025-12-18."""
    office = mistyped.copy(tmp_path_factory.mktemp("mended"), seed=11)
    office.ok("correct", "--command", command, "--on", RIGHT, "--reason", REASON, at="2025-12-18")
    return office


@pytest.fixture(scope="module")
def worker(everyone: list[Person]) -> str:
    return of(everyone, "susulan-377")[0].worker.nik


def minutes(office: Office, worker: str, *times: str) -> list[str]:
    """The days of the meetings in a worker's history, as it was read on a day."""
    return [event["effective_on"] for event in office.json("history", worker, *times) if event["step"] == "minute"]


def test_before_it_is_corrected_the_year_does_not_show_the_meeting(mistyped: Office, worker: str) -> None:
    assert mistyped.total("--where-document", "100/12", "--as-of", YEAR_END) == 0
    assert minutes(mistyped, worker, "--as-of", YEAR_END) == []
    assert [act["step"] for act in mistyped.json("show", worker)["planned"]] == ["minute"]


def test_as_of_the_end_of_the_year_it_counts_for_all_526(mended: Office, worker: str) -> None:
    assert mended.total("--where-document", "100/12", "--as-of", YEAR_END) == 526
    assert mended.total("--where-document", "100/12", "--as-of", "2025-12-11") == 0
    assert mended.json("show", worker)["planned"] == []


def test_what_was_believed_before_stays_believed_then(mended: Office) -> None:
    question = ("--where-document", "100/12", "--as-of", YEAR_END, "--known-at")
    assert mended.total(*question, "2025-12-17") == 0
    assert mended.total(*question, "2025-12-18") == 526


def test_both_versions_stay_in_the_history(mended: Office, worker: str) -> None:
    *_, minute, correction = mended.json("history", worker)
    assert (minute["step"], minute["effective_on"]) == ("minute", WRONG)
    assert minute["corrected_by"] == [correction["seq"]]
    assert (correction["step"], correction["target"], correction["reason"]) == ("correct", minute["seq"], REASON)
    assert correction["fields"]["on"] == RIGHT
    assert minute["fields"]["topic"] == TOPIC


def test_the_meeting_moves_nobody(mended: Office, mistyped: Office) -> None:
    for office in (mistyped, mended):
        assert office.count("stage", "--as-of", YEAR_END)["proposed"] == 526


def test_a_day_before_the_worker_was_registered_is_refused(mistyped: Office, command: str) -> None:
    said = mistyped.refused("correct", "--command", command, "--on", "2024-12-12", "--reason", REASON)
    assert "Refused: 526 of 526. Nothing was recorded." in said
