"""Users: a keeper first, who gives and takes roles; every one of it recorded, told by the log, and done once."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from domain.access import Role
from tests import databases
from tests.logins import at_desk
from tests.office import Office
from tests.postgres import server

ID = "00000000-0000-4000-8000-000000000001"
UNITS = "name,code,aliases\nDinas Kesehatan,102,Dinkes\nDinas Perhubungan,103,\n"
NOT_YET = (
    "lantik: There are no users yet, and the first is a keeper, who adds the others. Give lantik user add NAME "
    "--role keeper.\n"
)


@pytest.fixture
def kept(office: Office) -> Office:
    """An office with two units and one user, the keeper budi, who sits there."""
    office.ok("unit", "import", office.write("units.csv", UNITS))
    office.ok("user", "add", "budi", "--role", "keeper")
    return at_desk(office, "budi")


def held(office: Office) -> list[tuple[str, str, list[str], str]]:
    return [(one["name"], one["role"], one["units"], one["by"]) for one in office.json("user", "list")]


@pytest.mark.parametrize(
    "words",
    [("add", "siti", "--role", "clerk"), ("grant", "siti", "--role", "keeper"), ("revoke", "siti")],
    ids=lambda words: words[0],
)
def test_there_is_no_user_before_a_keeper(office: Office, words: tuple[str, ...]) -> None:
    assert office.refused("user", *words) == NOT_YET
    assert held(office) == []


def test_a_keeper_adds_the_others_and_the_list_tells_who_did(kept: Office, database: str) -> None:
    first = "postgres" if database == databases.POSTGRES else "clerk"
    kept.ok("user", "add", "siti", "--role", "clerk", "--unit", "dinkes", "--unit", "DINAS PERHUBUNGAN")
    kept.ok("user", "grant", "siti", "--role", "auditor")
    assert held(kept) == [
        ("budi", "keeper", [], first),
        ("siti", "clerk", ["Dinas Kesehatan", "Dinas Perhubungan"], "budi"),
        ("siti", "auditor", [], "budi"),
    ]


def test_a_grant_takes_the_place_of_the_one_before(kept: Office) -> None:
    kept.ok("user", "add", "siti", "--role", "clerk", "--unit", "Dinkes")
    kept.ok("user", "grant", "siti", "--role", "clerk")
    assert held(kept)[1:] == [("siti", "clerk", [], "budi")]
    assert "has that role already" in kept.refused("user", "grant", "siti", "--role", "clerk")


def test_roles_are_taken_one_by_one_or_all(kept: Office) -> None:
    kept.ok("user", "add", "siti", "--role", "clerk")
    kept.ok("user", "grant", "siti", "--role", "verifier")
    kept.ok("user", "grant", "siti", "--role", "auditor")
    kept.ok("user", "revoke", "siti", "--role", "verifier")
    assert [one[1] for one in held(kept)[1:]] == ["clerk", "auditor"]
    assert "has no role verifier" in kept.refused("user", "revoke", "siti", "--role", "verifier")
    kept.ok("user", "revoke", "siti")
    assert len(held(kept)) == 1
    assert "There is no user siti" in kept.refused("user", "revoke", "siti")
    kept.ok("user", "add", "siti", "--role", "clerk")
    assert [one[1] for one in held(kept)[1:]] == ["clerk"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("add", "budi", "--role", "keeper"), 1, "Nobody gives a role to themself; ask another keeper."),
        (("grant", "budi", "--role", "clerk"), 1, "Nobody gives a role to themself; ask another keeper."),
        (("grant", "siti", "--role", "clerk"), 1, "There is no user siti; see lantik user list."),
        (("revoke", "siti"), 1, "There is no user siti; see lantik user list."),
        (("revoke", "budi"), 1, "budi is the last keeper: give that role to somebody else first."),
        (("revoke", "budi", "--role", "keeper"), 1, "budi is the last keeper"),
        (("add", "siti", "--role", "keeper", "--unit", "Dinkes"), 2, "A keeper keeps the whole register"),
        (
            ("add", "siti", "--role", "clerk", "--unit", "Dinas Kesehatn"),
            1,
            "There is no unit Dinas Kesehatn. The near",
        ),
        (("add", "siti banyu", "--role", "clerk"), 2, ""),
        (("add", "3673010101900001", "--role", "clerk"), 2, ""),
        (("add", "", "--role", "clerk"), 2, ""),
        (("add", "siti", "--role", "king"), 2, "king"),
        (("add", "siti"), 2, "--role"),
    ],
)
def test_what_no_keeper_may_do_is_refused(kept: Office, words: tuple[str, ...], code: int, told: str) -> None:
    said = kept.refused("user", *words, code=code)
    assert told in said
    assert "3673010101900001" not in said
    assert len(held(kept)) == 1


def test_where_there_are_no_units_nobody_is_confined_to_one(office: Office) -> None:
    office.ok("user", "add", "budi", "--role", "keeper")
    told = at_desk(office, "budi").refused("user", "add", "siti", "--role", "clerk", "--unit", "Dinkes")
    assert "There is no unit Dinkes, nor any other: load them with lantik unit import." in told


def test_of_two_keepers_one_may_go(kept: Office) -> None:
    kept.ok("user", "add", "ani", "--role", "keeper")
    kept.ok("user", "revoke", "budi")
    assert held(at_desk(kept, "ani")) == [("ani", "keeper", [], "budi")]
    assert at_desk(kept, "ani").refused("user", "revoke", "ani")


def test_a_user_is_added_once(kept: Office) -> None:
    kept.ok("user", "add", "siti", "--role", "clerk")
    assert "siti is a user already" in kept.refused("user", "add", "siti", "--role", "auditor")


@pytest.mark.parametrize("role", ["clerk", "verifier", "approver", "auditor"])
def test_only_a_keeper_keeps_users_and_the_attempt_is_kept(kept: Office, role: str) -> None:
    kept.ok("user", "add", "siti", "--role", role)
    siti = at_desk(kept, "siti")
    for words in (("add", "ani", "--role", "keeper"), ("grant", "budi", "--role", "clerk"), ("revoke", "budi")):
        assert f"user {words[0]} is for: keeper. Yours: {role}." in siti.refused("user", *words)
    kept_of_it = databases.rows(kept.place, "SELECT actor, doing, why, role FROM attempt ORDER BY doing")
    assert kept_of_it == [("siti", f"user {doing}", "role", "keeper") for doing in ("add", "grant", "revoke")]


def test_a_command_given_again_changes_nothing_even_the_first(office: Office) -> None:
    words = ("user", "add", "budi", "--role", "keeper", "--command-id", ID)
    office.ok(*words)
    before, budi = office.stored(), at_desk(office, "budi")
    assert "already recorded" in budi.ok(*words).stderr
    assert "was used for another request" in budi.refused("user", "add", "siti", "--role", "clerk", "--command-id", ID)
    assert office.stored() == before


def test_the_log_tells_who_gave_what_to_whom(kept: Office) -> None:
    kept.ok("user", "add", "siti", "--role", "clerk", "--unit", "Dinkes")
    kept.ok("user", "revoke", "siti")
    told = [json.loads(line) for line in kept.ok("log", "--format", "jsonl").stdout.splitlines()]
    assert [(one["event"], one["actor"], one["role"], one["fields"]) for one in told[1:]] == [
        ("RoleGranted", "budi", "keeper", {"user": "siti", "role": "clerk", "units": ["Dinas Kesehatan"]}),
        ("RoleRevoked", "budi", "keeper", {"user": "siti", "role": "clerk"}),
    ]
    commands = databases.rows(kept.place, "SELECT name FROM command WHERE name LIKE 'user%' ORDER BY recorded_at")
    assert [name for (name,) in commands] == ["user-add", "user-add", "user-revoke"]


def test_roles_are_those_that_the_register_knows() -> None:
    assert list(Role) == list(cli.ROLES)


@pytest.mark.sqlite
def test_a_file_has_no_passwords(kept: Office, database: str) -> None:
    assert "leave --set-password out" in said_with(kept, "rahasia\n", "siti", code=2)


def said_with(office: Office, typed: str, name: str, code: int = 0) -> str:
    """What is said when somebody is added whose password comes from standard input."""
    desk = cli.Desk(lambda: office.now, bytes, office.busy_timeout, 0.0)
    words = ["--db", str(office.place), "--actor", office.actor, "user", "add", name, "--role", "clerk"]
    words += ["--set-password", "--command-id", ID]
    result = CliRunner().invoke(cli.lantik, words, obj=desk, input=typed, catch_exceptions=False)
    assert result.exit_code == code, result.stderr
    return result.stdout + result.stderr


@pytest.mark.postgresql
class TestLogins:
    def test_a_login_is_made_with_a_password_that_the_server_never_saw(self, kept: Office, database: str) -> None:
        name = f"ratna.{server().made[-1]}"
        assert "kopi-tubruk" not in said_with(kept, "kopi-tubruk\n", name)
        [(verifier, may_log_in)] = server().ask(
            f"SELECT rolpassword, rolcanlogin FROM pg_authid WHERE rolname = '{name}'"
        )
        rounds, salt, stored, _ = verifier.removeprefix("SCRAM-SHA-256$").replace("$", ":").split(":")
        salted = hashlib.pbkdf2_hmac("sha256", b"kopi-tubruk", b64decode(salt), int(rounds))
        client = hmac.new(salted, b"Client Key", "sha256").digest()
        assert (b64decode(stored), may_log_in) == (hashlib.sha256(client).digest(), True)

    def test_an_empty_password_is_refused(self, kept: Office, database: str) -> None:
        assert "The password is empty" in said_with(kept, "\n", "someone", code=2)

    def test_without_one_the_login_has_none_and_one_that_was_there_keeps_its_own(
        self, kept: Office, database: str
    ) -> None:
        name = f"dewi.{server().made[-1]}"
        kept.ok("user", "add", name, "--role", "clerk")
        assert server().ask(f"SELECT rolpassword FROM pg_authid WHERE rolname = '{name}'") == [(None,)]
        kept.ok("user", "revoke", name)
        assert "leave --set-password out" in said_with(kept, "kopi\n", name, code=1)

    @pytest.mark.parametrize(
        "name", ["Siti", "1siti", "pg_siti", "public", "none", "si;ti", 'si"ti', "a" * 64, "si/ti"]
    )
    def test_a_name_that_is_no_sane_login_is_refused(self, kept: Office, database: str, name: str) -> None:
        assert "cannot be a login" in kept.refused("user", "add", name, "--role", "clerk", code=2)

    def test_the_actor_is_the_login_whatever_is_said(self, kept: Office, database: str) -> None:
        kept.actor = "ani"
        told = kept.refused("user", "add", "siti", "--role", "clerk", code=2)
        assert told == "lantik: This register knows you by your login, budi: leave --actor out.\n"
        kept.actor = ""
        kept.ok("user", "add", "siti", "--role", "clerk")
        rows = databases.rows(
            kept.place, "SELECT actor, known_by, role FROM command WHERE name LIKE 'user%' ORDER BY 1"
        )
        assert rows == [("budi", "database", "keeper"), ("postgres", "database", None)]

    def test_who_has_no_role_is_told_to_ask_for_one(self, kept: Office, database: str) -> None:
        server().ask("CREATE ROLE visitor LOGIN")
        said = at_desk(kept, "visitor").run("roster")
        server().ask("DROP ROLE visitor")
        assert (said.exit_code, said.stdout) == (5, "")
        assert (
            "holds no lantik register that your login may use; check --db, or ask the register's keeper" in said.stderr
        )

    def test_where_the_owner_may_not_make_logins_the_operator_is_told_what_to_do(
        self, tmp_path: Path, database: str
    ) -> None:
        made = server().create()
        owner = at_desk(Office(tmp_path, place=server().url(made)), "owner")
        server().ask("CREATE ROLE owner LOGIN")
        server().ask(f"ALTER DATABASE {made} OWNER TO owner")
        owner.init()
        told = owner.refused("user", "add", "budi", "--role", "keeper", code=5)
        assert "let its operator give the owner CREATEROLE, then give lantik upgrade as the owner" in told
        server().ask("ALTER ROLE owner CREATEROLE")
        owner.ok("upgrade")
        owner.ok("user", "add", f"keeper.{made}", "--role", "keeper")
        keeper = at_desk(owner, f"keeper.{made}")
        keeper.ok("user", "add", f"clerk.{made}", "--role", "clerk")
        assert len(at_desk(owner, f"clerk.{made}").json("user", "list")) == 2
        keeper.ok("user", "revoke", f"clerk.{made}")
        assert at_desk(owner, f"clerk.{made}").run("user", "list").exit_code == 5
