"""What a bad day of the computer gets: a clock set back, a register held, a disk full or read-only."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.errors import LantikError
from tests.office import Office
from workflow.demo.people import Person
from workflow.store import datastore

ROOT = Path(__file__).parent.parent
NOBODY = "3673010101010001"
VERIFY = ("--on", "2025-08-18", "--document", "sptjm-opd 800/1 2025-08-15")


class TestTheComputer:
    def test_a_clock_an_hour_behind_is_refused_and_five_minutes_are_not(self, twenty: Office) -> None:
        recorded_at = twenty.now
        words = ("advance", "verify", "36.73-000001", *VERIFY)
        said = twenty.refused(*words, code=5, at=recorded_at - timedelta(hours=1))
        assert "The clock of this computer is behind the last entry of 2025-08-07T09:00:00+07:00" in said
        twenty.ok(*words, at=recorded_at - timedelta(minutes=4))
        first, second = twenty.json("history", "36.73-000001", "--as-of", "2025-12-31")
        assert first["recorded_at"] < second["recorded_at"]

    @pytest.mark.sqlite
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

    @pytest.mark.sqlite
    @pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
    def test_a_folder_that_is_read_only_can_be_read_and_not_written(self, twenty: Office) -> None:
        twenty.db.chmod(0o444)
        twenty.folder.chmod(0o555)
        try:
            assert "cannot be written" in twenty.refused("advance", "verify", "--all", *VERIFY, code=5)
            assert len(twenty.json("roster")) == 20
        finally:
            twenty.folder.chmod(0o755)

    @pytest.mark.sqlite
    def test_a_database_that_lets_nobody_write_is_told(self, twenty: Office) -> None:
        with on_each_connection("PRAGMA query_only = ON"):
            said = twenty.refused("advance", "verify", "--all", *VERIFY, code=5)
        assert "lantik.db or its folder cannot be written. Nothing was recorded; check the permissions." in said

    @pytest.mark.sqlite
    def test_a_full_disk_is_told_and_leaves_nothing_behind(self, twenty: Office, everyone: list[Person]) -> None:
        with closing(sqlite3.connect(twenty.db)) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        path = twenty.workers(everyone[20:400])
        with on_each_connection(f"PRAGMA max_page_count = {pages + 4}"):
            said = twenty.refused("import", path, code=5)
        assert "The disk that holds lantik.db is full. Nothing was recorded; make room and try again." in said
        assert twenty.json("import", path)["recorded"] == 380

    @pytest.mark.sqlite
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
        assert len(done.stderr.splitlines()) == 1
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
    with pytest.raises(LantikError) as caught, datastore.faults(sa.make_url("sqlite:///x/lantik.db")):
        raise sa.exc.OperationalError("INSERT", {"nik": NOBODY}, sqlite3.OperationalError(said))
    assert caught.value.exit_code == code
    assert told in str(caught.value)
    assert "lantik.db" in str(caught.value)
    assert NOBODY not in str(caught.value)
