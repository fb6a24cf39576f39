"""What is due and what is late, as clerks and managers ask for it, and the decrees that move it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.office import Office

KEYS = {
    "case", "nik", "name", "unit", "stage", "step", "authority", "kind", "scope", "period", "due", "days",
    "working_days", "late_since", "missed_on", "formerly", "basis",
}  # fmt: skip
MAULID = "2025-09-05"
SKB = "skb-3-menteri 933/2025 2025-09-18"
WITHIN_SEVEN = "KepmenPANRB 16/2025 diktum 7"


@pytest.fixture
def needed(verified: Office) -> Office:
    """The twenty, whose need was set on 2025-09-04; the morning of 2025-09-05."""
    for step, stage, on, *papers in (
        ("propose", "verified", "2025-08-20", "surat-usulan 800/2 2025-08-20", "sptjm-ppk 800/3 2025-08-20"),
        ("approve", "proposed", "2025-09-04", "keputusan-menpan B/1 2025-09-04"),
    ):
        documents = [word for paper in papers for word in ("--document", paper)]
        verified.ok("advance", step, "--stage", stage, "--on", on, *documents, at=on)
    verified.now = verified.now.replace(day=5)
    return verified


def announce(office: Office, *who: str, on: str = "2025-09-06") -> None:
    office.ok("advance", "announce", *who, "--on", on, "--document", f"pengumuman 800/4 {on}", at=on)


def of_step(rows: list[dict[str, object]], step: str, basis: str = WITHIN_SEVEN) -> list[dict[str, object]]:
    return [row for row in rows if (row["step"], row["basis"]) == (step, basis)]


def test_what_is_due_says_whose_act_it_is_and_until_when(needed: Office) -> None:
    rows = needed.json("due", "--step", "propose-ni", "--as-of", "2025-09-09")
    row = of_step(rows, "propose-ni")[0]
    assert row.keys() >= KEYS
    assert (row["case"], row["stage"], row["authority"]) == ("36.73-000001", "need-approved", "PPK")
    assert (row["due"], row["days"], row["working_days"]) == ("2025-09-16", 7, 5)
    assert (row["kind"], row["missed_on"], row["late_since"], row["formerly"]) == ("deadline", None, None, [])
    assert len(of_step(rows, "propose-ni")) == 20


def test_what_is_late_says_since_when(needed: Office) -> None:
    row = of_step(needed.json("due", "--as-of", "2025-09-18"), "propose-ni")[0]
    assert (row["days"], row["working_days"], row["missed_on"]) == (-2, -2, "2025-09-17")
    on_the_day = of_step(needed.json("due", "--as-of", "2025-09-16"), "propose-ni")[0]
    assert (on_the_day["days"], on_the_day["missed_on"]) == (0, None)


def test_rows_come_by_due_date_and_then_by_case(needed: Office) -> None:
    announce(needed, "36.73-000003")
    rows = needed.json("due", "--as-of", "2025-09-09")
    assert [(row["due"], row["case"]) for row in rows] == sorted((row["due"], row["case"]) for row in rows)
    assert {row["due"] for row in rows} > {"2025-09-16"}


@pytest.mark.parametrize(
    ("words", "dues"),
    [
        ((), {"2025-09-06", "2025-09-16"}),
        (("--within", "0"), {"2025-09-06"}),
        (("--within", "6"), {"2025-09-06"}),
        (("--within", "7"), {"2025-09-06", "2025-09-16"}),
        (("--late",), {"2025-09-06"}),
        (("--late", "--within", "30"), {"2025-09-06"}),
        (("--step", "announce"), {"2025-09-06"}),
        (("--step", "propose-ni", "--within", "10"), {"2025-09-16"}),
        (("--stage", "drh-filling"), set()),
        (("--late", "--step", "propose-ni"), set()),
    ],
)
def test_only_what_is_asked_for_is_listed(needed: Office, words: tuple[str, ...], dues: set[str]) -> None:
    assert {row["due"] for row in needed.json("due", "--as-of", "2025-09-09", *words)} == dues


def test_a_clerk_sees_the_totals_and_whose_act_it_is(needed: Office) -> None:
    said = needed.ok("due", "--as-of", "2025-09-09").stdout
    assert "20 late and 20 not yet, as of 2025-09-09." in said
    assert "BKPSDM 20" in said
    assert "PPK 20" in said
    assert "2025-09-16" in said


def test_nobody_is_named_who_is_to_be_hidden(needed: Office) -> None:
    whole = needed.json("due", "--as-of", "2025-09-09")
    masked = needed.ok("due", "--as-of", "2025-09-09", "--mask", "--format", "csv").stdout
    assert not [row for row in whole if row["nik"] in masked or row["name"] in masked]


@pytest.mark.parametrize("words", [(), ("--within", "0"), ("--late",), ("--step", "announce")])
def test_a_receipt_of_what_was_due_can_be_asked_again(needed: Office, words: tuple[str, ...]) -> None:
    receipt = needed.folder / "due.receipt.json"
    needed.ok("due", "--as-of", "2025-09-09", *words, "--receipt", receipt, "--format", "csv")
    announce(needed, "--stage", "need-approved", on="2025-09-08")
    needed.ok("due", "--as-of", "2025-09-09")
    assert "the same to the byte" in needed.ok("receipt", "verify", receipt).stdout


def test_every_answer_is_the_same_when_the_moment_is_named(needed: Office) -> None:
    announce(needed, "36.73-000003", "36.73-000005")
    for day in ("2025-08-19", "2025-08-31", "2025-09-04", "2025-09-06", "2025-10-01"):
        asked = ("due", "--as-of", day)
        assert needed.json(*asked) == needed.json(*asked, "--known-at", "2025-09-06")
    before = needed.json("due", "--as-of", "2025-09-06", "--known-at", "2025-09-05")
    assert {row["stage"] for row in before} == {"need-approved"}


# --- decrees


def decree(office: Office, *words: str, at: str, document: str = SKB) -> str:
    return office.ok("holiday", "decree", *words, "--document", document, at=at).stdout


def test_a_decree_moves_what_is_due_and_the_old_day_stays_told(needed: Office) -> None:
    asked = ("due", "--step", "propose-ni", "--as-of", "2025-09-19")
    before = needed.json(*asked, "--known-at", "2025-09-17")
    assert decree(needed, "--off", "2025-09-08=Cuti bersama", at="2025-09-18") == (
        "2025-09-08 is a holiday: Cuti bersama.\n"
    )
    row = of_step(needed.json(*asked), "propose-ni")[0]
    assert (row["due"], row["missed_on"], row["late_since"]) == ("2025-09-17", "2025-09-18", "2025-09-17")
    former = {"due": "2025-09-16", "missed_on": "2025-09-17", "basis": WITHIN_SEVEN}
    assert row["formerly"] == [former | {"moved_by": "skb-3-menteri 933/2025"}]
    assert needed.json(*asked, "--known-at", "2025-09-17") == before
    assert of_step(before, "propose-ni")[0]["due"] == "2025-09-16"


def test_a_date_that_was_moved_in_time_leaves_no_trace(needed: Office) -> None:
    decree(needed, "--off", "2025-09-08=Cuti bersama", at="2025-09-16")
    row = of_step(needed.json("due", "--as-of", "2025-09-19"), "propose-ni")[0]
    assert (row["due"], row["formerly"]) == ("2025-09-17", [])


def test_a_holiday_can_become_a_working_day_again_by_a_later_decree(needed: Office) -> None:
    assert decree(needed, "--worked", MAULID, at="2025-09-08") == f"{MAULID} is a working day.\n"
    asked = ("due", "--step", "propose-ni", "--as-of", "2025-09-09")
    assert of_step(needed.json(*asked), "propose-ni")[0]["due"] == "2025-09-15"
    decree(needed, "--off", f"{MAULID}=Maulid", at="2025-09-09", document="skb-3-menteri 934/2025 2025-09-09")
    assert of_step(needed.json(*asked), "propose-ni")[0]["due"] == "2025-09-16"


def test_the_holidays_of_a_year_are_listed_with_who_says_so(needed: Office) -> None:
    decree(needed, "--off", "2025-09-08=Cuti bersama", "--worked", MAULID, at="2025-09-10")
    rows = {row["day"]: row for row in needed.json("holiday", "list", "--year", "2025")}
    assert rows["2025-09-08"] == {
        "day": "2025-09-08", "weekday": "Monday", "name": "Cuti bersama", "off": True,
        "source": "skb-3-menteri 933/2025",
    }  # fmt: skip
    assert (rows[MAULID]["off"], rows[MAULID]["source"]) == (False, "skb-3-menteri 933/2025")
    assert rows["2025-12-26"]["source"].startswith("holidays ")
    before = needed.json("holiday", "list", "--year", "2025", "--known-at", "2025-09-09")
    assert "2025-09-08" not in {row["day"] for row in before}
    assert {row["off"] for row in before} == {True}
    assert list(rows) == sorted(rows)


def test_a_year_that_was_not_decreed_is_said_to_be_an_estimate(office: Office) -> None:
    assert "Holidays of 2029 are estimates" in office.ok("holiday", "list", "--year", "2029").stdout
    assert "estimates" not in office.ok("holiday", "list", "--year", "2026").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--off", "2025-09-08"), 2, "Name each holiday"),
        (("--off", "tomorrow=Libur"), 2, "tomorrow is no date"),
        (("--worked", "soon"), 2, "soon is no date"),
        ((), 2, "at least one day"),
        (("--off", "2025-09-08=A", "--worked", "2025-09-08"), 2, "named twice"),
        (("--off", "2025-09-08=A", "--off", "08/09/2025=B"), 2, "named twice"),
        (("--worked", "2025-09-08"), 1, "is no holiday"),
        (("--worked", "2025-03-29"), 1, "a Saturday or Sunday"),
        (("--off", f"{MAULID}=Prophet's Birthday"), 1, "holidays already"),
    ],
)
def test_a_decree_that_says_nothing_is_refused(needed: Office, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in needed.refused("holiday", "decree", *words, "--document", SKB, code=code)


def test_a_rehearsed_decree_tells_and_changes_nothing(needed: Office) -> None:
    stored, words = needed.stored(), ("--off", "2025-09-08=Cuti bersama", "--document", SKB, "--dry-run")
    result = needed.ok("holiday", "decree", *words)
    assert "2025-09-08 is a holiday" in result.stdout
    assert "rehearsal" in result.stderr
    assert needed.stored() == stored
    assert "2025-09-08" not in needed.ok("holiday", "list", "--year", "2025").stdout


def test_a_decree_names_its_document(needed: Office) -> None:
    result = needed.run("holiday", "decree", "--off", "2025-09-08=Cuti bersama")
    assert result.exit_code == 2
    assert "--document" in result.stderr


# --- one case


def test_a_case_shows_what_it_owes_and_what_was_missed(needed: Office) -> None:
    announce(needed, "36.73-000001", on="2025-09-08")
    shown = needed.json("show", "36.73-000001", "--as-of", "2025-09-08")
    assert shown["flags"] == ["deadline-breached"]
    assert [(row["step"], row["due"]) for row in shown["due"]] == [
        ("propose-ni", "2025-09-16"),
        ("propose-ni", "2025-09-20"),
    ]
    [missed] = shown["breaches"]
    assert (missed["step"], missed["due"], missed["missed_on"]) == ("announce", "2025-09-06", "2025-09-07")
    assert missed["taken_on"] == "2025-09-08"
    before = needed.json("show", "36.73-000001", "--as-of", "2025-09-06")
    assert (before["flags"], before["breaches"]) == ([], [])
    said = needed.ok("show", "36.73-000001", "--as-of", "2025-09-08").stdout
    assert "propose-ni by 2025-09-16 (PPK)" in said
    assert "taken on 2025-09-08" in said


@pytest.mark.parametrize(("filed_on", "missed_on"), [("2025-12-15", None), ("2025-12-16", "2025-12-16")])
def test_papers_that_were_filed_after_their_window_are_a_breach(
    needed: Office, filed_on: str, missed_on: str | None
) -> None:
    announce(needed, "36.73-000001")
    papers = ("--set", "drh_complete=ya", "--set", f"drh_filed_on={filed_on}")
    letter = ("--document", "surat-usul-ni 800/8 2025-12-19")
    needed.ok("advance", "propose-ni", "36.73-000001", "--on", "2025-12-19", *papers, *letter, at="2025-12-19")
    shown = needed.json("show", "36.73-000001")
    [window] = [row for row in shown["breaches"] if row["field"] == "drh_filed_on"]
    assert (window["due"], window["taken_on"], window["missed_on"]) == ("2025-12-15", filed_on, missed_on)
    assert [former["due"] for former in window["formerly"]] == ["2025-09-22"]
    assert "drh_filed_on" not in {row["step"] for row in shown["due"]}


def test_a_case_that_was_corrected_says_so_while_the_correction_stands(needed: Office) -> None:
    case, asked = "36.73-000001", ("show", "36.73-000001", "--as-of", "2025-09-05")
    needed.ok("correct", case, "4", "--on", "2025-09-03", "--reason", "salah ketik", at="2025-09-08")
    assert "data-corrected" in needed.json(*asked)["flags"]
    assert "data-corrected" not in needed.json(*asked, "--known-at", "2025-09-07")["flags"]
    assert "data-corrected" not in needed.json("show", case, "--as-of", "2025-08-25")["flags"]
    needed.ok("rescind", case, "5", "--reason", "keliru", at="2025-09-09")
    assert "data-corrected" not in needed.json(*asked)["flags"]
    assert "data-corrected" in needed.json(*asked, "--known-at", "2025-09-08")["flags"]


def test_a_case_that_another_owes_an_answer_is_told_so(verified: Office) -> None:
    papers = ("--document", "surat-usulan 800/2 2025-08-20", "--document", "sptjm-ppk 800/3 2025-08-20")
    verified.ok("advance", "propose", "36.73-000001", "--on", "2025-08-20", *papers, at="2025-08-20")
    rows = [row for row in verified.json("due", "--as-of", "2025-08-21") if row["case"] == "36.73-000001"]
    assert {(row["step"], row["authority"], row["kind"]) for row in rows} == {("approve", "KemenPANRB", "answer")}


def test_programs_read_the_same_in_every_format(needed: Office) -> None:
    lines = needed.ok("due", "--as-of", "2025-09-09", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == needed.json("due", "--as-of", "2025-09-09")
    assert all(date.fromisoformat(json.loads(line)["due"]) for line in lines)


@pytest.mark.parametrize("words", [("--within", "-1"), ("--within", "soon"), ("--step", "celebrate")])
def test_a_question_that_means_nothing_is_refused(needed: Office, words: tuple[str, ...]) -> None:
    assert needed.refused("due", *words, code=2)
