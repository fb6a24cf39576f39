"""No NIK, NI or name leaves its place: not into events or commands, not into findings, errors or standard error."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.office import Office
from workflow.demo.people import Person

GIVEN_NI = "199001012025211001"


@pytest.fixture(scope="module")
def storied(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person]) -> Office:
    """Sixty workers, some of them up to their NI, with notes, and some who died."""
    office, people = Office(tmp_path_factory.mktemp("storied")).init(), everyone[:60]
    office.ok("import", office.workers(people), "--on", "2025-08-07")
    for step, on, *papers in (
        ("verify", "2025-08-18", "sptjm-opd 800/1 2025-08-15"),
        ("propose", "2025-08-20", "surat-usulan 800/2 2025-08-20", "sptjm-ppk 800/3 2025-08-20"),
        ("approve", "2025-09-04", "keputusan-menpan B/1 2025-09-04"),
        ("announce", "2025-09-06", "pengumuman 800/4 2025-09-06"),
    ):
        documents = [word for paper in papers for word in ("--document", paper)]
        office.ok("advance", step, "--all", "--on", on, *documents, at=on)
    asked = ("--set", "drh_complete=ya", "--document", "surat-usul-ni 800/5 2025-09-12")
    office.ok("advance", "propose-ni", "--all", "--on", "2025-09-12", *asked)
    numbers = office.fields(people[:50], ni=lambda person: person.ni)
    note = ("--note", f"menurut {people[0].worker.name}, NIK {people[0].worker.nik}")
    pertek = ("--document", "pertek PW/1 2025-09-26")
    office.ok("advance", "assign-ni", "--from", numbers, "--on", "2025-09-26", *pertek, *note, at="2025-09-26")
    death = ("--document", "akta-kematian 474/1 2025-09-29")
    office.ok("advance", "record-death", people[59].worker.nik, "--on", "2025-09-28", *death)
    return office


def personal_values(people: list[Person]) -> set[bytes]:
    """Every NIK, NI and full name as it would stand in stored bytes."""
    values = {value for one in people for value in (one.worker.nik, one.ni, one.worker.name)}
    return {value.encode() for value in values}


def stored_bytes(office: Office, table: str) -> bytes:
    with closing(sqlite3.connect(office.db)) as connection:
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


@pytest.mark.parametrize("table", ["event", "command", "docket", "claim", "imported", "paper", "setting", "tracking"])
def test_no_byte_of_the_log_holds_a_person(storied: Office, everyone: list[Person], table: str) -> None:
    stored = stored_bytes(storied, table)
    assert table == "tracking" or stored
    assert not [value for value in personal_values(everyone[:60]) if value in stored]


def test_the_persons_table_is_where_they_are(storied: Office, everyone: list[Person]) -> None:
    stored = stored_bytes(storied, "personal")
    held = [value for value in personal_values(everyone[:50]) if value in stored]
    assert len(held) == len(personal_values(everyone[:50]))


def test_the_events_hold_a_commitment_for_each_block(storied: Office) -> None:
    with closing(sqlite3.connect(storied.db)) as connection:
        [blocks] = connection.execute("SELECT count(*) FROM personal").fetchone()
        [commitments] = connection.execute(
            "SELECT count(*) FROM event WHERE CAST(state AS TEXT) LIKE '%commitment%'"
        ).fetchone()
    assert blocks == 60 + 50
    assert commitments >= blocks


class TestRefusals:
    @pytest.fixture
    def office(self, storied: Office, tmp_path: Path) -> Office:
        return storied.copy(tmp_path)

    def silent(self, office: Office, everyone: list[Person], *words: object) -> str:
        """What a refusal says, after a look that it names no person."""
        result = office.run(*words)
        assert result.exit_code != 0
        said = (result.stdout + result.stderr).encode()
        assert said.strip()
        assert not [value for value in personal_values(everyone[:60]) if value in said]
        return said.decode()

    def test_of_a_step_by_nik(self, office: Office, everyone: list[Person]) -> None:
        niks = [person.worker.nik for person in everyone[:60]]
        said = self.silent(office, everyone, "advance", "swear-in", *niks, "--on", "2025-10-23")
        assert "36.73-000001" in said

    def test_of_an_unknown_and_of_an_ended_worker(self, office: Office, everyone: list[Person]) -> None:
        for nik, says in (("3673010101010001", "no case of this register"), (everyone[59].worker.nik, "no open case")):
            said = self.silent(office, everyone, "advance", "verify", nik, "--on", "2025-10-23")
            assert nik not in said
            assert says in said

    def test_of_a_nik_where_another_thing_was_meant(self, office: Office, everyone: list[Person]) -> None:
        nik, name = everyone[0].worker.nik, everyone[0].worker.name
        verify = ("advance", "verify", "36.73-000001", "--on", "2025-10-23")
        for words in (
            ("show", name),
            ("advance", "verify", name, "--on", "2025-10-23"),
            ("advance", nik, "36.73-000001", "--on", "2025-10-23"),
            ("advance", "verify", "36.73-000001", "--on", nik),
            (*verify, "--document", nik),
            (*verify, "--document", f"sptjm-opd {nik}"),
            (*verify, "--reason", nik),
            (*verify, "--set", f"{nik}=ya"),
            (*verify, "--set", nik),
            ("advance", "assign-ni", "36.73-000051", "--on", "2025-10-23", "--set", f"ni={nik}"),
            ("roster", "--known-at", nik),
            ("roster", "--as-of", nik),
            ("roster", "--unit", nik),
            ("roster", nik),
            ("why", "36.73-000001", nik),
            ("steps", "--procedure", nik),
            ("count", "--by", nik),
            (nik,),
        ):
            self.silent(office, everyone, *words)

    def test_of_a_ni_that_another_person_holds(self, office: Office, everyone: list[Person]) -> None:
        words = ("advance", "assign-ni", "36.73-000051", "--on", "2025-10-01", "--document", "pertek PW/2 2025-10-01")
        said = self.silent(office, everyone, *words, "--set", f"ni={everyone[0].ni}")
        assert "the NI belongs to another person" in said

    def test_of_an_import(self, office: Office, everyone: list[Person]) -> None:
        first, second = everyone[0].worker, everyone[1].worker
        path = office.write(
            "bad.csv",
            "NIK;Nama;OPD;Tanggal Lahir\n"
            f"{first.nik};{second.name};Dinas Kesehatan;31/02/1990\n"
            f"{second.nik};{first.name};Dinas Kesehatan;\n"
            f"{second.nik};{second.name};Dinas Kesehatan;\n"
            f"{first.nik}1;{first.name};{first.name};\n",
        )
        self.silent(office, everyone, "import", path)
        self.silent(office, everyone, "import", path, "--format", "xlsx")


def test_the_log_without_its_person_tables_names_nobody(storied: Office, everyone: list[Person]) -> None:
    told = storied.ok("log", "--mask", "--format", "jsonl").stdout.encode()
    assert told.count(b"\n") == 60 * 6 + 50 + 1
    assert not [value for value in personal_values(everyone[:60]) if value in told]
