"""Several agencies in one database: nothing crosses, whoever tries; and one roster over all who share theirs."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Any

import pytest

from projections.views import KeptViews
from tests import databases
from tests.logins import at_desk, session, tried
from tests.mending import BECAUSE
from tests.office import Office
from tests.postgres import server
from tests.staff import add_user
from workflow.demo.people import Person
from workflow.register import Register, Surroundings

CITY, OTHER = "36.73", "18.72"
SCHEMA = {CITY: "agency_36_73", OTHER: "agency_18_72"}
PAPER = ("--document", "sptjm-opd 800/1 2025-08-15")
SHARED = ("case", "unit", "stage", "status", "category", "formation", "position")


def agency(folder: Path, database: str, code: str) -> Office:
    """An agency's office, whose commands find their register by the option."""
    return Office(folder, place=f"{server().url(database)}?agency={code}")


@pytest.fixture
def both(tmp_path: Path, everyone: list[Person], database: str) -> tuple[Office, Office]:
    """Two agencies in one database, each with the same twelve workers."""
    name = server().create()
    offices = agency(tmp_path, name, CITY), agency(tmp_path, name, OTHER)
    for office, code in zip(offices, (CITY, OTHER), strict=True):
        office.init(code=code)
        office.ok("import", office.workers(everyone[:12]), "--on", "2025-08-07")
    return offices


def everything(office: Office, code: str) -> list[Any]:
    """All rows of all tables in a schema, what is in it, and who may do what there."""
    schema = SCHEMA[code]
    tables = [name for (name,) in databases.rows(office.place, TABLES.format(schema))]
    assert len(tables) > 15
    rows = [
        (table, sorted(map(repr, databases.rows(office.place, f"SELECT * FROM {schema}.{table}")))) for table in tables
    ]
    return [rows, databases.rows(office.place, RIGHTS.format(schema))]


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = '{0}' ORDER BY 1"
RIGHTS = (
    "SELECT relname::text, relacl::text FROM pg_class WHERE relnamespace = '{0}'::regnamespace UNION "
    "SELECT nspname::text, nspacl::text FROM pg_namespace WHERE nspname = '{0}' UNION "
    "SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = '{0}'::regnamespace ORDER BY 1, 2"
)


@pytest.mark.postgresql
class TestApart:
    def test_the_same_people_and_numbers_are_cases_of_each(self, both: tuple[Office, Office]) -> None:
        first, second = (office.json("roster") for office in both)
        assert [row["nik"] for row in first] == [row["nik"] for row in second]
        assert {row["case"][:5] for row in first} == {CITY}
        assert {row["case"][:5] for row in second} == {OTHER}

    def test_no_command_touches_the_other(self, both: tuple[Office, Office], everyone: list[Person]) -> None:
        city, other = both
        city.write("units.csv", "name\nDinas Baru\n")
        for words in (
            ("import", city.workers(everyone[12:16], "more.csv"), "--on", "2025-08-08"),
            ("advance", "verify", "--all", "--on", "2025-08-18", *PAPER, "--yes"),
            ("correct", f"{CITY}-000003", 1, "--set", "position=Operator", *BECAUSE),
            ("rescind", f"{CITY}-000004", 2, *BECAUSE),
            ("undo", "--yes"),
            ("cohort", "define", "semua", f"{CITY}-000001"),
            ("holiday", "decree", "--off", "2026-03-23=Cuti bersama", "--document", "keputusan-bersama 1 2025-08-01"),
            ("unit", "alias", "Dishub Contoh", city.json("roster")[0]["unit"]),
            ("unit", "import", city.folder / "units.csv"),
            ("views", "rebuild"),
            ("upgrade",),
            ("share", "postgres"),
            ("share", "postgres", "--revoke"),
            ("user", "add", "postgres", "--role", "keeper"),
        ):
            before, mine = everything(other, OTHER), everything(city, CITY)
            told = city.run(*words, at="2025-08-18")
            assert told.exit_code == 0, (words, told.stderr)
            assert everything(other, OTHER) == before, words
            assert words[0] in ("views", "upgrade") or everything(city, CITY) != mine, words

    def test_a_case_of_the_other_is_not_found(self, both: tuple[Office, Office]) -> None:
        for words in (
            ("show", f"{OTHER}-000001"),
            ("advance", "verify", f"{OTHER}-000001", "--on", "2025-08-18", *PAPER),
        ):
            assert both[0].run(*words).exit_code in (1, 2)

    def test_nobody_waits_for_the_other(self, both: tuple[Office, Office]) -> None:
        city, other = both
        surroundings = Surroundings(lambda: city.now.astimezone(UTC), Random(5).randbytes, KeptViews())
        with closing(Register.open(str(city.place), surroundings)) as register, register.transaction():
            words = ("advance", "verify", "--all", "--on", "2025-08-18", *PAPER, "--yes")
            assert "Another user is writing" in city.refused(*words, code=4, at="2025-08-18")
            other.ok(*words, at="2025-08-18")

    def test_each_has_the_version_of_its_own(self, both: tuple[Office, Office]) -> None:
        city, other = both
        other.edit("UPDATE setting SET value = '1' WHERE key = 'schema'")
        city.ok("upgrade")
        assert "older version" in other.refused("roster", code=5)
        assert [(row["code"], row["state"]) for row in city.json("agencies")] == [(OTHER, "older"), (CITY, "open")]
        assert len(databases.rows(city.place, "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version'")) == 2

    def test_a_register_without_an_agency_is_a_third(self, both: tuple[Office, Office], tmp_path: Path) -> None:
        place = str(both[0].place).partition("?")[0]
        plain = Office(tmp_path, place=place).init(code="31")
        assert plain.json("roster") == []
        assert [row["code"] for row in plain.json("agencies")] == [OTHER, "31", CITY]
        assert len(both[0].json("roster")) == 12


@pytest.mark.postgresql
class TestTheOption:
    def test_chooses_the_register(self, both: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch) -> None:
        plain = Office(both[0].folder, place=str(both[0].place).partition("?")[0])
        assert plain.json("--agency", OTHER, "roster") == both[1].json("roster")
        first, second = (office.json("roster") for office in both)
        monkeypatch.setenv("LANTIK_AGENCY", CITY)
        assert plain.json("roster") == first
        assert plain.json("--agency", OTHER, "roster") == second

    @pytest.mark.parametrize(
        ("words", "said", "code"),
        [
            (("--agency", "36.99", "roster"), "no register of the agency 36.99", 5),
            (("--agency", "Serang", "roster"), "Serang is no region code", 2),
            (("--agency", "36.73; DROP SCHEMA agency_36_73", "roster"), "is no region code", 2),
            (("roster",), "holds no lantik register", 5),
            (
                ("--agency", OTHER, "init", "--agency", "A", "--code", CITY, "--procedure", "nasional"),
                "was asked for",
                2,
            ),
            (("--agency", CITY, "init", "--agency", "A", "--code", CITY, "--procedure", "nasional"), "already", 1),
        ],
    )
    def test_that_names_none_is_told(self, both: tuple[Office, Office], words: Any, said: str, code: int) -> None:
        plain = Office(both[0].folder, place=str(both[0].place).partition("?")[0])
        result = plain.run(*words)
        assert (result.exit_code, said in result.stderr) == (code, True), result.stderr

    def test_that_contradicts_the_url_is_told(self, both: tuple[Office, Office]) -> None:
        assert "two agencies" in both[0].refused("--agency", OTHER, "roster", code=2)

    def test_that_contradicts_the_register_is_told(self, both: tuple[Office, Office]) -> None:
        databases.edit(both[0].place, "ALTER SCHEMA agency_18_72 RENAME TO agency_18_71")
        moved = agency(both[0].folder, str(both[0].place).rpartition("/")[2].partition("?")[0], "18.71")
        told = moved.run("roster")
        assert (told.exit_code, "the register of the agency 18.72, and 18.71 was asked for" in told.stderr) == (2, True)


@pytest.mark.sqlite
def test_of_a_file_the_option_must_name_the_agency(office: Office) -> None:
    assert office.json("--agency", CITY, "roster") == []
    assert "was asked for" in office.refused("--agency", OTHER, "roster", code=2)
    fresh = Office(office.folder, place=office.folder / "new.db")
    init = ("init", "--agency", "A", "--code", CITY, "--procedure", "nasional")
    assert "was asked for" in fresh.refused("--agency", OTHER, *init, code=2)
    fresh.ok("--agency", CITY, *init)
    assert [row["code"] for row in fresh.json("agencies")] == [CITY]


@pytest.mark.postgresql
class TestLogins:
    @pytest.fixture
    def staffed(self, both: tuple[Office, Office]) -> tuple[Office, Office]:
        """In the city `budi` keeps, `wati` records and `andi` audits; in the other `tuti` keeps."""
        add_user(both[0], "budi", "keeper")
        keeper = at_desk(both[0], "budi")
        add_user(keeper, "wati", "clerk", "verifier", "approver")
        add_user(keeper, "andi", "auditor")
        add_user(both[1], "tuti", "keeper")
        return both

    @pytest.mark.parametrize("login", ["budi", "wati", "andi"])
    def test_of_one_agency_have_no_way_into_the_other(self, staffed: tuple[Office, Office], login: str) -> None:
        city, other = staffed
        before = everything(other, OTHER)
        tables = [name for (name,) in databases.rows(city.place, TABLES.format(SCHEMA[OTHER]))]
        for table in (*tables, "shared_roster"):
            there = f"{SCHEMA[OTHER]}.{table}"
            for statement in (f"SELECT * FROM {there}", f"INSERT INTO {there} DEFAULT VALUES", f"DELETE FROM {there}"):
                assert tried(city, login, statement) == "42501", statement
        for statement in (
            f"CREATE TABLE {SCHEMA[OTHER]}.mine (a integer)",
            f"SELECT * FROM {SCHEMA[OTHER]}.granted()",
            f"SELECT {SCHEMA[OTHER]}.follow_shares()",
            f"DROP SCHEMA {SCHEMA[OTHER]} CASCADE",
            f"GRANT ALL ON SCHEMA {SCHEMA[OTHER]} TO {login}",
            'SET ROLE "tuti"',
        ):
            assert tried(city, login, statement) == "42501", statement
        assert everything(other, OTHER) == before

    @pytest.mark.parametrize("login", ["budi", "wati", "andi"])
    def test_of_one_agency_are_told_so_by_every_command(self, staffed: tuple[Office, Office], login: str) -> None:
        there = at_desk(staffed[1], login)
        for words in (("roster",), ("upgrade",), ("agencies", "--format", "json")):
            told = there.run(*words)
            if words[0] == "agencies":
                assert OTHER not in told.stdout
            else:
                assert (told.exit_code, "that your login may use" in told.stderr) == (5, True)

    def test_see_the_agencies_that_are_theirs(self, staffed: tuple[Office, Office]) -> None:
        listed = {
            login: [row["code"] for row in at_desk(staffed[0], login).json("agencies")] for login in ("andi", "tuti")
        }
        assert listed == {"andi": [CITY], "tuti": [OTHER]}

    def test_with_units_see_only_theirs_where_the_schema_is_chosen(self, staffed: tuple[Office, Office]) -> None:
        city = staffed[0]
        rows = city_rows(city, "budi")
        unit = rows[0]["unit"]
        add_user(at_desk(city, "budi"), "siti", "clerk", units=[unit])
        siti = at_desk(city, "siti")
        assert siti.json("roster") == [row for row in rows if row["unit"] == unit] != rows

    def test_a_keeper_shares_and_nobody_else(self, staffed: tuple[Office, Office], reader: str) -> None:
        for login in ("wati", "andi"):
            assert "is for: keeper" in at_desk(staffed[0], login).refused("share", reader)
        told = at_desk(staffed[0], "budi").ok("share", reader).stdout
        assert "is shared with" in told
        assert [row["login"] for row in at_desk(staffed[0], "andi").json("share")] == [reader]

    def test_a_share_that_somebody_else_writes_past_lantik_is_refused(
        self, staffed: tuple[Office, Office], reader: str
    ) -> None:
        command = (
            "INSERT INTO agency_36_73.command (id, role, name, request) VALUES ('\\x{0}', '{1}', 'share', '\\x00')"
        )
        event = (
            "INSERT INTO agency_36_73.event SELECT 1 + max(position), '\\x6f0ff1ce000040008000000000000000', "
            "1000, 'RosterShared.1', convert_to('{{\"login\":\"{1}\"}}', 'UTF8'), '\\x{0}' FROM agency_36_73.event"
        )
        for login, role, state in (("wati", "clerk", "42501"), ("budi", "keeper", None)):
            statements = [command.format("00" * 16, role), event.format("00" * 16, reader)]
            assert tried(staffed[0], login, *statements) == state
        assert tried(staffed[0], "budi", f"GRANT SELECT ON agency_36_73.shared_roster TO {reader}") == "42501"


def city_rows(city: Office, login: str) -> list[dict[str, Any]]:
    return list(at_desk(city, login).json("roster"))


@pytest.fixture
def reader() -> str:
    """A login of the server that is nobody's user."""
    if not server().ask("SELECT 1 FROM pg_roles WHERE rolname = 'bkn'"):
        server().ask("CREATE ROLE bkn LOGIN")
    return "bkn"


@pytest.mark.postgresql
class TestNational:
    @pytest.fixture
    def national(self, both: tuple[Office, Office], reader: str) -> Office:
        """The desk of the reader; both agencies share with it, and one has moved on."""
        words = ("--on", "2025-08-18", *PAPER, "--yes")
        both[0].ok("advance", "verify", "--all", *words, at="2025-08-18")
        both[0].ok("correct", f"{CITY}-000003", 1, "--set", "position=Operator", *BECAUSE)
        both[1].ok("rescind", f"{OTHER}-000005", 1, *BECAUSE)
        for office in both:
            office.ok("share", reader)
        return reading(both[0], reader)

    @pytest.mark.parametrize("day", ["2025-08-06", "2025-08-07", "2025-08-17", "2025-08-18", "2026-05-01"])
    def test_says_what_each_agency_says(self, both: tuple[Office, Office], national: Office, day: str) -> None:
        each = [row for office in reversed(both) for row in office.json("roster", "--as-of", day)]
        told = national.json("national", "roster", "--as-of", day)
        assert [tuple(row[key] for key in SHARED) for row in told] == [
            tuple(row[key] for key in SHARED) for row in each
        ]
        assert all(row["agency"] == row["case"][:5] for row in told)

    def test_counts_the_same(self, both: tuple[Office, Office], national: Office) -> None:
        told = national.json("national", "count", "--by", "agency,stage", "--as-of", "2025-08-18")
        assert told == [
            {"agency": OTHER, "stage": "registered", "n": 11},
            {"agency": CITY, "stage": "verified", "n": 12},
        ]
        assert national.json("national", "count", "--by", "formation") == [{"formation": "pppk-pw", "n": 23}]

    def test_gives_the_days_on_which_a_row_begins_and_ends(self, national: Office) -> None:
        def days(day: str) -> tuple[str, str | None]:
            row = national.json("national", "roster", "--as-of", day)[-1]
            return row["valid_from"], row["valid_to"]

        assert days("2025-08-10") == ("2025-08-07", "2025-08-18")
        assert days("2025-08-20") == ("2025-08-18", None)

    def test_names_nobody(self, both: tuple[Office, Office], national: Office) -> None:
        people = both[0].json("roster")
        for form in ("json", "table", "csv"):
            told = national.ok("national", "roster", "--format", form).stdout
            assert not [row["case"] for row in people if row["nik"] in told or row["name"] in told]
        [row, *_] = national.json("national", "roster")
        assert set(row) == {"agency", *SHARED, "valid_from", "valid_to"}

    def test_says_which_agencies_answered(self, both: tuple[Office, Office], national: Office, reader: str) -> None:
        assert "Answered by 2 agencies: 18.72, 36.73." in national.ok("national", "count").stdout
        both[1].ok("share", reader, "--revoke")
        told = national.run("national", "count", "--format", "json")
        assert "Answered by 1 agencies: 36.73." in told.stderr
        assert "Not shared with this login: 18.72." in told.stderr
        both[0].ok("share", reader, "--revoke")
        assert "No agency shares" in national.run("national", "count").stderr

    def test_the_reader_may_read_nothing_else(self, both: tuple[Office, Office], national: Office, reader: str) -> None:
        before = [everything(office, code) for office, code in zip(both, (CITY, OTHER), strict=True)]
        tables = [name for (name,) in databases.rows(both[0].place, TABLES.format(SCHEMA[CITY]))]
        for table in tables:
            assert tried(both[0], reader, f"SELECT * FROM agency_36_73.{table}") == "42501", table
        for statement in (
            "DELETE FROM agency_36_73.shared_roster",
            "INSERT INTO agency_36_73.shared_roster DEFAULT VALUES",
        ):
            assert tried(both[0], reader, statement) in ("42501", "55000")
        assert tried(both[0], reader, "SELECT * FROM agency_36_73.shared_roster") is None
        assert [everything(office, code) for office, code in zip(both, (CITY, OTHER), strict=True)] == before

    def test_what_is_no_longer_believed_is_not_shown_to_a_function_of_the_reader(
        self, both: tuple[Office, Office], national: Office, reader: str
    ) -> None:
        """A condition with side effects meets only the rows that the view shows."""
        with session(both[0], reader) as connection:
            connection.execute(
                "CREATE FUNCTION pg_temp.look(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
                "$$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
            )
            said: list[str] = []
            connection.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
            connection.execute("SELECT * FROM agency_36_73.shared_roster WHERE pg_temp.look(position)")
        known_now = {
            row["position"] for day in ("2025-08-07", "2025-08-18") for row in both[0].json("roster", "--as-of", day)
        }
        assert set(said) <= known_now

    @pytest.mark.parametrize("change", ["ADD COLUMN floor text", "DROP COLUMN category CASCADE"])
    def test_what_is_shared_outlives_rebuilding_and_upgrading(
        self, both: tuple[Office, Office], national: Office, change: str
    ) -> None:
        told = national.json("national", "roster")
        both[0].ok("views", "rebuild")
        assert national.json("national", "roster") == told
        both[0].edit(f"ALTER TABLE post_interval {change}")
        both[0].ok("upgrade")
        assert national.json("national", "roster") == told

    def test_a_copy_shares_with_whom_its_source_did(
        self, both: tuple[Office, Office], reader: str, national: Office
    ) -> None:
        told = national.json("national", "roster")
        place = f"{server().url(server().create())}?agency={CITY}"
        both[0].ok("copy", "--from", both[0].place, "--to", place)
        copy = reading(Office(both[0].folder, now=both[0].now, place=place), reader)
        assert copy.json("national", "roster") == [row for row in told if row["agency"] == CITY]

    def test_sharing_is_in_the_log_and_repeated_changes_nothing(self, both: tuple[Office, Office], reader: str) -> None:
        city = both[0]
        again = ("share", reader, "--command-id", "00000000-0000-4000-8000-000000000001")
        city.ok(*again)
        before = city.stored()
        assert "Nothing to do" in city.ok(*again).stdout
        assert "Nothing to do" in city.ok("share", reader).stdout
        assert city.stored() == before
        city.ok("share", reader, "--revoke")
        assert "is not shared with" in city.refused("share", reader, "--revoke")
        logged = [row for row in city.json("log") if row["step"] == "share"]
        assert [row["fields"] for row in logged] == [{"login": reader, "ended": one} for one in (False, True)]

    def test_a_login_that_the_server_does_not_know_is_told(self, both: tuple[Office, Office]) -> None:
        assert "knows no login" in both[0].refused("share", 'x"; DROP ROLE bkn; --')
        assert "Name the login" in both[0].refused("share", "--revoke", code=2)

    def test_an_unknown_field_is_told(self, national: Office) -> None:
        assert "There is no field name" in national.run("national", "count", "--by", "agency,name").stderr


def reading(office: Office, login: str) -> Office:
    """Somebody who is connected to the database and names no agency."""
    desk = at_desk(office, login)
    desk.place = str(desk.place).partition("?")[0]
    return desk


@pytest.mark.sqlite
@pytest.mark.parametrize("words", [("national", "roster"), ("national", "count"), ("share", "bkn"), ("share",)])
def test_a_file_is_no_nation(office: Office, words: Iterable[str]) -> None:
    assert "lantik copy" in office.refused(*words, code=2)
