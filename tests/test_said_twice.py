"""What is said twice is recorded once; what is rehearsed or refused is not recorded at all."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import msgspec
import pytest

from domain.worker import Worker
from tests.office import Office
from workflow.demo.people import Person

ID, OTHER_ID = UUID(int=11, version=4), UUID(int=12, version=4)
PAPER = ("--document", "sptjm-opd 800/1 2025-08-15")
VERIFY = ("advance", "verify", "--all", "--on", "2025-08-18", *PAPER)


class TestImport:
    def test_of_the_same_file_changes_nothing(self, twenty: Office, everyone: list[Person]) -> None:
        before, path = twenty.stored(), twenty.workers(everyone[:20])
        said = twenty.json("import", path, "--on", "2025-08-09")
        assert (said["command"], said["recorded"], said["unchanged"]) == (None, 0, 20)
        assert {row["verdict"] for row in said["rows"]} == {"unchanged"}
        assert twenty.stored() == before

    def test_of_a_longer_file_opens_only_the_new_cases(self, twenty: Office, everyone: list[Person]) -> None:
        said = twenty.json("import", twenty.workers(everyone[:25]))
        assert (said["recorded"], said["unchanged"]) == (5, 20)
        assert len(twenty.json("roster")) == 25

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_of_an_exported_roster_changes_nothing(self, verified: Office, form: str) -> None:
        before, path = verified.stored(), verified.folder / f"roster.{form}"
        verified.ok("roster", "--format", form, "-o", path)
        said = verified.json("import", path, "--on", "2025-08-20")
        assert (said["recorded"], said["refused"], said["unchanged"]) == (0, 0, 20)
        assert verified.stored() == before

    def test_of_a_masked_roster_is_refused(self, verified: Office) -> None:
        path = verified.folder / "masked.csv"
        verified.ok("roster", "--mask", "--format", "csv", "-o", path)
        assert "Refused: 20 of 20" in verified.refused("import", path)

    def test_of_a_row_that_differs_is_refused_with_the_name_of_the_column(
        self, twenty: Office, everyone: list[Person]
    ) -> None:
        other = everyone[0]._replace(worker=_changed(everyone[0], position="Sopir Kepala"))
        said = twenty.refused("import", twenty.workers([other]))
        assert "differs from it in: position" in said
        assert "Sopir Kepala" not in said

    def test_of_a_worker_by_another_name_or_in_another_unit_is_for_somebody_to_decide(
        self, twenty: Office, everyone: list[Person]
    ) -> None:
        renamed = everyone[0]._replace(worker=_changed(everyone[0], name="Nama Yang Lain"))
        moved = everyone[1]._replace(worker=_changed(everyone[1], unit="Dinas Contoh"))
        told = twenty.ok("import", twenty.workers([renamed, moved]))
        assert "2 wait in the inbox" in told.stdout
        assert told.stderr.count("To be decided") == 2
        assert "differs from it in: name" in told.stderr
        assert "verifier decides which unit" in told.stderr
        assert "Nama Yang Lain" not in told.stderr
        assert twenty.total() == 20


def _changed(person: Person, **values: str) -> Worker:
    return msgspec.structs.replace(person.worker, **values)


class TestCommandId:
    def test_given_again_with_the_same_request_changes_nothing(self, twenty: Office) -> None:
        first = twenty.json("advance", "verify", *_cases(20), *VERIFY[3:], "--command-id", ID)
        before = twenty.stored()
        again = twenty.json("advance", "verify", *_cases(20), *VERIFY[3:], "--command-id", ID)
        assert first["command"] == again["command"] == str(ID)
        assert (again["recorded"], again["unchanged"]) == (0, 20)
        assert [note["code"] for note in again["notes"]] == ["already-recorded"]
        assert twenty.stored() == before
        assert "already recorded" in twenty.ok("advance", "verify", *_cases(20), *VERIFY[3:], "--command-id", ID).stderr

    def test_given_again_for_a_selection_changes_nothing(self, twenty: Office) -> None:
        twenty.ok(*VERIFY, "--command-id", ID)
        assert twenty.json(*VERIFY, "--command-id", ID)["unchanged"] == 20

    def test_given_again_for_a_selection_that_has_since_moved_changes_nothing(self, twenty: Office) -> None:
        words = ("advance", "verify", "--stage", "registered", *VERIFY[3:], "--command-id", ID)
        twenty.ok(*words)
        assert twenty.json(*words)["unchanged"] == 20

    @pytest.mark.parametrize(
        "words",
        [
            ("advance", "verify", "36.73-000001", "--on", "2025-08-18", *PAPER),
            ("advance", "verify", "--all", "--on", "2025-08-19", *PAPER),
            ("advance", "verify", "--all", "--on", "2025-08-18", "--document", "sptjm-opd 800/2 2025-08-15"),
            ("advance", "minute", "--all", "--on", "2025-08-18", "--document", "notulen 800/1 2025-08-15"),
        ],
    )
    def test_given_with_another_request_is_refused(self, twenty: Office, words: tuple[str, ...]) -> None:
        twenty.ok(*VERIFY, "--command-id", ID)
        said = twenty.refused(*words, "--command-id", ID)
        assert f"The command id {ID} was used for another request" in said

    def test_of_an_import_holds_too(self, office: Office, everyone: list[Person]) -> None:
        path = office.workers(everyone[:5])
        office.ok("import", path, "--on", "2025-08-07", "--command-id", ID)
        assert office.json("import", path, "--on", "2025-08-07", "--command-id", ID)["unchanged"] == 5
        office.refused("import", office.workers(everyone[:6]), "--on", "2025-08-07", "--command-id", ID)
        office.refused("import", path, "--on", "2025-08-08", "--command-id", ID)

    def test_is_free_again_if_nothing_was_recorded_under_it(self, twenty: Office) -> None:
        twenty.refused("advance", "verify", "--all", "--on", "2025-08-18", "--command-id", OTHER_ID)
        assert twenty.json(*VERIFY, "--command-id", OTHER_ID)["recorded"] == 20


def _cases(number: int) -> list[str]:
    return [f"36.73-{one:06}" for one in range(1, number + 1)]


class TestRehearsal:
    def test_has_the_same_verdicts_and_records_nothing(self, twenty: Office) -> None:
        words = ("advance", "verify", *_cases(3), "36.73-000777", "--on", "2025-08-18", *PAPER)
        before = twenty.stored()
        rehearsed = twenty.json(*words, "--dry-run", "--partial", code=1)
        assert twenty.stored() == before
        done = twenty.json(*words, "--partial")
        assert [row["findings"] for row in rehearsed["rows"]] == [row["findings"] for row in done["rows"]]
        assert [row["verdict"] for row in rehearsed["rows"]] == ["passed"] * 3 + ["refused"]
        assert [row["verdict"] for row in done["rows"]] == ["recorded"] * 3 + ["refused"]

    def test_of_an_import_tells_what_would_be_recorded(self, office: Office, everyone: list[Person]) -> None:
        path, before = office.workers(everyone[:5]), office.stored()
        said = office.ok("import", path, "--dry-run")
        assert "5 would be recorded." in said.stdout
        assert "this was a rehearsal" in said.stderr
        assert office.stored() == before
        assert office.json("import", path)["recorded"] == 5


class TestPartial:
    def test_records_the_good_and_tells_the_refused(self, twenty: Office) -> None:
        said = twenty.ok("advance", "verify", "36.73-000001", "36.73-000777", "--on", "2025-08-18", *PAPER, "--partial")
        assert "1 recorded, 1 refused" in said.stdout
        assert "there is no such case" in said.stderr

    def test_with_nothing_good_is_refused(self, twenty: Office) -> None:
        words = ("advance", "verify", "36.73-000777", "--on", "2025-08-18", *PAPER, "--partial")
        assert "Nothing was recorded" in twenty.refused(*words)

    def test_import_leaves_a_file_that_can_be_mended_and_imported(self, office: Office, everyone: list[Person]) -> None:
        path = office.workers(everyone[:5])
        good = everyone[2].worker.nik
        path.write_text(path.read_text("utf-8-sig").replace(good, good[:-1]), "utf-8")
        said = office.ok("import", path, "--partial")
        assert "4 recorded, 1 refused" in said.stdout
        assert "workers.refused.csv" in said.stdout

        refused = office.folder / "workers.refused.csv"
        [row] = csv.DictReader(io.StringIO(refused.read_text("utf-8-sig")))
        assert row["NIK"] == good[:-1]
        assert row["Nama Lengkap"] == everyone[2].worker.name
        assert row["Alasan Ditolak"]
        refused.write_text(refused.read_text("utf-8-sig").replace(good[:-1], good), "utf-8")
        said_again = office.json("import", refused)
        assert (said_again["recorded"], said_again["refused"], said_again["notes"]) == (1, 0, [])

        rows = {row["nik"]: row for row in office.json("roster")}
        assert rows.keys() == {person.worker.nik for person in everyone[:5]}
        assert rows[good]["unit"] == everyone[2].worker.unit

    def test_import_without_it_writes_no_file(self, office: Office) -> None:
        office.refused("import", office.write("bad.csv", "NIK;Nama;OPD\n1;Agus;Dinas Contoh\n"))
        assert not (office.folder / "bad.refused.csv").exists()
