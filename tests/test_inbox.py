"""What waits for me, by deadline: proposals, rows of imports, and the steps that my roles owe soon."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mending import BECAUSE, FIRST, SECOND, THIRD, propose
from tests.office import Office
from tests.test_four_eyes import CORRECT, another, put, strict
from workflow.demo.people import Person

KEYS = [
    *("item", "state", "kind", "step", "cases", "units", "roles", "due", "put_by", "since", "mine"),
    *("verdict", "settled_by", "settled_at", "reason", "command", "corrected", "file", "row", "codes"),
]


def items(office: Office, *words: object) -> list[dict[str, Any]]:
    """What waits, without what is merely owed."""
    return [row for row in office.json("inbox", *words) if row["kind"] != "due"]


def owed(office: Office, *words: object) -> list[dict[str, Any]]:
    return [row for row in office.json("inbox", *words) if row["kind"] == "due"]


@pytest.fixture
def waiting(verified: Office) -> Office:
    """An office where somebody else confirms: a correction waits, and the proposal of two who owe it by 2025-08-20."""
    strict(verified)
    put(verified, *CORRECT)
    put(verified, "advance", "propose", SECOND, THIRD, "--on", "2025-08-18",
        "--document", "surat-usulan 800/2 2025-08-18", "--document", "sptjm-ppk 800/3 2025-08-18")  # fmt: skip
    return verified


class TestTheList:
    def test_is_by_deadline_and_says_what_each_is_about(self, waiting: Office) -> None:
        first, second = items(waiting)
        assert [*first] == KEYS
        assert (first["item"], first["kind"], first["step"], first["cases"]) == (2, "advance", "propose", 2)
        assert (first["due"], first["roles"]) == ("2025-08-20", ["clerk", "verifier", "approver"])
        assert (first["put_by"], first["since"][:16], first["state"]) == ("clerk", "2025-08-18T09:00", "open")
        units = {row["case"]: row["unit"] for row in waiting.json("roster")}
        assert first["units"] == sorted({units[SECOND], units[THIRD]})
        assert (second["item"], second["kind"], second["step"], second["due"]) == (1, "amend", "correct", None)

    def test_marks_ones_own(self, waiting: Office) -> None:
        assert [row["mine"] for row in items(waiting)] == [True, True]
        assert [row["mine"] for row in items(another(waiting))] == [False, False]
        assert waiting.ok("inbox").stdout.count("yours") == 2

    def test_leaves_out_what_was_settled_but_for_all(self, waiting: Office) -> None:
        second = another(waiting)
        done = second.json("confirm", 1)
        second.ok("decline", 2, "--reason", "surat dicabut")
        assert items(waiting) == []
        first, last = sorted(items(waiting, "--all"), key=lambda row: row["item"])
        assert (first["state"], first["verdict"], first["settled_by"]) == ("settled", "confirmed", "verifikator")
        assert first["command"] == done["command"]
        assert (last["verdict"], last["reason"], last["command"]) == ("declined", "surat dicabut", None)
        assert "declined" in waiting.ok("inbox", "--all").stdout

    def test_names_nobody(self, waiting: Office, everyone: list[Person]) -> None:
        put(waiting, "import", waiting.workers(everyone[20:24]), "--on", "2025-08-18")
        told = waiting.ok("inbox", "--all", "--format", "json").stdout + waiting.ok("log", "--step", "put").stdout
        assert not any(one.worker.nik in told or one.worker.name in told for one in everyone[:24])

    @pytest.mark.parametrize("form", ["csv", "jsonl", "json", "xlsx", "table"])
    def test_has_every_format(self, waiting: Office, form: str) -> None:
        path = waiting.folder / "inbox.out"
        waiting.ok("inbox", "--format", form, "-o", path)
        assert path.read_bytes()

    def test_is_empty_where_nothing_waits(self, office: Office) -> None:
        assert office.json("inbox") == []
        assert "0 items wait, 0 steps are due or late." in office.ok("inbox").stdout


class TestWhatIsOwed:
    def test_is_summed_by_step_with_the_first_day(self, verified: Office) -> None:
        [row] = owed(verified)
        assert (row["step"], row["cases"], row["due"], row["state"]) == ("propose", 20, "2025-08-20", "due")
        assert row["roles"] == ["clerk"]
        late = verified.run("inbox", "--format", "json", at="2025-09-30")
        assert [row["state"] for row in json.loads(late.stdout)] == ["late"]

    def test_is_what_due_says(self, verified: Office) -> None:
        propose(verified)
        for within in (5, 400):
            by_step: dict[str, set[str]] = {}
            for row in verified.json("due", "--within", within):
                by_step.setdefault(row["step"], set()).add(row["case"])
            told = {row["step"]: row["cases"] for row in owed(verified, "--within", within)}
            assert told == {step: len(cases) for step, cases in by_step.items()}


class TestOneItem:
    def test_shows_what_is_asked_for_and_what_was_foreseen(self, waiting: Office) -> None:
        told = waiting.json("inbox", 2)
        assert told["request"]["on"] == "2025-08-18"
        assert [paper["number"] for paper in told["request"]["documents"]] == ["800/2", "800/3"]
        assert [(row["case"], row["stage_before"], row["stage_after"]) for row in told["rows"]] == [
            (SECOND, "verified", "proposed"),
            (THIRD, "verified", "proposed"),
        ]
        shown = waiting.ok("inbox", 2).stdout
        assert "Item 2: advance propose, 2 cases, put there by clerk on 2025-08-18 09:00" in shown
        assert "Effective: 2025-08-18. Documents: surat-usulan 800/2, sptjm-ppk 800/3." in shown

    def test_tells_a_correction_with_why_unless_masked(self, waiting: Office) -> None:
        put(waiting, "correct", SECOND, 1, "--set", "name=Siti Aminah", "--set", "position=Juru Masak", *BECAUSE)
        request = waiting.json("inbox", 3)["request"]
        assert (request["fields"], request["why"]) == ({"name": "Siti Aminah", "position": "Juru Masak"}, "keliru")
        masked = waiting.json("inbox", 3, "--mask")["request"]
        assert (masked["fields"], masked["why"]) == ({"name": "S*** A*****", "position": "Juru Masak"}, None)

    def test_tells_the_workers_of_an_import_unless_masked(self, waiting: Office, everyone: list[Person]) -> None:
        item = put(waiting, "import", waiting.workers(everyone[20:22]), "--on", "2025-08-18")
        rows = waiting.json("inbox", item)["rows"]
        assert [row["fields"]["nik"] for row in rows] == [one.worker.nik for one in everyone[20:22]]
        told = waiting.ok("inbox", item, "--mask", "--format", "json").stdout
        assert not any(one.worker.nik in told or one.worker.name in told for one in everyone[20:22])
        assert waiting.run("inbox", item, "--format", "csv").stdout.count("passed") == 2

    def test_is_only_itself_once_it_is_settled(self, waiting: Office) -> None:
        waiting.ok("decline", 1, "--reason", "salah")
        told = waiting.json("inbox", 1)
        assert (told["verdict"], told["request"], told["rows"]) == ("declined", None, [])
        assert "declined by clerk: salah" in waiting.ok("inbox", 1).stdout

    def test_leaves_a_trace_where_the_register_keeps_one(self, waiting: Office) -> None:
        waiting.edit("INSERT INTO setting (key, value) VALUES ('traced', 'y')")
        assert "--reason" in waiting.refused("inbox", 1)
        waiting.ok("inbox")
        waiting.ok("inbox", 1, "--mask")
        assert waiting.json("readings") == []
        waiting.ok("inbox", 1, "--reason", "memeriksa usulan")
        [reading] = waiting.json("readings")
        assert (reading["doing"], reading["cases"]) == ("inbox", [FIRST])


def test_a_proposal_of_a_past_import_names_the_step_of_each_row(verified: Office, everyone: list[Person]) -> None:
    row = f"{everyone[0].worker.nik},minute,2025-08-12,notulen,54,2025-08-11\n"
    past = "nik,step,effective_on,document_kind,document_number,document_date\n" + row
    item = put(verified, "import", verified.write("past.csv", past), "--history", "--propose")
    assert [one["step"] for one in verified.json("inbox", item)["rows"]] == ["minute"]
