"""What was believed, on what paper it rests, and receipts that can be verified after more was recorded."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.mending import BECAUSE, FIRST, FOURTH, SECOND, THIRD, notes, propose
from tests.office import Office


@pytest.fixture
def proposed(verified: Office) -> Office:
    """The twenty, proposed on 2025-08-20."""
    return propose(verified)


class TestDiffOfBeliefs:
    def test_tells_who_stands_differently_and_what_we_learned(self, verified: Office) -> None:
        verified.ok("rescind", FIRST, 2, *BECAUSE, "--document", "nota 9 2025-08-21", at="2025-08-22")
        [row] = verified.json("diff", "--belief", "2025-08-21", "2025-08-22", "--as-of", "2025-08-19")
        assert row["case"] == FIRST
        assert (row["before"]["stage"], row["after"]["stage"]) == ("verified", "registered")
        [event] = row["events"]
        assert (event["seq"], event["step"]) == (3, "rescind")
        assert [paper["number"] for paper in event["documents"]] == ["9"]

    def test_has_nobody_where_only_the_future_was_learned(self, verified: Office) -> None:
        verified.ok("rescind", FIRST, 2, *BECAUSE, at="2025-08-22")
        assert verified.json("diff", "--belief", "2025-08-21", "2025-08-22", "--as-of", "2025-08-10") == []

    def test_of_what_is_no_moment_is_wrong_usage(self, verified: Office) -> None:
        assert "This is no moment" in verified.refused("diff", "--belief", "soon", "2025-08-22", code=2)


QUESTIONS = [
    ("roster", "--stage", "verified"),
    ("roster",),
    ("count", "--by", "unit,stage"),
    ("history", FIRST),
    ("diff", "2025-08-07", "2025-08-18"),
    ("diff", "--belief", "2025-08-10", "2025-08-18"),
]


class TestReceipts:
    @pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
    def test_the_answer_is_the_same_to_the_byte_whatever_was_recorded_since(
        self, verified: Office, question: tuple[str, ...]
    ) -> None:
        kept = verified.folder / "receipt.json"
        answer = verified.ok(*question, "--format", "jsonl", "--receipt", kept).stdout
        receipt = json.loads(kept.read_bytes())
        assert receipt["digest"] == hashlib.sha256(answer.encode()).hexdigest()
        assert (receipt["rows"], receipt["position"]) == (answer.count("\n"), 40)
        verified.ok("rescind", FIRST, 2, *BECAUSE, at="2025-08-22")
        verified.ok("correct", SECOND, 1, "--set", "position=Sopir", *BECAUSE)
        verified.ok("merge", THIRD, FOURTH, *BECAUSE)
        said = verified.ok("receipt", "verify", kept).stdout
        assert said == f"The answer is the same to the byte: {receipt['rows']} rows.\n"
        now = verified.ok(*question, "--format", "jsonl").stdout
        assert (now == answer) is ("--belief" in question), "only what two moments of the past knew stays as it is"

    @pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
    def test_a_table_ends_with_the_receipt_that_its_file_has(self, verified: Office, question: tuple[str, ...]) -> None:
        kept = verified.folder / "receipt.json"
        table = " ".join(verified.ok(*question, "--receipt", kept).stdout.split())
        receipt = json.loads(kept.read_bytes())
        assert table.endswith(f"position 40, {receipt['rows']} rows, sha256 {receipt['digest']}")

    def test_a_row_that_was_changed_behind_the_product_s_back_is_told(self, verified: Office) -> None:
        kept = verified.folder / "receipt.json"
        verified.ok("roster", "--receipt", kept)
        verified.edit("UPDATE stage_interval SET stage = 'sworn-in' WHERE number = 5")
        said = verified.refused("receipt", "verify", kept, code=3)
        assert "The answer differs: 20 rows where there were 20, first in the rows 1 to" in said

    def test_a_file_that_is_none_is_wrong_usage(self, verified: Office) -> None:
        other = verified.write("other.json", "{}")
        assert "other.json is no receipt" in verified.refused("receipt", "verify", other, code=2)


class TestDocumentShow:
    def test_lists_the_acts_that_rest_on_it_and_those_that_depend_on_them(self, proposed: Office) -> None:
        rows = proposed.json("document", "show", "800/1")
        assert len(rows) == 40
        assert [(row["case"], row["seq"], row["step"], row["rests"]) for row in rows[:2]] == [
            (FIRST, 2, "verify", "document"),
            (FIRST, 3, "propose", "act"),
        ]

    def test_lists_what_a_rescission_would_take_back(self, proposed: Office) -> None:
        notes(proposed, FIRST)
        shown_rows = {(row["case"], row["seq"]) for row in proposed.json("document", "show", "800/1")}
        proposed.ok("rescind", "--document", "800/1", *BECAUSE, "--cascade")
        gone = {(row["case"], row["target"]) for row in proposed.json("log") if row["step"] == "rescind"}
        assert gone == shown_rows

    def test_answers_for_two_times(self, proposed: Office) -> None:
        assert len(proposed.json("document", "show", "800/1", "--known-at", "2025-08-19")) == 20
        proposed.ok("rescind", "--document", "800/1", *BECAUSE, "--cascade", at="2025-08-25")
        assert proposed.json("document", "show", "800/1") == []
        assert len(proposed.json("document", "show", "800/1", "--known-at", "2025-08-24")) == 40
