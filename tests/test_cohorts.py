"""Declared groups of cases: what defines them, who is in them at two times, and whether parts make a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from projections.cohorts import Members, reckon
from tests.mending import BECAUSE, FIRST, FOURTH, SECOND, THIRD, propose
from tests.office import Office
from workflow.demo.people import Person


def define(office: Office, name: str, *words: object) -> None:
    office.ok("cohort", "define", name, *words)


def check(office: Office, *words: object, code: int = 0) -> dict[str, Any]:
    return dict(office.json("cohort", "check", *words, code=code))


@contextmanager
def statements() -> Iterator[list[str]]:
    spoken: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        spoken.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", count)
    try:
        yield spoken
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", count)


@pytest.fixture
def left_out(verified: Office) -> Office:
    """The twenty, of whom four are left out and sixteen proposed on 2025-08-20."""
    four = (FIRST, SECOND, THIRD, FOURTH)
    verified.ok("advance", "leave-out", *four, "--on", "2025-08-19", "--reason", "no-need")
    words = ("--document", "surat-usulan 800/2 2025-08-20", "--document", "sptjm-ppk 800/3 2025-08-20")
    verified.ok("advance", "propose", "--stage", "verified", "--on", "2025-08-20", *words, at="2025-08-20")
    define(verified, "everyone", "--all")
    define(verified, "four", *four, "--note", "yang tidak diusulkan", "--document", "notulen 7 2025-08-20")
    define(verified, "letter", "--where-document", "800/2")
    return verified


class TestDefine:
    def test_fixes_members_by_case_number_by_nik_and_by_a_file(self, twenty: Office, everyone: list[Person]) -> None:
        define(twenty, "named", SECOND, everyone[0].worker.nik, FIRST)
        define(twenty, "listed", "--from", twenty.fields(everyone[2:5], note=lambda _person: "x"))
        assert [row["case"] for row in twenty.json("cohort", "show", "named")] == [FIRST, SECOND]
        shown = twenty.json("cohort", "show", "listed")
        assert [row["nik"] for row in shown] == [person.worker.nik for person in everyone[2:5]]

    def test_means_the_last_case_of_somebody_whose_case_ended(self, verified: Office, everyone: list[Person]) -> None:
        death = ("--document", "akta-kematian 1 2025-08-19")
        verified.ok("advance", "record-death", FIRST, "--on", "2025-08-19", *death, at="2025-08-20")
        define(verified, "dead", everyone[0].worker.nik)
        assert [row["stage"] for row in verified.json("cohort", "show", "dead")] == ["deceased"]

    def test_keeps_a_selection_by_value_and_asks_it_again_each_time(self, left_out: Office) -> None:
        define(left_out, "open", "--stage", "proposed", "--unit", "Dinas Pendidikan dan Kebudayaan")
        [row] = [row for row in left_out.json("cohort", "list") if row["name"] == "open"]
        assert row["selection"] == {"stage": ["proposed"], "unit": ["Dinas Pendidikan dan Kebudayaan"]}
        assert left_out.json("cohort", "show", "open", "--as-of", "2025-08-19") == []
        assert left_out.json("cohort", "show", "open") == left_out.json(
            "roster", "--stage", "proposed", "--unit", "Dinas Pendidikan dan Kebudayaan"
        )

    def test_is_listed_with_what_it_rests_on(self, left_out: Office) -> None:
        row = left_out.json("cohort", "list")[1]
        assert (row["name"], row["members"], row["selection"], row["note"]) == ("four", 4, None, "yang tidak diusulkan")
        assert [paper["number"] for paper in row["documents"]] == ["7"]
        assert (row["on"], row["actor"], row["recorded_at"][:10]) == ("2025-08-20", "clerk", "2025-08-20")
        assert left_out.json("cohort", "list")[0]["selection"] == {"all": ["yes"]}

    def test_again_is_a_new_definition_and_the_older_one_is_found_by_known_at(self, left_out: Office) -> None:
        left_out.ok("cohort", "define", "four", FIRST, at="2025-08-25")
        assert len(left_out.json("cohort", "show", "four")) == 1
        assert len(left_out.json("cohort", "show", "four", "--known-at", "2025-08-24")) == 4
        # before anybody declared it, the name means what it was first declared to mean
        assert len(left_out.json("cohort", "show", "four", "--known-at", "2025-08-17")) == 4

    def test_given_again_with_its_id_changes_nothing(self, twenty: Office) -> None:
        words = ("cohort", "define", "one", FIRST, "--command-id", "00000000-0000-4000-8000-00000000000c")
        twenty.ok(*words)
        before = twenty.stored()
        assert "already recorded" in twenty.ok(*words).stderr
        assert twenty.stored() == before
        other = ("cohort", "define", "one", SECOND, "--command-id", "00000000-0000-4000-8000-00000000000c")
        assert "used for another request" in twenty.refused(*other)

    def test_of_somebody_unknown_is_refused_row_by_row(self, twenty: Office, everyone: list[Person]) -> None:
        unknown = everyone[30].worker.nik
        rows = twenty.write("rows.csv", f"nik\n{everyone[0].worker.nik}\n{unknown}\n12345\n")
        said = twenty.refused("cohort", "define", "rows", "--from", rows)
        assert "(#3): the register has no such case and nobody with this NIK" in said
        assert "#4" in said
        assert unknown not in said
        assert "(#1): the register has no such case" in twenty.refused("cohort", "define", "rows", "36.73-009999")
        assert "no such case" in twenty.refused("cohort", "define", "rows", "Siti")

    @pytest.mark.parametrize("name", ["", " late", "late\n", "x" * 61, "3673010101900001"])
    def test_with_a_name_that_is_none_is_wrong_usage(self, twenty: Office, name: str) -> None:
        said = twenty.refused("cohort", "define", name, "--all", code=2)
        assert "3673010101900001" not in said

    def test_with_a_number_of_a_person_in_its_note_is_wrong_usage(self, twenty: Office) -> None:
        said = twenty.refused("cohort", "define", "x", "--all", "--note", "bukan 3673010101900001", code=2)
        assert "leave numbers of persons out of them" in said

    @pytest.mark.parametrize("words", [(), (FIRST, "--all"), (FIRST, "--stage", "verified"), ("--all", "--from", "x")])
    def test_says_whom_in_one_way(self, twenty: Office, words: tuple[str, ...]) -> None:
        assert "Say whom" in twenty.refused("cohort", "define", "x", *words, code=2)

    def test_an_unknown_stage_or_unit_is_told(self, twenty: Office) -> None:
        assert "There is no stage" in twenty.refused("cohort", "define", "x", "--stage", "flying", code=2)
        assert "There is no unit" in twenty.refused("cohort", "define", "x", "--unit", "Dinas Terbang")


class TestShow:
    def test_tells_members_that_have_no_row_then(self, left_out: Office) -> None:
        left_out.ok("rescind", FIRST, 1, "--cascade", *BECAUSE, at="2025-08-22")
        shown = left_out.run("cohort", "show", "four", "--format", "json")
        assert f"Members without a row in the roster then: 1 ({FIRST})." in shown.stderr
        assert len(left_out.json("cohort", "show", "four")) == 3
        assert len(left_out.json("cohort", "show", "four", "--known-at", "2025-08-21")) == 4
        assert left_out.json("cohort", "show", "four", "--as-of", "2025-08-06") == []

    def test_of_a_cohort_that_nobody_defined_is_refused_with_those_there_are(self, left_out: Office) -> None:
        said = left_out.refused("cohort", "show", "five")
        assert "There is no cohort five. There are: everyone, four, letter." in said

    def test_can_be_masked(self, left_out: Office, everyone: list[Person]) -> None:
        shown = left_out.ok("cohort", "show", "four", "--mask", "--format", "csv").stdout
        assert everyone[0].worker.nik not in shown
        assert shown.count("\n") == 5


class TestCheck:
    def test_holds_where_the_parts_are_disjoint_and_make_the_whole(self, left_out: Office) -> None:
        told = check(left_out, "everyone", "four", "letter", "--expect", 20)
        assert (told["holds"], told["n"], told["expected"]) == (True, 20, 20)
        assert told["parts"] == [{"name": "four", "n": 4}, {"name": "letter", "n": 16}]
        assert (told["whole"], told["as_of"], told["known_at"][:10]) == ("everyone", "2025-08-20", "2025-08-20")
        assert not any(told[key] for key in ("missing", "twice", "outside", "absent"))
        said = left_out.ok("cohort", "check", "everyone", "four", "letter").stdout
        assert "It holds as of 2025-08-20: 20 = 4 + 16." in said

    def test_names_who_is_in_no_part(self, left_out: Office) -> None:
        define(left_out, "three", FIRST, SECOND, THIRD)
        told = check(left_out, "everyone", "three", "letter", code=1)
        assert (told["missing"], told["twice"], told["outside"]) == ([FOURTH], [], [])
        said = left_out.run("cohort", "check", "everyone", "three", "letter").stdout
        assert f"everyone: 1 in no part: {FOURTH}." in said
        assert "It does not hold as of 2025-08-20: 20 is not made of 3 + 16." in said

    def test_names_who_is_counted_twice_and_in_which_parts(self, left_out: Office) -> None:
        define(left_out, "one", FIRST)
        told = check(left_out, "everyone", "four", "letter", "one", code=1)
        assert told["twice"] == [{"case": FIRST, "parts": ["four", "one"]}]
        assert (told["missing"], told["outside"]) == ([], [])
        rows = left_out.run("cohort", "check", "everyone", "four", "letter", "one", "--format", "csv").stdout
        assert rows.splitlines()[1].startswith(f"{FIRST},twice,")

    def test_names_who_is_in_a_part_and_not_in_the_whole(self, left_out: Office) -> None:
        told = check(left_out, "letter", "four", "letter", code=1)
        assert [row["part"] for row in told["outside"]] == ["four"] * 4
        assert (told["missing"], told["twice"]) == ([], [])

    def test_compares_the_whole_with_what_was_declared(self, left_out: Office) -> None:
        assert check(left_out, "four", "--expect", 4)["holds"]
        assert not check(left_out, "four", "--expect", 5, code=1)["holds"]
        said = left_out.run("cohort", "check", "everyone", "four", "letter", "--expect", 21).stdout
        assert "It does not hold as of 2025-08-20: 20 where 21 was expected." in said
        assert "Name the parts" in left_out.refused("cohort", "check", "four", code=2)

    def test_of_one_day_and_belief_is_not_that_of_another(self, left_out: Office) -> None:
        define(left_out, "waiting", "--stage", "proposed")
        assert check(left_out, "letter", "waiting", "--as-of", "2025-08-20")["n"] == 16
        assert check(left_out, "letter", "waiting", "--as-of", "2025-08-19", "--expect", 0)["n"] == 0
        number = "36.73-000009"
        left_out.ok("rescind", number, 3, *BECAUSE, at="2025-09-01")
        assert check(left_out, "letter", "waiting", "--expect", 15)["n"] == 15
        before = ("--known-at", "2025-08-31")
        assert check(left_out, "letter", "waiting", "--expect", 16, *before)["n"] == 16

    def test_tells_which_fixed_members_were_voided_or_merged_since(self, left_out: Office) -> None:
        left_out.ok("merge", FIRST, SECOND, *BECAUSE, at="2025-08-22")
        told = check(left_out, "everyone", "four", "letter", "--expect", 20, code=1)
        assert (told["n"], told["absent"]) == (19, [{"case": SECOND, "cohort": "four"}])
        said = left_out.run("cohort", "check", "everyone", "four", "letter").stdout
        assert f"four: 1 without a row in the roster then: {SECOND}." in said
        assert "It holds as of 2025-08-22: 19 = 3 + 16." in said

    def test_takes_the_same_few_statements_however_many_cases(self, office: Office, everyone: list[Person]) -> None:
        spoken = {}
        for number in (20, 400):
            office.ok("import", office.workers(everyone[:number]), "--on", "2025-08-07")
            define(office, "first", "--from", office.workers(everyone[:9], "nine.csv"))
            define(office, "all", "--from", office.workers(everyone[:number], "all.csv"))
            define(office, "rest", "--from", office.workers(everyone[9:number], "rest.csv"))
            with statements() as told:
                assert check(office, "all", "first", "rest", "--expect", number)["holds"]
            spoken[number] = len([one for one in told if not one.startswith("PRAGMA")])
        assert spoken[20] == spoken[400] < 14


@pytest.mark.parametrize("seed", range(30))
def test_parts_are_reckoned_as_sets_are(seed: int) -> None:
    chance = Random(seed)
    whole = {case for case in range(12) if chance.random() < 0.8}
    parts = {f"part {at}": {case for case in range(12) if chance.random() < 0.4} for at in range(chance.randint(1, 4))}
    told = reckon(
        Members("whole", tuple(sorted(whole))), [Members(name, tuple(sorted(cases))) for name, cases in parts.items()]
    )
    union = set[int]().union(*parts.values())
    in_two = {case for case in union if sum(case in cases for cases in parts.values()) > 1}
    assert set(told.missing) == whole - union
    assert {case for case, _ in told.twice} == in_two
    assert all(set(names) == {name for name in parts if case in parts[name]} for case, names in told.twice)
    assert set(told.outside) == {(case, name) for name, cases in parts.items() for case in cases - whole}
    assert told.holds == (union == whole and sum(map(len, parts.values())) == len(whole))


def test_a_definition_is_no_event_of_a_case(verified: Office) -> None:
    before = propose(verified).json("roster")
    define(verified, "all", "--all")
    assert verified.json("roster") == before
    assert "equal to what was kept" in verified.ok("views", "rebuild").stdout
