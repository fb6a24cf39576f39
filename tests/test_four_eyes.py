"""What one person proposes and another confirms: nothing is recorded before, and both stand in every event."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import Result

import cli
from domain.errors import Refused
from domain.four_eyes import NeedsAnother
from tests import databases
from tests.mending import BECAUSE, FIRST, SECOND, THIRD, events, notes, propose, shown, stands
from tests.office import Office
from tests.test_cohorts import statements
from tests.test_governing import own_file
from tests.test_proposals import COMMANDS, PAST, at_a_terminal, meanwhile, planned
from workflow.amend import Amendment, Target
from workflow.demo.people import Person
from workflow.inbox import Settling
from workflow.proposal import record
from workflow.register import Actor, Register

VERIFY = ("advance", "verify", "--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
ID = "00000000-0000-4000-8000-0000000000aa"
CORRECT = ("correct", FIRST, 1, "--set", "position=Sopir", *BECAUSE)


@pytest.fixture
def proposed(verified: Office) -> Office:
    """The twenty, proposed to KemenPANRB on 2025-08-20."""
    return propose(verified)


def strict(office: Office, above: int = 0) -> Office:
    """The same office, where somebody else confirms what mends the past and what is about more cases."""
    office.edit("INSERT INTO setting (key, value) VALUES ('four_eyes', ?)", str(above))
    return office


def another(office: Office, name: str = "verifikator") -> Office:
    """A colleague at the same register, with the same clock and chance."""
    colleague = Office(office.folder, now=office.now, place=office.place)
    colleague.actor, colleague._chance = name, office._chance
    return colleague


def put(office: Office, *words: object) -> int:
    """The item that a command becomes, which records nothing about any case."""
    before = about_cases(office), counted(office)
    told = office.json(*words)
    assert (told["command"], told["recorded"]) == (None, 0)
    assert {row["verdict"] for row in told["rows"]} <= {"passed", "queued"}
    assert (about_cases(office), counted(office)) == before
    return int(told["proposal"])


def counted(office: Office) -> tuple[int, ...]:
    """What is stored but for the inbox: personal values, claims, imported rows, units."""
    return office.stored()[2:]


_OTHERWISE = ("position", "command", "actor", "proposed_by", "recorded_at")


def about_cases(office: Office) -> list[dict[str, Any]]:
    """All events of cases, but for what is drawn or differs between one person and two."""
    return [
        {name: value for name, value in row.items() if name not in _OTHERWISE}
        | {"fields": {name: value for name, value in row["fields"].items() if name != "person"}}
        for row in office.json("log")
        if row["case"]
    ]


def waiting(office: Office) -> list[tuple[Any, ...]]:
    return databases.rows(office.place, "SELECT item FROM inbox ORDER BY item")


def rebuilt(office: Office) -> str:
    return office.ok("views", "rebuild").stdout


class TestConfirmed:
    @pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
    def test_it_records_what_the_command_itself_would(
        self, proposed: Office, tmp_path: Path, words: tuple[object, ...]
    ) -> None:
        folder = tmp_path / "other"
        folder.mkdir()
        other = proposed.copy(folder, seed=7)
        other.ok(*words)
        item = put(strict(proposed), *words)
        done = another(proposed).json("confirm", item)
        assert done["recorded"] == len(done["rows"]) > 0
        assert about_cases(proposed) == about_cases(other)
        assert proposed.json("roster") == other.json("roster")
        mine = [row for row in proposed.json("log") if row["command"] == done["command"]]
        assert {(row["actor"], row["proposed_by"]) for row in mine} == {("verifikator", "clerk")}
        assert [row["fields"]["item"] for row in mine if row["event"] == "Settled"] == [item]
        assert not waiting(proposed)
        assert "equal to what was kept" in rebuilt(proposed)

    def test_what_was_confirmed_is_taken_back_as_a_whole_like_any_other_command(self, proposed: Office) -> None:
        second = another(proposed)
        done = second.json("confirm", put(strict(proposed), *CORRECT))
        item = put(second, "rescind", "--command", done["command"], *BECAUSE)
        assert proposed.json("confirm", item)["recorded"] == 1
        assert [one["event"] for one in events(proposed, FIRST)][-2:] == ["Corrected", "Rescinded"]

    @pytest.mark.parametrize("kind", ["import", "import --history"])
    def test_an_import_needs_no_file_any_more(
        self, twenty: Office, everyone: list[Person], tmp_path: Path, kind: str
    ) -> None:
        folder = tmp_path / "other"
        folder.mkdir()
        other = twenty.copy(folder, seed=7)
        if kind == "import":
            file = twenty.workers(everyone[20:40])
            words: tuple[object, ...] = ("import", file, "--on", "2025-08-09")
        else:
            file = twenty.write(
                "past.csv", PAST + f"{everyone[0].worker.nik},verify,2025-08-12,sptjm-opd,54,2025-08-11\n"
            )
            words = ("import", file, "--history")
        other.ok(*words)
        item = put(strict(twenty), *words)
        file.unlink()
        another(twenty).ok("confirm", item)
        assert about_cases(twenty) == about_cases(other)
        assert twenty.json("roster") == other.json("roster")

    def test_proposer_and_confirmer_are_told_wherever_an_event_is(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        another(proposed).ok("confirm", item)
        assert [event["proposed_by"] for event in events(proposed, FIRST)] == [None, None, None, "clerk"]
        assert "Proposed" in proposed.ok("history", FIRST).stdout
        assert "Proposed" not in proposed.ok("history", SECOND).stdout
        assert "proposed by clerk" in " ".join(proposed.ok("log").stdout.split())
        leave = ("advance", "leave-out", SECOND, "--on", "2025-08-19", "--reason", "no-need", "--replaces", 3)
        another(proposed).ok("confirm", put(proposed, *leave))
        assert shown(proposed, SECOND)["proposed_by"] == "clerk"
        assert shown(proposed, THIRD)["proposed_by"] is None

    def test_a_case_that_changed_meanwhile_is_refused_and_the_item_stays(self, proposed: Office) -> None:
        item = put(strict(proposed), "rescind", FIRST, 3, *BECAUSE)
        proposed.edit("DELETE FROM setting WHERE key = 'four_eyes'")
        notes(proposed, FIRST, "2025-08-21")
        before = about_cases(proposed)
        told = another(proposed).json("confirm", item, code=1)
        assert told["recorded"] == 0
        assert "outcome-differs" in {finding["code"] for row in told["rows"] for finding in row["findings"]}
        assert about_cases(proposed) == before
        assert waiting(proposed) == [(item,)]

    def test_twice_says_that_it_was_recorded_and_to_others_by_whom(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        second = another(proposed)
        first = second.json("confirm", item)
        again = second.json("confirm", item)
        assert (again["command"], again["recorded"]) == (first["command"], 0)
        told = another(proposed, "third").refused("confirm", item)
        assert "Item 1 waits no more: confirmed by verifikator. Nothing was recorded." in told
        assert len(events(proposed, FIRST)) == 4

    def test_of_two_who_confirm_at_once_one_records(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        told: dict[str, Result] = {}
        offices = [another(proposed, name) for name in ("anna", "budi", "citra")]
        for office in offices:
            office.busy_timeout = 30
        ready = threading.Barrier(len(offices))

        def confirm(office: Office) -> None:
            ready.wait()
            told[office.actor] = office.run("confirm", item)

        run_all([partial(confirm, office) for office in offices])
        assert sorted(result.exit_code for result in told.values()) == [0, 1, 1]
        settled = [row for row in proposed.json("log") if row["event"] == "Settled"]
        assert [row["fields"]["verdict"] for row in settled] == ["confirmed"]
        assert len(events(proposed, FIRST)) == 4

    def test_at_a_terminal_it_is_shown_and_asked_and_another_may_be_faster(self, proposed: Office) -> None:
        item = put(strict(proposed), "rescind", FIRST, 3, *BECAUSE)
        second = another(proposed)
        declined = at_a_terminal(second, "confirm", item, answer="n")
        assert "1 passed: proposed → verified" in declined.stderr
        assert "Record it?" in declined.stderr
        assert stands(proposed, FIRST)[0] == "proposed"
        third = another(proposed, "third")
        late = at_a_terminal(second, "confirm", item, meanwhile=meanwhile(third, "confirm", item))
        assert late.exit_code == 1
        assert "confirmed by third" in late.stderr
        assert len(events(proposed, FIRST)) == 4


def run_all(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestWhatNeedsIt:
    def test_nothing_where_nobody_says_so(self, proposed: Office) -> None:
        assert proposed.json(*CORRECT)["proposal"] is None
        assert len(events(proposed, FIRST)) == 4

    @pytest.mark.parametrize("cases", [3, 4])
    def test_more_cases_than_so_many(self, verified: Office, cases: int) -> None:
        numbers = [f"36.73-{number:06}" for number in range(1, cases + 1)]
        told = strict(verified, above=3).json(
            "advance", "leave-out", *numbers, "--on", "2025-08-19", "--reason", "no-need"
        )
        assert (told["recorded"], told["proposal"]) == ((3, None) if cases == 3 else (0, 1))

    @pytest.mark.parametrize("count", [3, 4])
    def test_more_workers_than_so_many(self, office: Office, everyone: list[Person], count: int) -> None:
        told = strict(office, above=3).json("import", office.workers(everyone[:count]), "--on", "2025-08-07")
        assert (told["recorded"], told["proposal"]) == ((3, None) if count == 3 else (0, 1))

    def test_init_says_so_for_the_register(self, tmp_path: Path, database: str, everyone: list[Person]) -> None:
        office = Office(tmp_path, place=databases.fresh(database, tmp_path))
        about = ("--agency", "BKPSDM", "--code", "36.73", "--procedure", "kota-serang")
        office.ok("init", *about, "--four-eyes", "--four-eyes-above", 2)
        office.ok("import", office.workers(everyone[:2]), "--on", "2025-08-07")
        assert len(events(office, FIRST)) == 1
        assert put(office, "rescind", FIRST, 1, *BECAUSE) == 1
        assert put(office, "import", office.workers(everyone[2:5]), "--on", "2025-08-07") == 2

    def test_a_cascade_that_reaches_another_act(self, proposed: Office) -> None:
        strict(proposed, above=100)
        early = ("advance", "leave-out", FIRST, "--on", "2025-08-19", "--reason", "no-need", "--cascade")
        item = put(proposed, *early)
        rows = proposed.json("inbox", item)["rows"]
        assert [row["taken_back"] for row in rows] == [[3]]
        another(proposed).ok("confirm", item)
        assert stands(proposed, FIRST) == ("not-proposed", "2025-08-19")

    def test_a_step_of_which_the_procedure_says_so(self, office: Office, everyone: list[Person]) -> None:
        own = own_file(office, "\n[steps.verify]\nfour_eyes = true\n")
        office.ok("procedure", "adopt", own, "--on", "2025-08-01")
        office.ok("import", office.workers(everyone[:3]), "--on", "2025-08-07")
        another(office).ok("confirm", put(office, *VERIFY, "--all", "--yes"))
        assert office.count("stage", "--as-of", "2025-08-18") == {"verified": 3}
        assert office.json(*CORRECT)["recorded"] == 1

    def test_what_the_procedure_says_of_corrections_and_of_many(self, office: Office, everyone: list[Person]) -> None:
        own = own_file(office)
        own.write_text("four_eyes = { corrections = true, above = 2 }\n" + own.read_text())
        office.ok("procedure", "adopt", own, "--on", "2025-08-01")
        assert office.json("import", office.workers(everyone[:3]), "--on", "2025-08-07")["proposal"] == 1
        office.ok("import", office.workers(everyone[:2]), "--on", "2025-08-07")
        assert office.json(*CORRECT)["proposal"] == 2

    def test_moving_many_cases_to_a_procedure_that_asks_nothing(self, office: Office, everyone: list[Person]) -> None:
        own = own_file(office)
        own.write_text("four_eyes = { above = 2 }\n" + own.read_text())
        office.ok("procedure", "adopt", own, "--on", "2025-08-01")
        another(office).ok("confirm", put(office, "import", office.workers(everyone[:3]), "--on", "2025-08-07"))
        assert put(office, "procedure", "migrate", "kota-serang@2025.2", "--all", *BECAUSE) == 3

    def test_many_cases_take_the_same_few_statements(self, office: Office, everyone: list[Person]) -> None:
        strict(office)
        second = another(office)
        spoken: dict[int, list[int]] = {}
        for first, last in ((0, 30), (30, 430)):
            file = office.workers(everyone[first:last])
            on = ("--from", file, "--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
            counts = spoken.setdefault(last, [])
            with statements() as told:
                item = put(office, "import", file, "--on", "2025-08-07")
                counts.append(len(told))
            with statements() as told:
                second.ok("confirm", item)
                counts.append(len(told))
            with statements() as told:
                item = put(office, "advance", "verify", *on)
                counts.append(len(told))
            with statements() as told:
                second.ok("confirm", item)
                counts.append(len(told))
        assert spoken[30] == spoken[430]


class TestProposing:
    def test_is_for_anybody_who_wants_somebody_else_to_look(self, verified: Office) -> None:
        minute = COMMANDS["advance"]
        item = put(verified, *minute, "--propose")
        assert "Proposed as item" not in verified.ok(*minute).stdout
        assert waiting(verified) == [(item,)]

    def test_says_what_becomes_of_it(self, verified: Office) -> None:
        told = verified.ok(*COMMANDS["advance"], "--propose").stdout
        assert "2 would be recorded." in told
        assert "Proposed as item 1; nothing is recorded until somebody else confirms it." in told

    def test_what_is_refused_is_refused_as_always(self, verified: Office) -> None:
        strict(verified).refused("advance", "swear-in", FIRST, "--on", "2025-08-19", "--propose")
        strict_rows = verified.json("advance", "swear-in", FIRST, "--on", "2025-08-19", code=1)
        assert (strict_rows["proposal"], strict_rows["refused"]) == (None, 1)
        assert not waiting(verified)

    def test_the_good_rows_alone_where_that_is_asked(self, proposed: Office) -> None:
        strict(proposed)
        words = ("advance", "minute", FIRST, "36.73-999999", "--on", "2025-08-21", "--document", "notulen 1 2025-08-21")
        assert proposed.json(*words, code=1)["proposal"] is None
        told = proposed.json(*words, "--partial")
        assert (told["proposal"], told["refused"]) == (1, 1)
        done = another(proposed).json("confirm", 1)
        assert (done["recorded"], done["refused"]) == (1, 1)

    def test_a_rehearsal_and_a_plan_stay_what_they_are(self, proposed: Office) -> None:
        strict(proposed)
        assert proposed.json(*CORRECT, "--dry-run")["proposal"] is None
        plan = planned(proposed, *CORRECT)
        assert not waiting(proposed)
        proposed.refused(*CORRECT, "--propose", "--plan", proposed.folder / "other.plan", code=2)
        assert "Proposed as item 1" in proposed.ok("apply", plan).stdout
        assert "already proposed" in proposed.ok("apply", plan).stderr
        another(proposed).ok("confirm", 1)
        assert "already recorded" in proposed.ok("apply", plan).stderr
        assert len(events(proposed, FIRST)) == 4

    def test_the_same_command_is_proposed_once(self, proposed: Office) -> None:
        strict(proposed)
        item = put(proposed, *CORRECT, "--command-id", ID)
        before = proposed.stored()
        again = proposed.json(*CORRECT, "--command-id", ID)
        assert (again["proposal"], again["recorded"], again["unchanged"]) == (item, 0, 1)
        assert proposed.stored() == before
        told = proposed.refused("rescind", FIRST, 3, *BECAUSE, "--command-id", ID)
        assert "used for another request" in told
        assert another(proposed).json("confirm", item)["command"] == ID
        assert "already recorded" in proposed.ok(*CORRECT, "--command-id", ID).stderr
        assert len(events(proposed, FIRST)) == 4

    def test_the_same_selection_is_the_same_command_whomever_it_means_by_now(self, verified: Office) -> None:
        strict(verified)
        words = ("advance", "leave-out", "--all", "--on", "2025-08-19", "--reason", "no-need", "--command-id", ID)
        item = put(verified, *words)
        verified.edit("DELETE FROM setting WHERE key = 'four_eyes'")
        verified.ok("import", verified.write("one.csv", "nik,name,unit\n3673012003950009,Satu Lagi,Dinas Baru\n"))
        strict(verified)
        assert verified.json(*words)["proposal"] == item

    def test_declined_the_id_is_used_up(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT, "--command-id", ID)
        another(proposed).ok("decline", item, "--reason", "tidak perlu")
        told = proposed.refused(*CORRECT, "--command-id", ID)
        assert "proposed as item 1 and declined" in told
        assert put(proposed, *CORRECT) == 3


class TestWhoMay:
    def test_not_who_proposed_it(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        assert "Item 1 is your own: somebody else has to confirm it." in proposed.refused("confirm", item)
        [attempt] = databases.rows(proposed.place, "SELECT actor, doing, why FROM attempt")
        assert attempt == ("clerk", "confirm", "four-eyes")
        assert waiting(proposed) == [(item,)]

    def test_an_unknown_item_is_told(self, proposed: Office) -> None:
        for words in (("confirm", 7), ("decline", 7, "--reason", "x"), ("inbox", 7)):
            assert "The inbox has no item 7." in proposed.refused(*words)

    def test_a_proposal_is_declined_once_and_is_gone(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        second = another(proposed)
        assert "without numbers of persons" in second.refused(
            "decline", item, "--reason", "3673012003950009 salah", code=2
        )
        second.ok("decline", item, "--reason", "tidak perlu", "--command-id", ID)
        assert "already recorded" in second.ok("decline", item, "--reason", "tidak perlu", "--command-id", ID).stderr
        assert "declined by verifikator" in second.refused("decline", item, "--reason", "tidak perlu")
        assert "declined by verifikator" in another(proposed, "third").refused("confirm", item)
        assert not waiting(proposed)
        [settled] = [row for row in proposed.json("log") if row["event"] == "Settled"]
        assert (settled["reason"], settled["fields"]["verdict"]) == ("tidak perlu", "declined")
        assert settled["fields"]["put_by"] == "clerk"
        assert len(events(proposed, FIRST)) == 3

    def test_who_proposed_it_may_take_it_back(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        proposed.ok("decline", item, "--reason", "salah ketik")
        assert not waiting(proposed)


class TestWhatLiesInTheInbox:
    def test_is_gone_with_every_name_once_it_is_settled(self, office: Office, everyone: list[Person]) -> None:
        strict(office)
        item = put(office, "import", office.workers(everyone[:3]), "--on", "2025-08-07")
        [(content,)] = databases.rows(office.place, "SELECT content FROM inbox")
        nik = everyone[0].worker.nik.encode()
        assert nik in bytes(content)
        assert all(nik not in bytes(state) for (state,) in databases.rows(office.place, "SELECT state FROM event"))
        office.ok("decline", item, "--reason", "berkas salah")
        assert not waiting(office)
        assert office.total() == 0
        assert office.json("find", everyone[0].worker.name) == []

    @pytest.mark.parametrize("fault", ["changed", "cut", "gone", "foreign"])
    def test_changed_behind_the_back_of_the_register_is_noticed(self, proposed: Office, fault: str) -> None:
        strict(proposed)
        item, other = put(proposed, *CORRECT), put(proposed, "rescind", SECOND, 3, *BECAUSE)
        contents = dict(databases.rows(proposed.place, "SELECT item, content FROM inbox"))
        if fault == "gone":
            proposed.edit("DELETE FROM inbox WHERE item = ?", item)
        else:
            content = bytes(contents[item])
            instead = {"changed": content.replace(b"Sopir", b"Lurah"), "cut": content[:-9], "foreign": contents[other]}
            proposed.edit("UPDATE inbox SET content = ? WHERE item = ?", bytes(instead[fault]), item)
        before = proposed.stored()
        told = another(proposed).run("confirm", item)
        assert told.exit_code == 3, told.stderr
        assert "is not what was put there" in told.stderr
        assert proposed.stored() == before
        another(proposed).ok("decline", item, "--reason", "diubah orang")
        assert waiting(proposed) == [(other,)]

    def test_an_item_is_settled_once_whatever_was_believed_before(self, proposed: Office) -> None:
        item = put(strict(proposed), *CORRECT)
        proposed.ok("decline", item, "--reason", "salah ketik")
        before = proposed.stored()
        late = Actor("verifikator", "stated", settles=Settling(item, "clerk", "confirmed"))
        with closing(Register.open(databases.url_of(proposed.place), cli.Desk().surroundings())) as register:
            with pytest.raises(Refused, match="declined by clerk"), register.transaction() as transaction:
                transaction.begin_command(UUID(ID), "correct", late, b"request")
            with pytest.raises(NeedsAnother):
                record(register, Amendment("rescind", [Target(1, 3)], "keliru"), UUID(ID), Actor("clerk", "stated"))
        assert proposed.stored() == before


class TestProcedureFiles:
    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("four_eyes = true", "line 1: `four_eyes` must be a table"),
            ("four_eyes = { above = -1 }", "line 1: `above` must be 0 or more"),
            ("four_eyes = { above = true }", "line 1: `above` must be a whole number"),
            ("four_eyes = { rescissions = true }", "line 1: `rescissions` is no key here"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(self, office: Office, written: str, told: str) -> None:
        own = own_file(office)
        own.write_text(f"{written}\n{own.read_text()}")
        assert told in office.refused("procedure", "check", own, code=2)

    def test_a_step_says_yes_or_no(self, office: Office) -> None:
        own = own_file(office, '\n[steps.verify]\nfour_eyes = "yes"\n')
        assert "`four_eyes` must be true or false" in office.refused("procedure", "check", own, code=2)

    def test_it_is_shown_and_compared_and_inherited(self, office: Office) -> None:
        own = own_file(office, "\n[steps.verify]\nfour_eyes = true\n")
        own.write_text(f"four_eyes = {{ corrections = true, above = 50 }}\n{own.read_text()}")
        shown = office.json("procedure", "show", own)
        assert shown["four_eyes"] == {"corrections": True, "above": 50}
        assert [step["step"] for step in shown["steps"] if step["four_eyes"]] == ["verify"]
        told = " ".join(office.ok("procedure", "show", own).stdout.split())
        assert "more than 50 cases is confirmed by somebody else" in told
        assert "somebody else has to confirm it" in told
        changed = office.json("procedure", "diff", "kota-serang@2025.2", own)
        assert [(one["what"], one["where"]) for one in changed] == [("four_eyes", "verify"), ("four_eyes", "")]
        office.ok("procedure", "adopt", own, "--on", "2025-08-01")
        heir = own.read_text().split("\n", 1)[1].replace("2027.1", "2027.2").replace("serang@2025.2", "serang@2027.1")
        office.ok("procedure", "adopt", office.write("kota-serang@2027.2.toml", heir), "--on", "2025-08-02")
        assert office.json("procedure", "show", "kota-serang@2027.2")["four_eyes"] == shown["four_eyes"]
