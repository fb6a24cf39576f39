"""An office governs itself: it adopts its own procedure, rehearses it on what was recorded, and moves open cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mending import FIRST, SECOND, events, propose, shown
from tests.office import Office

OWN = """
name = "kota-serang"
version = "{version}"
extends = "kota-serang@2025.2"
title = {{ en = "Kota Serang, our own", id = "Kota Serang, milik sendiri" }}
{more}
"""
STRICTER = """
[steps.verify]
documents_add = [{ kind = "slip-gaji-asli", required = true }]
"""
NO_PROPOSALS = """
[steps.propose]
from = ["not-proposed"]
"""
BECAUSE = ("--reason", "versi baru berlaku")


def own_file(office: Office, more: str = "", version: str = "2027.1") -> Path:
    """A procedure file of the office, over the one that the register was made with."""
    return office.write(f"kota-serang@{version}.toml", OWN.format(version=version, more=more))


class TestAdopt:
    def test_new_cases_are_judged_by_it_from_its_day_on_and_open_ones_are_not(self, twenty: Office, everyone) -> None:
        before = shown(twenty, FIRST)["procedure"]
        adopted = twenty.ok("procedure", "adopt", own_file(twenty), "--on", "2025-09-01", at="2025-08-20")
        assert "kota-serang@2027.1" in adopted.stdout
        twenty.ok("import", twenty.workers(everyone[20:21], "early.csv"), "--on", "2025-08-31", at="2025-09-02")
        twenty.ok("import", twenty.workers(everyone[21:22], "late.csv"), "--on", "2025-09-01")
        of = {case: shown(twenty, f"36.73-{case:06}")["procedure"] for case in (1, 21, 22)}
        assert of == {1: before, 21: before, 22: "kota-serang@2027.1"}

    def test_the_register_keeps_the_file_so_that_nobody_needs_it_again(self, twenty: Office, everyone) -> None:
        own = own_file(twenty, STRICTER)
        twenty.ok("procedure", "adopt", own, "--on", "2025-08-20")
        own.unlink()
        twenty.ok("import", twenty.workers(everyone[20:21], "late.csv"), "--on", "2025-08-20")
        verify = ("advance", "verify", "36.73-000021", "--on", "2025-08-21", "--document", "sptjm-opd 1 2025-08-20")
        assert "slip-gaji-asli" in twenty.refused(*verify)
        twenty.ok(*verify, "--document", "slip-gaji-asli 2 2025-08-20")

    def test_a_reference_that_says_something_else_already_is_refused(self, twenty: Office) -> None:
        twenty.ok("procedure", "adopt", own_file(twenty), "--on", "2025-08-20")
        told = twenty.refused("procedure", "adopt", own_file(twenty, STRICTER), "--on", "2025-08-21")
        assert "give the file another version" in told
        shipped = twenty.write(
            "kota-metro@2025.1.toml", OWN.replace("kota-serang", "kota-metro", 1).format(version="2025.1", more="")
        )
        assert "another version" in twenty.refused("procedure", "adopt", shipped, "--on", "2025-08-21")

    def test_the_same_file_may_be_adopted_again_for_another_day(self, twenty: Office) -> None:
        own = own_file(twenty)
        twenty.ok("procedure", "adopt", own, "--on", "2025-09-20")
        twenty.ok("procedure", "adopt", own, "--on", "2025-09-01")
        twenty.ok("procedure", "adopt", "kota-serang@2025.2", "--on", "2025-10-01")

    def test_a_file_with_a_fault_is_not_adopted(self, twenty: Office) -> None:
        wrong = own_file(twenty, '[steps.verify]\nguards = ["no-such"]\n')
        assert "line 7" in twenty.refused("procedure", "adopt", wrong, "--on", "2025-08-20", code=2)

    def test_a_rehearsal_and_a_repeated_command_change_nothing(self, twenty: Office) -> None:
        own = own_file(twenty)
        before = twenty.stored()
        twenty.ok("procedure", "adopt", own, "--on", "2025-08-20", "--dry-run")
        assert twenty.stored() == before
        again = ("--command-id", "00000000-0000-4000-8000-000000000001")
        twenty.ok("procedure", "adopt", own, "--on", "2025-08-20", *again)
        after = twenty.stored()
        assert "already recorded" in twenty.ok("procedure", "adopt", own, "--on", "2025-08-20", *again).stderr
        assert twenty.stored() == after

    def test_what_is_in_force_is_told_with_the_open_cases_of_each(self, twenty: Office, everyone) -> None:
        first = shown(twenty, FIRST)["procedure"]
        letter = ("--document", "perwal 9/2025 2025-08-19")
        twenty.ok("procedure", "adopt", own_file(twenty), "--on", "2025-09-01", *letter, at="2025-08-20")
        twenty.ok("import", twenty.workers(everyone[20:23], "late.csv"), "--on", "2025-09-01", at="2025-09-01")
        twenty.ok("procedure", "migrate", "nasional@2025.1", FIRST, *BECAUSE)
        rows = twenty.json("procedure", "adopted")
        assert [(row["procedure"], row["since"], row["open_cases"]) for row in rows] == [
            (first, None, 19), ("kota-serang@2027.1", "2025-09-01", 3), ("nasional@2025.1", None, 1),
        ]  # fmt: skip
        assert (rows[1]["actor"], rows[1]["documents"][0]["number"]) == ("clerk", "9/2025")
        assert "kota-serang@2027.1" in twenty.ok("procedure", "adopted").stdout

    def test_the_log_tells_it_with_the_cases_and_without_one(self, twenty: Office) -> None:
        letter = ("--document", "perwal 9/2025 2025-08-19")
        twenty.ok("procedure", "adopt", own_file(twenty), "--on", "2025-09-01", *letter, at="2025-08-20")
        twenty.ok("holiday", "decree", "--off", "2025-12-26=Cuti bersama", "--document", "skb 1 2025-08-20")
        twenty.ok("cohort", "define", "all", "--all")
        rows = [row for row in twenty.json("log") if row["case"] is None]
        assert [(row["event"], row["step"]) for row in rows] == [
            ("ProcedureAdopted", "adopt"), ("HolidaysDecreed", "decree"), ("CohortDefined", "define"),
        ]  # fmt: skip
        assert rows[0]["fields"] == {"reference": "kota-serang@2027.1"}
        assert rows[1]["fields"] == {"off": {"2025-12-26": "Cuti bersama"}, "worked": []}
        assert [row["event"] for row in twenty.json("log", "--document", "9/2025")] == ["ProcedureAdopted"]
        assert [row["event"] for row in twenty.json("log", "--step", "decree")] == ["HolidaysDecreed"]
        assert "adopt" in twenty.ok("log", "--since", "2025-08-20").stdout

    def test_it_is_shown_and_compared_from_the_register(self, twenty: Office) -> None:
        own = own_file(twenty, STRICTER)
        twenty.ok("procedure", "adopt", own, "--on", "2025-09-01")
        own.unlink()
        assert twenty.json("procedure", "show", "kota-serang@2027.1")["version"] == "2027.1"
        changes = twenty.json("procedure", "diff", "kota-serang@2025.2", "kota-serang@2027.1")
        assert "slip-gaji-asli" in str(changes)
        assert "There is no procedure" in twenty.refused("procedure", "show", "kota-serang@9.9", code=2).replace(
            "there", "There", 1
        )

    def test_it_cannot_be_undone_but_decided_anew(self, twenty: Office) -> None:
        twenty.ok("procedure", "adopt", own_file(twenty), "--on", "2025-08-20")
        assert "decided anew" in twenty.refused("undo", "--yes")


class TestMigrate:
    @pytest.fixture
    def governed(self, verified: Office) -> Office:
        """Twenty verified workers, and a stricter procedure that is there but binds none of them."""
        verified.ok("procedure", "adopt", own_file(verified, STRICTER), "--on", "2026-01-01", at="2025-08-25")
        return verified

    def test_open_cases_go_on_under_the_other_procedure_and_keep_their_past(self, governed: Office) -> None:
        before = events(governed, FIRST)
        said = governed.json("procedure", "migrate", "kota-serang@2027.1", "--all", "--yes", *BECAUSE)
        assert (said["recorded"], said["refused"]) == (20, 0)
        *same, moved = events(governed, FIRST)
        assert same == before
        assert (moved["step"], moved["stage"], moved["fields"]["to"]) == ("migrate", "verified", "kota-serang@2027.1")
        assert moved["reason"] == "versi baru berlaku"
        assert shown(governed, FIRST)["procedure"] == "kota-serang@2027.1"
        assert shown(governed, FIRST)["stage"] == "verified"

    def test_as_known_before_it_was_moved_a_case_has_its_old_procedure(self, governed: Office) -> None:
        old = shown(governed, FIRST)["procedure"]
        governed.ok("procedure", "migrate", "kota-serang@2027.1", FIRST, *BECAUSE, at="2025-09-10")
        assert shown(governed, FIRST, "--known-at", "2025-09-09")["procedure"] == old
        assert shown(governed, FIRST, "--known-at", "2025-09-10")["procedure"] == "kota-serang@2027.1"

    def test_it_can_be_taken_back(self, governed: Office) -> None:
        old = shown(governed, FIRST)["procedure"]
        governed.ok("procedure", "migrate", "kota-serang@2027.1", FIRST, SECOND, *BECAUSE)
        governed.ok("rescind", FIRST, 3, "--reason", "keliru")
        assert [shown(governed, case)["procedure"] for case in (FIRST, SECOND)] == [old, "kota-serang@2027.1"]
        governed.ok("rescind", FIRST, 4, "--reason", "tetap berlaku")
        assert shown(governed, FIRST)["procedure"] == "kota-serang@2027.1"

    def test_the_views_rebuilt_are_those_that_were_kept(self, governed: Office) -> None:
        governed.ok("procedure", "migrate", "kota-serang@2027.1", "--all", "--yes", *BECAUSE)
        governed.ok("rescind", FIRST, 3, "--reason", "keliru")
        assert "equal to what was kept" in governed.ok("views", "rebuild").stdout

    def test_what_cannot_be_moved_is_told_and_nothing_is_without_partial(self, governed: Office) -> None:
        governed.ok("advance", "record-death", FIRST, "--on", "2025-08-26", "--document", "akta-kematian 1 2025-08-27")
        told = governed.refused("procedure", "migrate", "kota-serang@2027.1", FIRST, SECOND, *BECAUSE)
        assert f"({FIRST}): the case ended" in told
        said = governed.json("procedure", "migrate", "kota-serang@2027.1", FIRST, SECOND, "--partial", *BECAUSE)
        assert (said["recorded"], said["refused"]) == (1, 1)
        everyone_else = governed.json("procedure", "migrate", "kota-serang@2027.1", "--all", "--yes", *BECAUSE)
        assert (everyone_else["recorded"], everyone_else["unchanged"]) == (18, 1)

    def test_a_stage_that_the_other_does_not_know_is_refused_and_a_lost_step_is_a_warning(
        self, office: Office, everyone
    ) -> None:
        office.ok("import", office.workers(everyone[:2]), "--on", "2025-08-07")
        office.ok("procedure", "adopt", own_file(office, NO_PROPOSALS), "--on", "2026-01-01")
        office.ok(
            "advance", "verify", FIRST, "--on", "2025-08-18", "--document", "sptjm-opd 1 2025-08-15", at="2025-08-19"
        )
        said = office.json("procedure", "migrate", "kota-serang@2027.1", "--all", "--dry-run", *BECAUSE)
        by_case = {row["case"]: [finding["code"] for finding in row["findings"]] for row in said["rows"]}
        assert by_case == {FIRST: ["steps-lost"], SECOND: []}

    def test_a_planned_act_that_the_other_does_not_know_stands_in_the_way(self, governed: Office) -> None:
        papers = ("--document", "surat-usulan 1 2025-09-01", "--document", "sptjm-ppk 2 2025-09-01")
        governed.ok("advance", "propose", FIRST, "--on", "2025-12-01", *papers, at="2025-09-01")
        governed.ok("procedure", "adopt", own_file(governed, NO_PROPOSALS, "2027.2"), "--on", "2026-01-01")
        told = governed.refused("procedure", "migrate", "kota-serang@2027.2", FIRST, *BECAUSE)
        assert "propose of 2025-12-01 (event 3) is planned" in told
        governed.ok("procedure", "migrate", "kota-serang@2027.2", FIRST, *BECAUSE, at="2025-12-02")

    def test_whom_must_be_said_and_a_procedure_that_there_is(self, governed: Office) -> None:
        assert "Say whom" in governed.refused("procedure", "migrate", "kota-serang@2027.1", *BECAUSE, code=2)
        assert "There are:" in governed.refused("procedure", "migrate", "kota-serang@9.9", FIRST, *BECAUSE, code=2)

    def test_a_repeated_command_changes_nothing(self, governed: Office) -> None:
        words = (
            "procedure",
            "migrate",
            "kota-serang@2027.1",
            FIRST,
            *BECAUSE,
            "--command-id",
            "00000000-0000-4000-8000-000000000001",
        )
        governed.ok(*words)
        before = governed.stored()
        governed.ok(*words)
        assert governed.stored() == before


class TestRehearse:
    def test_its_own_procedure_would_refuse_nothing(self, verified: Office) -> None:
        propose(verified)
        assert verified.json("procedure", "rehearse", "kota-serang@2025.2") == []

    def test_what_would_be_refused_is_told_by_rule_and_unit_and_nothing_is_recorded(self, verified: Office) -> None:
        before = verified.stored()
        rows = verified.json("procedure", "rehearse", own_file(verified, STRICTER))
        assert sum(row["acts"] for row in rows) == 20
        assert {(row["step"], row["code"]) for row in rows} == {("verify", "missing-document")}
        assert {row["unit"]: row["acts"] for row in rows} == verified.count("unit")
        assert all(len(row["cases"]) == min(row["acts"], 5) for row in rows)
        assert verified.stored() == before

    def test_a_step_that_could_not_start_there_or_is_off(self, verified: Office) -> None:
        propose(verified)
        rows = verified.json("procedure", "rehearse", own_file(verified, NO_PROPOSALS))
        assert {(row["step"], row["code"]) for row in rows} == {("propose", "wrong-stage")}
        off = verified.json(
            "procedure", "rehearse", own_file(verified, "[steps.leave-out]\nenabled = false\n", "2027.2")
        )
        assert off == []

    def test_since_leaves_out_what_was_effective_before(self, verified: Office) -> None:
        own = own_file(verified, STRICTER)
        assert verified.json("procedure", "rehearse", own, "--since", "2025-08-19") == []
        assert len(verified.json("procedure", "rehearse", own, "--since", "2025-08-18")) > 0

    def test_acts_are_judged_as_corrected_and_not_when_taken_back(self, verified: Office) -> None:
        own = own_file(verified, STRICTER)
        verified.ok("rescind", FIRST, 2, "--reason", "keliru")
        verified.ok(
            "correct", SECOND, 2, "--reason", "kurang satu",
            "--set-document", "sptjm-opd 800/1 2025-08-15", "--set-document", "slip-gaji-asli 2 2025-08-15",
        )  # fmt: skip
        assert sum(row["acts"] for row in verified.json("procedure", "rehearse", own)) == 18

    def test_people_read_how_many_acts_and_cases(self, verified: Office) -> None:
        told = verified.ok("procedure", "rehearse", own_file(verified, STRICTER)).stdout
        assert "20 acts were judged under kota-serang@2027.1: 20 refusals, in 20 cases." in told
