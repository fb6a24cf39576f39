"""Where the register keeps a trace of it, nobody reads a full number without saying why, and it is kept before."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

import cli
import projections.export.answers as answers
from tests import databases
from tests.logins import at_desk
from tests.office import Office, morning
from tests.staff import add_user
from tests.test_help import commands
from workflow.demo.people import Person

WHY = ("--reason", "a letter of BKN asks for it")
READING = {
    "cohort show": "cohort show late",
    "diff": "diff 2025-08-10 2025-08-19",
    "due": "due --late",
    "find": "find 3673",
    "history": "history 36.73-000003",
    "log": "log --step verify",
    "roster": "roster --unit {unit}",
    "show": "show 36.73-000003",
}
"""Every command that shows full numbers, with what it is asked here."""


@pytest.fixture
def traced(tmp_path: Path, database: str, everyone: list[Person]) -> Office:
    """An office that keeps a trace, with five workers verified on 2025-08-18 and a cohort of two."""
    office = Office(tmp_path, place=databases.fresh(database, tmp_path))
    told = ("--agency", "BKPSDM Kota Contoh", "--code", "36.73", "--procedure", "kota-serang", "--trace-reading")
    office.ok("init", *told)
    office.ok("import", office.workers(everyone[:5]), "--on", "2025-08-07")
    office.ok("cohort", "define", "late", "36.73-000002", "36.73-000004")
    verify = ("--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")
    office.ok("advance", "verify", "--all", *verify, at="2025-08-18")
    return office


def asked(office: Office, command: str) -> list[str]:
    unit = office.json("count", "--by", "unit")[0]["unit"]
    return [word.replace("{unit}", unit) for word in READING[command].split()]


def traces(office: Office) -> list[tuple[str, ...]]:
    return databases.rows(office.place, "SELECT actor, doing, reason, cases FROM reading ORDER BY at, id")


def named(cases: list[str]) -> Iterator[int]:
    """The case numbers of runs such as `36.73-000001..36.73-000005`."""
    for run in cases:
        low, _, high = run.partition("..")
        yield from range(int(low[-6:]), int((high or low)[-6:]) + 1)


def test_every_command_that_can_mask_is_here() -> None:
    masking = {
        " ".join(path)
        for path, command in commands()
        if not isinstance(command, click.Group) and any("--mask" in param.opts for param in command.params)
    }
    assert masking == READING.keys() | {"inbox"}


def test_an_item_of_the_inbox_is_read_like_a_case(traced: Office) -> None:
    amend = ("advance", "amend-person", "36.73-000003", "--on", "2025-08-18", "--set", "name=Siti Contoh")
    traced.ok(*amend, "--document", "bukti-perubahan 800/3 2025-08-18", "--propose")
    assert "say why with --reason" in traced.refused("inbox", "1")
    assert "Siti Contoh" not in traced.ok("inbox", "1", "--mask", "--format", "json").stdout
    traced.ok("inbox")
    assert traces(traced) == []
    assert "Siti Contoh" in traced.ok("inbox", "1", *WHY, "--format", "json").stdout
    assert traces(traced) == [("clerk", "inbox", WHY[1], "3")]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("form", cli.FORMATS)
def test_without_a_reason_nothing_is_shown(traced: Office, command: str, form: str) -> None:
    output = traced.folder / "answer"
    for words in ((), ("--reason", "  ")):
        result = traced.run(*asked(traced, command), *words, "--format", form, "-o", output)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == (
            "lantik: This register keeps a trace of who reads full numbers: say why with --reason, or give --mask.\n"
        )
        assert not output.exists()
    assert traces(traced) == []


@pytest.mark.parametrize("command", READING)
def test_with_a_reason_it_is_kept_who_read_whom(traced: Office, command: str) -> None:
    answer = traced.json(*asked(traced, command), *WHY)
    rows = answer if isinstance(answer, list) else [answer]
    shown = {int(row["case"][-6:]) for row in rows if "case" in row} or {3}
    (kept,) = traces(traced)
    assert kept[:3] == ("clerk", command, WHY[1])
    (told,) = traced.json("readings")
    assert set(named(told["cases"])) == (shown if rows else set())
    assert (told["actor"], told["doing"], told["reason"]) == kept[:3]
    assert told["count"] == len(shown if rows else ())


@pytest.mark.parametrize("command", READING)
def test_masked_it_leaves_nothing(traced: Office, command: str) -> None:
    said = traced.ok(*asked(traced, command), "--mask", "--format", "jsonl").stdout
    assert traces(traced) == []
    for nik in _niks(traced):
        assert nik not in said


def test_what_shows_no_numbers_asks_no_reason(traced: Office) -> None:
    for words in (
        "count",
        "steps 36.73-000003",
        "why 36.73-000003 propose",
        "views status",
        "cohort check late --expect 2",
    ):
        traced.ok(*words.split())
    assert traces(traced) == []


def test_a_register_without_a_trace_asks_none(verified: Office) -> None:
    assert verified.json("roster")[0]["nik"]
    verified.ok("roster", *WHY)
    assert traces(verified) == []


def test_the_readings_of_a_case_are_those_that_named_it(traced: Office) -> None:
    traced.ok("show", "36.73-000003", *WHY, at="2025-08-19")
    traced.ok("cohort", "show", "late", *WHY, at="2025-08-20")
    traced.ok("roster", *WHY, at="2025-08-21")
    assert [row["doing"] for row in traced.json("readings", "36.73-000003")] == ["show", "roster"]
    assert [row["doing"] for row in traced.json("readings", "36.73-000004")] == ["cohort show", "roster"]
    assert traced.json("readings", "--by", "nobody") == []
    assert "36.73-000001..36.73-000005" in traced.ok("readings", "--format", "csv").stdout


def test_who_reads_the_readings_is_an_auditor_or_a_keeper(traced: Office) -> None:
    add_user(traced, "budi", "keeper")
    keeper = at_desk(traced, "budi")
    add_user(keeper, "siti", "clerk")
    add_user(keeper, "andi", "auditor")
    at_desk(traced, "siti").ok("show", "36.73-000003", *WHY)
    assert "readings is for: auditor, keeper." in at_desk(traced, "siti").refused("readings", "36.73-000003")
    for user in ("andi", "budi"):
        assert [row["actor"] for row in at_desk(traced, user).json("readings", "36.73-000003")] == ["siti"]


def test_a_number_in_the_reason_is_not_kept_in_full(traced: Office) -> None:
    nik = _niks(traced)[0]
    traced.ok("show", "36.73-000003", "--reason", f"asked by {nik}")
    assert traces(traced)[-1][2] == f"asked by {nik[:4]}********{nik[-4:]}"


@pytest.mark.sqlite
def test_where_the_trace_cannot_be_kept_nothing_is_shown(traced: Office) -> None:
    with closing(sqlite3.connect(traced.db)) as other:
        other.execute("BEGIN IMMEDIATE")
        for command in READING:
            result = traced.run(*asked(traced, command), *WHY)
            assert (result.exit_code, result.stdout) == (4, "")
            assert traced.run(*asked(traced, command), "--mask").exit_code == 0
    assert traces(traced) == []


@pytest.mark.sqlite
@pytest.mark.skipif(os.geteuid() == 0, reason="whoever may write everywhere knows no medium that only reads")
def test_on_a_medium_that_only_reads_nothing_is_shown_in_clear(traced: Office) -> None:
    with closing(sqlite3.connect(traced.db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    traced.folder.chmod(0o500)
    traced.db.chmod(0o400)
    try:
        result = traced.run("roster", *WHY)
        assert (result.exit_code, result.stdout) == (5, "")
        assert traced.run("roster", "--mask").exit_code == 0
    finally:
        traced.folder.chmod(0o700)
        traced.db.chmod(0o600)


def test_the_trace_is_committed_before_the_first_row(traced: Office) -> None:
    """Who opens the answer's file while it is written, or reads it from a pipe, has left a trace by then."""
    seen: list[int] = []
    traced.ok("roster", *WHY, at=morning("2025-08-19"))
    with pytest.raises(BrokenPipeError):
        _answered_into_a_closed_pipe(traced, seen)
    assert seen == [2]


def _answered_into_a_closed_pipe(office: Office, seen: list[int]) -> None:
    def leaves(*_given: object, **_named: object) -> None:
        seen.append(len(traces(office)))
        raise BrokenPipeError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answers, "write", leaves)
        desk = cli.Desk(lambda: office.now, lambda size: b"\x07" * size)
        desk.db = str(office.place)
        desk.actor_name = "clerk"
        cli.lantik.commands["roster"].main([*WHY], obj=desk, standalone_mode=False)


def test_a_receipt_keeps_no_reason_and_is_verified_without_one(traced: Office) -> None:
    receipt = traced.folder / "roster.receipt.json"
    traced.ok("roster", *WHY, "--receipt", receipt, "--format", "json")
    assert WHY[1] not in receipt.read_text()
    assert "same to the byte" in traced.ok("receipt", "verify", receipt).stdout
    assert len(traces(traced)) == 1


def test_nobody_changes_or_takes_away_a_reading(traced: Office) -> None:
    traced.ok("roster", *WHY)
    for statement in ("DELETE FROM reading", "UPDATE reading SET reason = 'none'"):
        with pytest.raises(databases.FAULTS, match="append-only"):
            traced.edit(statement)


def _niks(office: Office) -> list[str]:
    blocks = databases.rows(office.place, "SELECT nik FROM person_interval ORDER BY number")
    return [nik for (nik,) in blocks]
