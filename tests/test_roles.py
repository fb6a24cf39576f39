"""Whoever has the role of a step records it and nobody else; what is denied is kept, for auditors and keepers."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date
from io import StringIO

import pytest

from domain.access import RECORDING, Role
from domain.draft import Request
from domain.errors import Denied
from tests import databases
from tests.logins import at_desk
from tests.office import Office, morning
from tests.staff import add_user, attempts, opened
from tests.test_said_twice import ID
from workflow.advance import Order, advance
from workflow.demo.people import Person
from workflow.register import Actor
from workflow.whom import Who

CASE, SECOND = "36.73-000001", "36.73-000002"
PROPOSE = ("--on", "2025-08-20", "--document", "surat-usulan 1 2025-08-19", "--document", "sptjm-ppk 2 2025-08-19")
VERIFY = ("--on", "2025-08-20", "--document", "sptjm-opd 800/2 2025-08-15")


@pytest.fixture
def kept(verified: Office) -> Office:
    """An office with a keeper, and one user for each other role, who is called as the role is."""
    add_user(verified, "budi", "keeper")
    keeper = at_desk(verified, "budi")
    for role in Role:
        if role is not Role.KEEPER:
            add_user(keeper, role.value, role.value)
    return keeper


def seat(office: Office, role: str) -> Office:
    return at_desk(office, "budi" if role == "keeper" else role)


def test_where_nobody_is_a_user_everybody_may_do_all(verified: Office) -> None:
    verified.ok("advance", "propose", CASE, *PROPOSE)
    verified.ok("unit", "alias", "Dinkes", "Dinas Kesehatan")
    assert verified.json("attempts") == []
    assert databases.rows(verified.place, "SELECT count(*) FROM command WHERE role IS NOT NULL") == [(0,)]


@pytest.mark.sqlite
def test_every_step_asks_for_its_role_and_for_no_other(kept: Office) -> None:
    with opened(kept) as register:
        steps = register.rulebook.load(register.procedure).steps.values()
        for step in (step for step in steps if step.sources):
            order = Order(Request(step.name, date(2025, 8, 20)), [Who(CASE)], dry_run=True)
            for role in Role:
                by = Actor("budi" if role is Role.KEEPER else role.value, "stated")
                if role == step.role:
                    assert advance(register, order, by).rows
                    continue
                with pytest.raises(Denied) as denied:
                    advance(register, order, by)
                assert (denied.value.doing, denied.value.role, denied.value.why) == (step.name, step.role, "role")


@pytest.mark.parametrize("role", [role.value for role in Role if role not in RECORDING])
def test_who_does_not_record_may_not_record_a_step(kept: Office, role: str) -> None:
    for words in (["--dry-run"], ["--plan", kept.folder / "a.plan"], []):
        said = seat(kept, role).refused("advance", "propose", CASE, *PROPOSE, *words)
        assert f"propose is for: clerk. Yours: {role}. Ask a keeper for the role." in said
    assert not (kept.folder / "a.plan").exists()


def test_who_records_other_steps_is_told_of_proposing(kept: Office) -> None:
    said = seat(kept, "approver").refused("advance", "propose", CASE, *PROPOSE)
    assert "propose is for: clerk. Yours: approver. With --propose it is put before somebody who has the role." in said
    assert seat(kept, "approver").json("advance", "propose", CASE, *PROPOSE, "--propose")["proposal"] == 1


def test_a_command_is_recorded_under_the_role_that_allows_it(kept: Office) -> None:
    kept.ok("user", "grant", "clerk", "--role", "verifier")
    clerk = seat(kept, "clerk")
    command = clerk.json("advance", "propose", CASE, *PROPOSE)["command"]
    (event,) = clerk.json("log", "--command", command)
    assert (event["actor"], event["role"]) == ("clerk", "clerk")
    command = clerk.json("rescind", SECOND, "2", "--reason", "never was")["command"]
    assert clerk.json("log", "--command", command)[0]["role"] == "verifier"


KEEPERS = [
    ("unit", "alias", "Dinkes", "Dinas Kesehatan"),
    ("unit", "import", "{units}"),
    ("holiday", "decree", "--off", "2026-03-25=Cuti bersama", "--document", "skb 933/2025 2026-01-10"),
    ("procedure", "adopt", "kota-metro", "--on", "2026-01-01"),
    ("procedure", "adopt", "kota-metro", "--on", "2026-01-01", "--dry-run"),
    ("procedure", "migrate", "nasional", "--all", "--reason", "in force"),
    ("views", "rebuild"),
]


@pytest.mark.parametrize("words", KEEPERS, ids=lambda words: "-".join(words[:2]))
@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_what_keeps_the_register_is_the_keepers(kept: Office, words: tuple[str, ...], role: str) -> None:
    units = kept.write("units.csv", "name,code,aliases\nDinas Arsip,1,\n")
    given = [word.format(units=units) for word in words]
    assert f"is for: keeper. Yours: {role}. Ask a keeper for the role." in seat(kept, role).refused(*given)
    assert attempts(kept)[-1][2:4] == ("role", "keeper")
    kept.ok(*given)


def test_the_upgrade_is_the_keepers(kept: Office) -> None:
    assert "upgrade is for: keeper" in seat(kept, "clerk").refused("upgrade")
    assert attempts(kept)[-1][:2] == ("clerk", "upgrade")


class TestMending:
    def test_asks_for_the_role_of_the_act(self, kept: Office) -> None:
        clerk = seat(kept, "clerk")
        assert "rescind is for: verifier. Yours: clerk." in clerk.refused("rescind", CASE, "2", "--reason", "wrong")
        clerk.ok("correct", CASE, "1", "--on", "2025-08-06", "--reason", "mistyped")
        said = seat(kept, "verifier").refused("rescind", CASE, "3", "--reason", "was right")
        assert "rescind is for: clerk. Yours: verifier." in said

    def test_of_several_acts_asks_for_the_role_of_each(self, kept: Office) -> None:
        file = kept.write("events.csv", f"case,seq\n{CASE},1\n{SECOND},2\n")
        words = ("correct", "--from", file, "--on", "2025-08-09", "--reason", "mistyped")
        assert "correct is for: verifier. Yours: clerk." in seat(kept, "clerk").refused(*words)
        assert "correct is for: clerk. Yours: verifier." in seat(kept, "verifier").refused(*words)
        kept.ok("user", "grant", "clerk", "--role", "verifier")
        seat(kept, "clerk").ok(*words)

    def test_of_a_migration_is_the_keepers(self, kept: Office) -> None:
        kept.ok("procedure", "migrate", "nasional", CASE, "--reason", "in force")
        assert "is for: keeper" in seat(kept, "clerk").refused("rescind", CASE, "3", "--reason", "not yet")
        kept.ok("rescind", CASE, "3", "--reason", "not yet")

    def test_a_merger_is_for_whoever_registers(self, kept: Office) -> None:
        words = ("merge", CASE, SECOND, "--reason", "one person")
        assert "merge is for: clerk. Yours: verifier." in seat(kept, "verifier").refused(*words)
        seat(kept, "clerk").ok(*words)


def test_an_import_is_for_whoever_registers(kept: Office, everyone: list[Person]) -> None:
    file = kept.workers(everyone[20:22])
    assert "import is for: clerk. Yours: verifier." in seat(kept, "verifier").refused("import", file, "--dry-run")
    assert seat(kept, "clerk").json("import", file)["recorded"] == 2


def test_acts_of_the_past_ask_for_the_roles_of_all_steps(kept: Office) -> None:
    nik = seat(kept, "auditor").json("roster")[0]["nik"]
    rows = f"nik,step,effective_on\n{nik},minute,2025-08-19\n{nik},verify,2025-08-17\n"
    file = kept.write("past.csv", rows)
    assert "import-history is for: verifier. Yours: clerk." in seat(kept, "clerk").refused("import", file, "--history")


def test_an_auditor_reads_all_and_who_has_no_role_nothing(kept: Office, database: str) -> None:
    assert len(seat(kept, "auditor").json("roster")) == 20
    kept.ok("user", "revoke", "clerk")
    for words in (("roster",), ("show", CASE), ("find", "a"), ("unit", "list"), ("log",)):
        if database == databases.POSTGRES:  # the server itself lets the login no further
            assert "that your login may use" in seat(kept, "clerk").refused(*words, code=5)
        else:
            assert "This register is for people who have a role in it." in seat(kept, "clerk").refused(*words)


def test_a_role_that_is_taken_away_meanwhile_records_nothing(kept: Office) -> None:
    """The decision is read again under the lock, where a clerk's command had waited for the keeper's."""
    order = Order(Request("minute", date(2025, 8, 20)), [Who(CASE)], dry_run=True)
    with opened(kept) as register:
        assert advance(register, order, Actor("clerk", "stated")).rows
        kept.ok("user", "revoke", "clerk")
        with pytest.raises(Denied):
            advance(register, order, Actor("clerk", "stated"))


class TestAttempts:
    @pytest.fixture
    def tried(self, kept: Office) -> Office:
        seat(kept, "auditor").refused("advance", "propose", CASE, *PROPOSE, at=morning("2025-08-21"))
        seat(kept, "clerk").refused("unit", "alias", "a", "b", at=morning("2025-08-22"))
        kept.now = morning("2025-08-23")
        return kept

    def test_are_listed_for_keepers_and_auditors(self, tried: Office) -> None:
        rows = tried.json("attempts")
        assert [(row["actor"], row["doing"], row["why"], row["role"]) for row in rows] == [
            ("auditor", "propose", "role", "clerk"),
            ("clerk", "unit-alias", "role", "keeper"),
        ]
        assert seat(tried, "auditor").json("attempts") == rows
        table = tried.ok("attempts").stdout
        assert "unit-alias" in table
        assert [row["doing"] for row in csv.DictReader(StringIO(tried.ok("attempts", "--format", "csv").stdout))]

    def test_are_listed_for_nobody_else_and_that_is_one_too(self, tried: Office) -> None:
        assert "attempts is for: auditor, keeper. Yours: clerk." in seat(tried, "clerk").refused("attempts")
        assert tried.json("attempts")[-1]["doing"] == "attempts"

    def test_are_chosen_by_actor(self, tried: Office) -> None:
        assert [row["doing"] for row in tried.json("attempts", "--by", "clerk")] == ["unit-alias"]

    @pytest.mark.sqlite
    def test_are_chosen_by_time(self, tried: Office) -> None:
        assert [row["doing"] for row in tried.json("attempts", "--since", "2025-08-22")] == ["unit-alias"]
        assert [row["doing"] for row in tried.json("attempts", "--until", "2025-08-21")] == ["propose"]

    def test_cannot_be_changed_or_taken_away(self, tried: Office) -> None:
        for statement in ("DELETE FROM attempt", "UPDATE attempt SET actor = 'ani'"):
            with pytest.raises(databases.FAULTS, match=r"append-only|permission denied"):
                tried.edit(statement)

    def test_repeated_with_a_command_id_is_denied_again(self, kept: Office) -> None:
        for _ in range(2):
            seat(kept, "auditor").refused("advance", "propose", CASE, *PROPOSE, "--command-id", ID)
        assert len(attempts(kept)) == 2

    @pytest.mark.sqlite
    def test_where_it_cannot_be_kept_it_is_denied_all_the_same(self, kept: Office) -> None:
        with closing(sqlite3.connect(kept.db)) as other:
            other.execute("BEGIN IMMEDIATE")
            said = seat(kept, "clerk").refused("attempts")
        assert "This attempt was not kept: Another user is writing" in said
        assert "is for: auditor, keeper" in said
