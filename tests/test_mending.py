"""Correct, rescind and act in the past, as a clerk does: what it does, what it refuses, and that both stay readable."""

from __future__ import annotations

import json

import pytest

from tests.mending import BECAUSE, FIRST, FOURTH, NOBODY, THIRD, command_of, events, notes, propose, shown, stands
from tests.office import Office
from workflow.demo.people import Person


@pytest.fixture
def proposed(verified: Office) -> Office:
    """The twenty, proposed on 2025-08-20."""
    return propose(verified)


@pytest.fixture
def spare(everyone: list[Person]) -> str:
    """A NIK that nobody of the twenty has."""
    return everyone[20].worker.nik


class TestCorrect:
    def test_of_a_date_moves_the_act_and_keeps_what_was_believed(self, verified: Office) -> None:
        verified.ok("correct", FIRST, 2, "--on", "2025-08-15", *BECAUSE, at="2025-08-22")
        assert stands(verified, FIRST) == ("verified", "2025-08-15")
        assert stands(verified, FIRST, "--known-at", "2025-08-21") == ("verified", "2025-08-18")
        assert stands(verified, FIRST, "--as-of", "2025-08-16")[0] == "verified"
        assert stands(verified, FIRST, "--as-of", "2025-08-16", "--known-at", "2025-08-21")[0] == "registered"
        _, verify, correction = events(verified, FIRST)
        assert (verify["effective_on"], verify["corrected_by"]) == ("2025-08-18", [3])
        assert (correction["step"], correction["target"], correction["reason"]) == ("correct", 2, "keliru")

    def test_of_a_field_changes_the_roster_from_the_first_day(self, verified: Office) -> None:
        said = verified.json("correct", FIRST, 1, "--set", "position=Sopir", *BECAUSE)
        assert (said["recorded"], said["rows"][0]["verdict"]) == (1, "recorded")
        assert shown(verified, FIRST, "--as-of", "2025-08-07")["position"] == "Sopir"

    def test_of_the_documents_replaces_what_the_act_rests_on(self, verified: Office) -> None:
        authority = ("--document", "nota 9 2025-08-21")
        verified.ok("correct", FIRST, 2, "--set-document", "sptjm-opd 800/1b 2025-08-16", *authority, *BECAUSE)
        assert verified.total("--where-document", "800/1") == 19
        assert shown(verified, FIRST)["document"] == "800/1b"
        assert [paper["number"] for paper in events(verified, FIRST)[-1]["documents"]] == ["9"]

    def test_of_a_nik_lets_both_find_the_case_and_no_other_event_change(
        self, verified: Office, everyone: list[Person], spare: str
    ) -> None:
        before = events(verified, FIRST)
        verified.ok("correct", FIRST, 1, "--set", f"nik={spare}", *BECAUSE)
        former = verified.ok("show", everyone[0].worker.nik, "--format", "json")
        assert "This is a former NIK of the case." in former.stderr
        assert json.loads(former.stdout)["case"] == shown(verified, spare)["case"] == FIRST
        assert shown(verified, FIRST)["nik"] == spare
        assert [{**row, "corrected_by": []} for row in events(verified, FIRST)[:2]] == before

    def test_of_a_nik_that_another_case_has_is_refused_and_quotes_no_number(
        self, verified: Office, everyone: list[Person]
    ) -> None:
        other = everyone[1].worker.nik
        said = verified.refused("correct", FIRST, 1, "--set", f"nik={other}", *BECAUSE)
        assert other not in said
        assert "the number belongs to another person of this register" in said
        assert "join the cases with lantik merge" in said

    def test_of_a_correction_holds_instead_of_it(self, verified: Office) -> None:
        verified.ok("correct", FIRST, 2, "--on", "2025-08-15", *BECAUSE)
        verified.ok("correct", FIRST, 3, "--on", "2025-08-16", *BECAUSE)
        assert stands(verified, FIRST) == ("verified", "2025-08-16")
        assert [row["corrected_by"] for row in events(verified, FIRST)[1:]] == [[3], [4], []]
        verified.ok("rescind", FIRST, 4, *BECAUSE)
        assert stands(verified, FIRST) == ("verified", "2025-08-15")

    def test_from_a_file_gives_each_case_its_own_field(self, verified: Office) -> None:
        rows = verified.write("jobs.csv", f"case,seq,position\n{THIRD},1,Sopir\n{FOURTH},1,Juru Masak\n")
        assert verified.json("correct", "--from", rows, *BECAUSE)["recorded"] == 2
        assert [shown(verified, case)["position"] for case in (THIRD, FOURTH)] == ["Sopir", "Juru Masak"]
        assert len({row["command"] for row in verified.json("log") if row["step"] == "correct"}) == 1

    def test_from_a_file_with_rows_that_name_no_event_is_refused_row_by_row(self, verified: Office) -> None:
        rows = verified.write("jobs.csv", f"case,seq,position\n{THIRD},x,Sopir\n36.73-009999,1,A\n{FOURTH},1,B\n")
        said = verified.refused("correct", "--from", rows, *BECAUSE)
        assert "(#2): the row names no event" in said
        assert "(#3): there is no such case" in said

    @pytest.mark.parametrize(
        ("words", "code", "sentence"),
        [
            ((FIRST, 2), 2, "Say what it was in truth: --on, --set or --set-document."),
            ((FIRST, "--on", "2025-08-15"), 2, "Say which events"),
            ((FIRST, 9, "--on", "2025-08-15"), 1, "the case has no event 9"),
            (("36.73-009999", 2, "--on", "2025-08-15"), 1, "there is no such case"),
            ((FIRST, 2, "--set", "colour=red"), 1, "verify has no field colour"),
            ((FIRST, 1, "--set", "nik=123"), 1, "the field nik is not a valid"),
            ((FIRST, 1, "--set", "nik="), 1, "the field nik cannot be left empty"),
            ((FIRST, 2, "--on", "2025-08-01"), 1, "verify of 2025-08-01 (event 2)"),
            (("--command", NOBODY, "--on", "2025-08-15"), 1, "recorded no events of cases"),
        ],
    )
    def test_refuses_in_one_sentence(
        self, verified: Office, words: tuple[object, ...], code: int, sentence: str
    ) -> None:
        assert sentence in verified.refused("correct", *words, *BECAUSE, code=code)

    def test_needs_a_reason(self, verified: Office) -> None:
        assert "--reason" in verified.refused("correct", FIRST, 2, "--on", "2025-08-15", code=2)

    def test_of_an_act_that_was_taken_back_is_refused_with_the_way_out(self, verified: Office) -> None:
        verified.ok("rescind", FIRST, 2, *BECAUSE)
        said = verified.refused("correct", FIRST, 2, "--on", "2025-08-15", *BECAUSE)
        assert "event 2 was taken back by event 3" in said
        assert "Rescind event 3 to bring it back." in said

    def test_of_a_date_after_which_a_later_act_cannot_stand_is_refused_without_cascade(self, proposed: Office) -> None:
        said = proposed.refused("correct", FIRST, 2, "--on", "2025-08-21", *BECAUSE)
        assert "propose of 2025-08-20 (event 3) could not stand any more" in said
        proposed.ok("correct", FIRST, 2, "--on", "2025-08-21", *BECAUSE, "--cascade")
        assert stands(proposed, FIRST, "--as-of", "2025-08-21") == ("verified", "2025-08-21")


class TestRescind:
    def test_takes_the_act_back_as_if_it_had_never_been(self, verified: Office) -> None:
        verified.ok("rescind", FIRST, 2, *BECAUSE, at="2025-08-22")
        assert stands(verified, FIRST) == ("registered", "2025-08-07")
        assert stands(verified, FIRST, "--known-at", "2025-08-21") == ("verified", "2025-08-18")
        _, verify, rescission = events(verified, FIRST)
        assert verify["rescinded_by"] == rescission["seq"] == 3
        assert (rescission["before"]["stage"], rescission["after"]["stage"]) == ("verified", "registered")

    def test_of_a_rescission_brings_the_act_back_to_its_place(self, verified: Office) -> None:
        verified.ok("rescind", FIRST, 2, *BECAUSE)
        verified.ok("rescind", FIRST, 3, *BECAUSE)
        assert stands(verified, FIRST) == ("verified", "2025-08-18")
        assert [row["rescinded_by"] for row in events(verified, FIRST)] == [None, None, 4, None]

    def test_is_refused_while_a_later_act_rests_on_it_and_names_that(self, proposed: Office) -> None:
        said = proposed.refused("rescind", FIRST, 2, *BECAUSE)
        assert "propose of 2025-08-20 (event 3) could not stand any more" in said
        assert "With --cascade it is taken back too." in said

    def test_with_cascade_takes_it_along_and_undo_brings_all_back(self, proposed: Office) -> None:
        rehearsed = proposed.json("rescind", FIRST, 2, *BECAUSE, "--cascade", "--dry-run")
        assert [finding["code"] for finding in rehearsed["rows"][0]["findings"]] == ["taken-along"]
        assert stands(proposed, FIRST) == ("proposed", "2025-08-20")
        proposed.ok("rescind", FIRST, 2, *BECAUSE, "--cascade")
        assert stands(proposed, FIRST) == ("registered", "2025-08-07")
        assert [row["rescinded_by"] for row in events(proposed, FIRST)[:3]] == [None, 4, 5]
        proposed.ok("undo")
        assert stands(proposed, FIRST) == ("proposed", "2025-08-20")

    def test_twice_is_refused(self, verified: Office) -> None:
        verified.ok("rescind", FIRST, 2, *BECAUSE)
        assert "event 2 was taken back by event 3" in verified.refused("rescind", FIRST, 2, *BECAUSE)

    def test_of_a_registration_voids_the_case_and_leaves_its_history(
        self, verified: Office, everyone: list[Person]
    ) -> None:
        verified.ok("rescind", FIRST, 1, *BECAUSE)
        assert verified.total("--as-of", "2025-08-07") == 19
        assert "no place in the register" in verified.refused("show", FIRST)
        assert [row["step"] for row in events(verified, FIRST)] == ["register", "verify", "rescind"]
        assert verified.json("import", verified.workers(everyone[:1]), "--on", "2025-08-07")["recorded"] == 1

    def test_of_a_command_takes_back_what_is_left_of_it(self, verified: Office) -> None:
        command = command_of(verified, "verify")
        verified.ok("rescind", FIRST, 2, *BECAUSE)
        assert verified.json("rescind", "--command", command, *BECAUSE)["recorded"] == 19
        assert verified.count("stage") == {"registered": 20}
        assert "were taken back already" in verified.refused("rescind", "--command", command, *BECAUSE)

    def test_of_a_document_is_previewed_and_takes_back_the_whole_of_it(self, proposed: Office) -> None:
        words = ("rescind", "--document", "800/1", "--reason", "surat ditarik", "--cascade")
        before = proposed.stored()
        preview = proposed.run(*words, "--dry-run")
        assert preview.exit_code == 0
        assert "20 would be recorded." in preview.stdout
        assert "propose of 2025-08-20 (event 3) is taken back too" in preview.stderr
        assert proposed.stored() == before
        proposed.ok(*words)
        assert proposed.count("stage") == {"registered": 20}
        assert proposed.total("--where-document", "800/2") == 0
        assert "No act that stands rests on the document 800/1." in proposed.refused(*words)

    def test_of_a_document_is_refused_without_cascade_where_more_rests_on_it(self, proposed: Office) -> None:
        said = proposed.refused("rescind", "--document", "800/1", *BECAUSE)
        assert "Refused: 20 of 20. Nothing was recorded." in said

    @pytest.mark.parametrize(
        ("words", "code", "sentence"),
        [
            ((), 2, "Say which events"),
            ((FIRST,), 2, "Say which events"),
            ((FIRST, 2, "--command", NOBODY), 2, "Say which events"),
            ((FIRST, 9), 1, "the case has no event 9"),
            (("--document", "800/99"), 1, "No act that stands rests on the document 800/99."),
            (("--command", NOBODY), 1, "recorded no events of cases"),
        ],
    )
    def test_refuses_in_one_sentence(
        self, verified: Office, words: tuple[object, ...], code: int, sentence: str
    ) -> None:
        assert sentence in verified.refused("rescind", *words, *BECAUSE, code=code)


class TestAdvanceIntoThePast:
    def test_replaces_an_act_of_the_same_day(self, verified: Office) -> None:
        out = ("--reason", "not-in-database", "--on", "2025-08-18")
        verified.ok("advance", "classify-out", FIRST, *out, "--replaces", 2)
        assert stands(verified, FIRST) == ("not-eligible", "2025-08-18")
        _, verify, replacement = events(verified, FIRST)
        assert (verify["rescinded_by"], replacement["target"]) == (3, 2)
        assert replacement["before"]["stage"] == "verified"

    def test_replaces_only_what_stands(self, verified: Office) -> None:
        words = ("advance", "minute", FIRST, "--on", "2025-08-18", "--document", "notulen 1 2025-08-18", "--replaces")
        verified.ok("rescind", FIRST, 2, *BECAUSE)
        for seq in (2, 9):
            assert f"event {seq} is no act that stands" in verified.refused(*words, seq)

    def test_an_act_that_comes_late_stands_at_its_day(self, proposed: Office) -> None:
        notes(proposed, FIRST, on="2025-08-19")
        last = events(proposed, FIRST)[-1]
        assert (last["seq"], last["effective_on"], last["stage"]) == (4, "2025-08-19", "verified")
        assert stands(proposed, FIRST) == ("proposed", "2025-08-20")
        assert proposed.total("--where-document", "100/1", "--as-of", "2025-08-19") == 1

    def test_a_late_act_that_makes_later_ones_illegal_is_refused_without_cascade(self, verified: Office) -> None:
        words = ("advance", "classify-out", FIRST, "--on", "2025-08-10", "--reason", "not-in-database")
        assert "verify of 2025-08-18 (event 2) could not stand any more" in verified.refused(*words)
        verified.ok(*words, "--cascade")
        assert stands(verified, FIRST) == ("not-eligible", "2025-08-10")

    def test_before_the_registration_is_refused_with_the_remedy(self, verified: Office) -> None:
        words = ("--on", "2025-08-01", "--document", "notulen 1 2025-08-01")
        said = verified.refused("advance", "minute", FIRST, *words)
        assert "2025-08-01 is before the case was registered on 2025-08-07" in said
        assert "lantik correct CASE 1 --on" in said
