"""What a clerk who has one unit does with its people, and what of the others comes into it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from domain.draft import Request
from tests import databases
from tests.career import hire, take
from tests.logins import at_desk
from tests.mending import shown
from tests.office import Office
from tests.staff import ALL, Staff, add_user, attempts, opened, staffed
from tests.test_said_twice import ID
from tests.test_scope import STEP
from workflow.advance import Order, advance
from workflow.demo.people import Person
from workflow.register import Actor, Register
from workflow.whom import Who


@pytest.fixture
def staff(verified: Office) -> Staff:
    return staffed(verified)


def test_the_clerk_moves_their_own(staff: Staff) -> None:
    outcome = staff.clerk.json("advance", "propose", "--stage", "verified", *shlex.split(STEP))
    assert outcome["recorded"] == len(staff.own)
    whole = staff.whole.json("roster", "--stage", "proposed", "--as-of", "2025-08-20")
    assert {row["case"] for row in whole} == {row["case"] for row in staff.own}
    undone = staff.clerk.json("undo", "--yes")
    assert undone["recorded"] == len(staff.own)


def test_a_file_with_rows_of_others_is_denied_with_their_rows(staff: Staff) -> None:
    niks = [staff.others[0]["nik"], staff.own[0]["nik"], staff.others[1]["nik"]]
    file = staff.clerk.write("who.csv", "nik\n" + "\n".join(niks) + "\n")
    said = staff.clerk.refused("advance", "propose", "--from", file, *shlex.split(STEP), "--partial")
    assert said == (
        "lantik: Rows that are not among the units that are yours: 2, 4 (2 in all). Nothing was recorded.\n"
    )
    assert attempts(staff.office)[-1][4] == "1-2"


def test_the_clerk_registers_into_their_own_unit_only(staff: Staff, everyone: list[Person]) -> None:
    news = [person for person in everyone[20:400] if person.worker.unit == staff.unit][:2]
    others = [person for person in everyone[20:400] if person.worker.unit != staff.unit][:1]
    assert "Rows that are not among the units that are yours: 4" in staff.clerk.refused(
        "import", staff.clerk.workers([*news, *others])
    )
    assert staff.clerk.json("import", staff.clerk.workers(news))["recorded"] == 2


def test_of_a_person_whom_another_unit_has_no_case_is_told(staff: Staff, everyone: list[Person]) -> None:
    """A row may ask for somebody's worker; that is for the verifier to decide, and no way to look them up."""
    theirs = next(person for person in everyone[:20] if person.worker.nik == staff.others[0]["nik"])
    moved = theirs._replace(worker=msgspec.structs.replace(theirs.worker, unit=staff.unit))
    result = staff.clerk.run("import", staff.clerk.workers([moved]), "--format", "json", "--dry-run")
    assert staff.others[0]["case"] not in result.stdout + result.stderr
    assert json.loads(result.stdout)["rows"][0]["case"] is None


def test_who_moves_away_takes_the_history_along(staff: Staff) -> None:
    case, unit = staff.own[0]["case"], staff.others[0]["unit"]
    assert len(staff.clerk.json("history", case)) == 2
    move = ("advance", "move-unit", case, "--on", "2025-08-18", "--set", f"unit={unit}")
    staff.clerk.ok(*move, "--document", "sk-penempatan 800/5 2025-08-18")
    assert f"{case} is not among the units that are yours." in staff.clerk.refused("history", case)
    assert "not among the units that are yours" in staff.clerk.refused("undo", "--yes")
    add_user(staff.keeper, "rina", "clerk", units=[unit])
    assert len(at_desk(staff.office, "rina").json("history", case)) == 3
    back = ("advance", "move-unit", case, "--on", "2025-08-18", "--set", f"unit={staff.unit}")
    assert "is not among" in staff.clerk.refused(*back, "--document", "sk-penempatan 800/6 2025-08-18")


def test_a_void_case_stays_with_the_unit_that_it_had(staff: Staff) -> None:
    own, other = staff.own[0]["case"], staff.others[0]["case"]
    staff.whole.ok("rescind", own, "1", "--reason", "never worked here", "--cascade", "--yes")
    staff.whole.ok("rescind", other, "1", "--reason", "never worked here", "--cascade", "--yes")
    assert staff.clerk.json("history", own)
    assert "is not among" in staff.clerk.refused("history", other)
    assert "is not among" in staff.clerk.refused("rescind", other, "3", "--reason", "did work here")
    staff.clerk.ok("rescind", own, "3", "--reason", "did work here")


def test_a_repeated_command_tells_nothing_of_others(staff: Staff) -> None:
    words = ("advance", "propose", "--all", *shlex.split(STEP), "--command-id", ID)
    staff.whole.ok(*words)
    again = staff.clerk.json(*words)
    assert [row["case"] for row in again["rows"]] == [row["case"] for row in staff.own]


def test_a_cohort_of_others_is_not_defined_anew(staff: Staff) -> None:
    staff.whole.ok("cohort", "define", "late", *(row["case"] for row in staff.others[:2]))
    said = staff.clerk.refused("cohort", "define", "late", staff.own[0]["case"])
    assert "2 of the cases are not among the units that are yours" in said
    staff.clerk.ok("cohort", "define", "ours", staff.own[0]["case"])


def test_traces_are_told_to_nobody_who_does_not_audit(staff: Staff) -> None:
    for words in (("attempts",), ("readings",), ("views", "rebuild"), ("upgrade",)):
        assert "is for: " in staff.clerk.refused(*words)


def test_an_auditor_of_one_unit_reads_the_attempts_about_it(staff: Staff) -> None:
    own, other = staff.own[0]["case"], staff.others[0]["case"]
    add_user(staff.keeper, "rina", "clerk", units=[staff.others[0]["unit"]])
    at_desk(staff.office, "rina").refused("show", own)
    staff.clerk.refused("show", other)
    add_user(staff.keeper, "dian", "auditor", units=[staff.unit])
    assert [row["cases"] for row in at_desk(staff.office, "dian").json("attempts")] == [[own], []]
    assert [row["cases"] for row in staff.auditor.json("attempts")] == [[own], [other]]


def test_a_receipt_of_the_whole_is_not_the_clerks(staff: Staff) -> None:
    receipt = staff.office.folder / "r.json"
    staff.whole.ok("roster", "--receipt", receipt)
    said = staff.clerk.refused("receipt", "verify", receipt, code=3)
    assert not [row for row in staff.others if row["case"] in said or row["name"] in said]


@pytest.mark.parametrize("unit", ["Dinas 100% 'Siaga' : \\ \"A\"; DROP", "Dinas %s {0} :name ?"])
def test_a_unit_may_be_called_anything(office: Office, everyone: list[Person], unit: str) -> None:
    odd = everyone[0]._replace(worker=msgspec.structs.replace(everyone[0].worker, unit=unit))
    office.ok("import", office.workers([odd, everyone[1]]), "--on", "2025-08-07")
    add_user(office, "budi", "keeper")
    add_user(at_desk(office, "budi"), "siti", "clerk", units=[unit])
    clerk = at_desk(office, "siti")
    assert [row["unit"] for row in clerk.json("roster")] == [unit]
    clerk.ok("advance", "minute", "36.73-000001", "--on", "2025-08-08", "--document", "notulen 1 2025-08-08")


def test_the_scope_costs_a_bounded_number_of_statements(staff: Staff) -> None:
    """As many for one case as for all of the clerk's own."""
    with opened(staff.clerk) as register:
        by = Actor("siti", "database" if isinstance(staff.office.place, str) else "stated")
        counts = []
        for workers in (staff.own[:1], staff.own[:1], staff.own):  # the first reads what stays read
            order = Order(Request("propose", date(2025, 8, 20)), [Who(row["case"]) for row in workers], dry_run=True)
            with counted(register) as statements:
                advance(register, order, by)
            counts.append(len(statements))
    assert counts[1] == counts[2] > 0
    assert len(staff.own) > 1


@contextmanager
def counted(register: Register) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    sa.event.listen(register.datastore.engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(register.datastore.engine, "before_cursor_execute", note)


def test_a_repeated_proposal_tells_nothing_of_others(staff: Staff) -> None:
    words = ("advance", "propose", "--all", *shlex.split(STEP), "--command-id", ID, "--propose")
    staff.whole.ok(*words)
    result = staff.clerk.run(*words, "--format", "json")
    assert not [row for row in staff.others if row["case"] in result.stdout + result.stderr]
    assert (json.loads(result.stdout)["rows"], result.exit_code) == ([], 0)


def test_a_cascade_takes_no_case_of_another_unit_along(tmp_path: Path, database: str, everyone: list[Person]) -> None:
    """After an upgrade the linked case went to another unit; what opened it is not taken back without that."""
    office = Office(tmp_path, place=databases.fresh(database, tmp_path)).init()
    hire(office, [one for one in everyone if one.group == "paruh-waktu"][:3])
    for step, day in (("propose-full-time", "05-04"), ("set-full-time-need", "06-02"), ("request-conversion", "06-08")):
        take(office, step, f"2026-{day}", "36.73-000001")
    take(office, "upgrade", "2026-08-01", "36.73-000001", wage="3203600")
    row, linked = shown(office, "36.73-000001"), "36.73-000004"
    office.ok("unit", "import", office.write("units.csv", "name,code\nDinas Arsip,1\n"))
    take(office, "move-unit", "2026-08-02", linked, unit="Dinas Arsip")
    add_user(office, "budi", "keeper")
    keeper = at_desk(office, "budi")
    add_user(keeper, "siti", *ALL, units=[row["unit"]])
    last = len(at_desk(office, "siti").json("history", "36.73-000001"))
    words = ("rescind", "36.73-000001", last, "--reason", "the decree was withdrawn", "--cascade")
    for more in (["--dry-run"], ["--yes"]):
        said = at_desk(office, "siti").refused(*words, *more)
        assert said == "lantik: 1 of the cases are not among the units that are yours. Nothing was recorded.\n"
    assert attempts(office)[-1][4] == "4"
    add_user(keeper, "wati", *ALL)
    at_desk(office, "wati").ok(*words, "--yes")
