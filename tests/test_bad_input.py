"""What bad input gets: one clear message on standard error, the exit code of the contract, and nothing recorded."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests import databases
from tests.office import Office

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
            (("roster", "--stage", "sworn"), 2, "There is no stage sworn. The stages are: registered"),
            (("roster", "--status", "honorer"), 2, "'honorer' is not one of"),
            (("roster", "--formation", "cpns"), 2, "'cpns' is not one of"),
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
            "Open steps of a case that is registered: verify, classify-out, record-death, minute, hold,",
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
        said = f"{databases.called(twenty.place)} is a register already; nothing was changed"
        assert said in twenty.refused("init", *words)
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

    @pytest.mark.parametrize(
        "url", ["mysql://localhost/lantik", "postgresql+psycopg2:///x", "nosuch://lantik", "sqlite://:x:y//"]
    )
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
