"""What each login may do on the server, tried with plain SQL past the product; and that each can do its work."""

from __future__ import annotations

import itertools
import json

import pytest

from projections.tables import KEPT
from tests import databases
from tests.logins import at_desk, session, tried
from tests.office import Office
from tests.postgres import server
from workflow.demo.people import Person
from workflow.store import guards, rights
from workflow.store.postgres import PARTLY_HIDDEN
from workflow.store.rights import VIEWS
from workflow.store.tables import metadata

pytestmark = pytest.mark.postgresql

DENIED, APPEND_ONLY, OUTSIDE = "42501", "23001", "42501"
LOG = ("event", "command", "personal", "attempt", "reading")
ROLES = {
    "kepala": "keeper", "siti": "clerk", "vera": "verifier", "anton": "approver", "audi": "auditor",
    "rani": "clerk",
}  # fmt: skip
EVERYBODY = (*ROLES, "stranger")

A_COMMAND = "INSERT INTO command (id, role, name, request) VALUES ('\\x{0:032x}', '{1}', 'minute', '\\x00')"
AN_EVENT = (
    "INSERT INTO event SELECT {position}, case_id, 99, 'Minuted.1', '{{}}', {command} FROM docket WHERE number = {case}"
)
NEXT = "(SELECT max(position) + 1 FROM event)"
OWN = "'\\x00000000000000000000000000000007'"


def command(role: str = "clerk", number: int = 7) -> str:
    return A_COMMAND.format(number, role)


def an_event(case: int = 1, position: str = NEXT, of: str = OWN) -> str:
    return AN_EVENT.format(position=position, command=of, case=case)


@pytest.fixture(scope="module")
def _city(tmp_path_factory: pytest.TempPathFactory, everyone: list[Person], database: str) -> Office:
    folder = tmp_path_factory.mktemp("city")
    office = Office(folder, place=databases.fresh(database, folder)).init()
    office.ok("import", office.workers(everyone[:20]), "--on", "2025-08-07")
    office.ok("user", "add", "kepala", "--role", "keeper")
    kepala = at_desk(office, "kepala")
    for name, role in ROLES.items():
        if name != "kepala":
            only = ("--unit", everyone[0].worker.unit) if name == "rani" else ()
            kepala.ok("user", "add", name, "--role", role, *only)
    server().ask(
        "DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    )
    return office


@pytest.fixture
def city(_city: Office) -> Office:
    """Twenty workers, and a login for every role; rani is clerk of the first worker's unit alone. It is not changed."""
    return _city


@pytest.fixture
def own_city(city: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same, to be changed: a copy of the database that has groups of its own."""
    office = at_desk(city.copy(tmp_path_factory.mktemp("own")), "postgres")
    office.ok("upgrade")
    return office


def units(city: Office) -> tuple[list[int], list[int]]:
    """The cases of rani's unit, and those of the others."""
    held = databases.rows(city.place, "SELECT units FROM granted() WHERE login = 'rani'")[0][0][0]
    posts = databases.rows(city.place, "SELECT number, unit FROM post_interval ORDER BY 1")
    return [number for number, unit in posts if unit == held], [number for number, unit in posts if unit != held]


class TestTheLog:
    @pytest.mark.parametrize("login", EVERYBODY)
    @pytest.mark.parametrize("table", LOG)
    def test_is_changed_by_nobody(self, city: Office, login: str, table: str) -> None:
        column = "command_id" if table == "event" else "salt" if table == "personal" else "actor"
        table = f"public.{table}"  # who may not use the schema has none on the path
        for statement in (f"UPDATE {table} SET {column} = NULL", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert tried(city, login, statement) == DENIED

    @pytest.mark.parametrize("table", LOG)
    def test_not_even_by_its_owner(self, city: Office, table: str) -> None:
        assert tried(city, "postgres", f"DELETE FROM {table}") == APPEND_ONLY
        assert tried(city, "postgres", f"TRUNCATE {table} CASCADE") == APPEND_ONLY

    @pytest.mark.parametrize("login", ["siti", "vera", "anton", "kepala"])
    def test_takes_what_belongs_together_from_whoever_records(self, city: Office, login: str) -> None:
        begun = command(ROLES[login])
        assert tried(city, login, begun, an_event()) is None
        assert tried(city, login, begun, an_event(), an_event(2)) is None

    @pytest.mark.parametrize(
        "statement",
        [
            an_event(of="(SELECT command_id FROM event WHERE position = 1)"),
            an_event(of="NULL"),
            an_event(position="(SELECT max(position) + 2 FROM event)"),
            an_event(position="0"),
            an_event(position="-1"),
            f"INSERT INTO event SELECT {NEXT} + 2 * (number - 1), case_id, 99, 'Minuted.1', '{{}}', {OWN} FROM docket "
            "WHERE number < 3",
            "INSERT INTO personal SELECT case_id, 50, person, '\\x00', '\\x00' FROM docket WHERE number = 1",
        ],
        ids=["another's command", "no command", "a gap", "zero", "before", "a gap within", "values of no event"],
    )
    def test_takes_nothing_else(self, city: Office, statement: str) -> None:
        assert tried(city, "siti", command(), statement) == DENIED

    def test_takes_no_event_of_a_command_that_was_committed(self, own_city: Office) -> None:
        with session(own_city, "siti") as connection:
            connection.execute(command().encode())
            connection.commit()
            with pytest.raises(databases.FAULTS, match="an event is one of a command of its own transaction"):
                connection.execute(an_event().encode())

    def test_numbers_go_on_within_a_transaction_too(self, city: Office) -> None:
        again = f"INSERT INTO event VALUES ({NEXT}, '\\x01', 1, 'Minuted.1', '{{}}', {OWN})"
        assert tried(city, "siti", command(), an_event(), again) is None


class TestStamps:
    @pytest.mark.parametrize("column", ["actor", "known_by", "recorded_at"])
    def test_who_and_when_cannot_be_said(self, city: Office, column: str) -> None:
        value = "1" if column == "recorded_at" else "'siti'"
        forged = f"INSERT INTO command (id, role, name, request, {column}) VALUES ({OWN}, 'clerk', '-', '-', {value})"
        assert tried(city, "siti", forged) == DENIED

    def test_who_and_when_are_the_servers_even_where_the_owner_says_otherwise(self, city: Office) -> None:
        with session(city, "kepala") as connection:
            before = connection.execute("SELECT max(recorded_at), extract(epoch FROM now()) FROM command").fetchone()
            connection.execute(command("keeper").encode())
            row = connection.execute(
                f"SELECT actor, known_by, recorded_at FROM command WHERE id = {OWN}".encode()
            ).fetchone()
        assert before is not None
        assert row is not None
        assert row[:2] == ("kepala", "database")
        assert row[2] > before[0]
        assert row[2] >= int(before[1] * 1_000_000)
        said = f"({OWN}, 1, 'siti', NULL, 'os', '-', '-')"
        assert tried(city, "postgres", f"INSERT INTO command VALUES {said}") == DENIED, "the owner has no role"

    def test_moments_never_tie_or_go_back(self, city: Office) -> None:
        with session(city, "siti") as connection:
            for number in range(40):
                connection.execute(command(number=number).encode())
            rows = connection.execute("SELECT recorded_at FROM command ORDER BY recorded_at").fetchall()
            newest = connection.execute("SELECT id, recorded_at FROM command ORDER BY recorded_at DESC LIMIT 40")
            ids = [int.from_bytes(row[0], "big") for row in newest]
        assert ids == list(range(39, -1, -1))
        assert all(one < two for one, two in itertools.pairwise(row[0] for row in rows))

    @pytest.mark.parametrize("role", ["keeper", "verifier", "approver", "auditor", "king", ""])
    def test_a_role_that_the_login_has_not_cannot_be_said(self, city: Office, role: str) -> None:
        assert tried(city, "siti", command(role)) == DENIED
        assert tried(city, "siti", "INSERT INTO command (id, name, request) VALUES ('\\x01', '-', '-')") == DENIED

    @pytest.mark.parametrize("table", ["attempt", "reading"])
    def test_a_note_is_of_whoever_leaves_it(self, city: Office, table: str) -> None:
        columns = "(id, at, actor, known_by, doing, {}, cases)".format("why" if table == "attempt" else "reason")
        with session(city, "audi") as connection:
            connection.execute(
                f"INSERT INTO {table} {columns} VALUES ('\\x01', 1, 'siti', 'os', 'show', '-', '1')".encode()
            )
            row = connection.execute(
                f"SELECT actor, known_by, at > 1700000000000000 FROM {table} WHERE id = '\\x01'".encode()
            )
            assert row.fetchone() == ("audi", "database", True)

    def test_the_lock_is_taken_by_the_server_too(self, city: Office) -> None:
        with session(city, "siti") as connection, session(city, "vera") as other:
            connection.execute(command().encode())
            other.execute("SET LOCAL lock_timeout = 50")
            with pytest.raises(databases.FAULTS, match="lock timeout"):
                other.execute(command("verifier", 8).encode())

    def test_where_nothing_is_enforced_the_client_says_who_and_when(self, twenty: Office, database: str) -> None:
        [(actor, known_by, year)] = databases.rows(
            twenty.place, "SELECT actor, known_by, extract(year FROM to_timestamp(recorded_at / 1e6)) FROM command"
        )
        assert (actor, known_by, year) == ("clerk", "stated", 2025)


class TestTables:
    @pytest.mark.parametrize("table", sorted({*metadata.tables, *VIEWS} - {"attempt", "reading"}))
    def test_an_auditor_writes_nothing(self, city: Office, table: str) -> None:
        assert tried(city, "audi", f"INSERT INTO {table} SELECT * FROM {table}") == DENIED
        assert tried(city, "audi", f"DELETE FROM {table}") == DENIED
        assert tried(city, "audi", f"SELECT * FROM {table}") is None

    @pytest.mark.parametrize("table", sorted({*metadata.tables, *VIEWS}))
    def test_who_has_no_role_does_not_even_read(self, city: Office, table: str) -> None:
        assert tried(city, "stranger", f"SELECT * FROM public.{table}") == DENIED

    @pytest.mark.parametrize("login", ["siti", "vera", "anton", "audi", "rani", "kepala"])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE setting SET value = 'x'",
            "DELETE FROM setting WHERE key = 'enforced'",
            "INSERT INTO setting VALUES ('traced', 'y')",
            "UPDATE docket SET person = '\\x00', number = 1",
            "DELETE FROM docket",
            "DELETE FROM unit",
            "UPDATE post_interval SET unit = '-'",
            "UPDATE personal SET block = '-'",
            "ALTER TABLE event DISABLE TRIGGER ALL",
            "ALTER TABLE person_interval DISABLE ROW LEVEL SECURITY",
            "DROP TRIGGER judged ON event",
            "DROP POLICY scope ON personal",
            "CREATE TRIGGER mine BEFORE INSERT ON event EXECUTE FUNCTION append_only()",
            "CREATE OR REPLACE FUNCTION my_units() RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]'",
            "DROP TABLE event CASCADE",
            "SELECT follow_grants()",
            "SELECT * FROM granted()",
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION siti_too",
            "SET session_replication_role = replica",
            "CREATE ROLE mine LOGIN",
            "ALTER ROLE postgres PASSWORD 'x'",
        ],
    )
    def test_the_walls_are_the_owners(self, city: Office, login: str, statement: str) -> None:
        assert tried(city, login, statement) in (DENIED, "22023"), "22023: there is no role to become"

    @pytest.mark.parametrize("login", ["siti", "vera", "anton", "audi", "rani"])
    def test_only_a_keeper_makes_tables_and_rebuilds(self, city: Office, login: str) -> None:
        assert tried(city, login, "CREATE TABLE public.mine (one integer)") == DENIED
        assert tried(city, login, "DELETE FROM standing") == DENIED
        keepers = f'"lantik/{databases.called(city.place)}/public/keeper"'
        assert tried(city, login, f"SET ROLE {keepers}") == DENIED
        assert tried(city, login, f"GRANT {keepers} TO {login}") == DENIED
        assert tried(city, "kepala", f"GRANT {keepers} TO {login}") == DENIED, "rights follow the log alone"

    def test_a_clerk_gives_no_role_and_a_keeper_none_to_themself(self, city: Office) -> None:
        def granting(user: str, role: str = "keeper") -> str:
            said = f'{{"effective_on":"2025-01-01","user":"{user}","role":"{role}"}}'
            office = guards.OFFICE.hex
            return f"INSERT INTO event VALUES ({NEXT}, '\\x{office}', 99, 'RoleGranted.1', '{said}', {OWN})"

        assert tried(city, "siti", command(), granting("ani")) == DENIED
        assert tried(city, "siti", command(), granting("siti")) == DENIED
        assert tried(city, "kepala", command("keeper"), granting("kepala", "clerk")) == DENIED
        assert tried(city, "kepala", command("keeper"), granting("ani")) is None

    def test_the_groups_and_the_hidden_tables_are_those_that_there_are(self) -> None:
        assert set(VIEWS) == KEPT.metadata.tables.keys()
        assert set(rights._READ) == {*metadata.tables, *VIEWS}
        assert guards.HIDDEN.keys() == PARTLY_HIDDEN


class TestScope:
    COUNTS = "SELECT count(*) FROM public.personal UNION ALL SELECT count(*) FROM public.person_interval"

    @pytest.mark.parametrize("login", ["siti", "vera", "anton", "audi", "kepala", "postgres"])
    def test_who_has_all_units_reads_all(self, city: Office, login: str) -> None:
        with session(city, login) as connection:
            assert connection.execute(self.COUNTS.encode()).fetchall() == [(20,), (20,)]

    def test_a_scoped_login_reads_names_and_numbers_of_its_own_alone(self, city: Office) -> None:
        own, others = units(city)
        assert own
        assert others
        with session(city, "rani") as connection:
            seen = connection.execute("SELECT number FROM person_interval ORDER BY 1").fetchall()
            values = connection.execute(
                "SELECT number FROM personal JOIN docket ON case_id = originator_id ORDER BY 1"
            ).fetchall()
            assert [number for (number,) in seen] == own == [number for (number,) in values]
            assert connection.execute("TABLE docket").rowcount == 20, "numbers alone are nobody's name"

    def test_tables_of_its_own_do_not_widen_what_a_login_reads(self, city: Office) -> None:
        own, _ = units(city)
        with session(city, "rani") as connection:
            for table in ("setting", "event", "docket", "post_interval"):
                connection.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table})".encode())
            connection.execute(
                "CREATE FUNCTION pg_temp.my_units() RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]'"
            )
            connection.execute("SET LOCAL search_path = pg_temp, public")
            assert connection.execute(self.COUNTS.encode()).fetchall() == [(len(own),)] * 2

    def test_nothing_is_recorded_of_others(self, city: Office) -> None:
        own, others = units(city)
        assert tried(city, "rani", command(), an_event(own[0])) is None
        assert tried(city, "rani", command(), an_event(others[0])) == OUTSIDE
        assert tried(city, "siti", command(), an_event(others[0])) is None

    def test_a_case_is_not_taken_over_by_writing_where_its_unit_is_read_from(self, city: Office) -> None:
        own, others = units(city)
        move = (
            "INSERT INTO post_interval SELECT {0}, known_from + 1, valid_from, valid_to, known_to, unit "
            f"FROM post_interval WHERE number = {own[0]}"
        )
        touch = "UPDATE post_interval SET known_to = known_to WHERE number = {0}"
        for statement in (move, touch):
            assert tried(city, "rani", command(), statement.format(others[0])) == OUTSIDE
            assert tried(city, "rani", command(), an_event(own[0]), statement.format(own[0])) is None
            assert tried(city, "siti", command(), statement.format(others[0])) is None

    def test_a_case_that_is_taken_back_again_shows_no_other_of_the_person(self, city: Office) -> None:
        own, others = units(city)
        with session(city, "rani") as connection:
            connection.execute(command().encode())
            connection.execute(f"INSERT INTO event VALUES ({NEXT}, '\\x01', 1, 'Minuted.1', '{{}}', {OWN})".encode())
            connection.execute(
                f"INSERT INTO docket SELECT 900, '\\x01', person, 1 FROM docket WHERE number = {others[0]}".encode()
            )
            connection.execute(
                "INSERT INTO post_interval SELECT 900, known_from, valid_from, valid_to, known_to, unit "
                f"FROM post_interval WHERE number = {own[0]}".encode()
            )
            assert connection.execute(self.COUNTS.encode()).fetchall() == [(len(own),)] * 2

    def test_what_waits_is_read_by_who_put_it_there_and_who_has_its_units(self, own_city: Office) -> None:
        own, others = units(own_city)
        names = dict(databases.rows(own_city.place, "SELECT number, unit FROM post_interval"))
        about = [[names[own[0]]], [names[others[0]]], [names[own[0]], names[others[0]]], []]
        with session(own_city, "siti") as connection:
            connection.execute(command().encode())
            for item, of in enumerate(about, 1):
                said = json.dumps({"units": of} if of else {})
                inbox = guards.INBOX.hex
                connection.execute(
                    f"INSERT INTO event VALUES ({NEXT}, '\\x{inbox}', {item}, 'Proposed.1', '{said}', {OWN})".encode()
                )
                connection.execute(f"INSERT INTO inbox VALUES ({item}, {OWN}, 'names')".encode())
            connection.commit()
        for login, seen in (("rani", [1]), ("siti", [1, 2, 3, 4]), ("vera", [1, 2, 3, 4])):
            with session(own_city, login) as connection:
                found = connection.execute("SELECT item FROM inbox ORDER BY 1").fetchall()
                assert [item for (item,) in found] == seen
                assert connection.execute("DELETE FROM inbox").rowcount == len(seen)

    def test_who_lost_the_last_role_reads_nothing_in_a_session_that_is_open(self, own_city: Office) -> None:
        with session(own_city, "siti") as connection:
            connection.execute(self.COUNTS.encode())
            connection.rollback()
            at_desk(own_city, "kepala").ok("user", "revoke", "siti")
            with pytest.raises(databases.FAULTS, match="permission denied"):
                connection.execute(self.COUNTS.encode())

    def test_rights_outlast_a_rebuild_and_an_upgrade(self, own_city: Office) -> None:
        own, _ = units(own_city)
        assert "equal to what was kept" in at_desk(own_city, "kepala").ok("views", "rebuild").stdout
        for renew in (lambda: None, lambda: own_city.ok("upgrade")):
            renew()
            with session(own_city, "rani") as connection:
                assert connection.execute(self.COUNTS.encode()).fetchall() == [(len(own),)] * 2
            assert tried(own_city, "siti", self.COUNTS) is None
            assert tried(own_city, "stranger", self.COUNTS) == DENIED

    def test_rights_are_laid_over_views_that_were_made_anew(self, own_city: Office) -> None:
        own, _ = units(own_city)
        own_city.edit("ALTER TABLE post_interval ADD COLUMN floor TEXT")
        own_city.ok("upgrade")
        with session(own_city, "rani") as connection:
            assert connection.execute(self.COUNTS.encode()).fetchall() == [(len(own),)] * 2


class TestGroups:
    def test_a_copy_of_a_database_has_groups_of_its_own(self, city: Office, own_city: Office) -> None:
        at_desk(own_city, "kepala").ok("user", "revoke", "siti")
        assert tried(own_city, "siti", TestScope.COUNTS) == DENIED
        assert tried(city, "siti", TestScope.COUNTS) is None

    def test_members_that_a_former_register_of_that_name_left_behind_are_put_out(self, own_city: Office) -> None:
        group = f'"lantik/{databases.called(own_city.place)}/public/recorder"'
        server().ask(f"GRANT {group} TO stranger")
        assert tried(own_city, "stranger", TestScope.COUNTS) is None
        own_city.ok("upgrade")
        assert tried(own_city, "stranger", TestScope.COUNTS) == DENIED

    def test_names_that_are_too_long_are_told_apart(self) -> None:
        places = [rights.Place("d" * 60, schema, "o") for schema in ("one", "two")]
        names = {place.group(name) for place in places for name in rights.GROUPS}
        assert len(names) == 6
        assert all(len(name) <= 63 for name in names)
        assert rights.Place("a/b", "c", "o").group("reader") != rights.Place("a", "b/c", "o").group("reader")


class TestWork:
    """Through the product, each with a login of their own."""

    def test_a_day_at_the_office(self, own_city: Office, everyone: list[Person]) -> None:
        seat = {name: at_desk(own_city, name) for name in ROLES}
        siti, vera, audi, kepala = seat["siti"], seat["vera"], seat["audi"], seat["kepala"]
        siti.ok("import", own_city.workers(everyone[20:40], "more.csv"), "--on", "2025-08-07")
        vera.ok("advance", "verify", "--all", "--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
        papers = ("--document", "surat-usulan 800/2 2025-08-20", "--document", "sptjm-ppk 800/3 2025-08-20")
        siti.ok("advance", "propose", "--all", "--on", "2025-08-20", *papers)
        siti.ok("correct", "36.73-000001", "3", "--on", "2025-08-21", "--reason", "keliru")
        unit = everyone[0].worker.unit
        moved = ("--set", f"unit={unit}", "--document", "sk-penempatan 800/9 2025-08-22")
        siti.ok("advance", "move-unit", "36.73-000002", "--on", "2025-08-22", *moved)
        kepala.ok("unit", "alias", "Kantor Baru", unit)
        assert len(audi.json("roster")) == 40
        assert "equal to what was kept" in kepala.ok("views", "rebuild").stdout
        told = databases.rows(
            own_city.place,
            "SELECT name, actor, known_by, role FROM command WHERE known_by = 'database' AND name NOT LIKE 'user%' "
            "ORDER BY recorded_at",
        )
        assert told == [
            ("register", "siti", "database", "clerk"),
            ("verify", "vera", "database", "verifier"),
            ("propose", "siti", "database", "clerk"),
            ("correct", "siti", "database", "clerk"),
            ("move-unit", "siti", "database", "clerk"),
            ("unit-alias", "kepala", "database", "keeper"),
        ]
        assert vera.run("advance", "propose", "36.73-000001", "--on", "2025-08-20").exit_code == 1
        assert audi.run("unit", "alias", "X", unit).exit_code == 1

    def test_a_scoped_clerk_does_everything_with_its_own(self, own_city: Office, everyone: list[Person]) -> None:
        rani, unit = at_desk(own_city, "rani"), everyone[0].worker.unit
        own, others = units(own_city)
        assert [row["case"] for row in rani.json("roster")] == [f"36.73-{number:06}" for number in own]
        new = [one for one in everyone[20:] if one.worker.unit == unit][:12]
        rani.ok("import", own_city.workers(new, "new.csv"), "--on", "2025-08-07")
        case = f"36.73-{own[0]:06}"
        away = next(one.worker.unit for one in everyone[:20] if one.worker.unit != unit)
        words = ("--set", "name=Nama Lain", "--set", f"unit={away}", "--reason", "keliru")
        rani.ok("correct", case, "1", *words)
        assert len(rani.json("roster")) == len(own) - 1 + len(new)
        kepala = at_desk(own_city, "kepala")
        assert "equal to what was kept" in kepala.ok("views", "rebuild").stdout
        assert f"36.73-{others[0]:06}" in rani.refused("correct", f"36.73-{others[0]:06}", "1", *words)
