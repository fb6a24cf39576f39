"""Rejection and outsourcing, told on 2026-01-20 with effect from 2026-01-01: both beliefs stay readable."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.office import Office

ON_THE_10TH = ("--as-of", "2026-01-10")
BEFORE, AFTER = ("--known-at", "2026-01-15"), ("--known-at", "2026-01-21")


def test_on_the_15th_nobody_was_believed_to_be_outsourced(january: Office) -> None:
    totals = january.count("stage", *ON_THE_10TH, *BEFORE)
    assert "outsourced" not in totals
    assert totals["proposed"] == 526
    assert totals["not-eligible"] == 805


def test_on_the_21st_1_331_were(january: Office) -> None:
    totals = january.count("stage", *ON_THE_10TH, *AFTER)
    assert totals["outsourced"] == 1_331
    assert not totals.keys() & {"proposed", "rejected", "returned-to-opd", "not-eligible"}


def test_without_a_moment_the_answer_is_what_is_known_now(january: Office) -> None:
    assert january.count("stage", *ON_THE_10TH) == january.count("stage", *ON_THE_10TH, *AFTER)


def test_the_year_before_is_as_it_was(january: Office) -> None:
    for known in (BEFORE, AFTER):
        assert january.total("--stage", "proposed", "--as-of", "2025-12-31", *known) == 526
        assert january.total("--status", "outsourced", "--as-of", "2025-12-31", *known) == 0


def test_the_reasons_are_those_of_the_ministry(january: Office) -> None:
    rows = january.json("log", "--step", "reject")
    assert Counter(row["reason"] for row in rows) == {"cpns": 377, "no-selection": 149}
    assert {row["fields"]["scope"] for row in rows} == {"general"}


def test_each_of_the_526_went_by_rejection_and_return_on_one_day(january: Office) -> None:
    [row, *_] = january.json("roster", "--where-document", "B/5/M.SM.01.00", *ON_THE_10TH)
    events = january.json("history", row["case"])
    assert [event["step"] for event in events[-3:]] == ["reject", "return-to-opd", "outsource"]
    assert {event["effective_on"] for event in events[-3:]} == {"2026-01-01"}
    assert {event["recorded_at"][:10] for event in events[-3:]} == {"2026-01-20"}
    assert [event["before"]["stage"] for event in events[-3:]] == ["proposed", "rejected", "returned-to-opd"]


def test_an_answer_for_two_times_stays_the_same_when_more_is_recorded(year_end: Office, january: Office) -> None:
    question = ("roster", *ON_THE_10TH, *BEFORE, "--format", "csv")
    answered = year_end.ok(*question).stdout
    assert january.ok(*question).stdout == answered
    assert answered.count("\n") == 5_258


def test_views_made_anew_equal_those_that_were_kept(january: Office, tmp_path: Path) -> None:
    office = january.copy(tmp_path)
    kept = office.json("views", "status")
    assert "equal to what was kept" in office.ok("views", "rebuild").stdout
    assert office.json("views", "status") == kept
