"""From part time to full time: one case ends, a linked one of the person opens, and both stand or fall together."""

from __future__ import annotations

import pytest

from tests.career import hire, take, words_for
from tests.mending import BECAUSE, FIRST, SECOND, command_of, events, shown
from tests.office import Office
from workflow.demo.people import Person

LINKED, LINKED_SECOND = "36.73-000004", "36.73-000005"
NI = "199001012026211777"


@pytest.fixture(scope="module")
def _asked(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person]) -> Office:
    office = Office(tmp_path_factory.mktemp("asked")).init()
    hire(office, [one for one in everyone if one.group == "paruh-waktu"][:3])
    take(office, "propose-full-time", "2026-05-04", FIRST, SECOND)
    take(office, "set-full-time-need", "2026-06-02", FIRST, SECOND)
    take(office, "request-conversion", "2026-06-08", FIRST, SECOND)
    return office


@pytest.fixture
def asked(_asked: Office, tmp_path) -> Office:
    """Three part-timers on duty; for two of them BKN was asked for the change of status."""
    return _asked.copy(tmp_path)


@pytest.fixture
def upgraded(asked: Office) -> Office:
    """The two, full time from 2026-08-01 by a decree recorded on 2026-07-20."""
    take(asked, "upgrade", "2026-08-01", FIRST, SECOND, at="2026-07-20", wage="3203600")
    return asked


class TestUpgrade:
    def test_ends_the_one_and_opens_the_other_on_the_same_day(self, upgraded: Office) -> None:
        assert upgraded.count("status", "--as-of", "2026-07-31") == {"pppk-pw": 3}
        assert upgraded.count("status", "--as-of", "2026-08-01") == {"none": 2, "pppk": 2, "pppk-pw": 1}
        old, new = shown(upgraded, FIRST, "--as-of", "2026-08-01"), shown(upgraded, LINKED, "--as-of", "2026-08-01")
        assert (old["stage"], new["stage"], new["since"]) == ("upgraded", "appointed", "2026-08-01")
        assert [new[key] for key in ("nik", "ni", "name", "unit", "position")] == [
            old[key] for key in ("nik", "ni", "name", "unit", "position")
        ]
        assert (new["formation"], new["contract"]["wage"], new["document"]) == ("pppk", 3203600, "upgrade/sk/1")

    def test_both_say_which_is_the_other(self, upgraded: Office) -> None:
        assert events(upgraded, FIRST)[-1]["fields"] == {"wage": 3203600, "opens": 4}
        [opening] = events(upgraded, LINKED)
        assert (opening["event"], opening["fields"]["continues"], opening["fields"]["opened_by"]) == (
            "Registered",
            1,
            14,
        )
        assert [paper["kind"] for paper in opening["documents"]] == ["sk", "pertek"]
        assert command_of(upgraded, "upgrade") == opening["command"]

    def test_a_nik_means_the_case_that_holds(self, upgraded: Office) -> None:
        nik = shown(upgraded, FIRST, "--as-of", "2026-08-01")["nik"]
        assert shown(upgraded, nik, "--as-of", "2026-07-31")["case"] == FIRST
        assert shown(upgraded, nik, "--as-of", "2026-08-01")["case"] == LINKED

    def test_the_linked_case_goes_on_full_time(self, upgraded: Office) -> None:
        take(upgraded, "swear-in", "2026-08-03", LINKED)
        take(upgraded, "start-duty", "2026-08-04", LINKED, contract_start="2026-08-01", contract_end="2027-07-31")
        assert (shown(upgraded, LINKED)["stage"], shown(upgraded, LINKED)["status"]) == ("active", "pppk")

    def test_a_new_ni_is_the_linked_cases_alone(self, asked: Office) -> None:
        take(asked, "upgrade", "2026-08-01", FIRST, at="2026-07-20", ni=NI)
        old, new = shown(asked, FIRST, "--as-of", "2026-08-01"), shown(asked, LINKED, "--as-of", "2026-08-01")
        assert (new["ni"], old["ni"] != NI) == (NI, True)
        assert "the NI belongs to another person" in asked.refused(
            "advance", "upgrade", SECOND, *words_for(asked, "upgrade", "2026-08-01", ni=NI)
        )

    def test_a_rehearsal_opens_nothing_and_a_repeated_command_neither(self, asked: Office) -> None:
        words = ("advance", "upgrade", FIRST, *words_for(asked, "upgrade", "2026-08-01"))
        before = asked.stored()
        asked.ok(*words, "--dry-run")
        assert asked.stored() == before
        again = ("--command-id", "00000000-0000-4000-8000-000000000001")
        asked.ok(*words, *again)
        after = asked.stored()
        asked.ok(*words, *again)
        assert asked.stored() == after

    def test_the_views_rebuilt_are_those_that_were_kept(self, upgraded: Office) -> None:
        assert "equal to what was kept" in upgraded.ok("views", "rebuild").stdout


class TestTakenBack:
    def test_without_cascade_it_is_refused_and_names_the_linked_case(self, upgraded: Office) -> None:
        told = upgraded.refused("rescind", FIRST, 14, *BECAUSE)
        assert f"case {LINKED} was opened because this one had ended" in told

    def test_with_cascade_the_linked_case_falls_with_all_that_came_after(self, upgraded: Office) -> None:
        take(upgraded, "swear-in", "2026-08-03", LINKED)
        previewed = upgraded.json("rescind", FIRST, 14, "--cascade", "--dry-run", *BECAUSE)
        assert [(row["case"], [one["code"] for one in row["findings"]]) for row in previewed["rows"]] == [
            (FIRST, []), (LINKED, ["taken-along"]),
        ]  # fmt: skip
        upgraded.ok("rescind", FIRST, 14, "--cascade", *BECAUSE)
        assert upgraded.count("status", "--as-of", "2026-08-03") == {"none": 1, "pppk": 1, "pppk-pw": 2}
        assert shown(upgraded, FIRST, "--as-of", "2026-08-03")["stage"] == "upgrade-proposed"
        take(upgraded, "upgrade", "2026-09-01", FIRST, at="2026-08-10")
        assert upgraded.count("status", "--as-of", "2026-09-01") == {"none": 2, "pppk": 2, "pppk-pw": 1}
        assert "equal to what was kept" in upgraded.ok("views", "rebuild").stdout

    def test_what_came_before_takes_both_along(self, upgraded: Office) -> None:
        upgraded.refused("rescind", "--document", "set-full-time-need/keputusan-menpan/1", *BECAUSE)
        before = upgraded.count("stage", "--as-of", "2026-08-03")
        upgraded.ok("rescind", "--document", "propose-full-time/surat-usulan/1", "--cascade", *BECAUSE)
        assert upgraded.count("stage", "--as-of", "2026-08-03") == {"active": 3}
        upgraded.ok("undo", "--yes")
        assert upgraded.count("stage", "--as-of", "2026-08-03") == before

    def test_the_whole_command_goes_and_comes_back(self, upgraded: Office) -> None:
        upgraded.ok("rescind", "--command", command_of(upgraded, "upgrade"), *BECAUSE)
        assert upgraded.count("status", "--as-of", "2026-08-03") == {"pppk-pw": 3}
        upgraded.ok("undo", "--yes")
        assert upgraded.count("status", "--as-of", "2026-08-03") == {"none": 2, "pppk": 2, "pppk-pw": 1}

    def test_a_late_death_before_the_upgrade_takes_the_linked_case_along(self, upgraded: Office) -> None:
        words = ("advance", "record-death", FIRST, *words_for(upgraded, "record-death", "2026-07-01"))
        assert "could not stand any more" in upgraded.refused(*words)
        previewed = upgraded.json(*words, "--cascade", "--dry-run")
        assert [row["case"] for row in previewed["rows"]] == [FIRST, LINKED]
        upgraded.ok(*words, "--cascade")
        assert upgraded.count("stage", "--as-of", "2026-08-01") == {
            "active": 1,
            "appointed": 1,
            "deceased": 1,
            "upgraded": 1,
        }
        assert "equal to what was kept" in upgraded.ok("views", "rebuild").stdout

    def test_an_upgrade_put_in_the_place_of_another_opens_anew(self, upgraded: Office) -> None:
        words = ("advance", "upgrade", FIRST, "--replaces", 14, *words_for(upgraded, "upgrade", "2026-08-15"))
        assert f"case {LINKED} was opened" in upgraded.refused(*words)
        upgraded.ok(*words, "--cascade")
        assert upgraded.count("status", "--as-of", "2026-08-14") == {"none": 1, "pppk": 1, "pppk-pw": 2}
        assert shown(upgraded, "36.73-000006", "--as-of", "2026-08-15")["stage"] == "appointed"

    def test_of_a_chain_all_fall(self, upgraded: Office) -> None:
        take(upgraded, "swear-in", "2026-08-03", LINKED)
        take(upgraded, "start-duty", "2026-08-04", LINKED, contract_start="2026-08-01", contract_end="2027-07-31")
        gone = words_for(upgraded, "record-death", "2026-09-01")
        upgraded.ok("advance", "record-death", LINKED, *gone, at="2026-09-01")
        ended = shown(upgraded, FIRST)
        row = ",".join(ended[key] for key in ("nik", "name", "unit"))
        listed = upgraded.write("again.csv", f"nik,name,unit\n{row}\n")
        upgraded.ok("import", listed, "--on", "2026-10-01", "--reopen", at="2026-10-01")
        told = upgraded.refused("rescind", FIRST, 14, *BECAUSE)
        assert LINKED in told
        upgraded.ok("rescind", FIRST, 14, "--cascade", *BECAUSE)
        assert upgraded.count("stage") == {"active": 1, "appointed": 1, "upgrade-proposed": 1, "upgraded": 1}
