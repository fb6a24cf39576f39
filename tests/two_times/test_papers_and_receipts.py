"""What rests on a paper, what an older system recorded, what was believed when, and receipts of answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.office import Office
from tests.two_times.asked import LETTER, ONE, TWO, events, stage

# --- documents


def test_what_rests_on_a_document_and_taking_all_of_it_back(proposed: Office) -> None:
    rows = proposed.json("document", "show", "800/1")
    assert [(row["case"], row["seq"], row["rests"]) for row in rows[:4]] == [
        (ONE, 2, "document"), (ONE, 3, "act"), (ONE, 4, "act"), (TWO, 2, "document"),
    ]  # fmt: skip
    assert len(rows) == 22
    assert "could not stand any more" in proposed.refused("rescind", "--document", "800/1", "--reason", "palsu")
    preview = proposed.json("rescind", "--document", "800/1", "--reason", "palsu", "--cascade", "--dry-run")
    assert (preview["recorded"], preview["warned"], len(preview["rows"])) == (0, 1, 20)
    proposed.ok("rescind", "--document", "800/1", "--reason", "palsu", "--cascade")
    assert proposed.count("stage") == {"registered": 20}
    assert proposed.json("document", "show", "800/1") == []
    assert "No act that stands rests on" in proposed.refused("rescind", "--document", "800/1", "--reason", "x")


def test_a_document_that_a_correction_put_there_carries_the_act(proposed: Office) -> None:
    proposed.ok("correct", ONE, 4, "--set-document", "keputusan-menpan B/9 2025-09-04", "--reason", "nomor")
    assert [row["seq"] for row in proposed.json("document", "show", "B/9")] == [4]
    assert proposed.json("document", "show", "B/1") == []
    assert [row["case"] for row in proposed.json("roster", "--where-document", "B/9")] == [ONE]


# --- history of another system


PAST = """case;step;effective_on;document_kind;document_number;document_date;reason;recorded_on
36.73-000001;propose-late;10/08/2025;surat-usulan;7/1;2025-08-10;other;2025-08-11
36.73-000001;classify-out;2025-08-09;;;;no-selection;12/08/2025
36.73-000002;minute;2025-08-09;notulen;7/2;2025-08-09;;
"""


def test_old_acts_come_with_their_dates_and_what_was_claimed_about_them(twenty: Office) -> None:
    path = twenty.write("past.csv", PAST)
    done = twenty.json("import", "--history", path, at="2025-10-01")
    assert (done["recorded"], [row["case"] for row in done["rows"]]) == (3, [ONE, ONE, TWO])
    assert [stage(twenty, day) for day in ("2025-08-08", "2025-08-09", "2025-08-10")] == [
        "registered", "not-eligible", "proposed",
    ]  # fmt: skip
    assert stage(twenty, "2025-08-10", "--known-at", "2025-09-30") == "registered"
    out, late = events(twenty)[1:]
    assert [event["recorded_at"][:10] for event in (out, late)] == ["2025-10-01"] * 2
    shape = [
        json.loads(line)
        for line in twenty.ok("log", "--format", "jsonl", "--step", "classify-out").stdout.split("\n")[:1]
    ]
    assert shape[0]["effective_on"] == "2025-08-09"
    assert twenty.json("import", "--history", path)["unchanged"] == 3


def test_one_bad_act_leaves_the_whole_history_out(twenty: Office) -> None:
    bad = PAST + "36.73-000003;swear-in;2025-08-09;berita-acara;7/3;2025-08-09;;\n;minute;2025-08-09;;;;;\n"
    said = twenty.refused("import", "--history", twenty.write("past.csv", bad))
    assert "swear-in cannot be taken while the case is registered" in said
    bad = PAST.replace("10/08/2025", "soon").replace("classify-out", "classify")
    said = twenty.refused("import", "--history", twenty.write("past.csv", bad))
    assert "this is no date" in said
    assert "names no step" in said


# --- belief, receipts


def test_what_was_learned_between_two_moments_and_by_what(proposed: Office) -> None:
    proposed.ok("correct", ONE, 4, "--on", "2025-09-02", "--reason", "salah ketik", at="2025-09-10")
    question = ("diff", "--belief", "2025-09-09", "2025-09-10", "--as-of", "2025-09-03")
    [row] = proposed.json(*question)
    assert (row["case"], row["before"]["stage"], row["after"]["stage"]) == (ONE, "proposed", "need-approved")
    assert [(event["seq"], event["step"]) for event in row["events"]] == [(5, "correct")]
    assert proposed.json("diff", "--belief", "2025-09-09", "2025-09-10", "--as-of", "2025-08-25") == []
    [row] = proposed.json("diff", "2025-09-01", "2025-09-02")
    assert [(event["seq"], event["documents"][0]["number"]) for event in row["events"]] == [(4, "B/1")]


@pytest.mark.parametrize(
    "question",
    [
        ("roster",),
        ("roster", "--stage", "verified", "--as-of", "2025-08-19"),
        ("count", "--by", "stage,unit"),
        ("diff", "2025-08-17", "2025-08-18"),
        ("diff", "--belief", "2025-08-07", "2025-08-18"),
        ("history", ONE),
    ],
)
def test_a_receipt_holds_whatever_is_recorded_later(verified: Office, question: tuple[str, ...]) -> None:
    receipt = verified.folder / "receipt.json"
    verified.ok(*question, "--format", "csv", "--receipt", receipt, "-o", verified.folder / "answer.csv")
    kept = json.loads(receipt.read_bytes())
    assert kept["rows"] > 0
    assert f"sha256 {kept['digest']}" in " ".join(verified.ok(*question).stdout.split())
    verified.ok("rescind", ONE, 2, "--reason", "keliru", at="2025-08-18")
    verified.ok("advance", "propose", TWO, "--on", "2025-08-20", *LETTER, at="2025-08-21")
    verified.ok("merge", TWO, "36.73-000003", "--reason", "satu orang")
    said = verified.ok("receipt", "verify", receipt).stdout
    assert said == f"The answer is the same to the byte: {kept['rows']} rows.\n"


def test_a_row_that_was_changed_behind_the_register_s_back_is_found(verified: Office) -> None:
    receipt = verified.folder / "receipt.json"
    verified.ok("roster", "--receipt", receipt)
    verified.edit("UPDATE stage_interval SET document = 'palsu' WHERE number = 7 AND stage = 'verified'")
    said = verified.refused("receipt", "verify", receipt, code=3)
    assert said == "lantik: The answer differs: 20 rows where there were 20, first in the rows 1 to 20.\n"
    verified.edit("DELETE FROM stage_interval")
    assert "0 rows where there were 20" in verified.refused("receipt", "verify", receipt, code=3)
    assert "not what the events say" in verified.run("views", "rebuild").stderr
    verified.ok("receipt", "verify", receipt)


def test_what_is_no_receipt_is_told(verified: Office, tmp_path: Path) -> None:
    assert "is no receipt" in verified.refused("receipt", "verify", verified.write("a.json", "{}"), code=2)
    assert "is no receipt" in verified.refused("receipt", "verify", tmp_path / "nowhere.json", code=2)
