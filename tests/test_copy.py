"""A whole register elsewhere: the same answers and digests, from file to server and back, whatever comes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

import cli
from tests import databases
from tests.databases import BOTH, POSTGRES, url_of
from tests.mending import BECAUSE
from tests.office import Office
from tests.postgres import server
from tests.proxy import Wire
from tests.proxy import at as moment
from workflow import copying
from workflow.demo.people import Person
from workflow.settings import COPYING
from workflow.store import postgres, sqlite
from workflow.store.tables import SCHEMA_VERSION, metadata

ASKED = (
    ("roster",),
    ("roster", "--known-at", "2025-08-10"),
    ("log",),
    ("count", "--by", "stage,unit"),
    ("unit", "list"),
)


@pytest.fixture
def worked(verified: Office) -> Office:
    """The twenty, verified, one of them corrected, with units, holidays and papers."""
    verified.ok("correct", "36.73-000003", 1, "--set", "position=Operator", *BECAUSE, at="2025-08-20")
    verified.ok("unit", "alias", "Dishub Contoh", verified.json("roster")[0]["unit"])
    return verified


@pytest.fixture(params=BOTH)
def elsewhere(request: pytest.FixtureRequest, worked: Office, tmp_path: Path) -> Office:
    """A place where nothing is yet."""
    return at(worked, databases.fresh(request.param, tmp_path, "elsewhere.db"))


def at(office: Office, place: databases.Place) -> Office:
    return Office(office.folder, now=office.now, seed=3, place=place)


def words(source: Office, target: Office) -> tuple[str, ...]:
    return ("copy", "--from", str(source.place), "--to", str(target.place))


def copied(source: Office, target: Office) -> list[dict[str, Any]]:
    return source.json(*words(source, target))


def answers(office: Office) -> list[Any]:
    cases = [("history", f"36.73-{number:06}") for number in (1, 3, 20)]
    return [office.json(*asked) for asked in (*ASKED, *cases, ("views", "status"))]


class TestACopy:
    def test_gives_the_same_answers_and_fingerprints(self, worked: Office, elsewhere: Office) -> None:
        told = copied(worked, elsewhere)
        assert all(row["equal"] for row in told)
        assert {row["table"]: row["rows"] for row in told}["personal"] == worked.stored()[2] > 20
        assert answers(elsewhere) == answers(worked)
        assert "equal to what was kept" in elsewhere.ok("views", "rebuild").stdout

    def test_brings_every_table_that_there_is(self, worked: Office, elsewhere: Office) -> None:
        told = {row["table"] for row in copied(worked, elsewhere)}
        assert told == {*metadata.tables, "stage_interval", "post_interval", "person_interval", "standing"}

    def test_of_a_copy_is_the_same_again(self, worked: Office, elsewhere: Office, tmp_path: Path) -> None:
        first = copied(worked, elsewhere)
        back = at(worked, tmp_path / "back.db")
        assert copied(elsewhere, back) == first
        assert answers(back) == answers(worked)

    def test_goes_on_as_its_source_would(self, worked: Office, elsewhere: Office, everyone: list[Person]) -> None:
        copied(worked, elsewhere)
        step = ("advance", "propose", "--all", "--on", "2025-09-01", "--document", "surat-usulan 1 2025-08-30", "--yes")
        for office in (worked, elsewhere):
            office.run(*step, at="2025-09-01")
        assert worked.stored() == elsewhere.stored()
        assert worked.count("stage") == elsewhere.count("stage")
        assert "20 unchanged" in elsewhere.ok("import", worked.workers(everyone[:20]), "--on", "2025-09-01").stdout

    def test_changes_nothing_in_its_source(self, worked: Office, elsewhere: Office) -> None:
        before = everything(worked)
        copied(worked, elsewhere)
        assert everything(worked) == before

    def test_keeps_attempts_and_readings(self, worked: Office, elsewhere: Office) -> None:
        for table, last in (("attempt", "why"), ("reading", "reason")):
            columns = f"(id, at, actor, known_by, doing, {last}, cases)"
            worked.edit(f"INSERT INTO {table} {columns} VALUES (?, 5, 'a', 'os', 'd', 'w', '')", bytes(16))
        copied(worked, elsewhere)
        for table in ("attempt", "reading"):
            assert databases.rows(elsewhere.place, f"SELECT * FROM {table}") == databases.rows(
                worked.place, f"SELECT * FROM {table}"
            )
            assert len(databases.rows(elsewhere.place, f"SELECT * FROM {table}")) == 1

    def test_brings_roles_along_and_enforces_them(self, worked: Office, elsewhere: Office) -> None:
        worked.actor = "postgres"
        worked.ok("user", "add", "postgres", "--role", "keeper")
        copied(worked, elsewhere)
        elsewhere.actor = "postgres"
        assert [row["name"] for row in elsewhere.json("user", "list")] == ["postgres"]
        assert databases.rows(elsewhere.place, "SELECT 1 FROM setting WHERE key = 'enforced'") == [(1,)]


def everything(office: Office) -> list[Any]:
    """All rows of all tables."""
    tables = [*metadata.tables, "stage_interval", "post_interval", "person_interval", "standing"]
    found = (databases.rows(office.place, f"SELECT * FROM {table}") for table in tables)
    return [sorted(repr([int(one) if isinstance(one, bool) else one for one in row]) for row in rows) for rows in found]


@contextmanager
def stopped_after(batches: int, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]) -> Iterator[None]:
    """The fault comes in the batch after so many, with small batches; its rows are sent and not committed."""
    left = [batches]
    with monkeypatch.context() as patched:
        patched.setattr(copying, "BATCH", 7)
        for database in (postgres.Postgres, sqlite.Sqlite):
            patched.setattr(database, "insert", _counting(database.insert, left, fault))
        yield


def _counting(insert: Callable[..., None], left: list[int], fault: type[BaseException]) -> Callable[..., None]:
    def inserting(self: Any, connection: Any, table: sa.Table, rows: Any) -> None:
        insert(self, connection, table, rows)
        if rows:
            left[0] -= 1
        if left[0] < 0:
            raise fault

    return inserting


class TestInterrupted:
    @pytest.mark.parametrize("batches", [0, 1, 3, 8, 12, 20, 30])
    def test_goes_on_where_it_stopped(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch, batches: int
    ) -> None:
        with stopped_after(batches, monkeypatch, KeyboardInterrupt):
            stopped = worked.run(*words(worked, elsewhere))
        assert stopped.exit_code == 130
        assert "What was copied stays" in stopped.stderr
        there = sum(elsewhere.stored())
        again = worked.ok(*words(worked, elsewhere))
        assert "Going on with a copy that was not finished" in again.stderr
        assert batches < 3 or there > 0
        assert answers(elsewhere) == answers(worked)

    def test_is_closed_to_every_other_command(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with stopped_after(9, monkeypatch, KeyboardInterrupt):
            worked.run(*words(worked, elsewhere))
        for asked in (("roster",), ("upgrade",), ("views", "rebuild"), ("unit", "list"), words(elsewhere, worked)):
            assert "is a copy that is not finished" in elsewhere.refused(*asked, code=5)
        elsewhere.refused("init", "--agency", "A", "--code", "36.73", "--procedure", "kota-serang")

    def test_what_was_recorded_meanwhile_is_brought_along(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with stopped_after(30, monkeypatch, KeyboardInterrupt):
            worked.run(*words(worked, elsewhere))
        worked.ok("rescind", "36.73-000003", 2, *BECAUSE, at="2025-08-21")
        worked.ok("unit", "alias", "Dinas Contoh Dua", worked.json("roster")[1]["unit"])
        told = worked.ok(*words(worked, elsewhere)).stderr
        assert "what is new is brought along" in told
        assert answers(elsewhere) == answers(worked)
        assert everything(elsewhere) == everything(worked)

    def test_of_another_register_is_not_gone_on_with(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        with stopped_after(9, monkeypatch, KeyboardInterrupt):
            worked.run(*words(worked, elsewhere))
        other = at(worked, tmp_path / "other.db").init()
        assert "is in use" in elsewhere.refused(*words(other, elsewhere))

    def test_of_another_version_is_not_gone_on_with(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with stopped_after(9, monkeypatch, KeyboardInterrupt):
            worked.run(*words(worked, elsewhere))
        elsewhere.edit("UPDATE setting SET value = ? WHERE key = 'schema'", str(SCHEMA_VERSION - 1))
        assert "begun by another version" in elsewhere.refused(*words(worked, elsewhere))

    def test_somebody_else_copying_there_is_noticed(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        insert, meddled = copying._Run._after, SimpleNamespace(done=False)

        def meanwhile(run: Any, table: Any, key: Any, last: Any) -> Any:
            rows = insert(run, table, key, last)
            if table.name == "event" and not meddled.done:
                meddled.done = True
                assert at(worked, elsewhere.place).run(*words(worked, elsewhere)).exit_code == 0
            return rows

        monkeypatch.setattr(copying._Run, "_after", meanwhile)
        result = worked.run(*words(worked, elsewhere))
        assert result.exit_code == 4
        assert "Somebody else is copying" in result.stderr
        assert answers(elsewhere) == answers(worked)

    @pytest.mark.parametrize(
        ("said", "before"),
        [((b"COPY event",), True), ((b"COPY event", b"COMMIT"), True), ((b"COPY event", b"COMMIT"), False)],
    )
    def test_a_lost_connection_leaves_what_was_copied(
        self, worked: Office, tmp_path: Path, said: tuple[bytes, ...], before: bool
    ) -> None:
        there = at(worked, databases.fresh(POSTGRES, tmp_path))
        with Wire(server().port, moment(*said), before=before, gone=True) as wire:
            wire.cuts = 1
            lost = worked.run(*words(worked, at(worked, databases.through(there.place, wire.port))))
        assert (lost.exit_code, "the same command goes on" in lost.stderr) == (5, True)
        assert "Going on" in worked.ok(*words(worked, there)).stderr
        assert answers(there) == answers(worked)


class TestProved:
    @pytest.mark.parametrize(
        ("statement", "table"),
        [
            ("UPDATE docket SET ended_on = 5 WHERE number = 2", "docket"),
            ("DELETE FROM claim WHERE hash = (SELECT min(hash) FROM claim)", "claim"),
            ("UPDATE post_interval SET unit = 'Other' WHERE number = 1", "post_interval"),
            ("UPDATE setting SET value = 'Other' WHERE key = 'agency'", "setting"),
        ],
    )
    def test_what_differs_is_named_and_the_copy_stays_closed(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch, statement: str, table: str
    ) -> None:
        compare = copying._Run.compare

        def after_a_fault(run: Any) -> Any:
            elsewhere.edit(statement)
            return compare(run)

        monkeypatch.setattr(copying._Run, "compare", after_a_fault)
        result = worked.run(*words(worked, elsewhere), "--format", "json")
        assert result.exit_code == 3
        assert f"differs from its source in: {table}." in result.stderr
        assert databases.rows(elsewhere.place, f"SELECT 1 FROM setting WHERE key = '{COPYING}'") == [(1,)]

    def test_a_source_that_grows_meanwhile_is_told(
        self, worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compare = copying._Run.compare
        clerk = at(worked, worked.place)
        before = worked.json("roster")

        def while_it_grows(run: Any) -> Any:
            clerk.ok("rescind", "36.73-000003", 2, *BECAUSE, at="2025-08-21")
            return compare(run)

        monkeypatch.setattr(copying._Run, "compare", while_it_grows)
        assert "The source has grown meanwhile" in worked.ok(*words(worked, elsewhere)).stderr
        assert elsewhere.json("roster") == before


class TestRefused:
    def test_where_something_is(self, worked: Office, elsewhere: Office) -> None:
        elsewhere.init()
        assert "is in use" in elsewhere.refused(*words(worked, elsewhere))

    def test_where_it_is_already(self, worked: Office, elsewhere: Office) -> None:
        copied(worked, elsewhere)
        assert "holds this register already, whole" in elsewhere.refused(*words(worked, elsewhere))

    def test_onto_itself(self, worked: Office) -> None:
        assert "onto itself" in worked.refused(*words(worked, worked), code=2)

    def test_where_another_program_has_its_tables(self, worked: Office, elsewhere: Office) -> None:
        databases.edit(elsewhere.place, "CREATE TABLE theirs (a integer)")
        assert "is in use" in elsewhere.refused(*words(worked, elsewhere))

    def test_from_nowhere_and_nothing_is_made(self, worked: Office, elsewhere: Office) -> None:
        nowhere = at(worked, worked.folder / "nowhere.db")
        assert "no register at nowhere.db" in worked.refused(*words(nowhere, elsewhere), code=2)
        assert not databases.holds_a_register(elsewhere.place)

    @pytest.mark.parametrize(
        ("target", "code"),
        [("mysql://a/b", 2), ("postgresql://localhost:1/x", 5), ("no/such/folder/a.db", 5)],
    )
    def test_to_nowhere(self, worked: Office, target: str, code: int) -> None:
        told = worked.refused("copy", "--from", worked.place, "--to", target, code=code)
        assert "Traceback" not in told

    def test_from_a_register_of_another_version(self, worked: Office, elsewhere: Office) -> None:
        worked.edit("UPDATE setting SET value = '1' WHERE key = 'schema'")
        assert "older version" in worked.refused(*words(worked, elsewhere), code=5)

    def test_the_register_of_another_agency(self, worked: Office, elsewhere: Office) -> None:
        target = f"{url_of(elsewhere.place)}?agency=18.72"
        told = worked.refused("copy", "--from", worked.place, "--to", target, code=2)
        assert "18.72 was asked for" in told
        assert not databases.holds_a_register(elsewhere.place)


def test_progress_counts_up_to_all_rows(worked: Office, elsewhere: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(copying, "BATCH", 7)

    @contextmanager
    def watched(_label: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, of: seen.append((done, of))

    monkeypatch.setattr(cli, "_progress", watched)
    copied(worked, elsewhere)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1] > 100
