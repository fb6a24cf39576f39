"""Rows of an import that a human decides: they wait, count nowhere, and are accepted, put right or turned away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.outcome import Outcome, Verdict
from tests import databases
from tests.engine import CLERK, Engine
from tests.logins import at_desk
from tests.mending import NOBODY, events
from tests.office import Office
from tests.staff import Staff, add_user, attempts, staffed
from tests.test_four_eyes import another, strict
from workflow.demo.people import Person
from workflow.intake.workers import cells_of, read_worker
from workflow.registration import Intake, register_workers

MOVE = ("--on", "2025-08-20", "--document", "sk-penempatan 800/5 2025-08-19")
AMEND = ("--on", "2025-08-20", "--document", "bukti-perubahan 470/1 2025-08-19")
WHY = ("--reason", "sudah diperiksa")


def changed(person: Person, **columns: Any) -> Person:
    return person._replace(worker=msgspec.structs.replace(person.worker, **columns))


def outside(person: Person) -> Person:
    """The same worker, of a category that contradicts the BKN database: for BKPSDM's verifier."""
    return changed(person, category="R4", in_bkn_database=True)


def banned(person: Person) -> Person:
    """The same worker, engaged after the ban: for the PPK."""
    return changed(person, first_contract=date(2024, 2, 1))


def verdicts(told: dict[str, Any]) -> list[str]:
    return [row["verdict"] for row in told["rows"]]


def codes(told: dict[str, Any]) -> list[str]:
    return sorted(finding["code"] for row in told["rows"] for finding in row["findings"])


def waiting(office: Office) -> list[int]:
    """The items whose content is kept."""
    return [item for (item,) in databases.rows(office.place, "SELECT item FROM inbox ORDER BY item")]


def items(office: Office) -> dict[int, dict[str, Any]]:
    """What there ever was in the inbox, by item."""
    return {row["item"]: row for row in office.json("inbox", "--all") if row["item"] is not None}


def queue(office: Office, *people: Person, name: str = "sent.csv") -> list[int]:
    """Import people of whom each is to wait; their items."""
    before = set(waiting(office))
    told = office.json("import", office.workers(people, name), "--on", "2025-08-07")
    assert verdicts(told) == ["queued"] * len(people)
    return sorted(set(waiting(office)) - before)


@pytest.fixture
def engine(tmp_path: Path, database: str) -> Iterator[Engine]:
    made = Engine(databases.fresh(database, tmp_path))
    yield made
    made.close()


@pytest.fixture
def three(office: Office, everyone: list[Person]) -> Office:
    """A good row, one that the verifier decides, one without a NIK: `workers.csv`, imported."""
    one, two, three = everyone[:3]
    office.ok("import", office.workers([one, outside(two), changed(three, nik="")]), "--on", "2025-08-07")
    return office


class TestAnImport:
    def test_records_the_good_rows_and_lets_the_others_wait_in_one_command(
        self, office: Office, everyone: list[Person]
    ) -> None:
        path = office.workers([everyone[0], outside(everyone[1]), changed(everyone[2], nik=""), banned(everyone[3])])
        told = office.json("import", path, "--on", "2025-08-07", "--document", "sk-opd 800/1 2025-08-01")
        assert verdicts(told) == ["recorded", "queued", "queued", "queued"]
        assert (told["recorded"], told["queued"], told["refused"], told["unchanged"]) == (1, 3, 0, 0)
        assert {row["command"] for row in office.json("log")} == {told["command"]}
        assert [row["codes"] for row in items(office).values()] == [
            ["category-excludes-database"], ["nik-empty"], ["first-contract-after-ban"],
        ]  # fmt: skip
        assert [row["roles"] for row in items(office).values()] == [*[["verifier", "approver"]] * 2, ["approver"]]
        assert {(row["file"], row["put_by"]) for row in items(office).values()} == {("workers.csv", "clerk")}
        assert [row["row"] for row in items(office).values()] == [3, 4, 5]
        states = databases.rows(office.place, "SELECT state FROM event WHERE topic = 'Queued.1'")
        facts = [msgspec.json.decode(bytes(state)) for (state,) in states]
        assert {fact["sha256"] for fact in facts} == {hashlib.sha256(path.read_bytes()).hexdigest()}
        assert {fact["effective_on"] for fact in facts} == {"2025-08-07"}

    def test_says_how_many_wait(self, office: Office, everyone: list[Person]) -> None:
        said = office.ok("import", office.workers([everyone[0], outside(everyone[1])]))
        assert "1 recorded" in said.stdout
        assert "1 wait in the inbox" in said.stdout
        assert "To be decided (#3" in said.stderr

    def test_whose_rows_all_wait_is_recorded_too(self, office: Office, everyone: list[Person]) -> None:
        told = office.json("import", office.workers(map(outside, everyone[:2])))
        assert (verdicts(told), told["recorded"]) == (["queued"] * 2, 0)
        assert told["command"] is not None
        assert len(waiting(office)) == 2

    def test_rehearsed_says_what_would_wait(self, office: Office, everyone: list[Person]) -> None:
        before = office.stored()
        path = office.workers([everyone[0], outside(everyone[1])])
        told = office.json("import", path, "--dry-run")
        assert (told["command"], verdicts(told), told["queued"]) == (None, ["passed", "queued"], 1)
        assert "1 would wait in the inbox" in office.ok("import", path, "--dry-run").stdout
        assert (office.stored(), waiting(office)) == (before, [])

    def test_with_an_error_in_it_is_refused_as_a_whole(self, office: Office, everyone: list[Person]) -> None:
        bad = changed(everyone[1], nik="12")
        assert "Nothing was recorded" in office.refused("import", office.workers([outside(everyone[0]), bad]))
        assert waiting(office) == []

    def test_in_part_leaves_what_waits_out_of_the_refused_file(self, office: Office, everyone: list[Person]) -> None:
        bad = changed(everyone[1], nik="12")
        path = office.workers([outside(everyone[0]), bad, everyone[2]])
        told = office.json("import", path, "--partial")
        assert verdicts(told) == ["queued", "refused", "recorded"]
        refused = (office.folder / "workers.refused.csv").read_text()
        assert bad.worker.name in refused
        assert everyone[0].worker.name not in refused

    def test_in_part_of_which_nothing_but_questions_is_left_is_done(
        self, office: Office, everyone: list[Person]
    ) -> None:
        path = office.workers([outside(everyone[0]), changed(everyone[1], nik="12")])
        done = office.ok("import", path, "--partial")
        assert "1 wait in the inbox" in done.stdout
        assert len(waiting(office)) == 1

    def test_given_again_changes_nothing(self, three: Office) -> None:
        before = three.stored(), waiting(three)
        told = three.json("import", three.folder / "workers.csv", "--on", "2025-08-09")
        assert (told["command"], verdicts(told)) == (None, ["unchanged"] * 3)
        assert codes(told) == ["waits-already", "waits-already"]
        assert (three.stored(), waiting(three)) == before

    def test_knows_a_waiting_row_in_another_file(self, three: Office, everyone: list[Person]) -> None:
        told = three.json("import", three.workers([everyone[5], outside(everyone[1])], "other.csv"))
        assert verdicts(told) == ["recorded", "unchanged"]

    def test_with_its_command_id_again_is_already_recorded(self, office: Office, everyone: list[Person]) -> None:
        words = ("import", office.workers([outside(everyone[0])]), "--command-id", NOBODY)
        office.ok(*words)
        assert [note["code"] for note in office.json(*words)["notes"]] == ["already-recorded"]
        assert len(waiting(office)) == 1

    def test_that_rests_on_an_extension_asks_for_the_first_contract(
        self, office: Office, everyone: list[Person]
    ) -> None:
        path = office.workers([changed(everyone[0], first_contract=None), everyone[1]])
        told = office.json("import", path, "--document", "sk-perpanjangan 800/9 2025-07-01")
        assert verdicts(told) == ["queued", "recorded"]
        assert items(office)[1]["codes"] == ["extension-without-first", "unexpected-document"]

    def test_of_a_name_with_titles_and_capitals_is_the_same_name(self, three: Office, everyone: list[Person]) -> None:
        titled = changed(everyone[0], name=f"Dr. {everyone[0].worker.name.upper()}, S.Pd., M.M.")
        assert verdicts(three.json("import", three.workers([titled], "titled.csv"))) == ["unchanged"]

    def test_takes_a_unit_that_only_waits_for_none_of_the_register(
        self, office: Office, everyone: list[Person]
    ) -> None:
        told = office.json("import", office.workers([outside(changed(everyone[0], unit="Dinas Baru"))]))
        assert told["notes"] == []
        assert office.json("unit", "list") == []
        office.ok("confirm", *waiting(office))
        assert [row["name"] for row in office.json("unit", "list")] == ["Dinas Baru"]

    def test_as_a_plan_lets_the_same_rows_wait(self, office: Office, everyone: list[Person]) -> None:
        path = office.workers([everyone[0], outside(everyone[1]), changed(everyone[2], nik="")])
        told = office.json("import", path, "--on", "2025-08-07", "--plan", office.folder / "the.plan")
        assert (verdicts(told), waiting(office)) == (["passed", "queued", "queued"], [])
        path.unlink()
        assert verdicts(office.json("apply", office.folder / "the.plan")) == ["recorded", "queued", "queued"]
        assert [(row["file"], row["row"]) for row in items(office).values()] == [("workers.csv", 3), ("workers.csv", 4)]
        [first, second] = waiting(office)
        assert office.json("confirm", first)["recorded"] == 1
        assert office.json("confirm", second, "--set", "nik=3673014107900009")["recorded"] == 1


class TestWhatWaits:
    def test_counts_nowhere(self, three: Office, everyone: list[Person]) -> None:
        waits = everyone[1].worker
        assert len(three.json("roster")) == 1
        assert three.total() == 1
        assert three.json("find", waits.name) == []
        assert three.json("find", waits.nik) == []
        assert waits.nik not in three.refused("show", waits.nik)
        assert [number for (number,) in databases.rows(three.place, "SELECT number FROM docket")] == [1]

    def test_claims_no_nik(self, three: Office, everyone: list[Person]) -> None:
        """Another office names the same worker, without a question: that is recorded, and the first is then refused."""
        other = changed(everyone[1], unit=everyone[0].worker.unit)
        assert verdicts(three.json("import", three.workers([other], "other.csv"))) == ["recorded"]
        [first, _] = waiting(three)
        said = three.refused("confirm", first)
        assert "has an open case, 36.73-000002" in said
        assert waiting(three)[0] == first

    def test_no_personal_value_of_it_is_in_the_log(self, three: Office, everyone: list[Person]) -> None:
        states = b"".join(bytes(state) for (state,) in databases.rows(three.place, "SELECT state FROM event"))
        kept = b"".join(bytes(content) for (content,) in databases.rows(three.place, "SELECT content FROM inbox"))
        for person in everyone[1:3]:
            assert person.worker.name.encode() not in states
            assert person.worker.name.encode() in kept
        assert everyone[1].worker.nik.encode() not in states

    def test_nobody_finds_the_row_by_trying_out_digests(self, three: Office) -> None:
        """Two registers of the same rows hold other digests: each row has a salt."""
        rows = databases.rows(three.place, "SELECT content FROM inbox ORDER BY item")
        salts = [msgspec.json.decode(bytes(content))["salt"] for (content,) in rows]
        assert len({*salts}) == 2
        assert all(len(salt) == 32 for salt in salts)

    def test_a_file_named_after_a_person_is_kept_without_the_number(
        self, office: Office, everyone: list[Person]
    ) -> None:
        nik = everyone[0].worker.nik
        queue(office, outside(everyone[0]), name=f"{nik}.csv")
        [(state,)] = databases.rows(office.place, "SELECT state FROM event")
        assert nik.encode() not in bytes(state)

    def test_changed_behind_the_back_of_the_register_is_noticed_and_can_be_turned_away(
        self, three: Office, everyone: list[Person]
    ) -> None:
        first, second = waiting(three)
        [(content,)] = databases.rows(three.place, f"SELECT content FROM inbox WHERE item = {first}")
        name = everyone[1].worker.name.encode()
        three.edit("UPDATE inbox SET content = ? WHERE item = ?", bytes(content).replace(name, b"Orang Lain"), first)
        assert "not what was put there" in three.refused("confirm", first, code=3)
        three.ok("decline", first, *WHY)
        assert waiting(three) == [second]


class TestAccepted:
    def test_a_row_opens_a_case_as_the_import_would_have(self, office: Office, everyone: list[Person]) -> None:
        path = office.workers([everyone[0], outside(everyone[1])])
        paper = ("--document", "sk-opd 800/1 2025-08-01")
        office.ok("import", path, "--on", "2025-08-07", *paper)
        done = another(office).json("confirm", *waiting(office), *WHY, at="2025-09-01")
        assert (verdicts(done), done["recorded"]) == (["recorded"], 1)
        assert codes(done) == ["category-excludes-database"]
        assert {finding["severity"] for row in done["rows"] for finding in row["findings"]} == {"warning"}
        [direct], [decided] = (events(office, f"36.73-00000{number}") for number in (1, 2))
        assert decided["effective_on"] == "2025-08-07"
        for key in ("event", "step", "stage", "documents", "reason", "seq"):
            assert decided[key] == direct[key], key
        assert (decided["actor"], decided["proposed_by"]) == ("verifikator", "clerk")
        assert decided["recorded_at"][:10] == "2025-09-01"
        [row] = [row for row in office.json("roster", "--as-of", "2025-08-07") if row["case"] == "36.73-000002"]
        assert (row["nik"], row["name"]) == (everyone[1].worker.nik, everyone[1].worker.name)
        [item] = items(office).values()
        assert (item["verdict"], item["settled_by"], item["reason"]) == ("accepted", "verifikator", "sudah diperiksa")
        assert item["command"] == done["command"]
        assert waiting(office) == []

    def test_a_row_is_unchanged_in_every_further_import(self, three: Office) -> None:
        first, second = waiting(three)
        three.ok("confirm", first)
        three.ok("confirm", second, "--set", "NIK=3673014107900009")
        before = three.stored()
        told = three.json("import", three.folder / "workers.csv")
        assert (verdicts(told), codes(told)) == (["unchanged"] * 3, [])
        assert [row["case"] for row in told["rows"]] == ["36.73-000001", "36.73-000002", "36.73-000003"]
        assert three.stored() == before

    def test_once_and_told_to_others(self, three: Office) -> None:
        first, _ = waiting(three)
        done = three.json("confirm", first)
        again = three.json("confirm", first)
        assert ([note["code"] for note in again["notes"]], again["command"]) == (["already-recorded"], done["command"])
        assert f"Item {first} waits no more: accepted by clerk" in another(three).refused("confirm", first)
        assert three.total() == 2

    def test_a_row_of_whom_the_register_says_the_same_by_now_is_refused(
        self, three: Office, everyone: list[Person]
    ) -> None:
        three.ok("import", three.workers([changed(everyone[1], category=None)], "other.csv"))
        first, _ = waiting(three)
        said = three.refused("confirm", first, "--set", "category=")
        assert "says the same of this worker already" in said
        assert f"lantik decline {first}" in said
        assert first in waiting(three)

    def test_a_worker_whose_case_ended_follows_it(self, three: Office, everyone: list[Person]) -> None:
        """A question about an open case may be decided after that case has ended."""
        other = changed(everyone[0], unit=everyone[5].worker.unit)
        [item] = queue(three, other, name="other.csv")
        three.ok("advance", "record-death", "36.73-000001", "--on", "2025-08-15", "--document",
                 "akta-kematian 470/9 2025-08-15", at="2025-08-16")  # fmt: skip
        assert "the last case ended on 2025-08-15" in three.refused("confirm", item)
        done = three.json("confirm", item, "--on", "2025-08-15")
        assert [row["case"] for row in done["rows"]] == ["36.73-000002"]
        [event] = events(three, "36.73-000002")
        assert (event["effective_on"], event["fields"]["continues"]) == ("2025-08-15", 1)

    def test_what_is_typed_wrong_is_told(self, three: Office) -> None:
        first, _ = waiting(three)
        assert "has no column kode_pos" in three.refused("confirm", first, "--set", "kode_pos=42118", code=2)
        assert "without numbers of persons" in three.refused(
            "confirm", first, "--reason", "NIK 3673014107900009", code=2
        )
        assert "has no item 77" in three.refused("confirm", 77)


class TestPutRight:
    def test_a_row_gets_what_it_lacked(self, three: Office) -> None:
        _, item = waiting(three)
        said = three.refused("confirm", item)
        assert "--set COLUMN=VALUE" in said
        done = three.json("confirm", item, "--set", "nik=3673014107900009", "--set", "Upah=Rp 1.250.000")
        assert done["recorded"] == 1
        assert three.json("show", "3673014107900009")["case"] == "36.73-000002"
        told = items(three)[item]
        assert (told["verdict"], told["corrected"]) == ("corrected", ["nik", "wage"])
        [event] = events(three, "36.73-000002")
        assert event["fields"]["previous_wage"] == 1_250_000

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("nik=36730141079000", "nik-length"),
            ("nik=3.67301E+15", "nik-is-a-number"),
            ("birth_date=31/02/1990", "date-unreadable"),
            ("birth_date=2030-01-01", "birth-date-in-future"),
            ("wage=0", "wage-not-positive"),
            ("unit=", "unit-missing"),
            ("name=Orang\x07Lain", "control-characters"),
        ],
    )
    def test_what_an_import_refuses_is_refused(self, three: Office, cell: str, code: str) -> None:
        _, item = waiting(three)
        nik = () if cell.startswith("nik") else ("--set", "nik=3673014107900009")
        told = three.json("confirm", item, *nik, "--set", cell, code=1)
        assert code in codes(told)
        assert item in waiting(three)

    def test_a_unit_that_no_list_has_is_refused(self, three: Office, everyone: list[Person]) -> None:
        three.ok("unit", "import", three.write("units.csv", f"name\n{everyone[1].worker.unit}\n"))
        first, _ = waiting(three)
        assert codes(three.json("confirm", first, "--set", "unit=Dinas Entah", code=1)).count("unknown-unit") == 1

    def test_a_nik_of_somebody_else_is_refused(self, three: Office, everyone: list[Person]) -> None:
        _, item = waiting(three)
        told = three.json("confirm", item, "--set", f"nik={everyone[0].worker.nik}", code=1)
        assert "open-case" in codes(told) or "name-first" in codes(told)
        assert item in waiting(three)

    def test_another_question_counts_as_decided_by_the_same_person(self, three: Office) -> None:
        _, item = waiting(three)
        done = three.json("confirm", item, "--set", "nik=3673014107900009", "--set", "first_contract=2024-01-01")
        assert "first-contract-after-ban" in codes(done)
        assert done["recorded"] == 1

    def test_a_cell_of_no_known_column_stays_with_the_person(self, office: Office, everyone: list[Person]) -> None:
        worker = everyone[0].worker
        written = f"nik,name,unit,Alamat\n,{worker.name},{worker.unit},Jalan Satu\n"
        office.ok("import", office.write("more.csv", written))
        office.ok("confirm", *waiting(office), "--set", f"nik={worker.nik}", "--set", "Alamat=Jalan Dua")
        [(block,)] = databases.rows(office.place, "SELECT block FROM personal")
        assert msgspec.json.decode(bytes(block))["extra"] == {"Alamat": "Jalan Dua"}


class TestAnOpenCase:
    """Two offices claim one worker; or the worker is known by another name."""

    @pytest.fixture
    def moved(self, three: Office, everyone: list[Person]) -> int:
        """The item of a row that names the worker of case 1 in another unit and in another position."""
        [item] = queue(three, changed(everyone[0], unit=everyone[5].worker.unit, position="Sopir"), name="moved.csv")
        return item

    @pytest.fixture
    def renamed(self, three: Office, everyone: list[Person]) -> int:
        [item] = queue(three, changed(everyone[0], name="Nama Yang Lain"), name="renamed.csv")
        return item

    def test_is_moved_to_the_unit_of_the_row(self, three: Office, everyone: list[Person], moved: int) -> None:
        said = three.refused("confirm", moved)
        assert '--document "sk-penempatan NUMBER DATE"' in said
        assert f"lantik decline {moved}" in said
        assert moved in waiting(three)
        done = another(three).json("confirm", moved, *MOVE, *WHY, at="2025-08-21")
        assert (verdicts(done), "not-taken-over" in codes(done)) == (["recorded"], True)
        [_, event] = events(three, "36.73-000001")
        assert (event["step"], event["effective_on"], event["proposed_by"]) == ("move-unit", "2025-08-20", "clerk")
        shown = three.json("show", "36.73-000001", "--as-of", "2025-08-20")
        assert (shown["unit"], shown["position"]) == (everyone[5].worker.unit, everyone[0].worker.position)
        assert items(three)[moved]["command"] == done["command"]
        again = three.json("import", three.folder / "moved.csv", at="2025-08-21")
        assert verdicts(again) == ["unchanged"]

    def test_is_amended_by_the_name_of_the_row(self, three: Office, renamed: int) -> None:
        assert '--document "bukti-perubahan NUMBER DATE"' in three.refused("confirm", renamed)
        done = three.json("confirm", renamed, *AMEND, at="2025-08-21")
        assert verdicts(done) == ["recorded"]
        assert [event["step"] for event in events(three, "36.73-000001")] == ["register", "amend-person"]
        assert three.json("show", "36.73-000001")["name"] == "Nama Yang Lain"
        assert three.json("show", "36.73-000001", "--as-of", "2025-08-19")["name"] != "Nama Yang Lain"

    def test_with_the_wrong_papers_stays_as_it_is(self, three: Office, moved: int) -> None:
        before = three.stored()
        told = three.json("confirm", moved, *AMEND, code=1, at="2025-08-21")
        assert "missing-document" in codes(told)
        assert (three.stored(), moved in waiting(three)) == (before, True)

    def test_of_another_name_in_another_unit_is_not_decided_at_once(
        self, three: Office, everyone: list[Person]
    ) -> None:
        other = changed(everyone[0], unit=everyone[5].worker.unit, name="Nama Yang Lain")
        [item] = queue(three, other, name="both.csv")
        said = three.refused("confirm", item, *MOVE, at="2025-08-21")
        assert "First make the names agree" in said
        assert "Nama Yang Lain" not in said
        three.ok("confirm", item, *MOVE, "--set", f"name={everyone[0].worker.name}")
        assert items(three)[item]["corrected"] == ["name"]

    def test_taken_back_lets_the_row_open_its_own(self, three: Office, everyone: list[Person], moved: int) -> None:
        three.ok("rescind", "36.73-000001", 1, "--reason", "bukan unitnya")
        assert [row["case"] for row in three.json("confirm", moved)["rows"]] == ["36.73-000002"]
        assert three.json("show", everyone[0].worker.nik)["unit"] == everyone[5].worker.unit


class TestTurnedAway:
    def test_a_row_is_gone_and_its_event_stays(self, three: Office) -> None:
        first, second = waiting(three)
        three.ok("decline", first, *WHY)
        told = items(three)[first]
        assert (told["verdict"], told["reason"], told["command"]) == ("turned-away", "sudah diperiksa", None)
        assert waiting(three) == [second]
        assert three.total() == 1
        assert "waits no more: turned-away" in three.refused("confirm", first)

    def test_a_row_that_comes_again_waits_again_and_it_is_told(self, three: Office) -> None:
        first, second = waiting(three)
        three.ok("decline", first, *WHY)
        told = three.json("import", three.folder / "workers.csv")
        assert verdicts(told) == ["unchanged", "queued", "unchanged"]
        assert codes(told) == ["category-excludes-database", "turned-away-before", "waits-already"]
        assert f"as item {first}" in str(told["rows"][1]["findings"])
        [item] = set(waiting(three)) - {second}
        assert "turned-away-before" in items(three)[item]["codes"]
        assert three.json("import", three.folder / "workers.csv")["unchanged"] == 3
        assert three.json("confirm", item)["recorded"] == 1


class TestWhoDecides:
    @pytest.fixture
    def staff(self, twenty: Office) -> Staff:
        return staffed(twenty)

    def seated(self, staff: Staff, name: str, *roles: str, units: tuple[str, ...] = ()) -> Office:
        add_user(staff.keeper, name, *roles, units=units)
        return at_desk(staff.office, name)

    def test_the_role_that_the_question_is_for(self, staff: Staff, everyone: list[Person]) -> None:
        dewi, rina, agus = (
            self.seated(staff, *one)
            for one in (("dewi", "clerk"), ("rina", "verifier"), ("agus", "approver"))
        )  # fmt: skip
        data, ban = queue(dewi, outside(everyone[20]), banned(everyone[21]))
        assert "confirm is for: verifier, approver. Yours: clerk" in dewi.refused("confirm", data)
        assert "confirm is for: approver. Yours: verifier" in rina.refused("confirm", ban)
        assert "decline is for: approver" in rina.refused("decline", ban, *WHY)
        assert {one[:4] for one in attempts(staff.office)} == {
            ("dewi", "confirm", "role", "verifier"), ("rina", "confirm", "role", "approver"),
            ("rina", "decline", "role", "approver"),
        }  # fmt: skip
        assert rina.json("confirm", data)["recorded"] == 1
        assert agus.json("confirm", ban)["recorded"] == 1
        roles = [(row["actor"], row["role"], row["proposed_by"]) for row in agus.json("log") if row["case"]][-2:]
        assert roles == [("rina", "verifier", "dewi"), ("agus", "approver", "dewi")]

    def test_a_correction_raises_no_question_for_somebody_else(self, staff: Staff, everyone: list[Person]) -> None:
        dewi, rina = self.seated(staff, "dewi", "clerk"), self.seated(staff, "rina", "verifier")
        [item] = queue(dewi, outside(everyone[20]))
        said = rina.refused("confirm", item, "--set", "first_contract=2024-01-01")
        assert "is for: approver" in said
        assert waiting(staff.office) == [item]

    def test_the_step_of_an_open_case_is_the_decision_of_the_verifier(
        self, staff: Staff, everyone: list[Person]
    ) -> None:
        """Moving is a clerk's act; whoever decides which unit the worker belongs to records it."""
        dewi, rina = self.seated(staff, "dewi", "clerk"), self.seated(staff, "rina", "verifier")
        units = {person.worker.unit for person in everyone[:20]} - {everyone[0].worker.unit}
        [item] = queue(dewi, changed(everyone[0], unit=min(units)))
        assert rina.json("confirm", item, *MOVE, at="2025-08-21")["recorded"] == 1
        last = events(rina, "36.73-000001")[-1]
        assert (last["step"], last["actor"], last["proposed_by"]) == ("move-unit", "rina", "dewi")

    def test_of_a_case_of_another_unit_the_number_is_not_told(self, staff: Staff) -> None:
        other = staff.others[0]
        path = staff.clerk.write("one.csv", f"nik,name,unit\n{other['nik']},{other['name']},{staff.unit}\n")
        done = staff.clerk.run("import", path)
        assert done.exit_code == 0, done.stderr
        assert other["case"] not in done.stdout + done.stderr
        assert other["unit"] not in done.stdout + done.stderr
        [item] = waiting(staff.office)
        assert "not among the units" in staff.clerk.refused("confirm", item, *MOVE)
        assert staff.whole.json("confirm", item, *MOVE, at="2025-08-21")["recorded"] == 1
        assert path.is_file()

    def test_a_colleague_with_the_same_unit_does_not_queue_it_twice(self, staff: Staff) -> None:
        """Not everybody meets every row of the table in which the items lie."""
        colleague = self.seated(staff, "tuti", "clerk", units=(staff.unit,))
        other = staff.others[0]
        path = staff.clerk.write("one.csv", f"nik,name,unit\n{other['nik']},{other['name']},{staff.unit}\n")
        staff.clerk.ok("import", path)
        assert verdicts(colleague.json("import", path)) == ["unchanged"]
        assert len(waiting(staff.office)) == 1

    def test_where_four_eyes_are_on_somebody_else(self, office: Office, everyone: list[Person]) -> None:
        office.ok("import", office.workers([outside(everyone[0]), outside(everyone[1])]))
        first, second = waiting(office)
        assert office.json("confirm", first)["recorded"] == 1
        strict(office)
        assert "is your own" in office.refused("confirm", second)
        assert "is your own" in office.refused("decline", second, *WHY)
        assert [one[2] for one in attempts(office)] == ["four-eyes", "four-eyes"]
        assert another(office).json("confirm", second)["recorded"] == 1

    def test_where_the_procedure_asks_for_four_eyes_somebody_else(self, office: Office, everyone: list[Person]) -> None:
        own = office.write(
            "kota-serang@2027.1.toml",
            'name = "kota-serang"\nversion = "2027.1"\nextends = "kota-serang@2025.2"\n'
            'title = { en = "Ours", id = "Kami" }\n[steps.register]\nfour_eyes = true\n',
        )
        office.ok("procedure", "adopt", own, "--on", "2025-08-01")
        [item] = queue(office, outside(everyone[0]))
        assert "is your own" in office.refused("confirm", item)
        assert another(office).json("confirm", item)["recorded"] == 1

    def test_of_an_import_that_was_confirmed_not_who_asked_for_it(self, office: Office, everyone: list[Person]) -> None:
        """The first proposed the rows, the second let them in: the second decides about one that waits."""
        strict(office)
        path = office.workers([everyone[0], outside(everyone[1])])
        second = another(office)
        assert verdicts(second.json("confirm", office.json("import", path)["proposal"])) == ["recorded", "queued"]
        [item] = waiting(office)
        assert items(office)[item]["put_by"] == "clerk"
        assert "is your own" in office.refused("confirm", item)
        second.ok("confirm", item)
        [event] = events(office, "36.73-000002")
        assert (event["actor"], event["proposed_by"]) == ("verifikator", "clerk")


def test_thousands_of_rows_of_which_hundreds_wait_take_a_bounded_number_of_statements(
    engine: Engine, everyone: list[Person]
) -> None:
    counted: dict[str, list[int]] = {}
    for size, first in ((10, 0), (2000, 10)):
        people = everyone[first : first + size]
        asked = [outside(person) if at % 5 == 0 else person for at, person in enumerate(people)]
        elsewhere = [changed(person, unit="Dinas Lain") for at, person in enumerate(people) if at % 5]
        sendings = {"first": (asked, size // 5), "again": (asked, 0), "claimed": (elsewhere, len(elsewhere))}
        for time, (sent, wait) in sendings.items():
            before = engine.statements
            outcome = sends(engine, sent)
            counted.setdefault(time, []).append(engine.statements - before)
            assert outcome.count(Verdict.QUEUED) == wait
    assert all(many <= few for few, many in counted.values()), counted


def sends(engine: Engine, people: Iterable[Person]) -> Outcome:
    on = date(2025, 8, 7)
    rows = [read_worker(number, cells_of(person.worker), on) for number, person in enumerate(people, 2)]
    return register_workers(engine.register, Intake(rows, on), CLERK)


def test_a_worker_is_read_again_from_the_cells_as_the_same(everyone: list[Person]) -> None:
    for person in everyone[:500]:
        full = msgspec.structs.replace(person.worker, note="catatan", formation="pppk", extra={"Alamat": "Jalan 1"})
        for worker in (person.worker, full):
            assert read_worker(7, cells_of(worker), date(2025, 8, 7)).worker == worker
