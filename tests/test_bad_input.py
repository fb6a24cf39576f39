"""What bad input gets: one clear message on standard error, the exit code of the contract, and nothing recorded."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.office import Office
from workflow.demo.people import Person
from workflow.store import datastore

ROOT = Path(__file__).parent.parent
NOBODY = "3673010101010001"
PAPER = ("--document", "sptjm-opd 800/1 2025-08-15")
VERIFY = ("--on", "2025-08-18", *PAPER)
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)


def lines(said: str) -> list[str]:
    return [line for line in said.splitlines() if line]


class TestOneCommandAboutOneCase:
    @pytest.mark.parametrize(
        ("words", "code", "says"),
        [
            (("advance", "verify", NOBODY, *VERIFY), 1, "no case of this register has this NIK"),
            (("advance", "verify", "36.73-000777", *VERIFY), 1, "there is no such case"),
            (("advance", "verify", "36.73-000001", "--on", "2025-02-30", *PAPER), 2, "This is no date"),
            (("advance", "verify", "36.73-000001", "--on", "18/13/2025", *PAPER), 2, "This is no date"),
            (("advance", "verifi", "36.73-000001", *VERIFY), 2, "There is no step verifi. The steps are: register"),
            (("advance", "register", "36.73-000001", *VERIFY), 2, "use lantik import"),
            (("advance", "verify", "36.73-000001", "--on", "2025-08-18"), 1, "the document sptjm-opd is missing"),
            (
                ("advance", "swear-in", "36.73-000001", *VERIFY),
                1,
                "swear-in cannot be taken while the case is registered",
            ),
            (("advance", "verify", "36.73-000001", "--on", "2025-08-06", *PAPER), 1, "before the case was registered"),
            (("advance", "verify", "36.73-000001", "36.73-000001", *VERIFY), 1, "the worker is named twice"),
            (("advance", "verify", "36.73-000001", *VERIFY, "--set", "x=1"), 1, "verify has no field x"),
            (("advance", "verify", "36.73-000001", *VERIFY, "--set", "x"), 2, "FIELD=VALUE"),
            (("advance", "verify", "36.73-000001", *VERIFY, "--document", "800/999"), 2, "knows no document 800/999"),
            (("advance", "verify", "36.73-000001", *VERIFY, "--document", "sk 1"), 2, "A document cannot be read"),
            (("advance", "verify", *VERIFY), 2, "Say whom"),
            (("advance", "verify", "36.73-000001", "--all", *VERIFY), 2, "Say whom"),
            (("advance", "verify", "--stage", "sworn-in", *VERIFY), 1, "matches no case on 2025-08-18"),
            (("advance", "verify", "--unit", "Dinas Karangan", *VERIFY), 1, "There is no unit Dinas Karangan"),
            (("advance", "verify", "36.73-000001", *VERIFY, "--command-id", "7"), 2, "not a valid UUID"),
            (("advance", "verify", "--from", "none.csv", *VERIFY), 2, "There is no file none.csv"),
            (("show", NOBODY), 1, "There is no such case"),
            (("show", "Siti"), 1, "neither a NIK of 16 digits nor a case number"),
            (("why", "36.73-000001", "verifi"), 2, "There is no step verifi"),
            (("steps", "--procedure", "kota-lain"), 2, "there is no procedure kota-lain"),
            (("procedure", "show", "kota-lain"), 2, "there is no procedure kota-lain"),
            (("procedure", "check", "none.toml"), 2, "none.toml cannot be read"),
            (("roster", "--known-at", "yesterday"), 2, "This is no moment"),
            (("count", "--by", "name"), 2, "The fields are"),
            (("template", "verifi", "-o", "x.xlsx"), 2, "There is no step verifi"),
            (("unit", "alias", "Dinkes", "Dinas Karangan"), 1, "There is no unit Dinas Karangan"),
            (("roster", "--format", "xlsx"), 2, "Give -o FILE"),
            (("celebrate",), 2, "No such command 'celebrate'"),
            (("roster", "--colour"), 2, "No such option"),
        ],
    )
    def test_is_refused_in_a_sentence(self, twenty: Office, words: tuple[str, ...], code: int, says: str) -> None:
        said = twenty.refused(*words, code=code)
        assert says in said
        assert NOBODY not in said

    def test_a_refusal_names_case_stage_rule_remedy_and_the_open_steps(self, twenty: Office) -> None:
        said = twenty.refused("advance", "assign-ni", "36.73-000003", "--on", "2025-09-26")
        for words in (
            "36.73-000003",
            "assign-ni cannot be taken while the case is registered",
            "[KepmenPANRB 16/2025 diktum 6-7; SE BKN 6/2025]",
            "It starts from: ni-proposed.",
            "the document pertek is missing",
            'Add --document "pertek NUMBER DATE".',
            "the field ni is missing",
            "Open steps of a case that is registered: verify, classify-out, record-death, minute.",
            "Refused: 1 of 1. Nothing was recorded.",
        ):
            assert words in said

    def test_one_bad_worker_leaves_all_as_they_were(self, twenty: Office) -> None:
        said = twenty.refused("advance", "verify", "36.73-000001", "36.73-000777", *VERIFY)
        assert "Refused: 1 of 2. Nothing was recorded." in said
        assert "--partial" in said


class TestFiles:
    @pytest.fixture
    def contract(self, tmp_path: Path) -> dict[str, tuple[Path, int, str]]:
        def file(name: str, content: bytes) -> Path:
            (tmp_path / name).write_bytes(content)
            return tmp_path / name

        with zipfile.ZipFile(tmp_path / "letters.zip", "w") as archive:
            archive.writestr("letter.txt", "Yth.")
        return {
            "no workbook": (file("list.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(64)), 1, "list.xlsx"),
            "a zip": (tmp_path / "letters.zip", 1, "letters.zip"),
            "encrypted": (file("secret.xlsx", ENCRYPTED), 1, "password"),
            "empty": (file("empty.csv", b""), 1, "empty.csv is empty"),
            "only a mark": (file("mark.csv", b"\xef\xbb\xbf\r\n"), 1, "mark.csv is empty"),
            "no nik": (file("header.csv", b"Nama;OPD\nSiti;Dinas\n"), 1, "has the heading nik"),
            "no rows": (file("bare.csv", b"NIK;Nama;OPD\n"), 1, "0 rows"),
            "a folder": (tmp_path, 2, "directory"),
            "absent": (tmp_path / "absent.csv", 2, "There is no file absent.csv"),
        }

    @pytest.mark.parametrize(
        "kind",
        ["no workbook", "a zip", "encrypted", "empty", "only a mark", "no nik", "no rows", "a folder", "absent"],
    )
    def test_a_file_that_cannot_be_read_is_refused(
        self, twenty: Office, contract: dict[str, tuple[Path, int, str]], kind: str
    ) -> None:
        path, code, says = contract[kind]
        said = twenty.refused("import", path, code=code)
        assert says in said
        assert kind == "a folder" or len(lines(said)) == 1
        twenty.refused("advance", "verify", "--from", path, *VERIFY, code=code)
        assert kind == "no nik" or twenty.refused("unit", "import", path, code=code)

    def test_a_nik_as_excel_spoils_it_is_refused_by_row_and_never_quoted(self, office: Office) -> None:
        path = office.write("spoilt.csv", "NIK;Nama;OPD\n3.67301E+15;Siti Rahayu;Dinas Contoh\n12;Agus;Dinas Contoh\n")
        said = office.refused("import", path)
        assert "#2" in said
        assert "#3" in said
        assert "column NIK" in said
        assert not [word for word in ("3.67301E+15", "Siti", "Rahayu", "Agus") if word in said]


class TestTheRegisterItself:
    def test_a_second_init_changes_nothing(self, twenty: Office) -> None:
        before = twenty.json("roster")
        words = ("--agency", "Lain", "--code", "18.72", "--procedure", "kota-metro")
        assert "lantik.db is a register already; nothing was changed" in twenty.refused("init", *words)
        assert twenty.json("roster") == before

    def test_init_leaves_a_file_of_another_kind_alone(self, tmp_path: Path) -> None:
        office = Office(tmp_path)
        office.write("lantik.db", "Yth. Bapak Wali Kota")
        office.refused("init", "--agency", "A", "--code", "36.73", "--procedure", "nasional", code=5)
        assert office.db.read_text() == "Yth. Bapak Wali Kota"

    @pytest.mark.parametrize(
        ("option", "value", "says"),
        [
            ("--code", "Serang", "Serang is no region code"),
            ("--procedure", "kota-lain", "there is no procedure kota-lain"),
            ("--timezone", "Asia/Serang", "Asia/Serang is no time zone"),
        ],
    )
    def test_init_with_a_wrong_value_leaves_no_file(self, tmp_path: Path, option: str, value: str, says: str) -> None:
        office = Office(tmp_path)
        given = {"--agency": "A", "--code": "36.73", "--procedure": "nasional", option: value}
        said = office.refused("init", *(word for pair in given.items() for word in pair), code=2)
        assert says in said
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("words", [("roster",), ("advance", "verify", "--all", *VERIFY)])
    def test_no_register_says_how_to_make_one(self, tmp_path: Path, words: tuple[str, ...]) -> None:
        said = Office(tmp_path).refused(*words, code=2)
        assert "There is no register at lantik.db. Make one with lantik init" in said
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("words", [("roster",), ("advance", "verify", "--all", *VERIFY)])
    def test_a_folder_is_no_register(self, tmp_path: Path, words: tuple[str, ...]) -> None:
        (tmp_path / "lantik.db").mkdir()
        assert "There is no register at lantik.db" in Office(tmp_path).refused(*words, code=2)

    def test_a_register_cannot_be_made_where_a_folder_is(self, tmp_path: Path) -> None:
        (tmp_path / "lantik.db").mkdir()
        words = ("init", "--agency", "A", "--code", "36.73", "--procedure", "nasional")
        assert "lantik.db cannot be opened" in Office(tmp_path).refused(*words, code=5)

    @pytest.mark.parametrize("content", [b"", b"Yth. Bapak Wali Kota, " * 100])
    @pytest.mark.parametrize("words", [("roster",), ("advance", "verify", "--all", *VERIFY)])
    def test_another_file_is_no_register(self, tmp_path: Path, content: bytes, words: tuple[str, ...]) -> None:
        office = Office(tmp_path)
        office.write("lantik.db", content)
        assert "lantik.db is no lantik register; check --db" in office.refused(*words, code=5)
        assert office.db.read_bytes() == content

    @pytest.mark.parametrize("url", ["postgresql://localhost/lantik", "nosuch://lantik", "sqlite://:x:y//"])
    @pytest.mark.parametrize("words", [("roster",), ("advance", "verify", "--all", *VERIFY), ("init",)])
    def test_another_database_is_refused_without_a_traceback(
        self, tmp_path: Path, url: str, words: tuple[str, ...]
    ) -> None:
        if words == ("init",):
            words = ("init", "--agency", "A", "--code", "36.73", "--procedure", "nasional")
        said = Office(tmp_path).refused("--db", url, *words, code=2)
        assert "SQLite" in said

    @pytest.mark.parametrize("words", [("roster",), ("advance", "verify", "--all", *VERIFY)])
    def test_a_register_of_a_newer_version_is_left_alone(self, twenty: Office, words: tuple[str, ...]) -> None:
        twenty.edit("UPDATE setting SET value = '99' WHERE key = 'schema'")
        assert "written by a newer version of lantik" in twenty.refused(*words, code=5)

    @pytest.mark.parametrize("name", ["my register.db", "a#1.db", "50%41.db", "é.db"])
    def test_any_file_name_will_do(self, tmp_path: Path, name: str) -> None:
        office = Office(tmp_path, name=name).init()
        assert office.json("roster") == []
        assert {path.name for path in tmp_path.iterdir()} <= {name, f"{name}-wal", f"{name}-shm"}


class TestTheComputer:
    def test_a_clock_an_hour_behind_is_refused_and_five_minutes_are_not(self, twenty: Office) -> None:
        recorded_at = twenty.now
        words = ("advance", "verify", "36.73-000001", *VERIFY)
        said = twenty.refused(*words, code=5, at=recorded_at - timedelta(hours=1))
        assert "The clock of this computer is behind the last entry of 2025-08-07T09:00:00+07:00" in said
        twenty.ok(*words, at=recorded_at - timedelta(minutes=4))
        first, second = twenty.json("history", "36.73-000001", "--as-of", "2025-12-31")
        assert first["recorded_at"] < second["recorded_at"]

    def test_a_register_that_somebody_holds_is_busy_and_can_be_read(self, twenty: Office) -> None:
        with self.held(twenty):
            said = twenty.refused("advance", "verify", "--all", *VERIFY, code=4)
            assert "Another user is writing to lantik.db. Nothing was recorded; try again." in said
            assert len(twenty.json("roster")) == 20
            twenty.ok("advance", "verify", "--all", *VERIFY, "--dry-run")
        twenty.ok("advance", "verify", "--all", *VERIFY)

    @contextmanager
    def held(self, office: Office) -> Iterator[None]:
        with closing(sqlite3.connect(office.db, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    @pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
    def test_a_folder_that_is_read_only_can_be_read_and_not_written(self, twenty: Office) -> None:
        twenty.db.chmod(0o444)
        twenty.folder.chmod(0o555)
        try:
            assert "cannot be written" in twenty.refused("advance", "verify", "--all", *VERIFY, code=5)
            assert len(twenty.json("roster")) == 20
        finally:
            twenty.folder.chmod(0o755)

    def test_a_database_that_lets_nobody_write_is_told(self, twenty: Office) -> None:
        with on_each_connection("PRAGMA query_only = ON"):
            said = twenty.refused("advance", "verify", "--all", *VERIFY, code=5)
        assert "lantik.db or its folder cannot be written. Nothing was recorded; check the permissions." in said

    def test_a_full_disk_is_told_and_leaves_nothing_behind(self, twenty: Office, everyone: list[Person]) -> None:
        with closing(sqlite3.connect(twenty.db)) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        path = twenty.workers(everyone[20:400])
        with on_each_connection(f"PRAGMA max_page_count = {pages + 4}"):
            said = twenty.refused("import", path, code=5)
        assert "The disk that holds lantik.db is full. Nothing was recorded; make room and try again." in said
        assert twenty.json("import", path)["recorded"] == 380

    def test_a_disk_that_fills_up_under_a_real_process_leaves_nothing_behind(
        self, twenty: Office, everyone: list[Person]
    ) -> None:
        path, before = twenty.workers(everyone[20:800]), twenty.stored()
        limit = twenty.db.stat().st_size + 40_000

        def smaller_disk() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        words = [sys.executable, str(ROOT / "cli.py"), "--db", str(twenty.db), "import", str(path)]
        done = subprocess.run(words, capture_output=True, text=True, preexec_fn=smaller_disk, check=False)
        assert done.returncode == 5
        assert "Nothing was recorded" in done.stderr
        assert len(lines(done.stderr)) == 1
        assert twenty.stored() == before

    def test_an_answer_that_cannot_be_written_is_told(self, twenty: Office) -> None:
        words = ("roster", "--format", "csv", "-o", twenty.folder / "none" / "roster.csv")
        assert "Cannot write roster.csv: No such file or directory" in twenty.refused(*words, code=5)


@contextmanager
def on_each_connection(statement: str) -> Iterator[None]:
    """Give every connection of the product one statement more, as a smaller disk or a stricter system would."""

    def say(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(statement)

    sa.event.listen(sa.engine.Engine, "connect", say)
    try:
        yield
    finally:
        sa.event.remove(sa.engine.Engine, "connect", say)


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("attempt to write a readonly database", 5, "cannot be written"),
        ("database is locked", 4, "try again"),
        ("database or disk is full", 5, "make room"),
        ("file is not a database", 5, "no lantik register"),
        ("database disk image is malformed", 3, "damaged"),
        ("unable to open database file", 5, "cannot be opened"),
        ("disk I/O error", 5, "disk I/O error"),
    ],
)
def test_what_the_database_says_is_told_in_our_words(said: str, code: int, told: str) -> None:
    with pytest.raises(datastore.LantikError) as caught, datastore.faults(sa.make_url("sqlite:///x/lantik.db")):
        raise sa.exc.OperationalError("INSERT", {"nik": NOBODY}, sqlite3.OperationalError(said))
    assert caught.value.exit_code == code
    assert told in str(caught.value)
    assert "lantik.db" in str(caught.value)
    assert NOBODY not in str(caught.value)
