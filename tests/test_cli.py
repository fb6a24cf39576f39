"""The forms an answer is given in, the times it is asked for, and what is hidden in it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.office import Office

CASE, PAPER = "36.73-000001", ("--document", "sptjm-opd 800/1 2025-08-15")
AFTER = ("--as-of", "2025-12-31")


class TestForms:
    def test_csv_and_jsonl_say_what_json_says(self, verified: Office) -> None:
        rows = verified.json("roster")
        read = list(csv.DictReader(io.StringIO(verified.ok("roster", "--format", "csv").stdout)))
        assert [{key: value or None for key, value in row.items()} for row in read] == rows
        assert [json.loads(line) for line in verified.ok("roster", "--format", "jsonl").stdout.splitlines()] == rows

    def test_a_workbook_says_what_json_says(self, verified: Office, tmp_path: Path) -> None:
        target = tmp_path / "roster.xlsx"
        assert verified.ok("roster", "--format", "xlsx", "-o", target).stdout == ""
        book = openpyxl.load_workbook(target)
        head, *rows = book.worksheets[0].iter_rows(values_only=True)
        assert len(rows) == 20
        assert len(head) == len(verified.json("roster")[0])
        assert [row[1] for row in rows] == [row["nik"] for row in verified.json("roster")]

    @pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
    def test_a_file_gets_what_the_terminal_would(self, verified: Office, tmp_path: Path, form: str) -> None:
        told = verified.ok("roster", "--format", form).stdout
        assert verified.ok("roster", "--format", form, "-o", tmp_path / "roster").stdout == ""
        assert (tmp_path / "roster").read_text() == told

    def test_a_table_fits_a_hundred_columns(self, verified: Office) -> None:
        for words in (("roster",), ("history", CASE), ("steps", CASE), ("log",), ("diff", "2025-08-17", "2025-08-18")):
            assert max(map(len, verified.ok(*words).stdout.splitlines())) <= 100

    @pytest.mark.parametrize(
        "words",
        [
            ("roster",),
            ("history", CASE),
            ("show", CASE),
            ("steps",),
            ("steps", CASE),
            ("log",),
            ("count",),
            ("procedure", "show", "kota-serang"),
            ("procedure", "list"),
            ("advance", "verify", CASE, "--on", "2025-08-18", "--dry-run"),
        ],
    )
    def test_what_programs_read_is_the_same_in_indonesian(self, verified: Office, words: tuple[str, ...]) -> None:
        english = verified.run(*words, "--format", "json").stdout
        verified.language = "id"
        assert verified.run(*words, "--format", "json").stdout == english


class TestMask:
    @pytest.mark.parametrize(
        "words",
        [
            ("roster",),
            ("show", CASE),
            ("history", CASE),
            ("find", "3673"),
            ("log",),
            ("diff", "2025-08-01", "2025-08-18"),
        ],
    )
    @pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
    def test_no_number_and_no_name_comes_through(self, verified: Office, words: tuple[str, ...], form: str) -> None:
        people = verified.json("roster")
        told = verified.ok(*words, "--mask", "--format", form).stdout
        assert told
        assert not [row["case"] for row in people if row["nik"] in told or row["name"] in told]

    def test_two_people_can_still_be_told_apart(self, verified: Office) -> None:
        row = verified.json("roster", "--mask")[0]
        plain = verified.json("roster")[0]
        assert (row["nik"][:4], row["nik"][-4:]) == (plain["nik"][:4], plain["nik"][-4:])
        assert "*" in row["name"]


class TestTimes:
    def test_as_of_a_day_before_the_act(self, verified: Office) -> None:
        assert verified.count("stage", "--as-of", "2025-08-17") == {"registered": 20}
        assert verified.count("stage", "--as-of", "17/08/2025") == {"registered": 20}
        assert verified.count("stage", "--as-of", "18 Agustus 2025") == {"verified": 20}
        assert verified.count("stage", "--as-of", "2025-08-06") == {}

    @pytest.mark.parametrize(
        ("moment", "stage"),
        [
            ("2025-08-17", "registered"),
            ("2025-08-18", "verified"),
            ("2025-08-18T08:59:59", "registered"),
            ("2025-08-18T09:00:00", "verified"),
            ("2025-08-18T01:59:59Z", "registered"),
            ("2025-08-18T02:00:00+00:00", "verified"),
        ],
    )
    def test_as_known_at_a_moment(self, verified: Office, moment: str, stage: str) -> None:
        assert verified.count("stage", *AFTER, "--known-at", moment) == {stage: 20}
        [case] = verified.json("roster", *AFTER, "--known-at", moment)[:1]
        assert case["stage"] == verified.json("show", CASE, *AFTER, "--known-at", moment)["stage"] == stage
        events = verified.json("history", CASE, "--known-at", moment)
        assert events[-1]["stage"] == stage

    def test_a_plan_is_shown_and_is_in_the_history_at_once(self, twenty: Office) -> None:
        twenty.ok("advance", "verify", CASE, "--on", "2025-12-01", *PAPER)
        shown = twenty.json("show", CASE)
        assert shown["stage"] == "registered"
        assert [(one["step"], one["effective_on"]) for one in shown["planned"]] == [("verify", "2025-12-01")]
        assert [event["step"] for event in twenty.json("history", CASE)] == ["register", "verify"]
        assert [event["step"] for event in twenty.json("history", CASE, "--as-of", "2025-11-30")] == ["register"]

    def test_the_log_is_filtered_by_time_actor_step_document_and_command(self, verified: Office) -> None:
        first = verified.json("log")[0]
        for words, found in (
            (("--since", "2025-08-18"), 20),
            (("--until", "2025-08-17"), 20),
            (("--by", "clerk"), 40),
            (("--by", "auditor"), 0),
            (("--step", "verify"), 20),
            (("--document", "800/1"), 20),
            (("--command", first["command"]), 20),
            (("--as-of", "2025-08-17"), 20),
            (("--known-at", "2025-08-06"), 0),
        ):
            assert len(verified.json("log", *words)) == found, words


class TestFinding:
    def test_by_name_and_by_part_of_a_nik(self, verified: Office) -> None:
        person = verified.json("roster")[4]
        for part in (person["name"], person["name"].lower(), person["nik"], person["nik"][4:12]):
            assert person["case"] in [row["case"] for row in verified.json("find", part)]
        assert verified.json("find", "100%") == []

    def test_a_nik_will_do_wherever_a_case_number_does(self, verified: Office) -> None:
        nik = verified.json("roster")[0]["nik"]
        for words in (("show",), ("history",), ("steps",)):
            assert verified.json(*words, nik) == verified.json(*words, CASE)
        assert verified.json("why", nik, "swear-in") == verified.json("why", CASE, "swear-in")
