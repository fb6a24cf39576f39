"""An office at work: a register in a folder of its own, and the commands as a clerk types them.

The clock is handed in and moves only when a test says so; chance is seeded. Nothing of ours is replaced.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import CliRunner, Result

import cli
from workflow.demo.people import Person
from workflow.demo.workbooks import write_fields_csv, write_workers_csv

JAKARTA = ZoneInfo("Asia/Jakarta")
START = datetime(2025, 8, 7, 9, 0, tzinfo=JAKARTA)


def morning(day: str) -> datetime:
    """Nine o'clock on an ISO day, where the agency is."""
    return datetime.combine(date.fromisoformat(day), time(9), JAKARTA)


class Office:
    """Gives commands about one register. `db` is its file; `now` is what the clock says."""

    def __init__(self, folder: Path, *, now: datetime = START, seed: int = 1, name: str = "lantik.db") -> None:
        self.folder, self.db, self.now = folder, folder / name, now
        self.language, self.actor, self.busy_timeout = "en", "clerk", 0.2
        self._chance = Random(seed)

    def copy(self, folder: Path, *, seed: int = 2) -> Office:
        """The same register in another folder, at the same moment; its ids will be others."""
        other = Office(folder, now=self.now, seed=seed, name=self.db.name)
        with closing(sqlite3.connect(self.db)) as source, closing(sqlite3.connect(other.db)) as target:
            source.backup(target)
        return other

    # --- commands

    def run(self, *words: object, at: datetime | str | None = None) -> Result:
        """Give one command. at: moves the clock first; a day means its morning."""
        if at is not None:
            self.now = morning(at) if isinstance(at, str) else at
        desk = cli.Desk(clock=lambda: self.now, entropy=self._chance.randbytes, busy_timeout=self.busy_timeout)
        told = ["--db", str(self.db), "--actor", self.actor, "--lang", self.language, *map(str, words)]
        return CliRunner().invoke(cli.lantik, told, obj=desk, catch_exceptions=False)

    def ok(self, *words: object, at: datetime | str | None = None) -> Result:
        """Give a command that is to be done without a refusal."""
        result = self.run(*words, at=at)
        assert result.exit_code == 0, result.stderr
        return result

    def json(self, *words: object, at: datetime | str | None = None, code: int = 0) -> Any:
        """What a command answers to programs; `code` is its exit code."""
        result = self.run(*words, "--format", "json", at=at)
        assert result.exit_code == code, result.stderr
        return json.loads(result.stdout)

    def refused(self, *words: object, code: int = 1, at: datetime | str | None = None) -> str:
        """What standard error says of a command that leaves with `code` and records nothing."""
        before = self.stored()
        result = self.run(*words, at=at)
        assert result.exit_code == code, (result.exit_code, result.stderr)
        assert self.stored() == before
        assert result.stderr.strip()
        assert "Traceback" not in result.stderr
        return result.stderr

    def init(self, procedure: str = "kota-serang", code: str = "36.73") -> Office:
        self.ok("init", "--agency", "BKPSDM Kota Contoh", "--code", code, "--procedure", procedure)
        return self

    # --- files

    def workers(self, people: Iterable[Person], name: str = "workers.csv") -> Path:
        """The list of workers as an office would send it."""
        path = self.folder / name
        write_workers_csv(path, people)
        return path

    def fields(self, people: Iterable[Person], name: str = "fields.csv", **fields: Any) -> Path:
        """Facts of one step for each worker, as `advance --from` takes them."""
        path = self.folder / name
        write_fields_csv(path, people, **fields)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    # --- what is there

    def count(self, by: str, *words: object) -> dict[Any, int]:
        """Totals by one field, or by several as tuples."""
        rows = self.json("count", "--by", by, *words)
        keys = by.split(",")
        return {row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys): row["n"] for row in rows}

    def total(self, *words: object) -> int:
        return sum(self.count("status", *words).values())

    def stored(self) -> tuple[int, ...]:
        """How much is recorded: rows of the tables that only ever grow. Zeros where there is no register."""
        if not self.db.is_file():
            return (0,)
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)) as connection:
            try:
                return tuple(
                    connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                    for table in ("event", "command", "personal", "claim", "imported", "unit", "unit_alias")
                )
            except sqlite3.DatabaseError:
                return (0,)

    def edit(self, statement: str, *values: object) -> None:
        """Change the file behind the product's back, as a fault or another program would."""
        with closing(sqlite3.connect(self.db)) as connection, connection:
            connection.execute(statement, values)
